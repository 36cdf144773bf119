// Rules to ask about: roles that inherit, claims of every type, conditions nested over columns, relations, claims, constants
// and the time. They gather on a few tables, so that a statement meets several of them.

import { acl, type ClaimType, type Condition, type DataAction, type Rule, type Rules } from 'paybill/acl'
import type { Column, Schema } from 'paybill/schema'
import type { Random } from './random.ts'
import { around, constantOf, type Family } from './values.ts'

export const roleNames = ['one', 'two', 'three', 'four', 'five'] as const
export const actions = ['read', 'create', 'update', 'delete'] as const

const claimTypes = ['text', 'uuid', 'boolean', 'integer', 'bigint', 'decimal', 'date', 'timestamp'] as const

/** A claim and a list of each type: `textClaim` and `textList`. */
export const claims: Readonly<Record<string, ClaimType>> = Object.fromEntries(
  claimTypes.flatMap((type): [string, ClaimType][] => [
    [`${type}Claim`, type],
    [`${type}List`, `${type}[]`],
  ]),
)

type Operand = Extract<Condition, { kind: 'isNull' }>['operand']
type DataTarget = Extract<Rule['target'], { kind: 'data' }>
type Draft = { readonly draft: Omit<Rule, 'id'> }

/** Rules for these tables. */
export function makeRules(random: Random, schema: Schema, tables: readonly string[]): Rules {
  const roles: Readonly<Record<string, { readonly inherits: readonly string[] }>> = Object.fromEntries(
    roleNames.map((role, index) => [role, { inherits: random.some(roleNames.slice(0, index), 0.35) }]),
  )
  const drafts = tables.flatMap((table) =>
    actions.flatMap((action) => [
      ...random.times(1, 4, () => makeRule(random, schema, { effect: 'allow', action, table })),
      ...random.times(0, 2, () => makeRule(random, schema, { effect: 'deny', action, table })),
    ]),
  )
  return acl(schema, { roles, claims, rules: () => drafts })
}

function makeRule(
  random: Random,
  schema: Schema,
  of: { readonly effect: Rule['effect']; readonly action: DataAction; readonly table: string },
): Draft {
  const { effect, action, table } = of
  const columns = Object.keys(schema.tables[table]?.columns ?? {})
  const fields = action === 'delete' || random.chance(effect === 'allow' ? 0.6 : 0.5) ? [] : random.some(columns, 0.6)
  const conditionIf = (isMeant: boolean, hasBefore: boolean): Condition =>
    isMeant && random.chance(effect === 'allow' ? 0.6 : 0.85)
      ? new ConditionMaker(random, schema, hasBefore).make(table, effect === 'allow' ? 2 : 3)
      : { kind: 'always' }
  const target: DataTarget = {
    kind: 'data',
    action,
    table,
    fields: fields.length === 0 ? null : fields,
    where: conditionIf(action !== 'create', false),
    check: conditionIf(action === 'create' || action === 'update', action === 'update'),
    limit: effect === 'allow' && action !== 'create' && random.chance(0.3) ? random.between(1, 5) : null,
  }
  const [from, until] = makeWindow(random)
  return { draft: { effect, role: random.pick(roleNames), target, from, until } }
}

/** Mostly open; else at, just before or just after the moment of the case. */
function makeWindow(random: Random): readonly [Date | null, Date | null] {
  if (random.chance(0.7)) return [null, null]
  const from = random.chance(0.5) ? random.pick(around) : null
  const later = around.filter((moment) => from === null || moment > from)
  return [from, later.length > 0 && random.chance(0.6) ? random.pick(later) : null]
}

type Found = { readonly operand: Operand; readonly family: Family }

class ConditionMaker {
  readonly #random: Random
  readonly #schema: Schema
  readonly #hasBefore: boolean

  constructor(random: Random, schema: Schema, hasBefore: boolean) {
    this.#random = random
    this.#schema = schema
    this.#hasBefore = hasBefore
  }

  make(table: string, depth: number, isInner = false): Condition {
    const random = this.#random
    if (depth === 0 || random.chance(0.35)) return this.#comparison(table, isInner)
    const again = (): Condition => this.make(table, depth - 1, isInner)
    const kind = random.pick(['and', 'or', 'not', 'related', 'related'] as const)
    switch (kind) {
      case 'and':
      case 'or':
        return { kind, conditions: random.times(random.chance(0.05) ? 0 : 2, 3, again) }
      case 'not':
        return { kind, condition: again() }
      case 'related':
        return this.#quantifier(table, depth) ?? again()
      default:
        return kind satisfies never
    }
  }

