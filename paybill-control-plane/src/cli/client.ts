// The API as a client. The key goes with every request, and nowhere but to the given address. A change is sent under one
// idempotency key until it is answered, so a connection that breaks makes nothing twice.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type ErrorCode, errorCodes, PaybillError, visible } from 'paybill/lib'
import { forms, operations, type Operations, type Problem } from './api.ts'
import { fits } from './form.ts'
import type { CliIo } from './io.ts'
import { wrong } from './words.ts'

/** The server refused. The message is its code, what it says about it, and what to do. */
export class ServerProblem extends Error {}

export type Server = { readonly url: string; readonly key: string }

type Asked = { readonly path: object; readonly query: object; readonly body: unknown }

const answerMs = 20_000
/** Moving a clock answers when everything due has happened. */
const slowAnswerMs = 600_000
const retryMs = 1_000

/** Where the server is and who asks. Throws ARGUMENT_INVALID. */
export function findServer(options: { readonly url?: string }, io: CliIo): Server {
  const url = options.url ?? io.env['PAYBILLCTL_URL'] ?? ''
  if (url === '') throw wrong('the address of the server is missing: give `--url`, or set PAYBILLCTL_URL')
  if (!URL.canParse(url)) throw wrong(`\`${visible(url)}\` is no address`)
  const { protocol, hostname, username, password } = new URL(url)
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLocal))
    throw wrong('a key is sent to https addresses only, or to this machine')
  if (username !== '' || password !== '') throw wrong('the address holds a user name: the key is given by PAYBILLCTL_KEY')
  const key = (io.env['PAYBILLCTL_KEY'] ?? '').trim()
  if (key === '') throw wrong('your key is missing: set PAYBILLCTL_KEY')
  if (!/^[\w-]+$/.test(key)) throw wrong('PAYBILLCTL_KEY holds characters that no key has')
  return { url: url.replace(/\/$/, ''), key }
}

/** Asks the API. Throws ServerProblem where it refuses, SERVER_UNREACHABLE where nobody answers as it should. */
export async function call<N extends keyof Operations>(
  server: Server,
  name: N,
  request: Operations[N]['request'],
): Promise<Operations[N]['answer']> {
  const { method, answer, isKeyed } = operations[name]
  const asked: Asked = { path: {}, query: {}, body: null, ...request }
  const address = `${server.url}${pathOf(operations[name].path, asked.path)}${queryOf(asked.query)}`
  const headers = {
    authorization: `Bearer ${server.key}`,
    accept: 'application/json',
    ...(asked.body === null ? {} : { 'content-type': 'application/json' }),
    ...(isKeyed ? { 'idempotency-key': randomUUID() } : {}),
  }
  const deadline = AbortSignal.timeout(name === 'clockMove' ? slowAnswerMs : answerMs)
  const { status, json } = await send(server, {
    address,
    isRepeatable: isKeyed,
    init: {
      method,
      headers,
      ...(asked.body === null ? {} : { body: JSON.stringify(asked.body) }),
      // A redirect would carry the key to wherever it leads.
      redirect: 'error',
      signal: deadline,
    },
  })
  if (status >= 200 && status < 300 && fits(forms, forms[answer], json)) return json as Operations[N]['answer'] // it fits
  if (status >= 400 && isProblem(json)) throw new ServerProblem(problemLine(json))
  throw unreachable(server, `answered in a way that no Paybill control plane does (${status})`)
}

function pathOf(template: string, values: object): string {
  const fields = new Map(Object.entries(values))
  return template.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(fields.get(name))))
}

function queryOf(values: object): string {
  const query = new URLSearchParams(Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]))
  return query.size === 0 ? '' : `?${query.toString()}`
}

/** Sends it, and again under the same idempotency key where the connection broke or an earlier try is still at work. */
async function send(
  server: Server,
  request: { readonly address: string; readonly isRepeatable: boolean; readonly init: RequestInit },
): Promise<{ readonly status: number; readonly json: unknown }> {
  for (let tries = 1; ; tries += 1) {
    const isLast = !request.isRepeatable || tries === mostTries
    try {
      const response = await fetch(request.address, request.init)
      const json = parseJson(await response.text())
      const isInFlight = isProblem(json) && json.code === 'IDEMPOTENCY_IN_FLIGHT'
      if (isLast || !isInFlight) return { status: response.status, json }
    } catch (cause) {
      if (isLast || request.init.signal?.aborted === true || isNobody(cause)) throw unreachable(server, 'does not answer', cause)
    }
    await pause(retryMs)
  }
}

const mostTries = 5

/** Nobody listens there, so nothing was sent. */
function isNobody(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && (cause.code === 'ECONNREFUSED' || cause.code === 'ENOTFOUND')
}

function unreachable(server: Server, how: string, cause?: unknown): PaybillError {
  return new PaybillError('SERVER_UNREACHABLE', `\`${visible(server.url)}\` ${how}`, { cause })
}

function isProblem(json: unknown): json is Problem {
  return fits(forms, forms.Problem, json)
}

function problemLine({ code, detail }: Problem): string {
  // A newer server may have codes that are not known here. What the table has is one.
  const fix = Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode].fix : detail
  return visible(fix === detail ? `${code}: ${detail}` : `${code}: ${detail}; ${fix}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
