// Values as PostgreSQL's text, made before a single byte is sent. pg would do it between two messages, where a value that
// throws leaves half a conversation behind, and would send undefined as NULL.

import { PaybillError } from '../lib/errors.ts'
import type { SqlStatement, SqlValue } from '../lib/sql.ts'
import type { WireStatement, WireValue } from './identified-query.ts'

/** Throws ARGUMENT_INVALID for a value that is missing or that PostgreSQL cannot hold. */
export function wireStatement(statement: SqlStatement): WireStatement {
  return { text: statement.text, name: statement.name, values: (statement.values ?? []).map(wireValue) }
}

function wireValue(value: SqlValue | undefined, index: number): WireValue {
  if (value === null) return null
  if (value === undefined) return refuse(index, 'has no value')
  if (typeof value === 'string') return text(value, index)
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : refuse(index, 'is not a number')
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  // Callers without types reach this with anything.
  return Array.isArray(value) ? arrayText(value, index) : refuse(index, 'is not a value of SQL')
}

function arrayText(items: readonly unknown[], index: number): string {
  return `{${items.map((item) => (item === null ? 'NULL' : `"${escapeItem(item, index)}"`)).join(',')}}`
}

function escapeItem(item: unknown, index: number): string {
  if (typeof item !== 'string') return refuse(index, 'is a list of something other than text')
  return text(item, index).replaceAll('\\', '\\\\').replaceAll('"', '\\"')
}

function text(value: string, index: number): string {
  return value.includes('\0') ? refuse(index, 'has the character zero') : value
}

function refuse(index: number, what: string): never {
  throw new PaybillError('ARGUMENT_INVALID', `parameter \`$${index + 1}\` of a statement ${what}`)
}
