// What the access rules mean, written a second time, from docs/acl-semantics.md alone: plain recursion, no regard for
// speed, and not a line of code shared with paybill/src/acl. It is what memory, SQL and row level security are tested
// against, so it must stay readable beside that page.

import type { Comparison, Condition, Operand } from '../../src/acl/condition.ts'
import type { DataAction, Subject } from '../../src/acl/principal.ts'
import type { Rule, RuleTarget } from '../../src/acl/rule.ts'
import type { Rules } from '../../src/acl/rules.ts'
import { assert } from '../../src/lib/assert.ts'

export type NaiveRow = Readonly<Record<string, unknown>>

/** Every row of every table, of all tenants. */
export type NaiveWorld = Readonly<Record<string, readonly NaiveRow[]>>

export type NaiveRequest = {
  readonly action: DataAction
  readonly table: string
  readonly fields: readonly string[]
  readonly now: Date
}

export type NaiveRowRequest = NaiveRequest & {
  readonly world: NaiveWorld
  readonly row: NaiveRow
  readonly before?: NaiveRow
}

type Truth = 'TRUE' | 'UNKNOWN' | 'FALSE'
type DataRule = Rule & { readonly target: Extract<RuleTarget, { kind: 'data' }> }

// ---- Three values

const andTable: Readonly<Record<Truth, Readonly<Record<Truth, Truth>>>> = {
  TRUE: { TRUE: 'TRUE', UNKNOWN: 'UNKNOWN', FALSE: 'FALSE' },
  UNKNOWN: { TRUE: 'UNKNOWN', UNKNOWN: 'UNKNOWN', FALSE: 'FALSE' },
  FALSE: { TRUE: 'FALSE', UNKNOWN: 'FALSE', FALSE: 'FALSE' },
}

const orTable: Readonly<Record<Truth, Readonly<Record<Truth, Truth>>>> = {
  TRUE: { TRUE: 'TRUE', UNKNOWN: 'TRUE', FALSE: 'TRUE' },
  UNKNOWN: { TRUE: 'TRUE', UNKNOWN: 'UNKNOWN', FALSE: 'UNKNOWN' },
  FALSE: { TRUE: 'TRUE', UNKNOWN: 'UNKNOWN', FALSE: 'FALSE' },
}

const notTable: Readonly<Record<Truth, Truth>> = { TRUE: 'FALSE', UNKNOWN: 'UNKNOWN', FALSE: 'TRUE' }

function andOf(truths: readonly Truth[]): Truth {
  let result: Truth = 'TRUE'
  for (const truth of truths) result = andTable[result][truth]
  return result
}

function orOf(truths: readonly Truth[]): Truth {
  let result: Truth = 'FALSE'
  for (const truth of truths) result = orTable[result][truth]
  return result
}

function truthOf(holds: boolean): Truth {
  return holds ? 'TRUE' : 'FALSE'
}

// ---- Values

type Family = 'text' | 'uuid' | 'number' | 'boolean' | 'date' | 'timestamp' | 'money'

const familyOfColumnKind: Readonly<Record<string, Family>> = {
  tenant: 'text',
  text: 'text',
  enum: 'text',
  states: 'text',
  uuid: 'uuid',
  integer: 'number',
  bigint: 'number',
  decimal: 'number',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  money: 'money',
}

const familyOfClaim: Readonly<Record<string, Family>> = {
  text: 'text',
  uuid: 'uuid',
  integer: 'number',
  bigint: 'number',
  decimal: 'number',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
}

type Place = {
  readonly rules: Rules
  readonly subject: Subject
  readonly world: NaiveWorld
  readonly table: string
  readonly row: NaiveRow
  readonly before: NaiveRow | null
  readonly now: Date
}

/** A value, null for NULL, with the family that it has by itself; a constant has none. */
type Value = { readonly value: unknown; readonly family: Family | null }

