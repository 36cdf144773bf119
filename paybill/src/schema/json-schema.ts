// The JSON Schema of columns, for tools that a model is offered.

import type { Column } from './column.ts'

export type JsonSchema = { readonly [key: string]: unknown }

/** The JSON Schema of one value of the column, as it is written in JSON: bigint as decimal text, money as two fields. */
export function columnJsonSchema(column: Column): JsonSchema {
  const one = typeSchema(column)
  return column.isNullable ? { anyOf: [one, { type: 'null' }] } : one
}

function typeSchema(column: Column): JsonSchema {
  const { type } = column
  switch (type.kind) {
    case 'tenant':
      return { type: 'string', minLength: 1 }
    case 'uuid':
      return { type: 'string', format: 'uuid' }
    case 'text':
      return { type: 'string', maxLength: type.maxLength, ...(type.pattern === null ? {} : { pattern: `^(?:${type.pattern})$` }) }
    case 'boolean':
      return { type: 'boolean' }
    case 'integer':
      return { type: 'integer', minimum: type.minimum, maximum: type.maximum }
    case 'bigint':
      return { type: 'string', pattern: '^-?[0-9]{1,19}$' }
    case 'decimal':
      return { type: 'string', pattern: `^-?[0-9]{1,${type.precision - type.scale || 1}}(\\.[0-9]{0,${type.scale}})?$` }
    case 'money':
      return {
        type: 'object',
        properties: {
          minor: { type: 'string', pattern: '^-?[0-9]{1,19}$' },
          currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        },
        required: ['minor', 'currency'],
        additionalProperties: false,
      }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'timestamp':
      return { type: 'string', format: 'date-time' }
    case 'json':
      return {}
    case 'enum':
      return { type: 'string', enum: type.values }
    case 'states':
      return { type: 'string', enum: Object.keys(type.moves) }
    default:
      return type satisfies never
  }
}
