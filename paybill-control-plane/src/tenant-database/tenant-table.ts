// Which tables of a database hold rows of tenants, read from the catalog and compared with what the application declares.
// Whatever counts, copies or deletes the rows of one tenant goes through this list, so that none of them forgets a table.
//
// INVARIANT: what the list does not know is an error that names it, never a table that is passed over.

import { PaybillError } from 'paybill/lib'
import type { AdminConnection } from 'paybill/migrate'
import { quoteName, type Schema, sqlColumns, tableName } from 'paybill/schema'
import type { Application } from './application.ts'
import { copyOf, journalRows, ownRows, type TenantRows } from './journal-rows.ts'

export type TenantTable = {
  /** As it is shown, such as `invoice` or `paybill.entry`. */
  readonly name: string
  /** Quoted, for SQL. */
  readonly sql: string
  readonly columns: readonly TenantColumn[]
  /** Names of the primary key's columns, quoted. */
  readonly key: readonly string[]
  readonly rows: TenantRows
  /** The field names of a declared table; null for those of the journal. */
  readonly declared: Schema['tables'][string] | null
}

export type TenantColumn = {
  readonly name: string
  readonly type: string
  /** How it is read for a copy; `tenant` is SQL. */
  readonly read: (tenant: string) => string
  /** How it is written again out of a copy. */
  readonly restored: string
}

/** Tables that refer to each other in a circle, or one table. Rows refer to their own group and to groups before it. */
export type TableGroup = { readonly tables: readonly TenantTable[]; readonly isCircle: boolean }

/** The tables of the database in an order that works for inserting. Throws OBJECT_UNKNOWN naming what is not known. */
export async function tableGroups(
  database: AdminConnection,
  { schema }: Pick<Application, 'schema'>,
): Promise<readonly TableGroup[]> {
  const declared = new Map(Object.entries(schema.tables).map(([name, table]) => [`public.${tableName(name)}`, table]))
  const stored = await storedTables(database)
  await requireNothingElse(database)
  const tables = new Map<string, TenantTable>()
  for (const [name, found] of stored) {
    if (name === 'paybill.schema_version') continue
    const table = declared.get(name)
    const journal = journalRows.get(name)
    if (found.kind !== 'r' || (table === undefined && journal === undefined))
      throw unknown(`${kinds[found.kind] ?? 'object'} \`${name}\``)
    tables.set(name, tenantTable(name, found, table ?? null, journal ?? null))
  }
  for (const name of declared.keys()) if (!tables.has(name)) throw unknown(`the absence of table \`${name}\``)
  return grouped(tables, await references(database))
}

export function allTables(groups: readonly TableGroup[]): readonly TenantTable[] {
  return groups.flatMap(({ tables }) => tables)
}

type StoredColumn = Pick<TenantColumn, 'name' | 'type'>
type Stored = { readonly kind: string; readonly columns: readonly StoredColumn[]; readonly key: readonly string[] }

async function storedTables(database: AdminConnection): Promise<ReadonlyMap<string, Stored>> {
  const rows = await database.query(`select n.nspname || '.' || c.relname as name, c.relkind as kind,
  (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
   from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select json_agg(a.attname order by k.at) from pg_index i cross join unnest(i.indkey) with ordinality as k (attnum, at)
   join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where i.indrelid = c.oid and i.indisprimary) as key
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'm', 'S') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
order by 1`)
  return new Map(
    rows.map((row) => [
      row['name'] ?? '',
      // The texts are JSON that the statement above built.
      {
        kind: row['kind'] ?? '',
        columns: JSON.parse(row['columns'] ?? '[]') as readonly StoredColumn[],
        key: (JSON.parse(row['key'] ?? '[]') as readonly string[]).map(quoteName),
      },
    ]),
  )
}

const kinds: Readonly<Record<string, string>> = {
  r: 'table',
  p: 'partitioned table',
  f: 'foreign table',
  m: 'materialized view',
  S: 'sequence',
}

async function requireNothingElse(database: AdminConnection): Promise<void> {
  const [large] = await database.query('select oid from pg_largeobject_metadata limit 1')
  if (large !== undefined) throw unknown(`large object \`${large['oid']}\``)
}

function tenantTable(
  name: string,
  stored: Stored,
  declared: Schema['tables'][string] | null,
  journal: TenantRows | null,
): TenantTable {
  const [schema = '', table = ''] = name.split('.')
  if (declared !== null) requireColumns(name, stored, declared)
  return {
    name: schema === 'public' ? table : name,
    sql: `${quoteName(schema)}.${quoteName(table)}`,
    columns: stored.columns.map((column) => ({ ...column, ...copyOf(name, column.name) })),
    key: stored.key,
    rows: journal ?? declaredRows(declared),
    declared,
  }
}

function declaredRows(declared: Schema['tables'][string] | null): TenantRows {
  return declared !== null && Object.hasOwn(declared.columns, 'tenant') ? ownRows : { of: 'all' }
}

function requireColumns(name: string, stored: Stored, declared: Schema['tables'][string]): void {
  const wanted = new Set(
    Object.entries(declared.columns).flatMap(([key, column]) => sqlColumns(key, column).map((sql) => sql.name)),
  )
  const extra = stored.columns.find((column) => !wanted.delete(column.name))
  if (extra !== undefined) throw unknown(`column \`${name}.${extra.name}\``)
  for (const missing of wanted) throw unknown(`the absence of column \`${name}.${missing}\``)
}

function unknown(what: string): PaybillError {
  return new PaybillError('OBJECT_UNKNOWN', `the application declares no such thing as ${what}`)
}

type Reference = { readonly from: string; readonly to: string }

async function references(database: AdminConnection): Promise<readonly Reference[]> {
  const rows = await database.query(`select distinct f.relnamespace::regnamespace || '.' || f.relname as "from",
  t.relnamespace::regnamespace || '.' || t.relname as "to"
from pg_constraint c join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid where c.contype = 'f'`)
  return rows.map((row) => ({ from: row['from'] ?? '', to: row['to'] ?? '' }))
}

// Whoever is left when nobody can come next is in a circle, or behind one: they go together.
function grouped(tables: ReadonlyMap<string, TenantTable>, references: readonly Reference[]): readonly TableGroup[] {
  const waiting = new Map(tables)
  const groups: TableGroup[] = []
  while (waiting.size > 0) {
    const ready = [...waiting.keys()].filter(
      (name) => !references.some(({ from, to }) => from === name && to !== name && waiting.has(to)),
    )
    if (ready.length === 0) {
      groups.push({ tables: [...waiting.values()], isCircle: true })
      return groups
    }
    for (const name of ready) {
      const table = waiting.get(name)
      if (table !== undefined)
        groups.push({ tables: [table], isCircle: references.some(({ from, to }) => from === name && to === name) })
    }
    for (const name of ready) waiting.delete(name)
  }
  return groups
}
