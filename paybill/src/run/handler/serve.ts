// A small server for the handler on this machine alone. For development and for operators on the host; in production the
// handler is mounted in the application's own server.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { errorCodes, PaybillError } from '../../lib/errors.ts'

/** What `createHandler` makes: a web-standard handler. */
export type Handler = (request: Request) => Promise<Response>

export type ServedHandler = {
  readonly url: string
  /** Stops listening, lets open requests end, and cuts off what has not ended after two seconds. */
  readonly close: () => Promise<void>
}

const loopback = '127.0.0.1'
const graceMs = 2_000

/**
 * Serves a handler on 127.0.0.1. Port 0 is a free one. Throws PORT_TAKEN.
 *
 * @example const { url, close } = await serveHandler(handler, { port: 3000 })
 */
export async function serveHandler(handler: Handler, options: { readonly port: number }): Promise<ServedHandler> {
  const server = createServer({ requestTimeout: 15_000, headersTimeout: 10_000 })
  const port = await listen(server, options.port)
  const hosts = new Set([`${loopback}:${port}`, `localhost:${port}`])
  server.on('request', (incoming, outgoing) => void answer({ server, handler, hosts }, incoming, outgoing))
  return { url: `http://${loopback}:${port}`, close: () => close(server) }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE'
      const shown = `port \`${port}\` is taken`
      reject(isTaken ? new PaybillError('PORT_TAKEN', shown, { cause, shown }) : cause)
    })
    server.listen(port, loopback, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

// INVARIANT: a name of another site that leads to 127.0.0.1 (DNS rebinding) is refused before the handler sees anything.
async function answer(
  served: { readonly server: Server; readonly handler: Handler; readonly hosts: ReadonlySet<string> },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { host } = incoming.headers
  const target = incoming.url ?? ''
  if (host === undefined || !served.hosts.has(host)) return refuse(outgoing, 'HOST_UNKNOWN')
  if (!target.startsWith('/')) return refuse(outgoing, 'ARGUMENT_INVALID')
  try {
    const request = requestOf(incoming, `http://${host}${target}`)
    const response = await served.handler(request)
    // A server that closes waits for no second request on the connection.
    await send(outgoing, response, { isLast: !served.server.listening })
  } catch {
    // A method or header that no web-standard request can have, or a connection that is gone.
    if (outgoing.headersSent) outgoing.destroy()
    else refuse(outgoing, 'ARGUMENT_INVALID')
  }
}

function requestOf(incoming: IncomingMessage, url: string): Request {
  const { method = 'GET' } = incoming
  const headers = new Headers()
  for (let index = 0; index < incoming.rawHeaders.length; index += 2)
    headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '')
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  // Node's web streams and those of the library for browsers are one thing under two types.
  return new Request(url, { method, headers, duplex: 'half', body: Readable.toWeb(incoming) as ReadableStream })
}

async function send(outgoing: ServerResponse, response: Response, options: { readonly isLast: boolean }): Promise<void> {
  outgoing.statusCode = response.status
  outgoing.setHeaders(response.headers)
  if (options.isLast) outgoing.setHeader('connection', 'close')
  outgoing.end(new Uint8Array(await response.arrayBuffer()))
}

function refuse(outgoing: ServerResponse, code: 'HOST_UNKNOWN' | 'ARGUMENT_INVALID'): void {
  const { status, fix } = errorCodes[code]
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', connection: 'close' })
  outgoing.end(`${code}: ${fix}\n`)
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(late)
      resolve()
    })
    server.closeIdleConnections()
  })
}