  #quantifier(table: string, depth: number): Condition | null {
    const random = this.#random
    const path = this.#path(table, 0.3)
    const many = this.#relations(path.table, 'many')
    if (many.length === 0) return null
    const [relation, target] = random.pick(many)
    const condition = this.make(target, depth - 1, true)
    return { kind: random.pick(['some', 'every', 'none']), path: path.names, relation, condition }
  }

  #comparison(table: string, isInner: boolean): Condition {
    const random = this.#random
    const left = this.#operand(table, isInner)
    const kind = random.pick(['compare', 'compare', 'compare', 'in', 'inClaim', 'isNull'] as const)
    if (kind === 'isNull') return { kind, operand: left.operand }
    if (kind === 'in') return { kind, operand: left.operand, list: random.times(0, 3, () => constantOf(random, left.family)) }
    if (kind === 'inClaim' && left.family !== 'money')
      return { kind, operand: left.operand, claim: this.#claim(left.family, 'List') }
    const operator =
      left.family === 'boolean' ? random.pick(['eq', 'ne'] as const) : random.pick(['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const)
    return { kind: 'compare', operator, left: left.operand, right: this.#counterpart(table, left.family, isInner) }
  }

  /** Something of a family to compare with: a constant, a claim, the time, or a column. */
  #counterpart(table: string, family: Family, isInner: boolean): Operand {
    const random = this.#random
    const kind = random.pick(['literal', 'literal', 'claim', 'now', 'column'] as const)
    if (kind === 'claim' && family !== 'money') return { kind, name: this.#claim(family, 'Claim') }
    if (kind === 'now' && family === 'timestamp') return { kind }
    if (kind === 'column')
      for (let attempt = 0; attempt < 4; attempt += 1) {
        const found = this.#operand(table, isInner)
        if (found.family === family) return found.operand
      }
    return { kind: 'literal', value: constantOf(random, family) }
  }

  /** A column: of the row, of the row as it was, or at the end of to-one relations. */
  #operand(table: string, isInner: boolean): Found {
    const random = this.#random
    if (this.#hasBefore && !isInner && random.chance(0.6)) {
      const [column, family] = random.pick(this.#columns(table))
      return { operand: { kind: 'before', column }, family }
    }
    const path = this.#path(table, 0.3)
    const [column, family] = random.pick(this.#columns(path.table))
    return { operand: { kind: 'column', path: path.names, column }, family }
  }

  #path(table: string, probability: number): { readonly names: readonly string[]; readonly table: string } {
    const names: string[] = []
    let at = table
    while (names.length < 2 && this.#random.chance(probability)) {
      const one = this.#relations(at, 'one')
      if (one.length === 0) break
      const [name, target] = this.#random.pick(one)
      names.push(name)
      at = target
    }
    return { names, table: at }
  }

  #relations(table: string, kind: 'one' | 'many'): readonly (readonly [string, string])[] {
    return Object.entries(this.#schema.tables[table]?.options.relations ?? {})
      .filter(([, relation]) => relation.kind === kind)
      .map(([name, relation]) => [name, relation.table] as const)
  }

  #columns(table: string): readonly (readonly [string, Family])[] {
    return Object.entries(this.#schema.tables[table]?.columns ?? {}).map(([name, column]) => [name, familyOf(column)] as const)
  }

  #claim(family: Exclude<Family, 'money'>, ending: 'Claim' | 'List'): string {
    const type = family === 'number' ? this.#random.pick(['integer', 'bigint', 'decimal']) : family
    return `${type}${ending}`
  }
}

function familyOf(column: Column): Family {
  const { kind } = column.type
  switch (kind) {
    case 'tenant':
    case 'text':
    case 'enum':
    case 'states':
      return 'text'
    case 'integer':
    case 'bigint':
    case 'decimal':
      return 'number'
    case 'uuid':
    case 'boolean':
    case 'date':
    case 'timestamp':
    case 'money':
      return kind
    case 'json':
      throw new Error('json is in no condition')
    default:
      return kind satisfies never
  }
}
