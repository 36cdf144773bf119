// Which rules bear on a request: those of the roles that somebody has, inherited ones included.

import type { DataAction, Grant } from './principal.ts'
import type { DataRuleTarget, Rule } from './rule.ts'
import type { Rules } from './rules.ts'

export type DataRule = Rule & { readonly target: DataRuleTarget }

/** The roles and all that they inherit, sorted, each once. A role that is not declared brings nothing. */
export function withInherited(rules: Rules, roles: readonly string[]): readonly string[] {
  const found = new Set<string>()
  const take = (role: string): void => {
    if (found.has(role) || !Object.hasOwn(rules.roles, role)) return
    found.add(role)
    for (const inherited of rules.roles[role]?.inherits ?? []) take(inherited)
  }
  for (const role of roles) take(role)
  return [...found].toSorted()
}

/** The rules for an action on a table; of all roles, or of some. */
export function dataRules(
  rules: Rules,
  of: { readonly action: DataAction; readonly table: string; readonly roles?: readonly string[] },
): readonly DataRule[] {
  return rules.rules.filter((rule): rule is DataRule => {
    const { target } = rule
    const isAsked = target.kind === 'data' && target.action === of.action && target.table === of.table
    return isAsked && (of.roles === undefined || of.roles.includes(rule.role))
  })
}

/** Whether a rule is about a field. */
export function covers(rule: DataRule, field: string): boolean {
  return rule.target.fields === null || rule.target.fields.includes(field)
}

/** Whether a deny bears on a request: it is about the whole row, or about one of the fields. */
export function denies(rule: DataRule, fields: readonly string[]): boolean {
  return rule.target.fields === null || rule.target.fields.some((field) => fields.includes(field))
}

/** For each field, the allows that cover it; for a request without fields, all allows. Equal sets are kept once. */
export function coverings(allows: readonly DataRule[], fields: readonly string[]): readonly (readonly DataRule[])[] {
  if (fields.length === 0) return [allows]
  const sets = new Map<string, readonly DataRule[]>()
  for (const field of fields) {
    const covering = allows.filter((rule) => covers(rule, field))
    sets.set(covering.map((rule) => rule.id).join('\n'), covering)
  }
  return [...sets.values()]
}

/** Whether what is updated or deleted must also be readable. PostgreSQL holds every statement that names a column to that. */
export function needsRead(action: DataAction): boolean {
  return action === 'update' || action === 'delete'
}

/** Whether a grant lets a step do this to these fields. */
export function isGranted(grant: Grant | null, action: DataAction, table: string, fields: readonly string[]): boolean {
  if (grant === null) return true
  const actions = Object.hasOwn(grant, table) ? grant[table] : undefined
  if (needsRead(action) && actions?.read === undefined) return false
  const granted = actions?.[action]
  if (granted === undefined) return false
  return granted === true || fields.every((field) => granted.includes(field))
}

/** Whether a rule is in force at a moment: from its beginning on, until just before its end. */
export function isInForce(rule: Rule, now: Date): boolean {
  return (rule.from === null || rule.from <= now) && (rule.until === null || now < rule.until)
}

/** Whether no row can change what the rule says. */
export function isUnconditional(rule: DataRule): boolean {
  return rule.target.where.kind === 'always' && rule.target.check.kind === 'always'
}
