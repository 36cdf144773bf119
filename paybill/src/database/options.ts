// Parses what verbs are given beside values and conditions. A misspelt or undefined option must not mean "all rows".

import { PaybillError } from '../lib/errors.ts'
import { columnOf, type Schema } from '../schema/table.ts'
import { isPlainObject } from './condition.ts'

export type Options = Readonly<Record<string, unknown>>

/** Throws ARGUMENT_INVALID for an option that is not known, or that is there without a value. */
export function parseOptions(table: string, given: unknown, known: readonly string[]): Options {
  if (given === undefined) return {}
  if (!isPlainObject(given)) throw new PaybillError('ARGUMENT_INVALID', `options on \`${table}\` must be an object`)
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name))
      throw new PaybillError('ARGUMENT_INVALID', `\`${name}\` is no option here; there are ${known.join(', ')}`)
    if (value === undefined) throw new PaybillError('ARGUMENT_INVALID', `\`${name}\` on \`${table}\` is there and has no value`)
  }
  return given
}

/** A list of fields, each once. */
export function parseFields(schema: Schema, table: string, given: unknown, option: string): readonly string[] {
  if (!Array.isArray(given) || given.length === 0)
    throw new PaybillError('ARGUMENT_INVALID', `\`${option}\` on \`${table}\` must be a list of at least one field`)
  const fields = new Set<string>()
  for (const field of given) {
    if (typeof field !== 'string') throw new PaybillError('ARGUMENT_INVALID', `\`${option}\` on \`${table}\` must name fields`)
    columnOf(schema, table, field)
    fields.add(field)
  }
  return [...fields]
}

export type Order = readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[]

export function parseOrder(schema: Schema, table: string, given: unknown): Order {
  if (given === undefined) return []
  if (!isPlainObject(given)) throw new PaybillError('ARGUMENT_INVALID', `\`orderBy\` on \`${table}\` must be an object`)
  return Object.entries(given).map(([field, direction]) => {
    columnOf(schema, table, field)
    if (direction !== 'asc' && direction !== 'desc')
      throw new PaybillError('ARGUMENT_INVALID', `\`orderBy\` on \`${table}.${field}\` must be \`asc\` or \`desc\``)
    return { field, direction }
  })
}

/** A whole number of at least one. */
export function parseCount(table: string, given: unknown, option: string): number {
  if (typeof given !== 'number' || !Number.isSafeInteger(given) || given < 1)
    throw new PaybillError('ARGUMENT_INVALID', `\`${option}\` on \`${table}\` must be a whole number of at least 1`)
  return given
}