function valueOf(operand: Operand, at: Place): Value {
  switch (operand.kind) {
    case 'column': {
      const end = follow(at, operand.path)
      return { value: end.row?.[operand.column] ?? null, family: columnFamily(at.rules, end.table, operand.column) }
    }
    case 'before':
      return { value: at.before?.[operand.column] ?? null, family: columnFamily(at.rules, at.table, operand.column) }
    case 'claim':
      return {
        value: at.subject.principal.claims[operand.name] ?? null,
        family: familyOfClaim[at.rules.claims[operand.name] ?? ''] ?? null,
      }
    case 'literal':
      return { value: operand.value, family: null }
    case 'now':
      return { value: at.now, family: 'timestamp' }
    default:
      return operand satisfies never
  }
}

function columnFamily(rules: Rules, table: string, column: string): Family | null {
  return familyOfColumnKind[rules.schema.tables[table]?.columns[column]?.type.kind ?? ''] ?? null
}

/** The row at the end of a path of to-one relations, null where one is missing. */
function follow(at: Place, path: readonly string[]): { readonly table: string; readonly row: NaiveRow | null } {
  let table = at.table
  let row: NaiveRow | null = at.row
  for (const name of path) {
    const related: readonly NaiveRow[] = row === null ? [] : relatedRows(at, table, name, row)
    table = relationAt(at.rules, table, name).table
    row = related[0] ?? null
  }
  return { table, row }
}

function relationAt(rules: Rules, table: string, name: string) {
  const relation = rules.schema.tables[table]?.options.relations?.[name]
  assert(relation !== undefined, 'checked rules name relations that are there')
  return relation
}

/** Rows joined by equal columns, in the principal's tenant where the table has one. NULL is related to nothing. */
function relatedRows(at: Place, table: string, name: string, row: NaiveRow): readonly NaiveRow[] {
  const relation = relationAt(at.rules, table, name)
  return (at.world[relation.table] ?? []).filter((candidate) => {
    if ('tenant' in candidate && candidate['tenant'] !== at.subject.principal.tenant) return false
    return Object.entries(relation.on).every(
      ([from, to]) => compare('eq', row[from] ?? null, candidate[to] ?? null, columnFamily(at.rules, table, from)) === 'TRUE',
    )
  })
}

function compare(operator: Comparison, left: unknown, right: unknown, family: Family | null): Truth {
  if (left === null || right === null) return 'UNKNOWN'
  const order = orderOf(left, right, family)
  if (order === null) return 'UNKNOWN'
  switch (operator) {
    case 'eq':
      return truthOf(order === 0)
    case 'ne':
      return truthOf(order !== 0)
    case 'lt':
      return truthOf(order < 0)
    case 'le':
      return truthOf(order <= 0)
    case 'gt':
      return truthOf(order > 0)
    case 'ge':
      return truthOf(order >= 0)
    default:
      return operator satisfies never
  }
}

function orderOf(left: unknown, right: unknown, family: Family | null): number | null {
  switch (family) {
    case 'text':
      return byCodePoint(String(left), String(right))
    case 'uuid':
      return byCodePoint(String(left).toLowerCase(), String(right).toLowerCase())
    case 'number':
      return sign(billionths(left) - billionths(right))
    case 'boolean':
      return left === right ? 0 : 1
    case 'date':
      return sign(BigInt(String(left).replaceAll('-', '')) - BigInt(String(right).replaceAll('-', '')))
    case 'timestamp':
      assert(left instanceof Date && right instanceof Date, 'moments are dates')
      return sign(BigInt(left.getTime()) - BigInt(right.getTime()))
    case 'money': {
      assert(isAmount(left) && isAmount(right), 'amounts have minor units and a currency')
      return left.currency === right.currency ? sign(left.minor - right.minor) : null
    }
    case null:
      return assert(false, 'a comparison has a family') as never
    default:
      return family satisfies never
  }
}

