// Decisions in memory. The static part needs no row: does any rule allow this to these fields at all? The row part asks
// the conditions. A refusal names the rule and its clause, or what would allow it.

import { PaybillError } from '../lib/errors.ts'
import { conditionsOf } from './clause.ts'
import type { PlainRow, Related, Situation } from './evaluate.ts'
import { isGranted, isInForce, needsRead, withInherited } from './in-force.ts'
import { type ActorPlan, type Asked, type Plan, planFor, type RulePlan } from './plan.ts'
import type { Subject } from './principal.ts'
import type { Rules } from './rules.ts'

/** `limit` is the most rows that one statement may read or change, null where no rule limits it. */
export type Decision = { readonly allowed: true; readonly rules: readonly string[]; readonly limit: number | null } | Refused
type Refused = { readonly allowed: false; readonly reason: string; readonly rules: readonly string[] }

export type StaticRequest = Asked & { readonly now: Date }

/**
 * The part of a decision that no row can change. An update or delete also needs the right to read some of the table.
 *
 * @example decideStatic(rules, subject, { action: 'read', table: 'invoice', fields: ['amount'], now: new Date() })
 */
export function decideStatic(rules: Rules, subject: Subject, request: StaticRequest): Decision {
  return staticOf(planFor(rules, subject, request), subject, request)
}

function staticOf(plan: Plan, subject: Subject, request: StaticRequest): Decision {
  const { action, table, fields } = request
  if (!isGranted(subject.grant, action, table, fields)) return refused(ungranted(subject, request), [])
  const known = plan.isTimed ? undefined : decisions.get(plan)
  if (known !== undefined) return known
  const decision = decidePlan(plan, request)
  if (!plan.isTimed) decisions.set(plan, decision)
  return decision
}

// Where no rule has a window, the static part of a plan has one answer.
const decisions = new WeakMap<Plan, Decision>()

export type RowRequest = StaticRequest & {
  /** The row: as it is for read and delete, as it would be for create and update. Every column that a rule asks for, as a plain value. */
  readonly row: PlainRow
  /** The row as it was; for an update. */
  readonly before?: PlainRow
  /** Asked for related rows where a rule has a condition on them. */
  readonly related?: Related
}

/**
 * The whole decision for one row. Throws ARGUMENT_INVALID where an update is asked about without the row as it was.
 *
 * @example decideRow(rules, subject, { action: 'delete', table: 'invoice', fields: [], row: invoice, now: new Date() })
 */
export function decideRow(rules: Rules, subject: Subject, request: RowRequest): Decision {
  const plan = planFor(rules, subject, request)
  const decision = staticOf(plan, subject, request)
  if (!decision.allowed) return decision
  const change = rowsOf(subject, request)
  for (const { row } of [change.is, change.becomes])
    if (plan.hasTenant && row['tenant'] !== subject.principal.tenant)
      return refused(`the row of \`${request.table}\` belongs to another tenant`, [])
  const used = new Set<string>()
  for (const [index, actor] of plan.actors.entries()) {
    const refusal = rowRefusal(actor, change, request, used) ?? readRefusal(actor, change, request)
    if (refusal !== null) return { ...refusal, reason: `${actorName(index)}${refusal.reason}` }
  }
  return { allowed: true, rules: [...used], limit: decision.limit }
}

/** Whether somebody, and the agent that acts for him, may call a named action. */
export function mayAct(rules: Rules, subject: Subject, action: string, now: Date): Decision {
  const person = actFor(rules, subject.principal.roles, action, now)
  if (!person.allowed || subject.agent === null) return person
  const agent = actFor(rules, subject.agent.roles, action, now)
  if (!agent.allowed) return { ...agent, reason: `${actorName(1)}${agent.reason}` }
  return { allowed: true, rules: [...new Set([...person.rules, ...agent.rules])], limit: null }
}

/** The row as it is and as it becomes: the same one for a read, a create or a delete. */
type Change = { readonly is: Situation; readonly becomes: Situation; readonly now: Date }

export function rowsOf({ principal }: Subject, request: RowRequest): Change {
  const { row, now, related = noRelated } = request
  const at = { principal, now, related }
  const before = request.action === 'update' ? beforeOf(request) : null
  return { is: { ...at, row: before ?? row, before: null }, becomes: { ...at, row, before }, now }
}

/** Whether a rule counts: an allow where it is surely true, a deny where it is not surely false. */
export function counts({ rule, where, check }: RulePlan, { is, becomes, now }: Change): boolean {
  if (!isInForce(rule, now)) return false
  if (rule.effect === 'allow') return where(is) === true && check(becomes) === true
  return where(is) !== false && check(becomes) !== false
}

function rowRefusal(actor: ActorPlan, change: Change, asked: Asked, used: Set<string>): Refused | null {
  const deny = actor.denies.find((one) => counts(one, change))
  if (deny !== undefined)
    return refused(
      `rule \`${deny.rule.id}\` denies ${asked.action} of this row of \`${asked.table}\`: ${conditionsOf(deny.rule)}`,
      [deny.rule.id],
    )
  for (const { field, allows } of actor.needed) {
    const allow = allows.find((one) => counts(one, change))
    if (allow === undefined)
      return refused(
        missingRow(actor, asked, field, allows),
        allows.map(({ rule }) => rule.id),
      )
    used.add(allow.rule.id)
  }
  return null
}

