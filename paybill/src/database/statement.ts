// The statements of a session as SQL: what the caller asked for, with the access rules woven in. Written once per shape
// and kept; nothing here sees a value.

import { decideStatic } from '../acl/decide.ts'
import { checkPredicate, rowPredicate, type SubjectShape } from '../acl/predicate.ts'
import type { DataAction, Subject } from '../acl/principal.ts'
import type { Rules } from '../acl/rules.ts'
import { PaybillError } from '../lib/errors.ts'
import { sqlColumns, toSql } from '../schema/codec.ts'
import type { Column } from '../schema/column.ts'
import { quoteName, tableName } from '../schema/names.ts'
import { columnOf, type Schema, tableOf } from '../schema/table.ts'
import { type Place, selectList } from './cell.ts'
import { type ConditionShape, conditionSql } from './condition.ts'
import { changedTooMany, checkFailed, requireSql } from './guards.ts'
import { type PreparedStatement, StatementWriter } from './statement-writer.ts'

/** Everything that shapes a statement beside the request: the same for all calls of one session. */
export type Scope = {
  readonly schema: Schema
  readonly rules: Rules
  readonly subject: Subject
  readonly shape: SubjectShape
  readonly now: Date
}

/** A statement with what is needed to read its answer. `limit` is the smallest row limit of the rules, or null. */
export type Compiled = {
  readonly statement: PreparedStatement
  readonly places: readonly Place[]
  readonly keyPlaces: readonly Place[]
  readonly limit: number | null
}

export type Condition = { readonly shape: ConditionShape; readonly fields: readonly string[] }

export type FindShape = {
  readonly table: string
  readonly fields: readonly string[]
  readonly condition: Condition
  readonly orderBy: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[]
}

const row = 'r'

/** Values: of the condition, then the number of rows to ask for. */
export function compileFind(scope: Scope, find: FindShape): Compiled {
  const read = [...new Set([...find.fields, ...find.condition.fields, ...find.orderBy.map((order) => order.field)])]
  const limit = requireAllowed(scope, 'read', find.table, read)
  const writer = new StatementWriter()
  const { selected, places, keyPlaces } = selection(scope, writer, find.table, { fields: find.fields, read })
  const where = readWhere(scope, writer, find.table, { read, condition: find.condition })
  const text = `select ${selected} from ${from(find.table)} where ${where}${orderSql(scope, find)} limit ${writer.given('bigint')}`
  return { statement: writer.finish(text), places, keyPlaces, limit }
}

/** Values: of the condition. */
export function compileCount(scope: Scope, count: { readonly table: string; readonly condition: Condition }): Compiled {
  // Counting all rows is reading which keys there are.
  const read = count.condition.fields.length > 0 ? count.condition.fields : keyFields(scope.schema, count.table)
  const limit = requireAllowed(scope, 'read', count.table, read)
  const writer = new StatementWriter()
  const text = `select count(*) from ${from(count.table)} where ${readWhere(scope, writer, count.table, { read, condition: count.condition })}`
  return { statement: writer.finish(text), places: [], keyPlaces: [], limit }
}

/** Like `compileFind`, and in the last column how many rows there are to choose from. Values: of the condition. */
export function compileChoose(scope: Scope, choose: Omit<FindShape, 'orderBy'>): Compiled {
  const read = [...new Set([...choose.fields, ...choose.condition.fields])]
  const limit = requireAllowed(scope, 'read', choose.table, read)
  const writer = new StatementWriter()
  const { selected, places, keyPlaces } = selection(scope, writer, choose.table, { fields: choose.fields, read })
  const where = readWhere(scope, writer, choose.table, { read, condition: choose.condition })
  const seen = `(select count(*) from ${from(choose.table)} where ${rowPredicate(scope.rules, scope.shape, { action: 'read', table: choose.table, fields: read, alias: row }, writer)})`
  // Two rows, so that a key that meets several is noticed.
  const text = `select ${selected}, ${seen} from ${from(choose.table)} where ${where} limit 2`
  return { statement: writer.finish(text), places, keyPlaces, limit }
}

