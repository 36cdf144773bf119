// What somebody tries through sessions of the application, of any model: every verb with the other one's keys and values.
// What is asked for the other one's row is asked for a row of nobody too, and the answers must be the same.

import { inspect } from 'node:util'
import type { Database, Session, SessionTables, TableSession } from 'paybill/database'
import { assert } from 'paybill/lib'
import type { Schema, Table } from 'paybill/schema'
import { answerOf } from './answer.ts'
import type { Attempt, Promised, Question } from './attempt.ts'
import { everyRole, type TenantUnderTest } from './tenant.ts'
import { newValue, tellingFields, type TenantRow, tenantRows, type Value, valueText } from './tenant-row.ts'

export function sessionAttempts(of: {
  readonly database: Database
  readonly attacker: TenantUnderTest
  readonly victim: TenantUnderTest
  /** The victim's rows that are known to be there. */
  readonly rows: readonly TenantRow[]
}): readonly Attempt[] {
  const { database, attacker, victim, rows } = of
  const session = database.session({ principal: everyRole(database, attacker.id), purpose: 'verify isolation' })
  return rows.flatMap((row) => {
    const table = database.schema.tables[row.table]
    if (table === undefined) return []
    const at: Target = { session, schema: database.schema, name: row.table, table, row, victim: victim.id }
    return [...reads(at), ...lookUps(at), ...changes(at), ...inserts(at)]
  })
}

type Target = {
  readonly session: Session<Schema>
  readonly schema: Schema
  readonly name: string
  readonly table: Table
  readonly row: TenantRow
  readonly victim: string
}

const page = 1_000

function reads(at: Target): readonly Attempt[] {
  const { victim, table } = at
  const attempt = (what: string, sent: readonly string[], work: (table: TableSession<Table>) => Promise<unknown>): Attempt =>
    named(at, what, asked(at, sent, work), { kind: 'nothing-seen' })
  return [
    attempt('findMany', [], (table) => table.findMany({ limit: page })),
    attempt('findFirst', [], (table) => table.findFirst()),
    attempt('findMany of other tenants', [victim], (table) =>
      table.findMany({ where: { tenant: { ne: 'nobody' } }, limit: page }),
    ),
    attempt('findMany of the other or any', [victim], (table) =>
      table.findMany({ where: { or: [{ tenant: victim }, { tenant: { isNull: false } }] }, limit: page }),
    ),
    attempt('findMany of not nobody', [], (table) => table.findMany({ where: { not: { tenant: 'nobody' } }, limit: page })),
    ...comparable(table).flatMap((field) =>
      (['asc', 'desc'] as const).map((direction) =>
        attempt(`findMany in the order of \`${field}\` ${direction}`, [], (table) =>
          table.findMany({ orderBy: { [field]: direction }, limit: page }),
        ),
      ),
    ),
  ]
}

function lookUps(at: Target): readonly Attempt[] {
  const { table, row, victim } = at
  const key = table.options.primaryKey.filter((field) => field !== 'tenant')
  const same = (
    what: string,
    fields: readonly string[],
    work: (table: TableSession<Table>, where: Where) => Promise<unknown>,
  ): Attempt =>
    compared(at, what, { of: picked(fields, row, victim), nobody: fresh(at, fields) }, (tables, where) =>
      work(tableIn(tables, at.name), where),
    )
  return [
    same('findMany of the tenant', ['tenant'], (table, where) => table.findMany({ where, limit: page })),
    same('count of the tenant', ['tenant'], (table, where) => table.count({ where })),
    same('count of the key', ['tenant', ...key], (table, where) => table.count({ where })),
    same('findFirst of the key', key, (table, where) => table.findFirst({ where })),
    same('choose by the key', key, (table, by) => table.choose({ by, select: key })),
    same('choose by tenant and key', ['tenant', ...key], (table, by) => table.choose({ by, select: key })),
    ...tellingFields(table, row).flatMap((field) => {
      if (!comparable(table).includes(field)) return []
      return [
        same(`count where \`${field}\` is`, [field], (table, where) => table.count({ where })),
        same(`findMany where \`${field}\` is in`, [field], (table, where) =>
          table.findMany({ where: { [field]: { in: [where[field]] } }, limit: page }),
        ),
        ...(isOrdered(table, field)
          ? [
              same(`findMany where \`${field}\` is between`, [field], (table, where) =>
                table.findMany({ where: { [field]: { ge: where[field], le: where[field] } }, limit: page }),
              ),
            ]
          : []),
      ]
    }),
  ]
}

