// The verbs on one table: parse what was asked, find the compiled statement of its shape, run it under the session's
// identity, decode the answer.

import type { SubjectShape } from '../acl/predicate.ts'
import type { Subject } from '../acl/principal.ts'
import type { Rules } from '../acl/rules.ts'
import { PaybillError } from '../lib/errors.ts'
import type { SqlStatement, SqlValue } from '../lib/sql.ts'
import { type Schema, type Table, tableOf } from '../schema/table.ts'
import { decodeRow, keyText, parseWritten } from './cell.ts'
import { type ChoiceNames, chosenRow, parseChoice } from './choice.ts'
import { type ParsedCondition, parseCondition } from './condition.ts'
import type { Result } from './identified-query.ts'
import { type Options, parseCount, parseFields, parseOptions, parseOrder } from './options.ts'
import type { TableSession } from './query.ts'
import type { StatementCache } from './statement-cache.ts'
import { fillStatement } from './statement-writer.ts'
import {
  type Compiled,
  compileChoose,
  compileCount,
  compileDelete,
  compileFind,
  compileInsert,
  compileUpdate,
  type Scope,
} from './statement.ts'

/** What all tables of one session share. */
export type SessionContext = {
  readonly schema: Schema
  readonly rules: Rules
  readonly subject: Subject
  readonly shape: SubjectShape
  /** Equal for subjects whose statements are the same: roles, agent and grant, not the person or his claims. */
  readonly shapeKey: string
  /** In which stretch of time between two windows of the rules a moment falls. */
  readonly stretchOf: (now: Date) => number
  readonly now: () => Date
  readonly cache: StatementCache<Compiled>
  readonly choices: ChoiceNames
  readonly run: (statement: SqlStatement) => Promise<Result>
}

const maxRowsRead = 1_000
const defaultRowsChanged = 100

export function tableSession(context: SessionContext, table: string): TableSession<Table> {
  const verbs: Record<keyof TableSession<Table>, (...given: readonly unknown[]) => Promise<unknown>> = {
    findMany: async (query) => findMany(context, table, parseOptions(table, query, ['where', 'select', 'orderBy', 'limit'])),
    findFirst: async (query) => findFirst(context, table, parseOptions(table, query, ['where', 'select', 'orderBy'])),
    count: async (query) => count(context, table, parseOptions(table, query, ['where'])),
    insert: async (values, options) => insert(context, table, values, parseOptions(table, options, ['returning'])),
    update: async (change) => update(context, table, parseOptions(table, change, ['where', 'set', 'maxRows'])),
    delete: async (change) => remove(context, table, parseOptions(table, change, ['where', 'maxRows'])),
    choose: async (choice) => choose(context, table, parseOptions(table, choice, ['by', 'select'])),
  }
  // The types of rows, conditions and values follow from the schema, which parsed and decoded them.
  return verbs as TableSession<Table>
}

async function findMany(context: SessionContext, table: string, options: Options): Promise<readonly object[]> {
  const pageSize = options['limit'] === undefined ? null : parsePageSize(table, options['limit'])
  return find(context, table, options, pageSize)
}

// Refused whether or not there are so many rows today: it would begin to fail on the day that there are.
function parsePageSize(table: string, given: unknown): number {
  const pageSize = parseCount(table, given, 'limit')
  if (pageSize <= maxRowsRead) return pageSize
  throw new PaybillError(
    'ARGUMENT_INVALID',
    `\`limit\` on \`${table}\` is ${pageSize}, and a page has at most ${maxRowsRead} rows: ask for pages in the order of a key`,
  )
}

async function findFirst(context: SessionContext, table: string, options: Options): Promise<object | null> {
  const [first = null] = await find(context, table, options, 1)
  return first
}

async function find(
  context: SessionContext,
  table: string,
  options: Options,
  pageSize: number | null,
): Promise<readonly object[]> {
  const { schema } = context
  const fields =
    options['select'] === undefined
      ? Object.keys(tableOf(schema, table).columns)
      : parseFields(schema, table, options['select'], 'select')
  const condition = parseWhere(context, table, options)
  const orderBy = parseOrder(schema, table, options['orderBy'])
  const compiled = statementOf(context, ['find', table, fields, condition.shape, orderBy], (scope) =>
    compileFind(scope, { table, fields, condition, orderBy }),
  )
  const guard = Math.min(maxRowsRead, compiled.limit ?? maxRowsRead)
  // Without a page, one row more than the limit is asked for: a part of the answer is never mistaken for all of it.
  const wanted = pageSize !== null && pageSize <= guard ? pageSize : guard + 1
  const { rows } = await run(context, compiled, [...condition.values, wanted])
  if (rows.length > guard) throw new PaybillError('LIMIT_ROWS_READ', `more than ${guard} rows of \`${table}\` meet the condition`)
  return rows.map((texts) => decodeRow(table, compiled.places, texts, keyText(compiled.keyPlaces, texts)))
}

