// The fake bank's HTTP interface, in the manner of today's payment services: an Idempotency-Key for each payment, errors
// as application/problem+json (RFC 9457). Loopback only. No accounts, no authentication, no paging: it is a fake.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { PaybillError } from 'paybill/lib'
import type { Bank } from './bank.ts'
import { readIdempotencyKey, readOrder } from './payment.ts'

const bodyLimitBytes = 64 * 1024

/** How the bank misbehaves, so that a test can see what its client does then. Zero means never. */
export type Misbehaviour = {
  /** Waits this long before it carries out a payment. A client that gives up in between is paid for all the same. */
  readonly delayMs: number
  /** Answers each n-th order with 503 and does nothing. */
  readonly failEvery: number
  /** Cuts the connection at each n-th payment that it has carried out, instead of answering. */
  readonly dropAnswerEvery: number
}

type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }

/** Serves the bank at a port of the loopback interface; port 0 takes a free one. `failed` hears of a ledger that broke. */
export async function serveBank(
  bank: Bank,
  options: { readonly port: number; readonly misbehaviour: Misbehaviour; readonly failed: (cause: unknown) => void },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const answer = answerer(bank, options)
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    answer(request).then(
      (given) => (given === 'drop' ? response.destroy() : send(response, given)),
      // The request broke off before it was whole; only `pay` below can fail otherwise, and it says so itself.
      () => response.destroy(),
    )
  })
  server.listen(options.port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new PaybillError('PORT_TAKEN', `port \`${options.port}\` cannot be listened on`, { cause })
  }
  const { port } = server.address() as AddressInfo // a server that listens on a port has an address of this kind
  return {
    port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      await closed
    },
  }
}

function answerer(
  bank: Bank,
  { misbehaviour, failed }: { readonly misbehaviour: Misbehaviour; readonly failed: (cause: unknown) => void },
): (request: IncomingMessage) => Promise<Answer | 'drop'> {
  let orders = 0
  let carriedOut = 0

  async function pay(request: IncomingMessage): Promise<Answer | 'drop'> {
    const idempotencyKey = readIdempotencyKey(request.headers['idempotency-key'])
    if (idempotencyKey === null) return fieldProblem('Idempotency-Key', '1 to 255 visible ASCII characters, as a header')
    if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
      return problem(415, 'content-type', 'an order is sent as application/json')
    const text = await bodyText(request)
    if (text === null) return problem(413, 'too-large', `an order has at most ${bodyLimitBytes} bytes`)
    const read = readOrder(parseJson(text))
    if ('problem' in read) return fieldProblem(read.problem.field, read.problem.mustBe)
    orders += 1
    if (isEvery(orders, misbehaviour.failEvery)) return problem(503, 'unavailable', 'nothing was done; try again')
    if (misbehaviour.delayMs > 0) await wait(misbehaviour.delayMs)
    const outcome = attempt(() => bank.pay(read.order, idempotencyKey), failed)
    if (outcome === null) return 'drop'
    switch (outcome.kind) {
      case 'accepted': {
        const { payment, replayed } = outcome
        if (replayed) return { status: 201, body: payment, headers: { 'idempotent-replayed': 'true' } }
        carriedOut += 1
        if (isEvery(carriedOut, misbehaviour.dropAnswerEvery)) return 'drop'
        return { status: 201, body: payment }
      }
      case 'key-reused':
        return problem(422, 'key-reused', 'this Idempotency-Key stands for another order')
      case 'account-refused':
        return problem(422, 'account-refused', `account \`${read.order.account}\` cannot be paid to`)
      default:
        return outcome satisfies never
    }
  }

  return async (request) => {
    const url = new URL(request.url ?? '/', 'http://bank.invalid')
    if (url.pathname === '/payments' && request.method === 'POST') return pay(request)
    request.resume()
    if (request.method !== 'GET') return problem(405, 'method', `${url.pathname} cannot be asked with ${request.method}`)
    if (url.pathname === '/counts') return { status: 200, body: bank.counts() }
    if (url.pathname === '/payments') {
      const payer = url.searchParams.get('payer')
      if (payer === null) return fieldProblem('payer', 'given as a query parameter')
      return { status: 200, body: { payments: bank.listByPayer(payer) } }
    }
    const [, encodedKey] = /^\/payments\/by-key\/([^/]+)$/.exec(url.pathname) ?? []
    if (encodedKey === undefined) return problem(404, 'not-found', `nothing is served at ${url.pathname}`)
    const payment = bank.findByKey(decodePart(encodedKey))
    return payment === null ? problem(404, 'not-found', 'no payment was made under this key') : { status: 200, body: payment }
  }
}

function attempt<Result>(act: () => Result, failed: (cause: unknown) => void): Result | null {
  try {
    return act()
  } catch (cause) {
    failed(cause)
    return null
  }
}

function isEvery(count: number, every: number): boolean {
  return every > 0 && count % every === 0
}

function problem(status: number, type: string, detail: string, more: { readonly field?: string } = {}): Answer {
  const body = { type: `urn:fake-bank:${type}`, title: type, status, detail, ...more }
  return { status, body, headers: { 'content-type': 'application/problem+json' } }
}

function fieldProblem(field: string, mustBe: string): Answer {
  return problem(400, 'field', `\`${field}\` must be ${mustBe}`, { field })
}

function send(response: ServerResponse, answer: Answer): void {
  const text = JSON.stringify(answer.body)
  // After an answer to a body that was not read to its end, the connection cannot be used again.
  const connection = answer.status === 413 || answer.status === 415 ? { connection: 'close' } : {}
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers, ...connection }).end(text)
}

async function bodyText(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    // A request without an encoding set gives buffers, as asserted above.
    bytes += part.length
    if (bytes > bodyLimitBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
