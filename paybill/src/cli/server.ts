// The JSON API of a handler, as a client: the person's token goes with every request, and nowhere but to the given address.

import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { PaybillError } from '../lib/errors.ts'
import { visible } from '../lib/visible.ts'
import type { CliIo } from './io.ts'
import { UsageError } from './usage.ts'

/** The server refused. The message is its code and what it says about it. */
export class ServerProblem extends Error {}

export type Server = { readonly url: string; readonly token: string }

const timeoutMs = 20_000

/** Where the server is and who asks, by options and environment. Throws UsageError or ARGUMENT_INVALID. */
export function findServer(
  options: { readonly url: string | undefined; readonly tokenFile: string | undefined },
  io: CliIo,
): Server {
  const url = options.url ?? io.env['PAYBILL_URL'] ?? ''
  if (url === '') throw new UsageError('the address of the server is missing: give --url, or set PAYBILL_URL')
  if (!URL.canParse(url)) throw new UsageError(`\`${visible(url)}\` is no address`)
  const { protocol, hostname, username } = new URL(url)
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLocal))
    throw new UsageError('a token is sent to https addresses only, or to this machine')
  if (username !== '') throw new UsageError('the address holds a user name: give the token by PAYBILL_TOKEN or --token-file')
  return { url: url.replace(/\/$/, ''), token: readToken(options.tokenFile, io) }
}

function readToken(file: string | undefined, io: CliIo): string {
  const token = (file === undefined ? (io.env['PAYBILL_TOKEN'] ?? '') : readTokenFile(file)).trim()
  if (token === '') throw new UsageError('your token is missing: set PAYBILL_TOKEN, or give --token-file')
  if (!/^[\x21-\x7E]+$/.test(token)) throw new UsageError('the token holds characters that no token has')
  return token
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const message = `\`--token-file ${file}\` cannot be read`
    throw new PaybillError('ARGUMENT_INVALID', message, { cause })
  }
}

/** Asks the API. Throws ServerProblem where it refuses, SERVER_UNREACHABLE where nobody answers as it should. */
export async function ask<T>(
  server: Server,
  request: { readonly method: 'GET' | 'POST'; readonly path: string },
  form: z.ZodType<T>,
): Promise<{ readonly body: T; readonly text: string }> {
  const { status, text } = await send(server, request)
  const json = parseJson(text)
  const refusal = problemForm.safeParse(json)
  if (status >= 400 && refusal.success) throw new ServerProblem(visible(`${refusal.data.code}: ${refusal.data.detail}`))
  const answer = form.safeParse(json)
  if (status !== 200 || !answer.success) throw unreachable(server, `answered in a way that no Paybill handler does (${status})`)
  return { body: answer.data, text }
}

const problemForm = z.object({ code: z.string().max(100), detail: z.string().max(2_000) })

async function send(
  server: Server,
  request: { readonly method: 'GET' | 'POST'; readonly path: string },
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(`${server.url}/api/${request.path}`, {
      method: request.method,
      headers: { authorization: `Bearer ${server.token}`, accept: 'application/json', 'paybill-request': 'cli' },
      // A redirect would carry the token to wherever it leads.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: response.status, text: await response.text() }
  } catch (cause) {
    throw unreachable(server, 'does not answer', cause)
  }
}

function unreachable(server: Server, how: string, cause?: unknown): PaybillError {
  return new PaybillError('SERVER_UNREACHABLE', `\`${visible(server.url)}\` ${how}`, { cause })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
