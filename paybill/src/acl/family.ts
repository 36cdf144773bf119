// Which values can be compared with which: families of types that have one order, in memory and in SQL alike.

import { PaybillError } from '../lib/errors.ts'
import type { Column } from '../schema/column.ts'
import { columnOf, relationOf, type Schema } from '../schema/table.ts'
import { claimElement, type ClaimType } from './claim.ts'
import type { Operand } from './condition.ts'

export type Family = 'text' | 'uuid' | 'boolean' | 'number' | 'date' | 'timestamp' | 'money'

/** The family of a column; null for json, which has no order. */
export function columnFamily(column: Column): Family | null {
  switch (column.type.kind) {
    case 'tenant':
    case 'text':
    case 'enum':
    case 'states':
      return 'text'
    case 'integer':
    case 'bigint':
    case 'decimal':
      return 'number'
    case 'json':
      return null
    case 'uuid':
    case 'boolean':
    case 'money':
    case 'date':
    case 'timestamp':
      return column.type.kind
    default:
      return column.type satisfies never
  }
}

export function claimFamily(type: ClaimType): Family {
  const element = claimElement(type)
  return element === 'integer' || element === 'bigint' || element === 'decimal' ? 'number' : element
}

/** The table that a path of to-one relations leads to. Throws ARGUMENT_INVALID for a relation that is not there. */
export function tableAt(schema: Schema, table: string, path: readonly string[]): string {
  return path.reduce((at, relation) => relationOf(schema, at, relation).table, table)
}

/** What conditions are written against. */
export type Vocabulary = { readonly schema: Schema; readonly claims: Readonly<Record<string, ClaimType>> }

/** The family of an operand; null for a constant, which takes that of what it is compared with, and for json. */
export function operandFamily({ schema, claims }: Vocabulary, table: string, operand: Operand): Family | null {
  switch (operand.kind) {
    case 'column':
      return columnFamily(columnOf(schema, tableAt(schema, table, operand.path), operand.column))
    case 'before':
      return columnFamily(columnOf(schema, table, operand.column))
    case 'claim':
      return claimFamily(claimTypeOf(claims, operand.name))
    case 'now':
      return 'timestamp'
    case 'literal':
      return null
    default:
      return operand satisfies never
  }
}

/** The family in which operands are compared. INVARIANT: the check of the rules found one family and no other. */
export function comparedFamily(words: Vocabulary, table: string, operands: readonly Operand[]): Family {
  for (const operand of operands) {
    const family = operandFamily(words, table, operand)
    if (family !== null) return family
  }
  throw new PaybillError('INTERNAL', 'does not hold: a comparison has a column, a claim or the time in it')
}

/** The declared type of a claim. Throws ARGUMENT_INVALID for one that is not declared. */
export function claimTypeOf(claims: Readonly<Record<string, ClaimType>>, name: string): ClaimType {
  const type = Object.hasOwn(claims, name) ? claims[name] : undefined
  if (type === undefined) throw new PaybillError('ARGUMENT_INVALID', `\`${name}\` is no declared claim`)
  return type
}
