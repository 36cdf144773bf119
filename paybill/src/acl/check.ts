// What every set of rules must keep, checked when it is made: a rule that names what is not there, or compares what
// cannot be compared, would otherwise be a rule that silently never holds.

import { PaybillError } from '../lib/errors.ts'
import { sqlNamePattern } from '../schema/names.ts'
import { columnOf, type Relation, relationOf, type Schema, tableOf } from '../schema/table.ts'
import { type ClaimType, isClaimType, isListType } from './claim.ts'
import type { Condition, Operand, Scalar } from './condition.ts'
import { claimFamily, claimTypeOf, columnFamily, type Family, operandFamily, tableAt } from './family.ts'
import type { DataRuleTarget, Roles, Rule } from './rule.ts'
import { isDay, isExactNumber, isMoment, isSqlText, isUuid } from './scalar.ts'

type Declared = {
  readonly schema: Schema
  readonly rules: readonly Rule[]
  readonly roles: Roles
  readonly claims: Readonly<Record<string, ClaimType>>
}

export function checkRules(declared: Declared): void {
  for (const [claim, type] of Object.entries(declared.claims)) {
    if (!sqlNamePattern.test(claim))
      refuse(`claim \`${claim}\``, 'a name begins with a lower-case letter and has letters and digits only')
    if (!isClaimType(type)) refuse(`claim \`${claim}\``, `\`${type}\` is no type of a claim`)
  }
  for (const [role, { inherits }] of Object.entries(declared.roles)) {
    for (const other of inherits)
      if (!Object.hasOwn(declared.roles, other)) refuse(`role \`${role}\``, `it inherits from \`${other}\`, which is no role`)
    if (reaches(declared.roles, role, role)) refuse(`role \`${role}\``, 'it inherits from itself')
  }
  for (const rule of declared.rules) {
    try {
      checkRule(declared, rule)
    } catch (error) {
      if (error instanceof PaybillError && error.code === 'ARGUMENT_INVALID') refuse(`rule \`${rule.id}\``, error.message)
      throw error
    }
  }
}

function reaches(roles: Roles, from: string, target: string, seen: ReadonlySet<string> = new Set()): boolean {
  return (roles[from]?.inherits ?? []).some(
    (next) => next === target || (!seen.has(next) && reaches(roles, next, target, new Set([...seen, next]))),
  )
}

function checkRule(declared: Declared, rule: Rule): void {
  const place = `rule \`${rule.id}\``
  if (!Object.hasOwn(declared.roles, rule.role)) refuse(place, `\`${rule.role}\` is no role`)
  for (const moment of [rule.from, rule.until])
    if (moment !== null && !isMoment(moment)) refuse(place, '`from` and `until` are dates between the years 1 and 9999')
  if (rule.from !== null && rule.until !== null && rule.from >= rule.until) refuse(place, 'it ends before it begins')
  const { target } = rule
  if (target.kind === 'action') return
  const { columns } = tableOf(declared.schema, target.table)
  for (const field of target.fields ?? [])
    if (!Object.hasOwn(columns, field)) refuse(place, `\`${target.table}\` has no field \`${field}\``)
  if (target.fields?.length === 0) refuse(place, 'it names no field')
  if (target.limit !== null && (!Number.isSafeInteger(target.limit) || target.limit < 1))
    refuse(place, 'a limit is a whole number of at least 1')
  checkForm(place, rule.effect, target)
  const checker = { ...declared, place }
  checkCondition(checker, target.table, target.where, { before: false, levels: maxLevels })
  checkCondition(checker, target.table, target.check, { before: target.action === 'update', levels: maxLevels })
}

// What the types of the words keep out already; rules may also be made by programs.
function checkForm(place: string, effect: Rule['effect'], target: DataRuleTarget): void {
  if (target.action === 'delete' && target.fields !== null) refuse(place, 'a delete has no fields')
  if (target.action === 'create' && target.where.kind !== 'always') refuse(place, 'a new row has nothing before it: use check')
  if ((target.action === 'read' || target.action === 'delete') && target.check.kind !== 'always')
    refuse(place, 'nothing is written: use where')
  if (target.limit !== null && target.action === 'create') refuse(place, 'rows are created one at a time and have no limit')
  if (target.limit !== null && effect === 'deny') refuse(place, 'only what is allowed has a limit')
}

// Deep enough for every rule that a person can read, and for the stack.
const maxLevels = 32

type Checker = Declared & { readonly place: string }
type May = { readonly before: boolean; readonly levels: number }

