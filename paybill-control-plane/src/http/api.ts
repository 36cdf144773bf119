// The control plane over HTTP: JSON in, JSON out, errors as application/problem+json. Whoever asks is found out by his API key;
// what he may do is decided by the control plane at each call, never here.
//
// It speaks plain HTTP, on this machine alone unless told otherwise; whoever lets others reach it puts TLS in front. There is
// no CORS: browsers of other sites are not served.

import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { encodeCanonical, PaybillError, sha256Hex } from 'paybill/lib'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import type { ApiKeys } from './api-key-store.ts'
import { maxBodyBytes, parseBody } from './body.ts'
import type { Change, Endpoint } from './endpoint.ts'
import { isOwnHost } from './host.ts'
import type { Answer, Idempotency } from './idempotency.ts'
import { openApiDocument } from './openapi.ts'
import { isFinal, problemOf } from './problem.ts'
import { methodsOf, routes } from './routes.ts'

export type ApiParts = {
  readonly plane: ControlPlane
  readonly keys: ApiKeys
  readonly idempotency: Idempotency
  /** Told of every error that is not the caller's, with all that he is not shown, under the id that he is shown. */
  readonly onError: (error: unknown, request: { readonly id: string; readonly method: string; readonly path: string }) => void
  /** Names under which others reach this server, as they stand in the `host` header, such as `control.example.com`. */
  readonly hosts?: readonly string[]
  /** Names a request in answers and in the log: a UUID (default: random). */
  readonly newRequestId?: () => string
}

const sweepMs = 3_600_000

/**
 * Makes the server; `listenApi` lets it listen.
 *
 * @example
 * const api = createApi({ plane, keys, idempotency, onError: (error, { id }) => log(id, error) })
 */
export function createApi(parts: ApiParts): FastifyInstance {
  const { newRequestId = randomUUID } = parts
  const server = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: 15_000,
    routerOptions: { maxParamLength: 2_000 },
    genReqId: () => newRequestId(),
    requestIdHeader: false,
    // A path that cannot be decoded. Nothing of the server has seen it yet, so it gets its headers here.
    frameworkErrors: (error, request, reply) => {
      reply.headers(protection(request.id))
      sendProblem(reply, error, request.id)
    },
    clientErrorHandler: (_error, socket) => refuseConnection(socket, newRequestId()),
  })
  const site: Site = { ...parts, document: openApiDocument() }
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseBody(Buffer.from(body)))
    } catch (error) {
      // It is a PaybillError, which has all that the server asks of an error.
      done(error as Error)
    }
  })
  const people = new WeakMap<FastifyRequest, string>()
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(protection(request.id))
    const address = server.server.address()
    if (!isOwnHost(request.headers.host, { address, hosts: parts.hosts ?? [] }))
      throw new PaybillError('HOST_UNKNOWN', `a request came for host \`${String(request.headers.host).slice(0, 200)}\``)
    if (!isOpen(request)) people.set(request, await personOf(parts.keys, request))
  })
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = problemOf(error, request.id)
    if (problem.status >= 500) parts.onError(error, { id: request.id, method: request.method, path: request.url })
    if (problem.code === 'SIGN_IN_REQUIRED') reply.header('www-authenticate', 'Bearer realm="paybill"')
    if (problem.code === 'IDEMPOTENCY_IN_FLIGHT') reply.header('retry-after', '1')
    sendProblem(reply, error, request.id)
  })
  server.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(new URL(request.url, 'http://here').pathname)
    if (methods.length === 0) throw new PaybillError('NOT_FOUND', 'there is no such address')
    reply.header('allow', methods.join(', '))
    throw new PaybillError('METHOD_NOT_ALLOWED', `\`${request.method}\` is not for this address`)
  })
  for (const endpoint of routes)
    server.route({
      method: endpoint.method,
      url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
      handler: (request, reply) => answer(site, endpoint, request, reply, people.get(request) ?? ''),
    })
  keepSwept(server, parts)
  return server
}

/** What came is no HTTP, or came too slowly: there is no request to answer, only a connection to end. */
function refuseConnection(socket: Socket, requestId: string): void {
  if (!socket.writable) return void socket.destroy()
  const body = JSON.stringify(problemOf(new PaybillError('ARGUMENT_INVALID', 'what came is no HTTP'), requestId))
  const headers = { ...protection(requestId), 'content-type': 'application/problem+json', connection: 'close' }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.end(['HTTP/1.1 400 Bad Request', ...lines, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'))
}

type Site = ApiParts & { readonly document: object }

/** Answers of every kind leave with these. */
function protection(requestId: string): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  }
}

