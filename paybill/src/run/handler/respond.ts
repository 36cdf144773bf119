// Answers of the handler. Every one of them, errors and redirects too, leaves with the same protecting headers.

import { type ErrorCode, errorCodes, PaybillError } from '../../lib/errors.ts'
import type { Html } from './html.ts'
import { styleSource } from './style.ts'

// Nothing is loaded from anywhere, no script runs, forms go home, nobody frames the page.
const policy = `default-src 'none'; style-src ${styleSource}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

const protection: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // Not `no-referrer`: browsers would then send forms with the origin `null`.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** The answer with the protecting headers. */
export function protect(response: Response): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(protection)) headers.set(name, value)
  return new Response(response.body, { status: response.status, headers })
}

export function page(content: Html, status = 200): Response {
  return new Response(content.text, { status, headers: { 'content-type': 'text/html; charset=utf-8' } })
}

export function json(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
}

export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location } })
}

/** What a caller may know of an error: its code and the text that is meant for him, never the message of the log. */
export type Failure = { readonly status: number; readonly code: ErrorCode; readonly shown: string }

export function failureOf(error: unknown): Failure {
  if (error instanceof PaybillError) return { status: error.status, code: error.code, shown: error.shown }
  return { status: errorCodes.INTERNAL.status, code: 'INTERNAL', shown: errorCodes.INTERNAL.fix }
}

/** An error as RFC 9457 has it. */
export function problem(failure: Failure): Response {
  const { status, code, shown } = failure
  const headers = { 'content-type': 'application/problem+json' }
  return new Response(JSON.stringify({ type: 'about:blank', title: code, status, code, detail: shown }), { status, headers })
}
