// Conditions as SQL. UNKNOWN is NULL in SQL and spreads in its own way, so the question is asked first, "is it true?" of an
// allow and "is it false?" of a deny, and pushed inwards to the single comparisons.
//
// INVARIANT: both questions are answered TRUE or FALSE, never NULL: each comparison says first that nothing in it is NULL.
// So `not` around an answer is safe, and a plain comparison behind it can still use an index.

import { sqlColumns } from '../schema/codec.ts'
import { columnName, quoteName } from '../schema/names.ts'
import { columnOf, relationOf } from '../schema/table.ts'
import type { CallerFacts } from './caller-facts.ts'
import { claimSqlType } from './claim.ts'
import type { Comparison, Condition, Operand, Scalar } from './condition.ts'
import { claimFamily, claimTypeOf, comparedFamily, type Family, tableAt, type Vocabulary } from './family.ts'
import { relatedFunction } from './related.ts'
import { ruleText } from './rule-text.ts'

export type SqlPlace = Vocabulary & {
  readonly bind: CallerFacts
  readonly table: string
  /** The name that the row has in the statement. */
  readonly alias: string
  /** The name of the row as it was; null where nobody knows it. */
  readonly beforeAlias: string | null
  /** How many relations deep this is, so that inner rows get names of their own. */
  readonly depth: number
}

/** Whether the condition is TRUE. */
export function isTrueSql(condition: Condition, at: SqlPlace): string {
  switch (condition.kind) {
    case 'always':
      return 'true'
    case 'compare':
      return compareSql(condition, condition.operator, at)
    case 'in':
      return inSql(condition, at, { isIn: true })
    case 'inClaim':
      return inClaimSql(condition, at, { isIn: true })
    case 'isNull':
      return nullSql(condition, at, 'is null')
    case 'and':
      return allSql(condition.conditions.map((part) => isTrueSql(part, at)))
    case 'or':
      return anySql(condition.conditions.map((part) => isTrueSql(part, at)))
    case 'not':
      return isFalseSql(condition.condition, at)
    case 'some':
      return existsSql(condition, at, (inner) => isTrueSql(condition.condition, inner))
    case 'every':
      // Over no rows it is UNKNOWN: neither an allow nor the opposite of one can rest on it.
      return allSql([
        existsSql(condition, at, () => 'true'),
        notSql(existsSql(condition, at, (inner) => notSql(isTrueSql(condition.condition, inner)))),
      ])
    case 'none':
      return notSql(existsSql(condition, at, (inner) => notSql(isFalseSql(condition.condition, inner))))
    default:
      return condition satisfies never
  }
}

/** Whether the condition is FALSE. */
export function isFalseSql(condition: Condition, at: SqlPlace): string {
  switch (condition.kind) {
    case 'always':
      return 'false'
    case 'compare':
      return compareSql(condition, opposites[condition.operator], at)
    case 'in':
      return inSql(condition, at, { isIn: false })
    case 'inClaim':
      return inClaimSql(condition, at, { isIn: false })
    case 'isNull':
      return nullSql(condition, at, 'is not null')
    case 'and':
      return anySql(condition.conditions.map((part) => isFalseSql(part, at)))
    case 'or':
      return allSql(condition.conditions.map((part) => isFalseSql(part, at)))
    case 'not':
      return isTrueSql(condition.condition, at)
    case 'some':
      return notSql(existsSql(condition, at, (inner) => notSql(isFalseSql(condition.condition, inner))))
    case 'every':
      return existsSql(condition, at, (inner) => isFalseSql(condition.condition, inner))
    case 'none':
      return existsSql(condition, at, (inner) => isTrueSql(condition.condition, inner))
    default:
      return condition satisfies never
  }
}

export function allSql(parts: readonly string[]): string {
  if (parts.includes('false')) return 'false'
  const needed = [...new Set(parts.filter((part) => part !== 'true'))]
  return needed.length > 1 ? `(${needed.join(' and ')})` : (needed[0] ?? 'true')
}

