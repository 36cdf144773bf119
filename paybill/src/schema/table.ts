// Tables, relations and the schema that holds them. `schema()` checks everything once, so that whoever holds a schema
// holds a sound one.

import { PaybillError } from '../lib/errors.ts'
import type { Column } from './column.ts'

export type Columns = Readonly<Record<string, Column>>

/** A way from one row to one or many others: `from` columns of this table equal `to` columns of the other, tenant included by itself. */
export type Relation = {
  readonly kind: 'one' | 'many'
  readonly table: string
  readonly on: Readonly<Record<string, string>>
}

export type TableOptions<Name extends string> = {
  /** Begins with the tenant column where the table has one. */
  readonly primaryKey: readonly [Name, ...Name[]]
  readonly unique?: readonly UniqueConstraint<Name>[]
  readonly indexes?: readonly (readonly [Name, ...Name[]])[]
  readonly references?: readonly Reference<Name>[]
  readonly relations?: Readonly<Record<string, Relation>>
}

/** `revealsExistence` gives the reason why it is acceptable that a unique key wider than a tenant shows that a value is taken. */
export type UniqueConstraint<Name extends string> = {
  readonly columns: readonly [Name, ...Name[]]
  readonly revealsExistence?: string
}

export type Reference<Name extends string> = {
  readonly columns: readonly [Name, ...Name[]]
  readonly table: string
  readonly to: readonly [string, ...string[]]
}

export type Table<C extends Columns = Columns> = {
  readonly columns: C
  readonly options: TableOptions<string>
}

export type Tables = Readonly<Record<string, Table>>

export type Schema<T extends Tables = Tables> = { readonly tables: T }

/**
 * Declares a table.
 *
 * @example
 * const vendor = table({ tenant: t.tenant(), id: t.uuid(), name: t.text().trusted() }, { primaryKey: ['tenant', 'id'] })
 */
export function table<C extends Columns>(columns: C, options: TableOptions<keyof C & string>): Table<C> {
  return { columns, options }
}

/** A relation to at most one row. `on` maps columns of this table to columns of the other. */
export function toOne(table: string, on: Readonly<Record<string, string>>): Relation {
  return { kind: 'one', table, on }
}

/** A relation to any number of rows. */
export function toMany(table: string, on: Readonly<Record<string, string>>): Relation {
  return { kind: 'many', table, on }
}

/** The table of a name. Throws ARGUMENT_INVALID where there is none. */
export function tableOf(schema: Schema, name: string): Table {
  const found = Object.hasOwn(schema.tables, name) ? schema.tables[name] : undefined
  if (found === undefined) throw new PaybillError('ARGUMENT_INVALID', `the schema has no table \`${name}\``)
  return found
}

/** The column of a name. Throws ARGUMENT_INVALID where there is none. */
export function columnOf(schema: Schema, tableName: string, name: string): Column {
  const { columns } = tableOf(schema, tableName)
  const found = Object.hasOwn(columns, name) ? columns[name] : undefined
  if (found === undefined) throw new PaybillError('ARGUMENT_INVALID', `table \`${tableName}\` has no column \`${name}\``)
  return found
}

/** The relation of a name. Throws ARGUMENT_INVALID where there is none. */
export function relationOf(schema: Schema, tableName: string, name: string): Relation {
  const relations = tableOf(schema, tableName).options.relations ?? {}
  const found = Object.hasOwn(relations, name) ? relations[name] : undefined
  if (found === undefined) throw new PaybillError('ARGUMENT_INVALID', `table \`${tableName}\` has no relation \`${name}\``)
  return found
}

/** Whether rows of the table belong to a tenant; a table without `tenant` is shared by all. */
export function hasTenant(table: Table): boolean {
  return Object.hasOwn(table.columns, 'tenant')
}