/** Values: of the given fields, in the order of the schema. */
export function compileInsert(
  scope: Scope,
  insert: { readonly table: string; readonly fields: readonly string[]; readonly returning: readonly string[] },
): Compiled {
  const { table, fields, returning } = insert
  requireAllowed(scope, 'create', table, fields)
  if (returning.length > 0) requireAllowed(scope, 'read', table, returning)
  const writer = new StatementWriter()
  const given = Object.entries(tableOf(scope.schema, table).columns).flatMap(([field, column]) =>
    insertedColumns(writer, { table, field, column, isGiven: fields.includes(field) }),
  )
  const names = given.map((column) => quoteName(column.name)).join(', ')
  // The new row is checked before it is written, so that somebody who may write rows but not read them can.
  const checks = [checkPredicate(scope.rules, scope.shape, { action: 'create', table, fields, alias: 'given' }, writer)]
  if (returning.length > 0)
    checks.push(rowPredicate(scope.rules, scope.shape, { action: 'read', table, fields: returning, alias: 'given' }, writer))
  const { selected, places, keyPlaces } =
    returning.length === 0 ? noSelection : selection(scope, writer, table, { fields: returning, read: returning })
  const text = `with given as materialized (select ${given.map((column) => `${column.value} as ${quoteName(column.name)}`).join(', ')})
insert into ${from(table)} (${names}) select ${names} from given where ${requireSql(checks.map((check) => `(${check})`).join(' and '), checkFailed)}${selected === '' ? '' : ` returning ${selected}`}`
  return { statement: writer.finish(text), places, keyPlaces, limit: null }
}

/** Values: of the set fields in the order of the schema, of the condition, the greatest number of rows. */
export function compileUpdate(
  scope: Scope,
  update: { readonly table: string; readonly fields: readonly string[]; readonly condition: Condition },
): Compiled {
  const { table, fields, condition } = update
  const limit = requireAllowed(scope, 'update', table, fields)
  requireAllowed(scope, 'read', table, condition.fields)
  const writer = new StatementWriter()
  const set = fields.flatMap((field) =>
    sqlColumns(field, columnOf(scope.schema, table, field)).map(
      (column) => `${quoteName(column.name)} = ${writer.given(column.type)}`,
    ),
  )
  const may = rowPredicate(scope.rules, scope.shape, { action: 'update', table, fields, alias: row }, writer)
  const where = readWhere(scope, writer, table, { read: condition.fields, condition })
  const maxRows = writer.given('bigint')
  const isSame = keyColumns(scope.schema, table).map((name) => `${row}.${quoteName(name)} = before.${quoteName(name)}`)
  const check = checkPredicate(
    scope.rules,
    scope.shape,
    { action: 'update', table, fields, alias: row, beforeAlias: 'before' },
    writer,
  )
  // Where a rule asks what the rows were, they are locked first, then changed, then checked; one row above the limit is
  // enough to know that there are too many. A text that only looks like such a rule takes the longer way too.
  const meets = `(${may}) and ${where}`
  const [lock, join] = check.includes('before.')
    ? [
        `before as materialized (select ${row}.* from ${from(table)} where ${meets} limit ${maxRows} + 1 for update),\n`,
        `from before where ${isSame.join(' and ')}`,
      ]
    : ['', `where ${meets}`]
  const text = `with ${lock}changed as (update ${from(table)} set ${set.join(', ')} ${join} returning (${check}) is true as allowed)
select count(*), ${requireSql(`count(*) <= ${maxRows}`, changedTooMany)}, ${requireSql('coalesce(bool_and(allowed), true)', checkFailed)} from changed`
  return { statement: writer.finish(text), places: [], keyPlaces: [], limit }
}

/** Values: of the condition, the greatest number of rows. */
export function compileDelete(scope: Scope, remove: { readonly table: string; readonly condition: Condition }): Compiled {
  const { table, condition } = remove
  const limit = requireAllowed(scope, 'delete', table, [])
  requireAllowed(scope, 'read', table, condition.fields)
  const writer = new StatementWriter()
  const may = rowPredicate(scope.rules, scope.shape, { action: 'delete', table, fields: [], alias: row }, writer)
  const where = readWhere(scope, writer, table, { read: condition.fields, condition })
  // Not locked first: that would ask row level security for the right to update.
  const text = `with changed as (delete from ${from(table)} where (${may}) and ${where} returning 1)
select count(*), ${requireSql(`count(*) <= ${writer.given('bigint')}`, changedTooMany)} from changed`
  return { statement: writer.finish(text), places: [], keyPlaces: [], limit }
}

/** The part of the rules that no row can change. Returns their row limit. */
function requireAllowed(scope: Scope, action: DataAction, table: string, fields: readonly string[]): number | null {
  const decision = decideStatic(scope.rules, scope.subject, { action, table, fields, now: scope.now })
  if (!decision.allowed) throw new PaybillError('DENIED', decision.reason)
  return decision.limit
}

