// Conditions in memory, in three values: true, false, and null for UNKNOWN. A condition is compiled once into a function,
// so that a decision costs little more than the comparisons in it. docs/acl-semantics.md is what this follows.

import { PaybillError } from '../lib/errors.ts'
import { columnOf, relationOf } from '../schema/table.ts'
import { claimOf } from './claim.ts'
import type { Comparison, Condition, Operand } from './condition.ts'
import { claimFamily, claimTypeOf, comparedFamily, tableAt, type Vocabulary } from './family.ts'
import { type Order, orders } from './order.ts'
import type { Principal } from './principal.ts'

/** A row as plain values by column, every column that a rule asks for among them. */
export type PlainRow = Readonly<Record<string, unknown>>

/** The rows that a row is related to, unfiltered and inside the tenant. */
export type Related = (from: { readonly table: string; readonly relation: string; readonly row: PlainRow }) => readonly PlainRow[]

export type Truth = boolean | null

/** What a condition is asked about. `before` is the row as it was, null where there was none. */
export type Situation = {
  readonly row: PlainRow
  readonly before: PlainRow | null
  readonly principal: Principal
  readonly now: Date
  readonly related: Related
}

export type Test = (at: Situation) => Truth

export function compileCondition(words: Vocabulary, table: string, condition: Condition): Test {
  const again = (part: Condition): Test => compileCondition(words, table, part)
  switch (condition.kind) {
    case 'always':
      return () => true
    case 'compare':
      return compileCompare(words, table, condition)
    case 'in':
      return compileIn(words, table, condition)
    case 'inClaim':
      return compileInClaim(words, table, condition)
    case 'isNull': {
      const value = compileOperand(words, table, condition.operand)
      return (at) => value(at) === null
    }
    case 'and': {
      const tests = condition.conditions.map(again)
      return (at) => allOf(tests, (test) => test(at))
    }
    case 'or': {
      const tests = condition.conditions.map(again)
      return (at) => anyOf(tests, (test) => test(at))
    }
    case 'not': {
      const test = again(condition.condition)
      return (at) => opposite(test(at))
    }
    case 'some':
    case 'every':
    case 'none':
      return compileQuantifier(words, table, condition)
    default:
      return condition satisfies never
  }
}

const accepts: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
}

function compileCompare(words: Vocabulary, table: string, condition: Extract<Condition, { kind: 'compare' }>): Test {
  const order = orders[comparedFamily(words, table, [condition.left, condition.right])]
  const left = compileOperand(words, table, condition.left)
  const right = compileOperand(words, table, condition.right)
  const accept = accepts[condition.operator]
  return (at) => compare(order, accept, left(at), right(at))
}

function compare(order: Order, accept: (order: number) => boolean, left: unknown, right: unknown): Truth {
  if (left === null || right === null) return null
  const found = order(left, right)
  return found === null ? null : accept(found)
}

function compileIn(words: Vocabulary, table: string, condition: Extract<Condition, { kind: 'in' }>): Test {
  const order = orders[comparedFamily(words, table, [condition.operand])]
  const operand = compileOperand(words, table, condition.operand)
  const { list } = condition
  return (at) => {
    const value = operand(at)
    return anyOf(list, (item) => compare(order, accepts.eq, value, item))
  }
}

function compileInClaim(words: Vocabulary, table: string, condition: Extract<Condition, { kind: 'inClaim' }>): Test {
  const type = claimTypeOf(words.claims, condition.claim)
  const order = orders[claimFamily(type)]
  const operand = compileOperand(words, table, condition.operand)
  return (at) => {
    const list = claimOf(at.principal, condition.claim, type)
    if (!Array.isArray(list)) return null
    const value = operand(at)
    return anyOf(list, (item) => compare(order, accepts.eq, value, item))
  }
}

function compileQuantifier(
  words: Vocabulary,
  table: string,
  condition: Extract<Condition, { kind: 'some' | 'every' | 'none' }>,
): Test {
  const { relation } = condition
  const from = tableAt(words.schema, table, condition.path)
  const follow = compilePath(words, table, condition.path)
  const test = compileCondition(words, relationOf(words.schema, from, relation).table, condition.condition)
  const ask = (at: Situation): { readonly rows: readonly PlainRow[]; readonly truth: (row: PlainRow) => Truth } => {
    const row = follow(at)
    // Where the way to the relation breaks off, there are no related rows.
    const rows = row === null ? [] : at.related({ table: from, relation, row })
    return { rows, truth: (related) => test({ ...at, row: related, before: null }) }
  }
  switch (condition.kind) {
    case 'some':
      return (at) => {
        const { rows, truth } = ask(at)
        return anyOf(rows, truth)
      }
    case 'none':
      return (at) => {
        const { rows, truth } = ask(at)
        return opposite(anyOf(rows, truth))
      }
    case 'every':
      return (at) => {
        const { rows, truth } = ask(at)
        return rows.length === 0 ? null : allOf(rows, truth)
      }
    default:
      return condition.kind satisfies never
  }
}

function compileOperand(words: Vocabulary, table: string, operand: Operand): (at: Situation) => unknown {
  switch (operand.kind) {
    case 'column': {
      const { column } = operand
      const place = `${tableAt(words.schema, table, operand.path)}.${column}`
      if (operand.path.length === 0) return (at) => cellOf(at.row, column, place)
      const follow = compilePath(words, table, operand.path)
      return (at) => {
        const row = follow(at)
        return row === null ? null : cellOf(row, column, place)
      }
    }
    case 'before': {
      const { column } = operand
      columnOf(words.schema, table, column)
      return (at) => (at.before === null ? null : cellOf(at.before, column, `${table}.${column}`))
    }
    case 'claim': {
      const type = claimTypeOf(words.claims, operand.name)
      return (at) => claimOf(at.principal, operand.name, type)
    }
    case 'literal':
      return () => operand.value
    case 'now':
      return (at) => at.now
    default:
      return operand satisfies never
  }
}

// A row without a cell that a rule asks for is not a row with NULL in it: what is missing could be anything.
function cellOf(row: PlainRow, column: string, place: string): unknown {
  const value = Object.hasOwn(row, column) ? row[column] : undefined
  if (value === undefined) throw new PaybillError('ARGUMENT_INVALID', `the row has no \`${place}\`, which a rule asks for`)
  return value
}

function compilePath(words: Vocabulary, table: string, path: readonly string[]): (at: Situation) => PlainRow | null {
  const steps = path.map((relation, index) => ({ table: tableAt(words.schema, table, path.slice(0, index)), relation }))
  return (at) => {
    let row: PlainRow | null = at.row
    for (const step of steps) {
      row = at.related({ ...step, row })[0] ?? null
      if (row === null) return null
    }
    return row
  }
}

/** FALSE where one is FALSE, else UNKNOWN where one is UNKNOWN, else TRUE. */
function allOf<T>(items: readonly T[], truthOf: (item: T) => Truth): Truth {
  let all: Truth = true
  for (const item of items) {
    const truth = truthOf(item)
    if (truth === false) return false
    if (truth === null) all = null
  }
  return all
}

/** TRUE where one is TRUE, else UNKNOWN where one is UNKNOWN, else FALSE. */
function anyOf<T>(items: readonly T[], truthOf: (item: T) => Truth): Truth {
  let any: Truth = false
  for (const item of items) {
    const truth = truthOf(item)
    if (truth === true) return true
    if (truth === null) any = null
  }
  return any
}

function opposite(truth: Truth): Truth {
  return truth === null ? null : !truth
}
