// Rows that look like a tenant's, made from the schema alone: a value of its own in every cell that can hold one. They are
// planted as canaries in the rows of one tenant, and tried as new rows by the other.

import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { type Money, PaybillError } from 'paybill/lib'
import {
  type Column,
  type ColumnType,
  quoteName,
  quoteText,
  type Reference,
  type Schema,
  sqlColumns,
  type Table,
  tableName,
} from 'paybill/schema'
import type { Marker } from './attempt.ts'

export type Value = string | number | bigint | boolean | Date | Money | object | null

/** `values` by field, as an insert of a session takes them, but for the tenant. */
export type TenantRow = {
  readonly table: string
  readonly values: Readonly<Record<string, Value>>
  /** The rows that it refers to, in the order in which they must be there. */
  readonly parents: readonly TenantRow[]
}

/** What a canary's texts begin with, so that one that was left can be told from a row. */
export const canaryPrefix = 'canary-'

/** A row for each table of tenants, parents first, and the tables for which none could be made, with the reason. */
export function tenantRows(schema: Schema): { readonly rows: readonly TenantRow[]; readonly left: readonly string[] } {
  const made = new Map<string, TenantRow>()
  const left: string[] = []
  let waiting = Object.entries(schema.tables).filter(([, table]) => Object.hasOwn(table.columns, 'tenant'))
  while (waiting.length > 0) {
    const ready = waiting.filter(([, table]) =>
      (table.options.references ?? []).every((to) => made.has(to.table) || isOptional(table, to)),
    )
    if (ready.length === 0) {
      left.push(...waiting.map(([name]) => `\`${name}\` refers to rows that the verifier cannot make`))
      break
    }
    for (const [name, table] of ready) {
      try {
        made.set(name, tenantRow(name, table, made))
      } catch (error) {
        if (!(error instanceof PaybillError)) throw error
        left.push(`\`${name}\`: ${error.message}`)
      }
    }
    waiting = waiting.filter((entry) => !ready.includes(entry))
  }
  return { rows: [...made.values()], left }
}

/** The statement that puts a row in, by whoever may. `change` exchanges cells. */
export function insertText(
  schema: Schema,
  { table, values }: Pick<TenantRow, 'table' | 'values'>,
  of: { readonly tenant: string; readonly change?: Readonly<Record<string, Value>> },
): string {
  const { columns } = tableNamed(schema, table)
  const cells = Object.entries({ ...values, ...of.change, tenant: of.tenant }).flatMap(([field, value]) => {
    const column = columns[field]
    return column === undefined ? [] : cellTexts(field, column, value)
  })
  const names = cells.map(({ name }) => quoteName(name)).join(', ')
  return `insert into ${sqlTable(table)} (${names}) values (${cells.map(({ sql }) => sql).join(', ')})`
}

/** A condition that only the row itself meets. */
export function keyCondition(schema: Schema, row: TenantRow, tenant: string): string {
  const { columns, options } = tableNamed(schema, row.table)
  return options.primaryKey
    .flatMap((field) => {
      const column = columns[field]
      return column === undefined ? [] : cellTexts(field, column, field === 'tenant' ? tenant : (row.values[field] ?? null))
    })
    .map(({ name, sql }) => `${quoteName(name)} = ${sql}`)
    .join(' and ')
}

export function sqlTable(table: string): string {
  return `public.${quoteName(tableName(table))}`
}

/** The cells that are long enough to be found by accident nowhere else. */
export function rowMarkers({ table, values }: TenantRow): readonly Marker[] {
  return Object.entries(values)
    .map(([field, value]) => ({ value: valueText(value), where: `\`${table}.${field}\`` }))
    .filter(({ value }) => value.length >= shortestMarker)
}

/** Shorter values could be seen by chance. */
export const shortestMarker = 12

/** The fields whose value nobody else has by chance, so that it makes a difference whether it is there. */
export function tellingFields({ columns }: Table, { values }: TenantRow): readonly string[] {
  return Object.keys(columns).filter(
    (field) =>
      !fewValues.has(columns[field]?.type.kind ?? 'tenant') && valueText(values[field] ?? null).length >= shortestTelling,
  )
}

const shortestTelling = 8
const fewValues: ReadonlySet<ColumnType['kind']> = new Set(['tenant', 'boolean', 'date', 'enum', 'states'])

