// Conditions that callers write, parsed once: columns must exist, values must be of the column's type, and every operator
// is one that cannot raise. PostgreSQL may run a caller's condition before the access rule, so one that can raise would
// print cells of hidden rows in its error.

import { Labeled } from '../label/labeled.ts'
import { PaybillError } from '../lib/errors.ts'
import type { SqlValue } from '../lib/sql.ts'
import { sqlColumns, toSql } from '../schema/codec.ts'
import type { Column } from '../schema/column.ts'
import { quoteName } from '../schema/names.ts'
import { columnOf, type Schema } from '../schema/table.ts'

/** A parsed condition without its values; equal shapes give equal SQL. */
export type ConditionShape =
  | { readonly kind: 'compare'; readonly column: string; readonly operator: Operator }
  | { readonly kind: 'in'; readonly column: string }
  | { readonly kind: 'isNull'; readonly column: string; readonly isNull: boolean }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ConditionShape[] }
  | { readonly kind: 'not'; readonly part: ConditionShape }

export type ParsedCondition = {
  readonly shape: ConditionShape
  /** In the order in which `conditionSql` asks for places. */
  readonly values: readonly SqlValue[]
  /** The columns that are compared; filtering by a column is reading it. */
  readonly fields: readonly string[]
}

type Operator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'

const sqlOperators: Readonly<Record<Operator, string>> = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' }

const maxTests = 200
const maxDepth = 10
const maxListLength = 10_000

/** Throws ARGUMENT_INVALID, QUERY_REFUSED or LABELED_VALUE_USED naming the part that cannot stand. */
export function parseCondition(schema: Schema, table: string, where: unknown): ParsedCondition {
  const values: SqlValue[] = []
  const fields = new Set<string>()
  let tests = 0

  const test = (key: string, shape: ConditionShape, given: readonly SqlValue[]): ConditionShape => {
    tests += 1
    if (tests > maxTests) throw new PaybillError('QUERY_REFUSED', `a condition has more than ${maxTests} comparisons`)
    fields.add(key)
    values.push(...given)
    return shape
  }

  const parseTest = (key: string, column: Column, operator: string, operand: unknown): ConditionShape => {
    const place = `${table}.${key}`
    refuseLabeled(place, operand)
    if (operand === undefined) throw new PaybillError('ARGUMENT_INVALID', `the condition on \`${place}\` has no value`)
    if (operator === 'isNull') {
      if (typeof operand !== 'boolean')
        throw new PaybillError('ARGUMENT_INVALID', `\`isNull\` of \`${place}\` must be true or false`)
      return test(key, { kind: 'isNull', column: key, isNull: operand }, [])
    }
    if (column.type.kind === 'json') throw new PaybillError('QUERY_REFUSED', `\`${place}\` holds json, which cannot be compared`)
    if (operator === 'in') {
      if (!Array.isArray(operand) || operand.length > maxListLength)
        throw new PaybillError('ARGUMENT_INVALID', `\`in\` of \`${place}\` must be a list of at most ${maxListLength} values`)
      if (column.type.kind === 'money')
        throw new PaybillError('QUERY_REFUSED', `\`${place}\` holds money, which \`in\` cannot compare`)
      const items = operand.map((item: unknown) => {
        refuseLabeled(place, item)
        if (item === null) throw new PaybillError('ARGUMENT_INVALID', `\`in\` of \`${place}\` holds null; use \`isNull\``)
        return String(toSql(place, column, item)[0])
      })
      return test(key, { kind: 'in', column: key }, [items])
    }
    if (!isOperator(operator))
      throw new PaybillError('QUERY_REFUSED', `\`${place}\` is compared by \`${operator}\`, which is no operator`)
    if (operand === null) {
      if (operator !== 'eq' && operator !== 'ne')
        throw new PaybillError('ARGUMENT_INVALID', `\`${operator}\` of \`${place}\` compares with null`)
      return test(key, { kind: 'isNull', column: key, isNull: operator === 'eq' }, [])
    }
    return test(key, { kind: 'compare', column: key, operator }, toSql(place, column, operand))
  }

  const parse = (given: unknown, depth: number): ConditionShape => {
    if (depth > maxDepth) throw new PaybillError('QUERY_REFUSED', `a condition is nested deeper than ${maxDepth} levels`)
    if (!isPlainObject(given)) throw new PaybillError('ARGUMENT_INVALID', `a condition on \`${table}\` must be an object`)
    const parts = Object.entries(given).flatMap(([key, operand]): ConditionShape[] => {
      if (key === 'and' || key === 'or') {
        if (!Array.isArray(operand)) throw new PaybillError('ARGUMENT_INVALID', `\`${key}\` must be a list of conditions`)
        return [{ kind: key, parts: operand.map((part) => parse(part, depth + 1)) }]
      }
      if (key === 'not') return [{ kind: 'not', part: parse(operand, depth + 1) }]
      const column = columnOf(schema, table, key)
      if (!isOperatorObject(column, operand)) return [parseTest(key, column, 'eq', operand)]
      const tests = Object.entries(operand)
      if (tests.length === 0) throw new PaybillError('ARGUMENT_INVALID', `the condition on \`${table}.${key}\` is empty`)
      return tests.map(([operator, value]) => parseTest(key, column, operator, value))
    })
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'and', parts }
  }

  return { shape: parse(where, 0), values, fields: [...fields] }
}

