// Whether somebody may read a field in whatever row: asked where a value stands for rows that are no longer known one by one.

import { covers, dataRules, isInForce, isUnconditional, withInherited } from './in-force.ts'
import type { Principal } from './principal.ts'
import type { Rules } from './rules.ts'

/** Any deny about the field counts as one about some row, and of the allows only those that no row can change. */
export function readsEveryRow(
  rules: Rules,
  principal: Principal,
  of: { readonly table: string; readonly field: string; readonly now: Date },
): boolean {
  const roles = withInherited(rules, principal.roles)
  const bearing = dataRules(rules, { action: 'read', table: of.table, roles }).filter((rule) => covers(rule, of.field))
  if (bearing.some((rule) => rule.effect === 'deny')) return false
  return bearing.some((rule) => isUnconditional(rule) && isInForce(rule, of.now))
}