async function count(context: SessionContext, table: string, options: Options): Promise<number> {
  const condition = parseWhere(context, table, options)
  const compiled = statementOf(context, ['count', table, condition.shape], (scope) => compileCount(scope, { table, condition }))
  const { rows } = await run(context, compiled, condition.values)
  return Number(rows[0]?.[0])
}

async function insert(context: SessionContext, table: string, values: unknown, options: Options): Promise<object | undefined> {
  const { schema } = context
  const written = await parseWritten(schema, table, values)
  const fields = written.map((one) => one.field)
  const returning = options['returning'] === undefined ? [] : parseFields(schema, table, options['returning'], 'returning')
  const compiled = statementOf(context, ['insert', table, fields, returning], (scope) =>
    compileInsert(scope, { table, fields, returning }),
  )
  const { rows } = await run(
    context,
    compiled,
    written.flatMap((one) => one.parameters),
  )
  const [texts] = rows
  return texts === undefined ? undefined : decodeRow(table, compiled.places, texts, keyText(compiled.keyPlaces, texts))
}

async function update(context: SessionContext, table: string, options: Options): Promise<{ readonly count: number }> {
  const condition = requireCondition(context, table, options, 'update')
  const written = await parseWritten(context.schema, table, options['set'])
  const fields = written.map((one) => one.field)
  if (fields.length === 0) throw new PaybillError('ARGUMENT_INVALID', `an update of \`${table}\` sets no field`)
  const compiled = statementOf(context, ['update', table, fields, condition.shape], (scope) =>
    compileUpdate(scope, { table, fields, condition }),
  )
  return change(context, table, compiled, [...written.flatMap((one) => one.parameters), ...condition.values], options)
}

async function remove(context: SessionContext, table: string, options: Options): Promise<{ readonly count: number }> {
  const condition = requireCondition(context, table, options, 'delete')
  const compiled = statementOf(context, ['delete', table, condition.shape], (scope) => compileDelete(scope, { table, condition }))
  return change(context, table, compiled, condition.values, options)
}

async function choose(context: SessionContext, table: string, options: Options): Promise<object | null> {
  const { condition, key } = parseChoice(context.schema, table, options['by'])
  const fields = parseFields(context.schema, table, options['select'], 'select')
  const compiled = statementOf(context, ['choose', table, fields, condition.shape], (scope) =>
    compileChoose(scope, { table, fields, condition }),
  )
  const { rows } = await run(context, compiled, condition.values)
  if (rows.length > 1)
    throw new PaybillError(
      'QUERY_REFUSED',
      `\`choose\` on \`${table}\` meets several rows: add a field to \`by\` that singles one out`,
    )
  const [texts] = rows
  if (texts === undefined) return null
  return chosenRow(context.choices, { table, places: compiled.places, keyPlaces: compiled.keyPlaces, texts, key })
}

const everything: ParsedCondition = { shape: { kind: 'and', parts: [] }, values: [], fields: [] }

function parseWhere(context: SessionContext, table: string, options: Options): ParsedCondition {
  return options['where'] === undefined ? everything : parseCondition(context.schema, table, options['where'])
}

function requireCondition(context: SessionContext, table: string, options: Options, verb: string): ParsedCondition {
  const condition = parseWhere(context, table, options)
  if (condition.fields.length === 0)
    throw new PaybillError('CONDITION_REQUIRED', `${verb} on \`${table}\` has no condition and would meet every row`)
  return condition
}

function statementOf(context: SessionContext, shape: readonly unknown[], compile: (scope: Scope) => Compiled): Compiled {
  const now = context.now()
  const key = JSON.stringify([context.shapeKey, context.stretchOf(now), shape])
  return context.cache.get(key, () => compile({ ...context, now }))
}

async function change(
  context: SessionContext,
  table: string,
  compiled: Compiled,
  given: readonly SqlValue[],
  options: Options,
): Promise<{ readonly count: number }> {
  const maxRows = options['maxRows'] === undefined ? defaultRowsChanged : parseCount(table, options['maxRows'], 'maxRows')
  const { rows } = await run(context, compiled, [...given, Math.min(maxRows, compiled.limit ?? maxRows)])
  return { count: Number(rows[0]?.[0]) }
}

function run(context: SessionContext, compiled: Compiled, given: readonly SqlValue[]): Promise<Result> {
  return context.run(fillStatement(compiled.statement, { given, rules: context.rules, principal: context.subject.principal }))
}
