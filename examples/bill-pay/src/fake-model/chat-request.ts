// Reads a request of the OpenAI-compatible chat completions interface, as far as the fake model understands it. From the
// messages it takes only the untrusted texts: one JSON object `{ "task": …, "texts": [{ "origin": …, "text": … }] }` per
// user message. What the system message and the task say does not reach the reader.

/** What the fake needs to know of a request. */
export type ChatRequest = {
  readonly model: string
  readonly texts: readonly string[]
  readonly form: AnswerForm
  readonly maxTokens: number | null
  readonly promptCharacters: number
}

/** How the answer was asked for: prose, JSON of any form, or JSON that a schema describes. */
export type AnswerForm =
  | { readonly kind: 'prose' }
  | { readonly kind: 'json' }
  | { readonly kind: 'schema'; readonly schema: unknown }

/** An error in OpenAI's form, with the HTTP status that goes with it. */
export type ChatProblem = {
  readonly status: number
  readonly error: { readonly message: string; readonly type: string; readonly param: string | null; readonly code: string | null }
}

type Read<Value> = { readonly value: Value } | { readonly problem: ChatProblem }

/** Makes an error of the kind that says the request is wrong. */
export function requestProblem(
  message: string,
  {
    status = 400,
    param = null,
    code = null,
  }: { readonly status?: number; readonly param?: string | null; readonly code?: string | null },
): ChatProblem {
  return { status, error: { message, type: 'invalid_request_error', param, code } }
}

/** Reads the body of POST /v1/chat/completions. */
export function readChatRequest(body: unknown): Read<ChatRequest> {
  if (!isRecord(body)) return wrong('The body must be a JSON object.', null)
  if (typeof body['model'] !== 'string') return wrong('The model must be named.', 'model')
  if (body['stream'] === true) return wrong('This fake does not stream.', 'stream')
  if (body['n'] !== undefined && body['n'] !== null && body['n'] !== 1) return wrong('This fake gives one choice.', 'n')
  if (Array.isArray(body['tools']) && body['tools'].length > 0) return wrong('This fake calls no tools.', 'tools')
  const messages = readMessages(body['messages'])
  if ('problem' in messages) return messages
  const form = readForm(body['response_format'])
  if ('problem' in form) return form
  const maxTokens = body['max_completion_tokens'] ?? body['max_tokens'] ?? null
  if (maxTokens !== null && !(typeof maxTokens === 'number' && Number.isInteger(maxTokens) && maxTokens > 0))
    return wrong('The limit of tokens must be a positive whole number.', 'max_tokens')
  return { value: { model: body['model'], ...messages.value, form: form.value, maxTokens } }
}

function readMessages(messages: unknown): Read<Pick<ChatRequest, 'texts' | 'promptCharacters'>> {
  if (!Array.isArray(messages) || messages.length === 0) return wrong('There must be messages.', 'messages')
  const texts: string[] = []
  let promptCharacters = 0
  for (const [index, message] of messages.entries()) {
    const content = isRecord(message) ? contentOf(message['content']) : null
    if (!isRecord(message) || content === null)
      return wrong('A message must have text as its content.', `messages[${index}].content`)
    promptCharacters += content.length
    if (message['role'] !== 'user') continue
    const read = readTexts(content)
    if (read === null)
      return wrong(
        'This fake reads user messages of the form {"task": string, "texts": [{"origin": string, "text": string}]}.',
        `messages[${index}].content`,
      )
    texts.push(...read)
  }
  return { value: { texts, promptCharacters } }
}

function contentOf(content: unknown): string | null {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return null
  const parts = content.map((part: unknown) =>
    isRecord(part) && part['type'] === 'text' && typeof part['text'] === 'string' ? part['text'] : null,
  )
  return parts.includes(null) ? null : parts.join('\n')
}

function readTexts(content: string): readonly string[] | null {
  const task = parseJson(content)
  const texts = isRecord(task) ? task['texts'] : null
  if (!Array.isArray(texts)) return null
  const read = texts.map((entry: unknown) => (isRecord(entry) && typeof entry['text'] === 'string' ? entry['text'] : null))
  return read.every((text) => text !== null) ? read : null
}

function readForm(format: unknown): Read<AnswerForm> {
  if (format === undefined || format === null) return { value: { kind: 'prose' } }
  if (!isRecord(format)) return wrong('The response format must be an object.', 'response_format')
  switch (format['type']) {
    case 'text':
      return { value: { kind: 'prose' } }
    case 'json_object':
      return { value: { kind: 'json' } }
    case 'json_schema': {
      const described = format['json_schema']
      if (!isRecord(described) || !isRecord(described['schema']))
        return wrong('A JSON schema must be given.', 'response_format.json_schema.schema')
      return { value: { kind: 'schema', schema: described['schema'] } }
    }
    default:
      return wrong('The response format must be text, json_object or json_schema.', 'response_format.type')
  }
}

function wrong(message: string, param: string | null): { readonly problem: ChatProblem } {
  return { problem: requestProblem(message, { param }) }
}

/** Whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses JSON; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
