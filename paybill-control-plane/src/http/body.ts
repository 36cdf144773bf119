// The body of a request as JSON, or what is wrong with it.

import { FormError } from './read-form.ts'

export const maxBodyBytes = 16_384

/** Undefined for no body at all. Throws FormError naming line and column where the text is no JSON. */
export function parseBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown
  } catch (error) {
    throw new FormError([{ pointer: '#', detail: `is no JSON in UTF-8${placeIn(error)}` }])
  }
}

/** Where the parser stopped, or at what: it says one or the other, beside a piece of the body, which is left out. */
function placeIn(error: unknown): string {
  const message = error instanceof SyntaxError ? error.message : ''
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? []
  if (line !== undefined && column !== undefined) return `: see line ${line}, column ${column}`
  const [, token] = /^Unexpected token '(.)'/u.exec(message) ?? []
  return token === undefined ? '' : `: unexpected \`${token}\``
}