function changes(at: Target): readonly Attempt[] {
  const { table, row, victim } = at
  const key = table.options.primaryKey.filter((field) => field !== 'tenant')
  const set = Object.keys(table.columns).find((field) => field !== 'tenant' && !table.options.primaryKey.includes(field))
  const keys = [key, ['tenant', ...key], ['tenant']]
  return keys.flatMap((fields) => {
    const values = { of: picked(fields, row, victim), nobody: fresh(at, fields) }
    return [
      ...(set === undefined
        ? []
        : [
            compared(at, `update by ${fields.join(', ')}`, values, (tables, where) =>
              tableIn(tables, at.name).update({ where, set: { [set]: row.values[set] } }),
            ),
          ]),
      compared(at, `delete by ${fields.join(', ')}`, values, (tables, where) => tableIn(tables, at.name).delete({ where })),
    ]
  })
}

// A new row of the own tenant in which one cell is the other one's: a key, a reference, or any value that a constraint or
// an error could know.
function inserts(at: Target): readonly Attempt[] {
  const { table, row, victim, schema } = at
  const fields = tellingFields(table, row)
  const insert = async (tables: SessionTables<Schema>, change: Where): Promise<void> => {
    // New rows for each question, or the second would meet those of the first.
    const own = tenantRows(schema).rows.find((made) => made.table === row.table)
    if (own === undefined) return
    for (const parent of own.parents) await tables[parent.table]?.insert(parent.values)
    await tables[row.table]?.insert({ ...own.values, ...change })
  }
  return [
    ...fields.map((field) =>
      compared(
        at,
        `insert with the \`${field}\` of the other`,
        { of: picked([field], row, victim), nobody: fresh(at, [field]) },
        insert,
      ),
    ),
    compared(
      at,
      'insert with the whole row of the other',
      { of: picked(fields, row, victim), nobody: fresh(at, fields) },
      insert,
    ),
    named(
      at,
      'insert for the other tenant',
      undone(at, [victim], (tables) => insert(tables, { tenant: victim })),
      { kind: 'refused' },
    ),
    named(
      at,
      'update into the other tenant',
      undone(at, [victim], (tables) =>
        tableIn(tables, at.name).update({ where: { tenant: { ne: 'nobody' } }, set: { tenant: victim }, maxRows: 1 }),
      ),
      { kind: 'refused' },
    ),
  ]
}

type Where = Readonly<Record<string, Value>>

function compared(
  at: Target,
  what: string,
  values: { readonly of: Where; readonly nobody: Where },
  work: (tables: SessionTables<Schema>, values: Where) => Promise<unknown>,
): Attempt {
  const question = (values: Where): Question => undone(at, Object.values(values).map(valueText), (tables) => work(tables, values))
  return named(at, what, question(values.of), { kind: 'no-difference', missing: question(values.nobody) })
}

function named({ name }: Target, what: string, question: Question, promise: Promised): Attempt {
  return { method: 'session', attempt: `\`${name}\`: ${what}`, promise, ...question }
}

function asked(at: Target, sent: readonly string[], work: (table: TableSession<Table>) => Promise<unknown>): Question {
  const { session, name } = at
  return { sent, ask: () => answerOf(async () => session.disclose(await work(tableIn(session, name)))) }
}

function undone(
  { session }: Target,
  sent: readonly string[],
  work: (tables: SessionTables<Schema>) => Promise<unknown>,
): Question {
  return {
    sent,
    ask: () =>
      answerOf(async () => {
        try {
          return await session.transaction(async (tables) => {
            throw new Undone(session.disclose(await work(tables)))
          })
        } catch (error) {
          if (error instanceof Undone) return inspect(error.result, { depth: null })
          throw error
        }
      }),
  }
}

/** Ends a transaction without a change, and carries what was answered in it. */
class Undone extends Error {
  readonly result: unknown
  constructor(result: unknown) {
    super('undone')
    this.result = result
  }
}

function picked(fields: readonly string[], { values }: TenantRow, tenant: string): Where {
  return Object.fromEntries(fields.map((field) => [field, field === 'tenant' ? tenant : (values[field] ?? null)]))
}

// What nobody has, of the same kind.
function fresh({ table }: Target, fields: readonly string[]): Where {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const column = table.columns[field]
      return column === undefined ? [] : [[field, newValue(field, column)] as const]
    }),
  )
}

function comparable(table: Table): readonly string[] {
  return Object.entries(table.columns)
    .filter(([, { type }]) => type.kind !== 'json')
    .map(([field]) => field)
}

function isOrdered(table: Table, field: string): boolean {
  const kind = table.columns[field]?.type.kind
  return kind !== undefined && !['money', 'boolean', 'uuid', 'enum', 'states'].includes(kind)
}

function tableIn(tables: SessionTables<Schema>, name: string): TableSession<Table> {
  const found = tables[name]
  assert(found !== undefined, 'a session has a property for each table')
  return found
}
