import { checkSchema } from './check.ts'
import type { Schema, Tables } from './table.ts'

/** Puts tables together. Throws SCHEMA_INVALID naming the first thing that is wrong and what to change. */
export function schema<T extends Tables>(tables: T): Schema<T> {
  const made = { tables }
  checkSchema(made)
  return made
}