function byCodePoint(left: string, right: string): number {
  const [one, other] = [Array.from(left), Array.from(right)]
  for (let index = 0; index < one.length && index < other.length; index += 1) {
    const difference = (one[index]?.codePointAt(0) ?? 0) - (other[index]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}

/** A number with at most nine decimals, exactly. */
function billionths(value: unknown): bigint {
  const [, minus = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{0,9}))?$/.exec(String(value)) ?? []
  assert(whole !== '', 'a number is written in digits')
  const size = BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
  return minus === '' ? size : -size
}

function sign(difference: bigint): number {
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

function isAmount(value: unknown): value is { readonly minor: bigint; readonly currency: string } {
  return typeof value === 'object' && value !== null && 'minor' in value && 'currency' in value
}

// ---- Conditions

function truthOfCondition(condition: Condition, at: Place): Truth {
  switch (condition.kind) {
    case 'always':
      return 'TRUE'
    case 'compare': {
      const [left, right] = [valueOf(condition.left, at), valueOf(condition.right, at)]
      return compare(condition.operator, left.value, right.value, left.family ?? right.family)
    }
    case 'in':
      return truthOfCondition(
        {
          kind: 'or',
          conditions: condition.list.map((value) => ({
            kind: 'compare',
            operator: 'eq',
            left: condition.operand,
            right: { kind: 'literal', value },
          })),
        },
        at,
      )
    case 'inClaim': {
      const list = at.subject.principal.claims[condition.claim] ?? null
      const { value, family } = valueOf(condition.operand, at)
      if (list === null) return 'UNKNOWN'
      assert(Array.isArray(list), 'a list claim is a list')
      if (list.length === 0) return 'FALSE'
      if (value === null) return 'UNKNOWN'
      return truthOf(list.some((item) => compare('eq', value, item, family) === 'TRUE'))
    }
    case 'isNull':
      return truthOf(valueOf(condition.operand, at).value === null)
    case 'and':
      return andOf(condition.conditions.map((part) => truthOfCondition(part, at)))
    case 'or':
      return orOf(condition.conditions.map((part) => truthOfCondition(part, at)))
    case 'not':
      return notTable[truthOfCondition(condition.condition, at)]
    case 'some':
    case 'every':
    case 'none': {
      const from = follow(at, condition.path)
      const table = relationAt(at.rules, from.table, condition.relation).table
      const rows = from.row === null ? [] : relatedRows(at, from.table, condition.relation, from.row)
      const truths = rows.map((row) => truthOfCondition(condition.condition, { ...at, table, row, before: null }))
      if (condition.kind === 'some') return orOf(truths)
      if (condition.kind === 'none') return notTable[orOf(truths)]
      return truths.length === 0 ? 'UNKNOWN' : andOf(truths)
    }
    default:
      return condition satisfies never
  }
}

// ---- Which rules bear

function hasRole(rules: Rules, held: readonly string[], role: string): boolean {
  return held.some((one) => one === role || hasRole(rules, rules.roles[one]?.inherits ?? [], role))
}

function bearing(rules: Rules, held: readonly string[], request: NaiveRequest): readonly DataRule[] {
  return rules.rules.filter((rule): rule is DataRule => {
    const { target, from, until } = rule
    if (target.kind !== 'data' || target.action !== request.action || target.table !== request.table) return false
    if (!hasRole(rules, held, rule.role)) return false
    return (
      (from === null || from.getTime() <= request.now.getTime()) && (until === null || request.now.getTime() < until.getTime())
    )
  })
}

function names(rule: DataRule, field: string): boolean {
  return rule.target.fields === null || rule.target.fields.includes(field)
}

function bearsAsDeny(rule: DataRule, fields: readonly string[]): boolean {
  return rule.target.fields === null || fields.some((field) => names(rule, field))
}

// ---- One actor, one row

function truthOfRule(rules: Rules, subject: Subject, request: NaiveRowRequest, rule: DataRule): Truth {
  const { world, table, row, before, now } = request
  const isUpdate = request.action === 'update'
  const old = before ?? null
  assert(!isUpdate || old !== null, 'an update has a row as it was')
  const where = truthOfCondition(rule.target.where, { rules, subject, world, table, row: old ?? row, before: null, now })
  const check = truthOfCondition(rule.target.check, { rules, subject, world, table, row, before: old, now })
  return andOf([where, check])
}

function isAllowedTo(rules: Rules, subject: Subject, held: readonly string[], request: NaiveRowRequest): boolean {
  const bear = bearing(rules, held, request)
  const isDenied = bear.some(
    (rule) =>
      rule.effect === 'deny' && bearsAsDeny(rule, request.fields) && truthOfRule(rules, subject, request, rule) !== 'FALSE',
  )
  if (isDenied) return false
  const counting = bear.filter((rule) => rule.effect === 'allow' && truthOfRule(rules, subject, request, rule) === 'TRUE')
  if (counting.length === 0) return false
  if (!request.fields.every((field) => counting.some((rule) => names(rule, field)))) return false
  if (request.action !== 'update' && request.action !== 'delete') return true
  const toRead = request.before === undefined ? [request.row] : [request.before, request.row]
  return toRead.every((row) => isAllowedTo(rules, subject, held, readOf(request, row)))
}

function readOf(request: NaiveRowRequest, row: NaiveRow): NaiveRowRequest {
  const { table, now, world } = request
  return { action: 'read', table, fields: [], now, world, row }
}

// ---- The whole decision

function actorsOf(subject: Subject): readonly (readonly string[])[] {
  return subject.agent === null ? [subject.principal.roles] : [subject.principal.roles, subject.agent.roles]
}

function isGranted({ grant }: Subject, request: NaiveRequest): boolean {
  if (grant === null) return true
  const granted = grant[request.table]?.[request.action]
  if (granted === undefined) return false
  if (granted !== true && !request.fields.every((field) => granted.includes(field))) return false
  const isChange = request.action === 'update' || request.action === 'delete'
  return !isChange || grant[request.table]?.read !== undefined
}

function isInTenant(rules: Rules, subject: Subject, request: NaiveRowRequest): boolean {
  if (rules.schema.tables[request.table]?.columns['tenant'] === undefined) return true
  const rows = request.before === undefined ? [request.row] : [request.before, request.row]
  return rows.every((row) => row['tenant'] === subject.principal.tenant)
}

/** Whether a statement may touch the row: read or delete it, write it as new, or make it out of `before`. */
export function naiveRow(rules: Rules, subject: Subject, request: NaiveRowRequest): boolean {
  return (
    isGranted(subject, request) &&
    isInTenant(rules, subject, request) &&
    actorsOf(subject).every((held) => isAllowedTo(rules, subject, held, request))
  )
}

export type NaiveStatic = { readonly allowed: false } | { readonly allowed: true; readonly limit: number | null }

/** The static part: what needs no row. */
export function naiveStatic(rules: Rules, subject: Subject, request: NaiveRequest): NaiveStatic {
  if (!isGranted(subject, request)) return { allowed: false }
  let limit: number | null = null
  for (const held of actorsOf(subject)) {
    const needed = [request]
    if (request.action === 'update' || request.action === 'delete') needed.push({ ...request, action: 'read', fields: [] })
    if (!needed.every((each) => isStaticallyAllowedTo(rules, held, each))) return { allowed: false }
    const allows = bearing(rules, held, request).filter((rule) => rule.effect === 'allow')
    const groups =
      request.fields.length === 0 ? [allows] : request.fields.map((field) => allows.filter((rule) => names(rule, field)))
    for (const group of groups) {
      const limits = group.map((rule) => rule.target.limit)
      if (limits.includes(null)) continue
      const largest = Math.max(...limits.map((each) => each ?? 0))
      limit = limit === null ? largest : Math.min(limit, largest)
    }
  }
  return { allowed: true, limit }
}

function isStaticallyAllowedTo(rules: Rules, held: readonly string[], request: NaiveRequest): boolean {
  const bear = bearing(rules, held, request)
  const isDenied = bear.some(
    (rule) =>
      rule.effect === 'deny' &&
      rule.target.where.kind === 'always' &&
      rule.target.check.kind === 'always' &&
      bearsAsDeny(rule, request.fields),
  )
  const allows = bear.filter((rule) => rule.effect === 'allow')
  return !isDenied && allows.length > 0 && request.fields.every((field) => allows.some((rule) => names(rule, field)))
}

// ---- Row level security, by its own section of the page

/** Whether row level security alone lets a statement have the row: it answers as if the request named no fields. */
export function naiveRowSecurity(rules: Rules, subject: Subject, request: NaiveRowRequest): boolean {
  return naiveRow(rules, subject, { ...request, fields: [] })
}
