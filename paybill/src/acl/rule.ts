// One access rule as data. `acl()` in rules.ts makes them out of words.

import type { Condition } from './condition.ts'
import type { DataAction } from './principal.ts'

/** One rule. Deny by default; a deny beats every allow. An allow counts only when its condition is TRUE, a deny when TRUE or UNKNOWN. */
export type Rule = {
  /** Stable name for explanations and journal entries, `effect/role/action/table/number`. */
  readonly id: string
  readonly effect: 'allow' | 'deny'
  readonly role: string
  readonly target: RuleTarget
  /** Half-open window in which the rule is in force, by the database's time; null is open. */
  readonly from: Date | null
  readonly until: Date | null
}

export type RuleTarget = DataRuleTarget | { readonly kind: 'action'; readonly action: string }

export type DataRuleTarget = {
  readonly kind: 'data'
  readonly action: DataAction
  readonly table: string
  /** Which fields are read or written; null is every field. A delete names none. */
  readonly fields: readonly string[] | null
  /** Which rows: over the row as it is (read, update, delete). */
  readonly where: Condition
  /** What the row must be afterwards (create, update). */
  readonly check: Condition
  /** At most this many rows by one statement; null is no limit by this rule. */
  readonly limit: number | null
}

/** The declared roles and what each inherits. */
export type Roles = Readonly<Record<string, { readonly inherits: readonly string[] }>>
