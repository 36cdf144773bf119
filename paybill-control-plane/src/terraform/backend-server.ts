// Serves a handler on this machine for as long as a run takes: Terraform reaches its state by an address.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type BackendServer = { readonly url: string; close(): Promise<void> }

/** Listens on a free port of the loopback address. `onError` is told what the handler threw; the caller is told 500. */
export async function serveBackend(options: {
  readonly handler: (request: Request) => Promise<Response>
  readonly maxBodyBytes: number
  readonly onError: (error: unknown) => void
}): Promise<BackendServer> {
  const server = createServer((incoming, outgoing) => {
    answer(options, incoming, outgoing).catch((error: unknown) => {
      options.onError(error)
      if (!outgoing.headersSent) outgoing.writeHead(500)
      outgoing.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a server that listens on a port has an address of this kind
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function answer(
  { handler, maxBodyBytes }: { readonly handler: (request: Request) => Promise<Response>; readonly maxBodyBytes: number },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await bodyOf(incoming, maxBodyBytes)
  if (body === null) {
    outgoing.writeHead(413, { connection: 'close' }).end()
    return
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) if (typeof value === 'string') headers.set(name, value)
  const method = incoming.method ?? 'GET'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1')
  const response = await handler(new Request(url, { method, headers, ...(hasBody ? { body } : {}) }))
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}

async function bodyOf(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of incoming) {
    if (!Buffer.isBuffer(part)) continue
    length += part.byteLength
    if (length > maxBytes) return null
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
