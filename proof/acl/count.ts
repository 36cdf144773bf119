// What the generated rules speak of, counted, so that a proof shows what it has tried.

import type { Condition, Rules } from 'paybill/acl'

/** Adds the operators of the rules' conditions to the counts, by name. */
export function countOperators(rules: Rules, counts: Map<string, number>): void {
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)
  for (const { target } of rules.rules)
    if (target.kind === 'data') for (const condition of [target.where, target.check]) countIn(condition, count)
}

function countIn(condition: Condition, count: (name: string) => void): void {
  count(condition.kind === 'compare' ? condition.operator : condition.kind)
  switch (condition.kind) {
    case 'and':
    case 'or':
      for (const part of condition.conditions) countIn(part, count)
      return
    case 'not':
    case 'some':
    case 'every':
    case 'none':
      return countIn(condition.condition, count)
    case 'always':
    case 'compare':
    case 'in':
    case 'inClaim':
    case 'isNull':
      return
    default:
      return condition satisfies never
  }
}