// What cannot be read cannot be changed, and may not become unreadable by the change.
function readRefusal({ reading }: ActorPlan, { is, becomes, now }: Change, asked: Asked): Refused | null {
  if (reading === null) return null
  for (const row of [is, { ...becomes, before: null }]) {
    const refusal = rowRefusal(reading, { is: row, becomes: row, now }, { ...asked, action: 'read' }, new Set())
    if (refusal !== null)
      return { ...refusal, reason: `${asked.action} needs the right to read, before and after: ${refusal.reason}` }
  }
  return null
}

function beforeOf({ before, table }: RowRequest): PlainRow {
  if (before !== undefined) return before
  throw new PaybillError('ARGUMENT_INVALID', `an update of \`${table}\` is decided with the row as it was: give \`before\``)
}

function decidePlan(plan: Plan, request: StaticRequest): Decision {
  const used = new Set<string>()
  let limit: number | null = null
  for (const [index, actor] of plan.actors.entries()) {
    const own = decideActor(actor, request)
    const reading = actor.reading === null ? own : decideActor(actor.reading, { ...request, action: 'read', fields: [] })
    for (const part of [own, reading]) if (!part.allowed) return { ...part, reason: `${actorName(index)}${part.reason}` }
    if (!own.allowed) return own
    limit = smaller(limit, own.limit)
    for (const rule of own.rules) used.add(rule)
  }
  return { allowed: true, rules: [...used], limit }
}

function decideActor(actor: ActorPlan, request: StaticRequest): Decision {
  const { action, now } = request
  const deny = actor.denies.find((one) => one.isUnconditional && isInForce(one.rule, now))
  if (deny !== undefined) return refused(`rule \`${deny.rule.id}\` denies ${action} of ${what(request)}`, [deny.rule.id])
  const used = new Set<string>()
  let limit: number | null = null
  for (const { field, allows } of actor.needed) {
    const inForce = allows.filter(({ rule }) => isInForce(rule, now))
    if (inForce.length === 0) return refused(missing(actor, request, field, allows), [])
    for (const { rule } of inForce) used.add(rule.id)
    limit = smaller(limit, largestLimit(inForce))
  }
  return { allowed: true, rules: [...used], limit }
}

const noRelated: Related = ({ table, relation }) => {
  throw new PaybillError('ARGUMENT_INVALID', `a rule asks for \`${table}.${relation}\`: give \`related\` with the row`)
}

function largestLimit(allows: readonly RulePlan[]): number | null {
  return allows.some(({ rule }) => rule.target.limit === null)
    ? null
    : Math.max(...allows.map(({ rule }) => rule.target.limit ?? 0))
}

function smaller(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right
  return Math.min(left, right)
}

function refused(reason: string, rules: readonly string[]): Refused {
  return { allowed: false, reason, rules }
}

function ungranted({ grant }: Subject, request: StaticRequest): string {
  if (needsRead(request.action) && !isGranted(grant, 'read', request.table, []))
    return `the step's grant has no read of \`${request.table}\`, which ${request.action} needs: add it to the grant of the step`
  return `the step's grant has no ${request.action} of ${what(request)}: add it to the grant of the step`
}

function missing(actor: ActorPlan, asked: Asked, field: string | null, allows: readonly RulePlan[]): string {
  const place = field === null ? asked.table : `${asked.table}.${field}`
  const later = allows.map(({ rule }) => `\`${rule.id}\` ${conditionsOf(rule)}`)
  const hint = later.length === 0 ? '' : `; not in force now: ${later.join('; ')}`
  return `no rule allows ${roleText(actor.roles)} to ${asked.action} \`${place}\`${hint}`
}

function missingRow(actor: ActorPlan, asked: Asked, field: string | null, allows: readonly RulePlan[]): string {
  const place = field === null ? asked.table : `${asked.table}.${field}`
  const would = allows.map(({ rule }) => `\`${rule.id}\` ${conditionsOf(rule)}`)
  return `no rule allows ${roleText(actor.roles)} to ${asked.action} \`${place}\` of this row; allowed would be: ${would.join('; ')}`
}

function actorName(index: number): string {
  return index === 0 ? '' : 'the agent: '
}

function roleText(roles: readonly string[]): string {
  return roles.length === 0 ? 'somebody without a role' : roles.map((role) => `\`${role}\``).join(', ')
}

function what({ table, fields }: Asked): string {
  return fields.length === 0 ? `\`${table}\`` : `\`${table}\` (${fields.join(', ')})`
}

function actFor(rules: Rules, held: readonly string[], action: string, now: Date): Decision {
  const roles = withInherited(rules, held)
  const bearing = rules.rules.filter(
    ({ target, role }) => target.kind === 'action' && target.action === action && roles.includes(role),
  )
  const inForce = bearing.filter((rule) => isInForce(rule, now))
  const deny = inForce.find((rule) => rule.effect === 'deny')
  if (deny !== undefined) return refused(`rule \`${deny.id}\` denies \`${action}\``, [deny.id])
  if (inForce.length > 0) return { allowed: true, rules: inForce.map((rule) => rule.id), limit: null }
  const later = bearing.filter((rule) => rule.effect === 'allow').map((rule) => `\`${rule.id}\` ${conditionsOf(rule)}`)
  const hint = later.length === 0 ? '' : `; not in force now: ${later.join('; ')}`
  return refused(`no rule allows ${roleText(roles)} to \`${action}\`${hint}`, [])
}