function checkCondition(checker: Checker, table: string, condition: Condition, may: May): void {
  if (may.levels === 0) refuse(checker.place, `its condition is nested deeper than ${maxLevels} levels`)
  const inner = { ...may, levels: may.levels - 1 }
  switch (condition.kind) {
    case 'always':
      return
    case 'compare': {
      const family = comparable(checker, table, [condition.left, condition.right], may)
      if (family === 'boolean' && condition.operator !== 'eq' && condition.operator !== 'ne')
        refuse(checker.place, 'true and false have no order')
      return
    }
    case 'in':
      for (const value of condition.list) comparable(checker, table, [condition.operand, { kind: 'literal', value }], may)
      comparable(checker, table, [condition.operand], may)
      return
    case 'inClaim':
      return checkInClaim(checker, table, condition, may)
    case 'isNull':
      if (condition.operand.kind === 'literal' || condition.operand.kind === 'now')
        return refuse(checker.place, 'a constant and the time are never null')
      checkOperand(checker, table, condition.operand, may)
      return
    case 'and':
    case 'or':
      for (const part of condition.conditions) checkCondition(checker, table, part, inner)
      return
    case 'not':
      return checkCondition(checker, table, condition.condition, inner)
    case 'some':
    case 'every':
    case 'none': {
      checkPath(checker, table, condition.path)
      const at = tableAt(checker.schema, table, condition.path)
      const relation = relationOf(checker.schema, at, condition.relation)
      if (relation.kind !== 'many') refuse(checker.place, `\`${at}.${condition.relation}\` leads to one row: use one()`)
      checkJoin(checker, at, relation)
      return checkCondition(checker, relation.table, condition.condition, { ...inner, before: false })
    }
    default:
      return condition satisfies never
  }
}

function checkInClaim(checker: Checker, table: string, condition: Extract<Condition, { kind: 'inClaim' }>, may: May): void {
  const type = claimTypeOf(checker.claims, condition.claim)
  if (!isListType(type)) refuse(checker.place, `claim \`${condition.claim}\` is no list`)
  if (claimFamily(type) !== comparable(checker, table, [condition.operand], may))
    refuse(checker.place, `claim \`${condition.claim}\` is of another type than the column`)
}

/** The one family of operands that are compared. A constant takes the family of what it is compared with, if it can be of it. */
function comparable(checker: Checker, table: string, operands: readonly Operand[], may: May): Family {
  const families = new Set<Family>()
  for (const operand of operands) {
    if (operand.kind === 'literal') continue
    checkOperand(checker, table, operand, may)
    if (operand.kind === 'claim' && isListType(claimTypeOf(checker.claims, operand.name)))
      refuse(checker.place, `claim \`${operand.name}\` is a list: use in()`)
    families.add(operandFamily(checker, table, operand) ?? refuse(checker.place, 'json cannot be compared'))
  }
  const [family, other] = families
  if (family === undefined) return refuse(checker.place, 'two constants are compared')
  if (other !== undefined) refuse(checker.place, `${family} and ${other} cannot be compared`)
  for (const operand of operands)
    if (operand.kind === 'literal' && !literals[family](operand.value))
      refuse(checker.place, `a constant is compared with ${family} and is none`)
  return family
}

const literals: Readonly<Record<Family, (value: Scalar) => boolean>> = {
  text: isSqlText,
  uuid: isUuid,
  boolean: (value) => typeof value === 'boolean',
  number: isExactNumber,
  date: isDay,
  timestamp: isMoment,
  money: (value) =>
    typeof value === 'object' &&
    'minor' in value &&
    BigInt.asIntN(64, value.minor) === value.minor &&
    /^[A-Z]{3}$/.test(value.currency),
}

function checkOperand(checker: Checker, table: string, operand: Operand, may: May): void {
  if (operand.kind === 'column') checkPath(checker, table, operand.path)
  if (operand.kind === 'before' && !may.before) refuse(checker.place, 'the row as it was is only there in the check of an update')
  // Throws where there is no such column or claim.
  operandFamily(checker, table, operand)
}

function checkPath(checker: Checker, table: string, path: readonly string[]): void {
  let at = table
  for (const name of path) {
    const relation = relationOf(checker.schema, at, name)
    if (relation.kind !== 'one') refuse(checker.place, `\`${at}.${name}\` leads to many rows: use many()`)
    checkJoin(checker, at, relation)
    const { options } = tableOf(checker.schema, relation.table)
    const given = new Set([...Object.values(relation.on), 'tenant'])
    const keys = [options.primaryKey, ...(options.unique ?? []).map((unique) => unique.columns)]
    if (!keys.some((key) => key.every((column) => given.has(column))))
      refuse(checker.place, `\`${at}.${name}\` may lead to several rows: its columns must hold a key of \`${relation.table}\``)
    at = relation.table
  }
}

function checkJoin(checker: Checker, from: string, relation: Relation): void {
  for (const [left, right] of Object.entries(relation.on)) {
    const one = columnFamily(columnOf(checker.schema, from, left))
    const other = columnFamily(columnOf(checker.schema, relation.table, right))
    if (one !== other || one === null || one === 'money')
      refuse(checker.place, `relation columns \`${left}\` and \`${right}\` cannot be compared`)
  }
}

function refuse(place: string, message: string): never {
  throw new PaybillError('RULES_INVALID', `${place}: ${message}`)
}
