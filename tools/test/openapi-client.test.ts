import { expect, test } from 'vitest'
import { clientSource } from '../openapi-client.ts'

function documentWith(schema: object): object {
  return {
    paths: {
      '/v1/things/{id}': {
        put: {
          operationId: 'thingPut',
          summary: 'Puts a thing',
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string', pattern: '^x$' } },
            { name: 'limit', in: 'query', required: false, schema: { type: 'integer', default: 1 } },
            { name: 'idempotency-key', in: 'header', required: false, schema: { type: 'string' } },
          ],
          requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
          responses: {
            200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
            404: { $ref: '#/components/responses/Problem' },
          },
        },
      },
    },
    components: { schemas: { Thing: schema, Problem: { type: 'object' }, Unused: { type: 'object' } } },
  }
}

test('types, calls and forms of a client are made of a document', () => {
  const source = clientSource(
    documentWith({
      type: 'object',
      properties: {
        id: { type: 'string', maxLength: 4, description: 'its name' },
        kind: { enum: ['a', 'b'] },
        parts: { type: 'array', items: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
        note: { type: ['string', 'null'] },
      },
      required: ['id', 'parts'],
      additionalProperties: false,
    }),
  )
  expect(source).toContain(`export type Thing = {
  /** its name */
  readonly id: string
  readonly kind?: "a" | "b"
  readonly parts: readonly (number | null)[]
  readonly note?: string | null
}`)
  expect(source).toContain(`  /** Puts a thing. */
  readonly thingPut: {
    readonly request: { readonly path: { readonly id: string }; readonly query: { readonly limit?: number }; readonly body: Thing }
    readonly answer: Thing
  }`)
  expect(source).toContain('  thingPut: {"method":"PUT","path":"/v1/things/{id}","isKeyed":true,"answer":"Thing"},')
  // What only the server checks is left out, and so is what nothing answers with.
  expect(source).toContain('  Thing: {"type":"object","properties":{"id":{"type":"string"},')
  expect(source).not.toContain('  Unused: {')
})

test('a field that is named like a keyword stays a field', () => {
  const source = clientSource(documentWith({ type: 'object', properties: { format: { type: 'string' } }, required: ['format'] }))
  expect(source).toContain('  Thing: {"type":"object","properties":{"format":{"type":"string"}},"required":["format"]},')
})

test('a document that says what the client would not understand is refused', () => {
  expect(() => clientSource(documentWith({ type: 'object', properties: { a: { oneOf: [] } } }))).toThrow('the keyword `oneOf`')
  expect(() => clientSource(documentWith({ type: 'object', properties: { a: {} } }))).toThrow('cannot be made of `{}`')
})
