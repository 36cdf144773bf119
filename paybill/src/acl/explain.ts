// Why somebody may or may not do something, in words: every rule that bears on the request, when it counts, and for a row
// whether it does. For people who may see the rules; a refused caller is told less.

import { conditionsOf } from './clause.ts'
import { counts, decideRow, decideStatic, type RowRequest, rowsOf, type StaticRequest } from './decide.ts'
import { isInForce } from './in-force.ts'
import { type ActorPlan, planFor, type RulePlan } from './plan.ts'
import type { Subject } from './principal.ts'
import type { Rules } from './rules.ts'

/** The decision and, below it, a line for each rule that bears on the request. */
export type Explanation = { readonly allowed: boolean; readonly lines: readonly string[] }

/**
 * Explains a decision; with a `row` the decision for that row.
 *
 * @example explain(rules, subject, { action: 'read', table: 'invoice', fields: ['amount'], now: new Date() }).lines
 */
export function explain(rules: Rules, subject: Subject, request: StaticRequest | RowRequest): Explanation {
  const row = 'row' in request ? request : null
  const decision = row === null ? decideStatic(rules, subject, request) : decideRow(rules, subject, row)
  const limit = decision.allowed && decision.limit !== null ? `, at most ${decision.limit} rows` : ''
  const verdict = decision.allowed ? `allowed${limit}` : `refused: ${decision.reason}`
  const lines = [verdict]
  for (const [index, actor] of planFor(rules, subject, request).actors.entries()) {
    const who = index === 0 ? `\`${subject.principal.id}\`` : 'the agent'
    lines.push(...actorLines(actor, { subject, request, row, who, to: request.action }))
    if (actor.reading !== null)
      lines.push(
        ...actorLines(actor.reading, { subject, request, row: null, who: `to ${request.action} it, ${who}`, to: 'read' }),
      )
  }
  return { allowed: decision.allowed, lines }
}

type Asker = {
  readonly subject: Subject
  readonly request: StaticRequest
  readonly row: RowRequest | null
  readonly who: string
  readonly to: string
}

function actorLines(actor: ActorPlan, { subject, request, row, who, to }: Asker): readonly string[] {
  const bearing = new Map<string, RulePlan>()
  for (const one of [...actor.denies, ...actor.needed.flatMap(({ allows }) => allows)]) bearing.set(one.rule.id, one)
  const roles = actor.roles.length === 0 ? 'no role' : actor.roles.map((role) => `\`${role}\``).join(', ')
  const head = `${who} has ${roles}; rules to ${to} \`${request.table}\`: ${bearing.size === 0 ? 'none' : bearing.size}`
  return [head, ...[...bearing.values()].map((one) => `  ${ruleLine(one, subject, request, row)}`)]
}

function ruleLine(one: RulePlan, subject: Subject, request: StaticRequest, row: RowRequest | null): string {
  const { rule } = one
  const fields = rule.target.fields === null ? 'every field' : rule.target.fields.join(', ')
  const text = `\`${rule.id}\` on ${fields}, ${conditionsOf(rule)}`
  if (!isInForce(rule, request.now)) return `${text}: not in force now`
  if (row === null) return `${text}: in force`
  return `${text}: ${counts(one, rowsOf(subject, row)) ? 'counts' : 'does not count'} for this row`
}