/** The condition as SQL. `place` gives the next parameter, cast to the type that it is compared with. */
export function conditionSql(
  shape: ConditionShape,
  from: { readonly schema: Schema; readonly table: string; readonly alias: string },
  place: (sqlType: string) => string,
): string {
  const again = (part: ConditionShape): string => conditionSql(part, from, place)
  switch (shape.kind) {
    case 'and':
      return shape.parts.length === 0 ? 'true' : `(${shape.parts.map(again).join(' and ')})`
    case 'or':
      return shape.parts.length === 0 ? 'false' : `(${shape.parts.map(again).join(' or ')})`
    case 'not':
      return `(not ${again(shape.part)})`
    case 'compare':
    case 'in':
    case 'isNull':
      return testSql(shape, sqlColumns(shape.column, columnOf(from.schema, from.table, shape.column)), from.alias, place)
    default:
      return shape satisfies never
  }
}

function testSql(
  test: Extract<ConditionShape, { column: string }>,
  columns: readonly { readonly name: string; readonly type: string }[],
  alias: string,
  place: (sqlType: string) => string,
): string {
  const [first, second] = columns.map((column) => ({ sql: `${alias}.${quoteName(column.name)}`, type: column.type }))
  if (first === undefined) throw new PaybillError('INTERNAL', 'a column has no column in SQL')
  if (test.kind === 'isNull') return `(${first.sql} is ${test.isNull ? '' : 'not '}null)`
  if (test.kind === 'in') return `(${first.sql} = any(${place(`${first.type}[]`)}))`
  const compared = `${first.sql} ${sqlOperators[test.operator]} ${place(first.type)}`
  if (second === undefined) return `(${compared})`
  // Amounts in two currencies are neither equal nor ordered.
  const sameCurrency = `${second.sql} = ${place(second.type)}`
  return test.operator === 'ne' ? `(${compared} or not ${sameCurrency})` : `(${compared} and ${sameCurrency})`
}

function refuseLabeled(place: string, value: unknown): void {
  if (value instanceof Labeled)
    throw new PaybillError(
      'LABELED_VALUE_USED',
      `the condition on \`${place}\` holds a labelled value: look a row up by it with \`choose\``,
    )
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

// An amount is an object too, and is meant as the value.
function isOperatorObject(column: Column, operand: unknown): operand is Readonly<Record<string, unknown>> {
  return isPlainObject(operand) && !(column.type.kind === 'money' && Object.hasOwn(operand, 'minor'))
}

function isOperator(text: string): text is Operator {
  return Object.hasOwn(sqlOperators, text)
}
