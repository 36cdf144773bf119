// The fake model's HTTP interface: the part of OpenAI's chat completions that providers and their clients have in common.
// Loopback only. No streaming, no tools, one model.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, PaybillError } from 'paybill/lib'
import type { Answerer } from './answer.ts'
import { type ChatProblem, type ChatRequest, parseJson, readChatRequest, requestProblem } from './chat-request.ts'

export const modelName = 'fake-model'

const bodyLimitBytes = 4 * 1024 * 1024
// Providers count tokens in their own ways. Four characters are near enough to most of them for a budget to bite.
const charactersPerToken = 4

type Reply = { readonly status: number; readonly body: unknown }

/** Serves a model at a port of the loopback interface; port 0 takes a free one. Without a key, every key is accepted. */
export async function serveModel(
  answerer: Answerer,
  options: { readonly port: number; readonly key: string | null; readonly clock: Clock },
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer({ requestTimeout: 30_000 }, (request, response) => {
    reply(request, { answerer, ...options }).then(
      (given) => send(response, given),
      // The request broke off before it was whole.
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

async function reply(
  request: IncomingMessage,
  { answerer, key, clock }: { readonly answerer: Answerer; readonly key: string | null; readonly clock: Clock },
): Promise<Reply> {
  const { pathname } = new URL(request.url ?? '/', 'http://model.invalid')
  const body = await bodyText(request)
  if (body === null) return problemReply(requestProblem('The request is too long.', { status: 413 }))
  if (key !== null && request.headers.authorization !== `Bearer ${key}`)
    return problemReply(requestProblem('Incorrect API key provided.', { status: 401, code: 'invalid_api_key' }))
  if (pathname === '/v1/models' && request.method === 'GET') {
    const model = { id: modelName, object: 'model', created: 0, owned_by: 'bill-pay' }
    return { status: 200, body: { object: 'list', data: [model] } }
  }
  if (pathname !== '/v1/chat/completions' || request.method !== 'POST')
    return problemReply(requestProblem(`Unknown request: ${request.method} ${pathname}.`, { status: 404, code: 'unknown_url' }))
  const read = readChatRequest(parseJson(body))
  if ('problem' in read) return problemReply(read.problem)
  if (read.value.model !== modelName) {
    const message = `The model \`${read.value.model}\` does not exist.`
    return problemReply(requestProblem(message, { status: 404, param: 'model', code: 'model_not_found' }))
  }
  const answered = answerer(read.value)
  if ('refused' in answered) {
    const message = `This fake only answers a schema in which one enum holds pay, hold and fraud, and no other enum occurs: ${answered.refused}.`
    return problemReply(requestProblem(message, { param: 'response_format.json_schema.schema' }))
  }
  return { status: 200, body: completion(answered.content, { request: read.value, clock }) }
}

function completion(answer: string, { request, clock }: { readonly request: ChatRequest; readonly clock: Clock }): unknown {
  const mostCharacters = (request.maxTokens ?? Number.MAX_SAFE_INTEGER) * charactersPerToken
  const content = answer.slice(0, mostCharacters)
  const promptTokens = Math.ceil(request.promptCharacters / charactersPerToken)
  const completionTokens = Math.ceil(content.length / charactersPerToken)
  return {
    id: `chatcmpl-${randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(clock.now().getTime() / 1000),
    model: modelName,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: null,
        finish_reason: content.length < answer.length ? 'length' : 'stop',
      },
    ],
    usage: { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: promptTokens + completionTokens },
  }
}

function problemReply({ status, error }: ChatProblem): Reply {
  return { status, body: { error } }
}

function send(response: ServerResponse, { status, body }: Reply): void {
  // After an answer to a body that was not read to its end, the connection cannot be used again.
  const connection = status === 413 ? { connection: 'close' } : {}
  response.writeHead(status, { 'content-type': 'application/json', ...connection }).end(JSON.stringify(body))
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
