// Checks an answer against the document that is checked in, with a validator that is not ours. The document lets answers get
// more fields; here a field that it does not name fails, for nothing may come out that nobody decided to show.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { expect } from 'vitest'

type Operation = { readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: Content }>> }
type Content = Readonly<Record<string, { readonly schema: object }>>
type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly responses: Readonly<Record<string, { readonly content: Content }>>; readonly schemas: object }
}

// Our own checked-in file.
const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi.json'), 'utf8')) as Document
const ajv = new Ajv2020({ strict: false, validateFormats: false })
ajv.addSchema({ $id: 'https://document.example/', components: closed(document.components) as object })
const validators = new Map<string, ValidateFunction>()

type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly body: unknown
}

export function checkAgainstDocument(line: string, answer: Answer): void {
  const [method = '', address = ''] = line.split(' ')
  const { pathname } = new URL(address, 'http://here')
  const operation = operationOf(method, pathname)
  const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? ''
  if (answer.text === '') return
  // What is no operation of the document is answered by a problem.
  const response = operation?.responses[answer.status]
  if (operation !== undefined)
    expect(response, `${line} answers ${answer.status}, which the document does not have`).toBeDefined()
  const content = response?.content ?? document.components.responses['Problem']?.content
  const schema = content?.[type]?.schema
  expect(schema, `${line} answers ${answer.status} as ${type}, which the document does not have`).toBeDefined()
  const validate = validatorOf(schema ?? {})
  expect(validate(answer.body), `${line}: ${ajv.errorsText(validate.errors)} in ${answer.text}`).toBe(true)
}

function operationOf(method: string, pathname: string): Operation | undefined {
  // A path without a parameter is meant before one with.
  const paths = Object.keys(document.paths).toSorted((left, right) => left.split('{').length - right.split('{').length)
  const path = paths.find((path) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(pathname))
  return path === undefined ? undefined : document.paths[path]?.[method.toLowerCase()]
}

function validatorOf(schema: object): ValidateFunction {
  const key = JSON.stringify(schema)
  const known = validators.get(key) ?? ajv.compile(closed(schema) as object)
  validators.set(key, known)
  return known
}

/** Objects have the fields that are named and no others, and names lead into the document. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === '$ref' ? `https://document.example/${String(item)}` : closed(item),
  ])
  const isClosed = 'properties' in value && 'type' in value && !('additionalProperties' in value)
  return Object.fromEntries(isClosed ? [...entries, ['additionalProperties', false]] : entries)
}
