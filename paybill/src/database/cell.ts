// From texts of the database to cells, and from given values to parameters. A cell of an untrusted column comes out
// labelled with the row that it came from; a trusted column takes no labelled value in.

import { Labeled, unwrap } from '../label/labeled.ts'
import { type Label, systemLabel } from '../label/label.ts'
import { PaybillError } from '../lib/errors.ts'
import type { SqlValue } from '../lib/sql.ts'
import { fromSql, sqlColumns, toSql } from '../schema/codec.ts'
import type { Column } from '../schema/column.ts'
import { quoteName } from '../schema/names.ts'
import { validate } from '../schema/standard.ts'
import { columnOf, type Schema, tableOf } from '../schema/table.ts'

/** Where the texts of a field stand in a result row. */
export type Place = { readonly field: string; readonly column: Column; readonly at: number; readonly width: number }

export type SelectList = { readonly sql: readonly string[]; readonly places: readonly Place[] }

/** The SQL columns of fields, and where to find each in the answer. */
export function selectList(
  from: { schema: Schema; table: string; alias: string },
  fields: readonly string[],
  start = 0,
): SelectList {
  const sql: string[] = []
  const places = fields.map((field): Place => {
    const column = columnOf(from.schema, from.table, field)
    const names = sqlColumns(field, column).map((one) => `${from.alias}.${quoteName(one.name)}`)
    const at = start + sql.length
    sql.push(...names)
    return { field, column, at, width: names.length }
  })
  return { sql, places }
}

type Texts = readonly (string | null)[]

/** The value of a field, plain. */
export function plainCell(place: Place, texts: Texts): unknown {
  return fromSql(place.column, place.width === 1 ? [texts[place.at] ?? null] : texts.slice(place.at, place.at + place.width))
}

/** A row as its reader sees it: plain where the column is trusted, labelled where it is not. `key` null is a row of unknown key. */
export function decodeRow(table: string, places: readonly Place[], texts: Texts, key: string | null): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (const place of places) {
    const value = plainCell(place, texts)
    row[place.field] = place.column.trust === 'trusted' ? value : new Labeled(value, cellLabel({ table, place, key }))
  }
  return row
}

/** Where a cell came from and who could have written it. */
export function cellLabel(cell: { readonly table: string; readonly place: Place; readonly key: string | null }): Label {
  const name = `${cell.table}.${cell.place.field}`
  return {
    origins: [`${name}#${cell.key ?? '*'}`],
    writers: cell.place.column.trust === 'trusted' ? systemLabel.writers : [`ext:${name}`],
    influence: {},
  }
}

/** The primary key without the tenant, each part encoded, joined by slashes; null where it was not read. */
export function keyText(keyPlaces: readonly Place[], texts: Texts): string | null {
  const parts = keyPlaces.map((place) => plainCell(place, texts))
  return parts.length === 0 || parts.includes(null) ? null : parts.map((part) => encodeURIComponent(partText(part))).join('/')
}

function partText(part: unknown): string {
  return part instanceof Date ? part.toISOString() : String(part)
}

/** A field to write with its parameters, one for each of its SQL columns. */
export type Written = { readonly field: string; readonly column: Column; readonly parameters: readonly SqlValue[] }

/**
 * Parses what an insert or update was given. Throws ARGUMENT_INVALID naming the column, or ARGUMENT_NOT_ACCEPTED where a
 * labelled value would enter a trusted column.
 */
export async function parseWritten(schema: Schema, table: string, given: unknown): Promise<readonly Written[]> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new PaybillError('ARGUMENT_INVALID', `values of \`${table}\` must be an object`)
  const written: Written[] = []
  // In the order of the schema, so that equal sets of columns give one statement.
  const values = new Map<string, unknown>(Object.entries(given))
  for (const field of values.keys()) columnOf(schema, table, field)
  for (const [field, column] of Object.entries(tableOf(schema, table).columns)) {
    if (!values.has(field)) continue
    const place = `${table}.${field}`
    if (column.type.kind === 'tenant')
      throw new PaybillError('ARGUMENT_INVALID', `\`${place}\` is taken from the principal and cannot be set`)
    const plain = plainValue(place, column, values.get(field))
    const checked = column.type.kind === 'json' && plain !== null ? await validate(column.type.schema, plain, place) : plain
    written.push({ field, column, parameters: toSql(place, column, checked) })
  }
  return written
}

function plainValue(place: string, column: Column, value: unknown): unknown {
  if (!holdsLabeled(value)) return value
  if (column.trust === 'trusted')
    throw new PaybillError('ARGUMENT_NOT_ACCEPTED', `\`${place}\` is trusted and takes no labelled value; endorse it first`)
  return unwrap(value, systemLabel).value
}

const maxDepth = 64

function holdsLabeled(value: unknown, depth = 0): boolean {
  if (depth > maxDepth)
    throw new PaybillError('ARGUMENT_INVALID', `a value is nested deeper than ${maxDepth} levels, or contains itself`)
  if (value instanceof Labeled) return true
  if (Array.isArray(value)) return value.some((item) => holdsLabeled(item, depth + 1))
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false
  return Object.values(value).some((item) => holdsLabeled(item, depth + 1))
}
