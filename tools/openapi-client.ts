// Makes the types of a client from an OpenAPI document: what each operation takes and answers, how it is called, and the forms
// of its answers, so that a client can check what it is told. It knows what our own document uses, and refuses to guess about
// the rest.

type Json = Readonly<Record<string, unknown>>

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>> }
}
type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>>
}
type Parameter = { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: Json }

/** The text of a TypeScript file. */
export function clientSource(given: object): string {
  const document = given as Document // made by `openApiDocument`, and read again by tests against it
  const { schemas } = document.components
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const answered = new Set(operations.map(({ operation }) => answerOf(operation)).concat('Problem'))
  const forms = [...reachable(schemas, answered)]
    .toSorted()
    .map((name) => `  ${name}: ${JSON.stringify(bare(schemas[name] ?? {}))},`)
  return `// The API as a client sees it, made from openapi.json by \`npm run check -- --write\`. Not to be edited.

${Object.entries(schemas)
  .map(([name, schema]) => `export type ${name} = ${typeOf(schema, '')}`)
  .join('\n\n')}

/** A request that takes nothing. */
type Nothing = { readonly [name: string]: never }

/** What each operation takes and answers. */
export type Operations = {
${operations.map(({ operation }) => operationType(operation)).join('\n')}
}

/** How each operation is called, and the form of what it answers. */
export const operations = {
${operations
  .map(({ path, method, operation }) => {
    const call = { method, path, isKeyed: hasParameter(operation, 'header', 'idempotency-key'), answer: answerOf(operation) }
    return `  ${operation.operationId}: ${JSON.stringify(call)},`
  })
  .join('\n')}
} as const

/** The forms of answers, as JSON Schema; what is not said is not restricted. */
export const forms = {
${forms.join('\n')}
} as const
`
}

function operationType(operation: Operation): string {
  const { operationId, summary, requestBody } = operation
  const body = requestBody?.content['application/json']?.schema
  const parts = [
    ...parametersType(operation, 'path'),
    ...parametersType(operation, 'query'),
    ...(body === undefined ? [] : [`readonly body: ${typeOf(body, '    ')}`]),
  ]
  return `  /** ${summary}. */
  readonly ${operationId}: {
    readonly request: ${parts.length === 0 ? 'Nothing' : `{ ${parts.join('; ')} }`}
    readonly answer: ${answerOf(operation)}
  }`
}

/** A field for all of one kind; none where there are none. */
function parametersType({ parameters = [] }: Operation, where: 'path' | 'query'): readonly string[] {
  const fields = parameters
    .filter((parameter) => parameter.in === where)
    .map(({ name, required, schema }) => `readonly ${name}${required ? '' : '?'}: ${typeOf(schema, '')}`)
  return fields.length === 0 ? [] : [`readonly ${where}: { ${fields.join('; ')} }`]
}

function hasParameter({ parameters = [] }: Operation, where: string, name: string): boolean {
  return parameters.some((parameter) => parameter.in === where && parameter.name === name)
}

/** The name of the form of its one good answer. */
function answerOf({ operationId, responses }: Operation): string {
  const [good, ...more] = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  const name = nameOf(good?.[1].content?.['application/json']?.schema ?? {})
  if (name === null || more.length > 0) throw new Error(`\`${operationId}\` has no answer of one named form`)
  return name
}

function nameOf({ $ref }: Json): string | null {
  return typeof $ref === 'string' ? $ref.replace('#/components/schemas/', '') : null
}

// Said for people, or checked by the server alone.
const ignored = new Set(['description', 'format', 'pattern', 'default', 'minLength', 'maxLength', 'minimum', 'maximum'])
const known = new Set(['$ref', 'type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'anyOf'])

function typeOf(schema: Json, indent: string): string {
  for (const key of Object.keys(schema))
    if (!known.has(key) && !ignored.has(key)) throw new Error(`a client cannot be made of the keyword \`${key}\``)
  const name = nameOf(schema)
  if (name !== null) return name
  const { type, enum: words, anyOf, items, const: only } = schema
  if (only !== undefined) return JSON.stringify(only)
  if (Array.isArray(words)) return words.map((word) => JSON.stringify(word)).join(' | ')
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one as unknown }, indent)).join(' | ')
  if (Array.isArray(anyOf)) return anyOf.map((part) => typeOf(part as Json, indent)).join(' | ')
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'integer':
    case 'number':
      return 'number'
    case 'array': {
      const item = typeOf(items as Json, indent)
      return /^\w+$/.test(item) ? `readonly ${item}[]` : `readonly (${item})[]`
    }
    case 'object':
      return objectType(schema, indent)
    default:
      throw new Error(`a client cannot be made of \`${JSON.stringify(schema)}\``)
  }
}

function objectType(schema: Json, indent: string): string {
  // What a schema has under these names, by JSON Schema.
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Json>>
  const required = new Set((schema['required'] ?? []) as readonly string[])
  const inner = `${indent}  `
  const fields = Object.entries(properties).map(([name, form]) => {
    const comment = typeof form['description'] === 'string' ? `${inner}/** ${form['description']} */\n` : ''
    return `${comment}${inner}readonly ${name}${required.has(name) ? '' : '?'}: ${typeOf(form, inner)}\n`
  })
  return `{\n${fields.join('')}${indent}}`
}

/** The names, and all names that are named in what they name. */
function reachable(schemas: Readonly<Record<string, Json>>, names: Iterable<string>): ReadonlySet<string> {
  const found = new Set(names)
  for (const name of found)
    for (const [, inner = ''] of JSON.stringify(schemas[name] ?? {}).matchAll(/"#\/components\/schemas\/(\w+)"/g))
      found.add(inner)
  return found
}

/** Only what a client checks. */
function bare(value: unknown, isProperties = false): unknown {
  if (Array.isArray(value)) return value.map((item) => bare(item))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key]) => isProperties || (!ignored.has(key) && key !== 'additionalProperties'))
  return Object.fromEntries(entries.map(([key, item]) => [key, bare(item, key === 'properties')]))
}