function readWhere(
  scope: Scope,
  writer: StatementWriter,
  table: string,
  asked: { readonly read: readonly string[]; readonly condition: Condition },
): string {
  const may = rowPredicate(scope.rules, scope.shape, { action: 'read', table, fields: asked.read, alias: row }, writer)
  const condition = conditionSql(asked.condition.shape, { schema: scope.schema, table, alias: row }, (type) => writer.given(type))
  return `(${may}) and ${condition}`
}

const noSelection = { selected: '', places: [], keyPlaces: [] }

// The key of a row goes into the labels of its cells. It is read beside the fields asked for, where the rules let this
// subject read it.
function selection(
  scope: Scope,
  writer: StatementWriter,
  table: string,
  asked: { readonly fields: readonly string[]; readonly read: readonly string[] },
): { readonly selected: string; readonly places: readonly Place[]; readonly keyPlaces: readonly Place[] } {
  const source = { schema: scope.schema, table, alias: row }
  const list = selectList(source, asked.fields)
  const key = keyFields(scope.schema, table)
  const isKeyReadable = decideStatic(scope.rules, scope.subject, { action: 'read', table, fields: key, now: scope.now }).allowed
  if (!isKeyReadable) return { selected: list.sql.join(', '), places: list.places, keyPlaces: [] }
  const keyList = selectList(source, key, list.sql.length)
  const may = (fields: readonly string[]): string =>
    rowPredicate(scope.rules, scope.shape, { action: 'read', table, fields, alias: row }, writer)
  // Where the key has stricter conditions than the fields asked for, it shows on the rows that meet them only.
  const withKey = may([...new Set([...asked.read, ...key])])
  const keySql = withKey === may(asked.read) ? keyList.sql : keyList.sql.map((sql) => `case when ${withKey} then ${sql} end`)
  return { selected: [...list.sql, ...keySql].join(', '), places: list.places, keyPlaces: keyList.places }
}

/** The primary key; without the tenant, which the reader's own one is. */
function keyFields(schema: Schema, table: string): readonly string[] {
  const key = tableOf(schema, table).options.primaryKey
  return key.length > 1 ? key.filter((field) => field !== 'tenant') : key
}

function keyColumns(schema: Schema, table: string): readonly string[] {
  return tableOf(schema, table).options.primaryKey.flatMap((field) =>
    sqlColumns(field, columnOf(schema, table, field)).map((column) => column.name),
  )
}

function insertedColumns(
  writer: StatementWriter,
  of: { readonly table: string; readonly field: string; readonly column: Column; readonly isGiven: boolean },
): readonly { readonly name: string; readonly value: string }[] {
  const columns = sqlColumns(of.field, of.column)
  const place = `${of.table}.${of.field}`
  if (of.column.type.kind === 'tenant') return columns.map(({ name }) => ({ name, value: writer.tenant() }))
  if (of.isGiven) return columns.map(({ name, type }) => ({ name, value: writer.given(type) }))
  const standard = of.column.defaultTo
  if (standard === null) {
    if (!of.column.isNullable) throw new PaybillError('ARGUMENT_INVALID', `\`${place}\` has no value and no default`)
    return columns.map(({ name, type }) => ({ name, value: `null::${type}` }))
  }
  switch (standard.kind) {
    case 'now':
      return columns.map(({ name, type }) => ({ name, value: `now()::${type}` }))
    case 'random-uuid':
      return columns.map(({ name }) => ({ name, value: 'gen_random_uuid()' }))
    case 'value': {
      const values = toSql(place, of.column, standard.value)
      return columns.map(({ name, type }, index) => ({ name, value: writer.constant(values[index] ?? null, type) }))
    }
    default:
      return standard satisfies never
  }
}

function orderSql(scope: Scope, find: FindShape): string {
  const columns = find.orderBy.flatMap(({ field, direction }) => {
    const column = columnOf(scope.schema, find.table, field)
    if (column.type.kind === 'json')
      throw new PaybillError('QUERY_REFUSED', `\`${find.table}.${field}\` holds json, which has no order`)
    // Amounts are ordered within their currency.
    return sqlColumns(field, column)
      .toReversed()
      .map(({ name }) => `${row}.${quoteName(name)} ${direction}`)
  })
  return columns.length === 0 ? '' : ` order by ${columns.join(', ')}`
}

function from(table: string): string {
  return `${quoteName(tableName(table))} as ${row}`
}
