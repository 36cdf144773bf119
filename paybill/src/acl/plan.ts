// What is known of a decision before any row is: which rules bear on it, for whom, with their conditions compiled. A plan
// is made once for rules, roles, action, table and fields, and kept; a decision then only asks it.

import { PaybillError } from '../lib/errors.ts'
import { hasTenant, tableOf } from '../schema/table.ts'
import { compileCondition, type Test } from './evaluate.ts'
import { covers, type DataRule, dataRules, denies, isUnconditional, needsRead, withInherited } from './in-force.ts'
import type { DataAction, Subject } from './principal.ts'
import type { Rules } from './rules.ts'

export type Asked = { readonly action: DataAction; readonly table: string; readonly fields: readonly string[] }

export type Plan = {
  readonly hasTenant: boolean
  /** The principal and, where there is one, the agent: all of them must be allowed. */
  readonly actors: readonly ActorPlan[]
  /** Whether the time can change the answer. */
  readonly isTimed: boolean
}

export type ActorPlan = {
  readonly roles: readonly string[]
  /** For each field the allows that cover it. One set without a field where the request names none. */
  readonly needed: readonly { readonly field: string | null; readonly allows: readonly RulePlan[] }[]
  readonly denies: readonly RulePlan[]
  /** What must be readable too. */
  readonly reading: ActorPlan | null
}

export type RulePlan = {
  readonly rule: DataRule
  readonly isUnconditional: boolean
  readonly where: Test
  readonly check: Test
}

/** The plan for a subject's request. Throws ARGUMENT_INVALID for a table or field that is not in the schema. */
export function planFor(rules: Rules, subject: Subject, asked: Asked): Plan {
  let cache = caches.get(rules)
  if (cache === undefined) {
    cache = new PlanCache(rules)
    caches.set(rules, cache)
  }
  return cache.get(subject, asked)
}

const caches = new WeakMap<Rules, PlanCache>()
const maxPlans = 10_000

// Keys are made of the numbers of roles and fields, so that no name can pose as two, and are numbers themselves where they
// are few enough: a decision is asked so often that looking up its plan is what it costs.
class PlanCache {
  readonly #rules: Rules
  readonly #roleNumbers: ReadonlyMap<string, number>
  readonly #tables: ReadonlyMap<string, TableNumbers>
  readonly #plans = new Map<number | string, Map<number | string, Plan>>()
  #size = 0

  constructor(rules: Rules) {
    this.#rules = rules
    this.#roleNumbers = numbered(Object.keys(rules.roles))
    this.#tables = new Map(
      Object.entries(rules.schema.tables).map(([name, { columns }], number) => [
        name,
        { number, fieldNumbers: numbered(Object.keys(columns)) },
      ]),
    )
  }

  get(subject: Subject, asked: Asked): Plan {
    const what = this.#whatKey(asked)
    const who = this.#whoKey(subject)
    const known = this.#plans.get(what)?.get(who)
    if (known !== undefined) return known
    const plan = makePlan(this.#rules, subject, asked)
    // Bounded: all go at once. Requests come from code, so that there are few kinds of them.
    if (this.#size >= maxPlans) this.#clear()
    const plans = this.#plans.get(what) ?? new Map<number | string, Plan>()
    this.#plans.set(what, plans.set(who, plan))
    this.#size += 1
    return plan
  }

  #clear(): void {
    this.#plans.clear()
    this.#size = 0
  }

  #whatKey({ action, table: name, fields }: Asked): number | string {
    const table = this.#tables.get(name)
    if (table === undefined) throw new PaybillError('ARGUMENT_INVALID', `the schema has no table \`${name}\``)
    const place = table.number * actionNumbers.length + actionNumbers.indexOf(action)
    const { fieldNumbers } = table
    if (fieldNumbers.size > maskBits) return `${place}:${fields.map((field) => numberOf(fieldNumbers, name, field)).join(',')}`
    let mask = 0
    for (const field of fields) mask |= 1 << numberOf(fieldNumbers, name, field)
    return place * 2 ** maskBits + mask
  }

  #whoKey({ principal, agent }: Subject): number | string {
    if (this.#roleNumbers.size > maskBits)
      return `${this.#roleList(principal.roles)};${agent === null ? '' : this.#roleList(agent.roles)}`
    const agentMask = agent === null ? 0 : this.#roleMask(agent.roles) + 1
    return agentMask * 2 ** maskBits + this.#roleMask(principal.roles)
  }

  #roleMask(roles: readonly string[]): number {
    let mask = 0
    for (const role of roles) {
      const number = this.#roleNumbers.get(role)
      if (number !== undefined) mask |= 1 << number
    }
    return mask
  }

  #roleList(roles: readonly string[]): string {
    const numbers = roles.map((role) => this.#roleNumbers.get(role)).filter((number) => number !== undefined)
    return `[${numbers.join(',')}]`
  }
}

type TableNumbers = { readonly number: number; readonly fieldNumbers: ReadonlyMap<string, number> }

const actionNumbers: readonly DataAction[] = ['read', 'create', 'update', 'delete']

// Two masks and the number of a table fit into one exact number of JavaScript.
const maskBits = 25

function numbered(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index]))
}

function numberOf(fieldNumbers: ReadonlyMap<string, number>, table: string, field: string): number {
  const number = fieldNumbers.get(field)
  if (number === undefined) throw new PaybillError('ARGUMENT_INVALID', `table \`${table}\` has no column \`${field}\``)
  return number
}

function makePlan(rules: Rules, subject: Subject, asked: Asked): Plan {
  const held = subject.agent === null ? [subject.principal.roles] : [subject.principal.roles, subject.agent.roles]
  const actors = held.map((roles) => actorPlan(rules, withInherited(rules, roles), asked))
  return {
    hasTenant: hasTenant(tableOf(rules.schema, asked.table)),
    actors,
    isTimed: actors.some(isTimed),
  }
}

function actorPlan(rules: Rules, roles: readonly string[], asked: Asked): ActorPlan {
  const { action, table, fields } = asked
  const bearing = dataRules(rules, { action, table, roles })
  const allows = bearing.filter((rule) => rule.effect === 'allow')
  const needed = fields.length === 0 ? [null] : fields
  return {
    roles,
    needed: needed.map((field) => ({
      field,
      allows: allows.filter((rule) => field === null || covers(rule, field)).map((rule) => rulePlan(rules, rule)),
    })),
    denies: bearing.filter((rule) => rule.effect === 'deny' && denies(rule, fields)).map((rule) => rulePlan(rules, rule)),
    reading: needsRead(action) ? actorPlan(rules, roles, { action: 'read', table, fields: [] }) : null,
  }
}

function rulePlan(rules: Rules, rule: DataRule): RulePlan {
  const { table, where, check } = rule.target
  return {
    rule,
    isUnconditional: isUnconditional(rule),
    where: compileCondition(rules, table, where),
    check: compileCondition(rules, table, check),
  }
}

function isTimed(actor: ActorPlan): boolean {
  const used = [...actor.needed.flatMap(({ allows }) => allows), ...actor.denies]
  return used.some(({ rule }) => rule.from !== null || rule.until !== null) || (actor.reading !== null && isTimed(actor.reading))
}