export function anySql(parts: readonly string[]): string {
  if (parts.includes('true')) return 'true'
  const needed = [...new Set(parts.filter((part) => part !== 'false'))]
  return needed.length > 1 ? `(${needed.join(' or ')})` : (needed[0] ?? 'false')
}

export function notSql(part: string): string {
  if (part === 'true') return 'false'
  return part === 'false' ? 'true' : `(not ${part})`
}

/** The time of the transaction, to the millisecond that memory and timestamp columns have. */
export const nowSql = `date_trunc('milliseconds', now())`

const signs: Readonly<Record<Comparison, string>> = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' }
const opposites: Readonly<Record<Comparison, Comparison>> = { eq: 'ne', ne: 'eq', lt: 'ge', le: 'gt', gt: 'le', ge: 'lt' }

function compareSql(condition: Extract<Condition, { kind: 'compare' }>, operator: Comparison, at: SqlPlace): string {
  const { left, right } = condition
  if (isBeyond([left, right], at)) return 'true'
  const family = comparedFamily(at, at.table, [left, right])
  const one = operandSql(left, family, at)
  const other = operandSql(right, family, at)
  // By code point, whatever the collation of the database is. Equality is the same in every collation that a database can
  // have, and without the word an index serves it.
  const collation = family === 'text' && operator !== 'eq' && operator !== 'ne' ? ' collate "C"' : ''
  const currencies = one.currency === null || other.currency === null ? [] : [`${one.currency} = ${other.currency}`]
  return allSql([...one.notNull, ...other.notNull, ...currencies, `${one.value} ${signs[operator]} ${other.value}${collation}`])
}

function inSql(condition: Extract<Condition, { kind: 'in' }>, at: SqlPlace, { isIn }: { readonly isIn: boolean }): string {
  const { operand, list } = condition
  if (isBeyond([operand], at)) return 'true'
  // Of an empty list nothing is an element, not even what is not known.
  if (list.length === 0) return isIn ? 'false' : 'true'
  const family = comparedFamily(at, at.table, [operand])
  if (family === 'money') {
    const tests = list.map((value) =>
      compareSql({ kind: 'compare', operator: 'eq', left: operand, right: { kind: 'literal', value } }, isIn ? 'eq' : 'ne', at),
    )
    return isIn ? anySql(tests) : allSql(tests)
  }
  const { value, notNull } = operandSql(operand, family, at)
  const items = list.map((item) => literalSql(item, family).value)
  return allSql([...notNull, `${value} ${isIn ? 'in' : 'not in'} (${items.join(', ')})`])
}

function inClaimSql(
  condition: Extract<Condition, { kind: 'inClaim' }>,
  at: SqlPlace,
  { isIn }: { readonly isIn: boolean },
): string {
  if (isBeyond([condition.operand], at)) return 'true'
  const type = claimTypeOf(at.claims, condition.claim)
  const { value, notNull } = operandSql(condition.operand, claimFamily(type), at)
  const list = at.bind.claim(condition.claim, claimSqlType(type))
  const isKnown = `${list} is not null`
  if (isIn) return allSql([isKnown, ...notNull, `${value} = any(${list})`])
  return allSql([isKnown, anySql([`cardinality(${list}) = 0`, allSql([...notNull, `${value} <> all(${list})`])])])
}

function nullSql(condition: Extract<Condition, { kind: 'isNull' }>, at: SqlPlace, test: 'is null' | 'is not null'): string {
  const { operand } = condition
  if (isBeyond([operand], at)) return 'true'
  // Whether a value is NULL does not depend on its type; json has no family.
  return `${operandSql(operand, 'text', at).value} ${test}`
}

// Row level security knows no row as it was. A comparison with it could have either answer there, so both questions are
// answered yes: the policy lets pass what it cannot judge, and the trigger behind it judges.
function isBeyond(operands: readonly Operand[], at: SqlPlace): boolean {
  return at.beforeAlias === null && operands.some((operand) => operand.kind === 'before')
}