/** The value as it would stand in an answer. */
export function valueText(value: Value): string {
  if (value === null) return ''
  if (value instanceof Date) return value.toISOString()
  if (isMoney(value)) return String(value.minor)
  if (typeof value === 'object') return Object.values(value).map(String).join(' ')
  return String(value)
}

function tenantRow(name: string, table: Table, made: ReadonlyMap<string, TenantRow>): TenantRow {
  const values: Record<string, Value> = {}
  for (const [field, column] of Object.entries(table.columns)) if (field !== 'tenant') values[field] = newValue(field, column)
  const parents: TenantRow[] = []
  for (const reference of table.options.references ?? []) {
    const parent = made.get(reference.table)
    if (parent !== undefined) parents.push(...parent.parents, parent)
    reference.columns.forEach((field, index) => {
      if (field !== 'tenant') values[field] = parent?.values[reference.to[index] ?? ''] ?? null
    })
  }
  return { table: name, values, parents: [...new Set(parents)] }
}

function isOptional(table: Table, { columns }: Reference<string>): boolean {
  return columns.some((field) => table.columns[field]?.isNullable === true)
}

/** A new value for a column, of its own where the type has room for one. Throws ARGUMENT_INVALID where none is known. */
export function newValue(field: string, column: Column): Value {
  const { type } = column
  switch (type.kind) {
    case 'tenant':
    case 'uuid':
      return randomUUID()
    case 'text':
      return newText(field, column, type)
    case 'boolean':
      return false
    case 'integer':
      return randomInt(type.minimum, Math.min(type.maximum, type.minimum + 2 ** 40) + 1)
    case 'bigint':
      return BigInt(`7${digits(17)}`)
    case 'decimal':
      return `${digits(Math.min(15, type.precision - type.scale)) || '0'}${type.scale === 0 ? '' : `.${digits(type.scale)}`}`
    case 'money':
      return { minor: BigInt(`7${digits(14)}`), currency: 'EUR' }
    case 'date':
      return '1970-01-01'
    case 'timestamp':
      return new Date(randomInt(2 ** 42))
    case 'json':
      return { canary: `${canaryPrefix}${randomBytes(8).toString('hex')}` }
    case 'enum':
      return type.values[0] ?? null
    case 'states':
      return Object.keys(type.moves)[0] ?? null
    default:
      return type satisfies never
  }
}

function newText(
  field: string,
  column: Column,
  { maxLength, pattern }: { readonly maxLength: number; readonly pattern: string | null },
): string | null {
  const text = `${canaryPrefix}${randomBytes(8).toString('hex')}`.slice(0, maxLength)
  if (pattern === null) return text
  const fits = new RegExp(`^(?:${pattern})$`)
  const found = [
    text,
    text.replaceAll('-', ''),
    ...['a', 'A', '0'].flatMap((one) => lengths(maxLength).map((length) => one.repeat(length))),
  ].find((candidate) => candidate.length <= maxLength && fits.test(candidate))
  if (found !== undefined) return found
  if (column.isNullable) return null
  throw new PaybillError('ARGUMENT_INVALID', `no value is known that \`${field}\` would take`)
}

const lengths = (limit: number): readonly number[] => Array.from({ length: Math.min(limit, 40) }, (_, index) => index + 1)

// The first is never 0, so that the number has as many digits as were asked for.
function digits(count: number): string {
  if (count < 1) return ''
  return Array.from({ length: count }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join('')
}

function cellTexts(field: string, column: Column, value: Value): readonly { readonly name: string; readonly sql: string }[] {
  return sqlColumns(field, column).map(({ name, type }, index) => {
    const text = cellText(value, index)
    return { name, sql: text === null ? 'null' : `${quoteText(text)}::${type}` }
  })
}

function cellText(value: Value, index: number): string | null {
  if (value === null) return null
  if (isMoney(value)) return index === 0 ? String(value.minor) : value.currency
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function isMoney(value: Value): value is Money {
  return typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value
}

function tableNamed(schema: Schema, name: string): Table {
  const found = schema.tables[name]
  if (found === undefined) throw new PaybillError('ARGUMENT_INVALID', `the schema has no table \`${name}\``)
  return found
}
