// Fills in a JSON schema with a decision. The decision goes where the schema has an enum of pay, hold and fraud; a reason
// goes into texts; everything else gets the emptiest value that fits. Knows the part of JSON Schema that structured output
// allows.

import { isRecord } from './chat-request.ts'

type Filling = { readonly decision: string; readonly reason: string }

const decisions: readonly string[] = ['pay', 'hold', 'fraud']

/** A value that fits the schema, or a sentence that says what in it cannot be answered. */
export function fillSchema(schema: unknown, filling: Filling): { readonly value: unknown } | { readonly refused: string } {
  let hasDecided = false
  let refused: string | null = null

  function fill(part: unknown, path: string): unknown {
    if (!isRecord(part)) return null
    if ('const' in part) return part['const']
    if (Array.isArray(part['enum'])) {
      if (decisions.every((decision) => Array.isArray(part['enum']) && part['enum'].includes(decision))) {
        hasDecided = true
        return filling.decision
      }
      refused ??= `the enum at ${path} is not of pay, hold and fraud`
      return null
    }
    const alternative = firstAlternative(part['anyOf']) ?? firstAlternative(part['oneOf'])
    if (alternative !== undefined) return fill(alternative, path)
    const type: unknown = Array.isArray(part['type']) ? part['type'].find((name) => name !== 'null') : part['type']
    switch (type) {
      case 'object': {
        const properties = isRecord(part['properties']) ? part['properties'] : {}
        return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, fill(property, `${path}.${name}`)]))
      }
      case 'array':
        return []
      case 'string':
        return filling.reason.slice(0, typeof part['maxLength'] === 'number' ? part['maxLength'] : undefined)
      case 'number':
      case 'integer':
        return typeof part['minimum'] === 'number' ? part['minimum'] : 0
      case 'boolean':
        return false
      default:
        return null
    }
  }

  const value = fill(schema, '$')
  if (!hasDecided) refused ??= 'it has no enum of pay, hold and fraud'
  return refused === null ? { value } : { refused }
}

function firstAlternative(alternatives: unknown): unknown {
  return Array.isArray(alternatives)
    ? alternatives.find((schema: unknown) => !(isRecord(schema) && schema['type'] === 'null'))
    : undefined
}
