// Conditions and rules in plain words, for refusals and explanations.

import { formatMoney } from '../lib/money.ts'
import type { Comparison, Condition, Operand, Scalar } from './condition.ts'
import type { Rule } from './rule.ts'

/** When a rule counts: its conditions and its window. */
export function conditionsOf(rule: Rule): string {
  const { target } = rule
  const parts: string[] = []
  if (target.kind === 'data' && target.where.kind !== 'always') parts.push(`where ${clauseOf(target.where)}`)
  if (target.kind === 'data' && target.check.kind !== 'always') parts.push(`and writes what has ${clauseOf(target.check)}`)
  if (rule.from !== null) parts.push(`from ${rule.from.toISOString()}`)
  if (rule.until !== null) parts.push(`until ${rule.until.toISOString()}`)
  return parts.length === 0 ? 'always' : parts.join(' ')
}

/** A condition as a clause: `status is "open" and amount is at most 10.00 NOK`. */
function clauseOf(condition: Condition): string {
  switch (condition.kind) {
    case 'always':
      return 'always'
    case 'compare':
      return `${operandText(condition.left)} ${comparisons[condition.operator]} ${operandText(condition.right)}`
    case 'in':
      return `${operandText(condition.operand)} is one of ${condition.list.map(scalarText).join(', ') || 'nothing'}`
    case 'inClaim':
      return `${operandText(condition.operand)} is one of your \`${condition.claim}\``
    case 'isNull':
      return `${operandText(condition.operand)} is empty`
    case 'and':
      return joined(condition.conditions, 'and', 'always')
    case 'or':
      return joined(condition.conditions, 'or', 'never')
    case 'not':
      return condition.condition.kind === 'isNull'
        ? `${operandText(condition.condition.operand)} is not empty`
        : `not (${clauseOf(condition.condition)})`
    case 'some':
    case 'every':
    case 'none':
      return `${quantifiers[condition.kind]} \`${[...condition.path, condition.relation].join('.')}\` has (${clauseOf(condition.condition)})`
    default:
      return condition satisfies never
  }
}

const comparisons: Readonly<Record<Comparison, string>> = {
  eq: 'is',
  ne: 'is not',
  lt: 'is below',
  le: 'is at most',
  gt: 'is above',
  ge: 'is at least',
}

const quantifiers = { some: 'at least one of', every: 'every one of, and there is one, of', none: 'none of' } as const

function joined(conditions: readonly Condition[], word: 'and' | 'or', ofNone: string): string {
  if (conditions.length === 0) return ofNone
  const clauses = conditions.map((part) => (part.kind === 'and' || part.kind === 'or' ? `(${clauseOf(part)})` : clauseOf(part)))
  return clauses.join(` ${word} `)
}

function operandText(operand: Operand): string {
  switch (operand.kind) {
    case 'column':
      return `\`${[...operand.path, operand.column].join('.')}\``
    case 'before':
      return `\`${operand.column}\` before the change`
    case 'claim':
      return `your \`${operand.name}\``
    case 'literal':
      return scalarText(operand.value)
    case 'now':
      return 'now'
    default:
      return operand satisfies never
  }
}

function scalarText(value: Scalar): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? formatMoney(value) : String(value)
}
