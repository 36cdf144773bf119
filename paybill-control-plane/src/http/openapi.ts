// The OpenAPI document, made from the route table. It is checked in as openapi.json, from which clients are made.

import { type ErrorCode, errorCodes } from 'paybill/lib'
import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { namedForms, problemForm } from './forms.ts'
import { routes } from './routes.ts'

/** Makes the document. Equal route tables give equal documents. */
export function openApiDocument(): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Paybill Control Plane',
      version: '1',
      description:
        'What may be asked of the control plane of one organization. Amounts are whole minor units as text, moments ISO 8601. Answers may get more fields; requests have only those that are named here.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    paths: paths(),
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'an API key: `pbk_<prefix>_<secret>`' } },
      responses: {
        Problem: {
          description: 'an error, as RFC 9457 has it',
          content: { 'application/problem+json': { schema: schemaOf(problemForm) } },
        },
      },
      schemas: schemas(),
    },
  }
}

type Json = Readonly<Record<string, unknown>>

function paths(): Json {
  const result: Record<string, Record<string, Json>> = {}
  for (const endpoint of routes) {
    const item = (result[endpoint.path] ??= {})
    item[endpoint.method.toLowerCase()] = operation(endpoint)
  }
  return result
}

function operation(endpoint: Endpoint): Json {
  const { name, summary, body, answer, work } = endpoint
  const parameters = [...pathParameters(endpoint), ...queryParameters(endpoint), ...headerParameters(endpoint)]
  return {
    operationId: name,
    summary,
    ...(work.kind === 'open' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === null ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
    responses: {
      [answer.status]: {
        description: answer.is,
        ...answerHeaders(endpoint),
        content: { 'application/json': { schema: schemaOf(answer.form) } },
      },
      ...(answer.cacheControl === undefined ? {} : { 304: { description: 'it is what `if-none-match` names' } }),
      ...problems(endpoint),
    },
  }
}

function pathParameters({ pathForms }: Endpoint): readonly Json[] {
  return Object.entries(pathForms).map(([name, form]) => ({ name, in: 'path', required: true, schema: schemaOf(form) }))
}

function queryParameters({ queryForms }: Endpoint): readonly Json[] {
  return Object.entries(queryForms).map(([name, form]) => ({
    name,
    in: 'query',
    required: !form.safeParse(undefined).success,
    schema: schemaOf(form),
  }))
}

function headerParameters({ work, answer }: Endpoint): readonly Json[] {
  const text = (name: string, required: boolean, description: string): Json => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string', maxLength: 200 },
  })
  if (work.kind === 'change')
    return [
      text('idempotency-key', work.needsKey, 'for 24 hours the same key and request take effect once, and are answered alike'),
    ]
  return answer.cacheControl === undefined ? [] : [text('if-none-match', false, 'the `etag` of the answer that is known')]
}

function answerHeaders({ work, answer }: Endpoint): Json {
  const text = (description: string): Json => ({ description, schema: { type: 'string' } })
  const headers = {
    ...(answer.status === 201 ? { location: text('where it can be found') } : {}),
    ...(answer.cacheControl === undefined ? {} : { etag: text('names this answer') }),
    ...(work.kind === 'change' ? { 'idempotency-replayed': text('`true` where an earlier request had this effect') } : {}),
  }
  return Object.keys(headers).length === 0 ? {} : { headers }
}

/** By status, with the codes that it can stand for. */
function problems(endpoint: Endpoint): Json {
  const codes = new Set<ErrorCode>([...ofEvery, ...endpoint.refusals])
  if (endpoint.work.kind !== 'open') for (const code of ofAsked) codes.add(code)
  if (endpoint.work.kind === 'change') for (const code of ofChanges) codes.add(code)
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of codes) {
    const { status } = errorCodes[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  const content = { 'application/problem+json': { schema: schemaOf(problemForm) } }
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [status, { description: found.toSorted().join(', '), content }]),
  )
}

const ofEvery = ['HOST_UNKNOWN', 'INTERNAL'] as const
const ofAsked = ['ARGUMENT_INVALID', 'SIGN_IN_REQUIRED', 'DENIED', 'LIMIT_TIME', 'DATABASE_BUSY', 'DATABASE_LOST'] as const
const ofChanges = [
  'BODY_TOO_LARGE',
  'CONTENT_TYPE_UNKNOWN',
  'IDEMPOTENCY_KEY_INVALID',
  'IDEMPOTENCY_KEY_REUSED',
  'IDEMPOTENCY_IN_FLIGHT',
] as const

const names = new Map(Object.entries(namedForms).map(([name, form]) => [form, name]))

function schemaOf(form: z.ZodType): Json {
  const name = names.get(form)
  return name === undefined ? tidy(z.toJSONSchema(form, { io: 'input' })) : { $ref: `#/components/schemas/${name}` }
}

function schemas(): Json {
  const registry = z.registry<{ id: string }>()
  for (const [name, form] of Object.entries(namedForms)) registry.add(form, { id: name })
  const made = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` })
  return Object.fromEntries(Object.entries(made.schemas).map(([name, schema]) => [name, tidy(schema)]))
}

/**
 * The dialect is the document's own, and so are the names. The default of a path parameter is how a malformed one is read,
 * which is nothing to send; `format` says what the patterns of e-mail addresses and moments say.
 */
function tidy(schema: Json): Json {
  const clean = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(clean)
    if (typeof value !== 'object' || value === null) return value
    const isFormat = 'format' in value && typeof value.format === 'string'
    const isPathDefault = 'pattern' in value && 'default' in value
    const entries = Object.entries(value).filter(
      ([key, item]) =>
        !(key === '$schema' || key === '$id') &&
        !(isFormat && key === 'pattern' && typeof item === 'string') &&
        !(isPathDefault && key === 'default'),
    )
    return Object.fromEntries(entries.map(([key, item]) => [key, clean(item)]))
  }
  // An object stays an object.
  return clean(schema) as Json
}