const openPaths = new Set(routes.filter(({ work }) => work.kind === 'open').map(({ path }) => path))

function isOpen(request: FastifyRequest): boolean {
  return openPaths.has(request.routeOptions.url ?? '')
}

/** Throws SIGN_IN_REQUIRED, always the same, whatever is wrong with the key. */
async function personOf(keys: ApiKeys, request: FastifyRequest): Promise<string> {
  const [, text = ''] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const person = await keys.find(text)
  if (person !== null) return person
  throw new PaybillError('SIGN_IN_REQUIRED', 'a request came without a key that is good', {
    shown: 'send an API key that is good, as `authorization: Bearer pbk_…`',
  })
}

async function answer(
  site: Site,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
  by: string,
): Promise<FastifyReply> {
  const { work } = endpoint
  const raw = { path: request.params, query: request.query, body: request.body }
  switch (work.kind) {
    case 'open':
      return send(reply, { status: endpoint.answer.status, location: null, body: JSON.stringify(work.show(site)) })
    case 'read':
      return sendRead(endpoint, request, reply, JSON.stringify(await work.read({ plane: site.plane, by }, raw)))
    case 'change':
      return change(site, { endpoint, needsKey: work.needsKey, change: work.prepare(raw) }, request, reply, by)
    default:
      return work satisfies never
  }
}

function sendRead(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply, body: string): FastifyReply {
  const { cacheControl, status } = endpoint.answer
  if (cacheControl === undefined) return send(reply, { status, location: null, body })
  const etag = `"${sha256Hex(body).slice(0, 32)}"`
  reply.headers({ 'cache-control': cacheControl, etag, vary: 'authorization' })
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
  return send(reply, { status, location: null, body })
}

function isKnown(header: string | undefined, etag: string): boolean {
  const known = new Set((header ?? '').split(',').map((item) => item.trim().replace(/^W\//, '')))
  return known.has(etag) || known.has('*')
}

async function change(
  site: Site,
  of: { readonly endpoint: Endpoint; readonly needsKey: boolean; readonly change: Change },
  request: FastifyRequest,
  reply: FastifyReply,
  by: string,
): Promise<FastifyReply> {
  const caller = { plane: site.plane, by }
  const { status } = of.endpoint.answer
  const answerOf = (made: unknown): Answer => ({ status, location: of.change.location(made), body: JSON.stringify(made) })
  const key = idempotencyKeyOf(request, of.needsKey)
  if (key === null) return send(reply, answerOf(await of.change.make(caller, undefined)))
  const asked = { endpoint: of.endpoint.name, ...of.change.asked }
  const { isRepeated, ...found } = await site.idempotency.run(
    { person: by, key, fingerprint: sha256Hex(encodeCanonical(asked)) },
    {
      make: async (alongside) => answerOf(await of.change.make(caller, alongside)),
      again: async (effect) => answerOf(await of.change.again(caller, effect)),
      refusal: (error) => {
        const problem = problemOf(error, request.id)
        return isFinal(problem) ? { status: problem.status, location: null, body: JSON.stringify(problem) } : null
      },
    },
  )
  if (isRepeated) reply.header('idempotency-replayed', 'true')
  return send(reply, found)
}

/** Null where there is none and none is needed. Throws IDEMPOTENCY_KEY_INVALID. */
function idempotencyKeyOf(request: FastifyRequest, isNeeded: boolean): string | null {
  const header = request.headers['idempotency-key']
  if (header === undefined && !isNeeded) return null
  if (typeof header === 'string' && /^[!-~]{1,200}$/.test(header)) return header
  throw new PaybillError('IDEMPOTENCY_KEY_INVALID', 'a request came without an idempotency key, or with one that is none')
}

function send(reply: FastifyReply, { status, location, body }: Answer): FastifyReply {
  if (location !== null) reply.header('location', location)
  return reply
    .code(status)
    .type(status >= 400 ? 'application/problem+json' : 'application/json')
    .send(body)
}

function sendProblem(reply: FastifyReply, error: unknown, requestId: string): FastifyReply {
  const problem = problemOf(error, requestId)
  return send(reply, { status: problem.status, location: null, body: JSON.stringify(problem) })
}

/** Forgets old idempotency keys once an hour, as long as the server runs. */
function keepSwept(server: FastifyInstance, { idempotency, onError }: ApiParts): void {
  const sweep = (): void => {
    idempotency.sweep().catch((error: unknown) => onError(error, { id: 'sweep', method: '', path: '' }))
  }
  const timer = setInterval(sweep, sweepMs)
  timer.unref()
  server.addHook('onClose', async () => clearInterval(timer))
}