/** A value, its currency where it is an amount, and what must hold for it not to be NULL. */
type OperandSql = { readonly value: string; readonly currency: string | null; readonly notNull: readonly string[] }

function operandSql(operand: Operand, family: Family, at: SqlPlace): OperandSql {
  switch (operand.kind) {
    case 'column':
      return columnSql(operand, at)
    case 'before':
      return cellSql(at.beforeAlias ?? at.alias, { table: at.table, column: operand.column }, at)
    case 'claim': {
      const value = at.bind.claim(operand.name, claimSqlType(claimTypeOf(at.claims, operand.name)))
      return { value, currency: null, notNull: [`${value} is not null`] }
    }
    case 'literal':
      return literalSql(operand.value, family)
    case 'now':
      return { value: nowSql, currency: null, notNull: [] }
    default:
      return operand satisfies never
  }
}

function cellSql(alias: string, cell: { readonly table: string; readonly column: string }, at: SqlPlace): OperandSql {
  const column = columnOf(at.schema, cell.table, cell.column)
  const [value = '', currency = null] = sqlColumns(cell.column, column).map(({ name }) => `${alias}.${quoteName(name)}`)
  return { value, currency, notNull: column.isNullable ? [`${value} is not null`] : [] }
}

function columnSql({ path, column }: Extract<Operand, { kind: 'column' }>, at: SqlPlace): OperandSql {
  if (path.length === 0) return cellSql(at.alias, { table: at.table, column }, at)
  const { from, alias } = pathSql(path, at)
  const cell = cellSql(alias, { table: tableAt(at.schema, at.table, path), column }, at)
  // No row gives NULL, as a missing row should; more than one cannot be, for the relation holds a key.
  const pick = (sql: string): string => `(select ${sql} from ${from})`
  const value = pick(cell.value)
  return { value, currency: cell.currency === null ? null : pick(cell.currency), notNull: [`${value} is not null`] }
}

/** The rows at the end of a path of relations, as the source of a select. */
function pathSql(path: readonly string[], at: SqlPlace): { readonly from: string; readonly alias: string } {
  let { table, alias } = at
  const parts: string[] = []
  for (const [index, name] of path.entries()) {
    const next = `n${at.depth}_${index}`
    const given = Object.keys(relationOf(at.schema, table, name).on).map((column) => `${alias}.${quoteName(columnName(column))}`)
    parts.push(`${index === 0 ? '' : 'lateral '}${relatedFunction(table, name)}(${given.join(', ')}) as ${next}`)
    table = relationOf(at.schema, table, name).table
    alias = next
  }
  return { from: parts.join(', '), alias }
}

function existsSql(
  condition: Extract<Condition, { kind: 'some' | 'every' | 'none' }>,
  at: SqlPlace,
  test: (inner: SqlPlace) => string,
): string {
  const path = [...condition.path, condition.relation]
  const { from, alias } = pathSql(path, at)
  const where = test({ ...at, table: tableAt(at.schema, at.table, path), alias, beforeAlias: null, depth: at.depth + 1 })
  return where === 'false' ? 'false' : `exists (select from ${from} where ${where})`
}

// Constants of rules are written into the text: they are part of the rules and not of a call.
function literalSql(value: Scalar, family: Family): OperandSql {
  if (typeof value === 'object' && 'minor' in value)
    return { value: `${ruleText(String(value.minor))}::bigint`, currency: ruleText(value.currency), notNull: [] }
  const text = value instanceof Date ? value.toISOString() : String(value)
  return { value: `${ruleText(text)}::${literalType(text, family)}`, currency: null, notNull: [] }
}

function literalType(text: string, family: Family): string {
  // A whole number as bigint, which integer columns are compared with by index; numeric would turn the column instead.
  if (family === 'number') return /^-?\d{1,18}$/.test(text) ? 'bigint' : 'numeric'
  if (family === 'money') return 'bigint'
  return family === 'timestamp' ? 'timestamptz' : family
}
