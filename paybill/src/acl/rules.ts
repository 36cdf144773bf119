// `acl()` makes access rules out of words. What it makes is data: a list of rules over one schema, checked once, with a
// version that changes whenever an answer could.

import { encodeCanonical } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import { sha256Hex } from '../lib/hash.ts'
import type { Column } from '../schema/column.ts'
import { schemaText } from '../schema/ddl.ts'
import { relationOf, type Schema, tableOf } from '../schema/table.ts'
import { checkRules } from './check.ts'
import type { ClaimType } from './claim.ts'
import type { Comparison, Condition, Operand, Scalar } from './condition.ts'
import { aboutOnly, ownedBy, type OwnRow } from './own-row.ts'
import type { DataAction } from './principal.ts'
import type { DataRuleTarget, Roles, Rule } from './rule.ts'
import type { ActionRule, ClaimTypes, Expression, ListExpression, RuleDraft, Words } from './words.ts'

// Rules that declare no claims have none to name.
// oxlint-disable-next-line typescript/no-generated-empty-object-type
type NoClaims = Readonly<Record<never, ClaimType>>

/** The access rules of an application. */
export type Rules<S extends Schema = Schema> = {
  readonly schema: S
  readonly rules: readonly Rule[]
  readonly roles: Roles
  readonly claims: ClaimTypes
  /** SHA-256 of rules, roles, claims and schema: recorded with every decision. */
  readonly version: string
}

/**
 * Declares the access rules of a schema. Throws RULES_INVALID naming the rule and what is wrong with it.
 *
 * @example
 * const rules = acl(db, {
 *   roles: ['clerk'],
 *   claims: { team: 'text' },
 *   rules: ({ allow }) => [allow('clerk').read('invoice').where(({ row, claim }) => row.team.eq(claim.team))],
 * })
 */
export function acl<S extends Schema, const R extends string, const C extends ClaimTypes = NoClaims>(
  schema: S,
  declaration: {
    readonly roles: readonly R[] | Readonly<Record<R, { readonly inherits?: readonly NoInfer<R>[] }>>
    readonly claims?: C
    readonly rules: (words: Words<S, C, R>) => readonly RuleDraft[]
  },
): Rules<S> {
  const roles = readRoles(declaration.roles)
  const claims: ClaimTypes = declaration.claims ?? {}
  const scope = { schema, claims }
  const words = {
    allow: (role: string) => roleWords(scope, 'allow', role),
    deny: (role: string) => roleWords(scope, 'deny', role),
  }
  // The words are built from the schema and the claims that the types describe.
  const drafts = declaration.rules(words as unknown as Words<S, C, R>)
  const rules = drafts.map(({ draft }, index): Rule => Object.assign({ id: ruleId(draft, index + 1) }, draft))
  checkRules({ schema, rules, roles, claims })
  const version = sha256Hex(`${schemaText(schema)}\n${encodeCanonical({ rules, roles, claims })}`)
  return { schema, rules, roles, claims, version }
}

function readRoles(declared: readonly string[] | Readonly<Record<string, { readonly inherits?: readonly string[] }>>): Roles {
  const pairs = isList(declared)
    ? declared.map((role) => [role, []] as const)
    : Object.entries(declared).map(([role, { inherits }]) => [role, inherits ?? []] as const)
  return Object.fromEntries(pairs.map(([role, inherits]) => [role, { inherits }]))
}

function isList(declared: readonly string[] | object): declared is readonly string[] {
  return Array.isArray(declared)
}

function ruleId({ effect, role, target }: Omit<Rule, 'id'>, number: number): string {
  const what = target.kind === 'action' ? `act/${target.action}` : `${target.action}/${target.table}`
  return `${effect}/${role}/${what}/${number}`
}

type Scope = { readonly schema: Schema; readonly claims: ClaimTypes }
type DataDraft = Omit<Rule, 'id'> & { readonly target: DataRuleTarget }

const always: Condition = { kind: 'always' }

function roleWords(scope: Scope, effect: Rule['effect'], role: string) {
  const whenever = { effect, role, from: null, until: null }
  const data = (action: DataAction) => (table: string) => {
    const target = { kind: 'data', action, table, fields: null, where: always, check: always, limit: null } as const
    return dataRule(scope, { ...whenever, target }, [])
  }
  return {
    read: data('read'),
    create: data('create'),
    update: data('update'),
    delete: data('delete'),
    act: (action: string) => actionRule({ ...whenever, target: { kind: 'action', action } }),
  }
}

/** A rule and the words for the parts that are not `said` yet: a second condition would silently replace the first. */
function dataRule(scope: Scope, draft: DataDraft, said: readonly string[]): object {
  const { target } = draft
  const next = (part: string, change: Partial<DataDraft>): object => {
    if (said.includes(part))
      throw new PaybillError(
        'RULES_INVALID',
        `${ruleId(draft, 0).slice(0, -2)}: \`${part}\` is said twice; join conditions with and()`,
      )
    return dataRule(scope, { ...draft, ...change }, [...said, part])
  }
  const own: OwnRow = { table: target.table }
  const given = (): object => ({
    row: rowExpression(scope.schema, { path: [], at: target.table, own }),
    claim: claimExpressions(scope.claims),
    now: { operand: { kind: 'now' } },
  })
  const before = (): object => columnExpressions(scope.schema, target.table, (column) => ownedBy(own, { kind: 'before', column }))
  return {
    draft,
    fields: (...fields: string[]) => next('fields', { target: { ...target, fields } }),
    where: (condition: (given: object) => Condition) =>
      next('where', { target: { ...target, where: aboutOnly(own, condition(given())) } }),
    check: (condition: (given: object) => Condition) =>
      next('check', { target: { ...target, check: aboutOnly(own, condition({ ...given(), before: before() })) } }),
    limit: (limit: number) => next('limit', { target: { ...target, limit } }),
    from: (from: Date) => next('from', { from }),
    until: (until: Date) => next('until', { until }),
  }
}

function actionRule(draft: Omit<Rule, 'id'>): ActionRule {
  return { draft, from: (from) => actionRule({ ...draft, from }), until: (until) => actionRule({ ...draft, until }) }
}

function claimExpressions(claims: ClaimTypes): object {
  return Object.fromEntries(
    Object.entries(claims).map(([name, type]) => [
      name,
      type.endsWith('[]') ? { claim: name } : { operand: { kind: 'claim', name } },
    ]),
  )
}

/** Where a row in a condition stands: how the relations led there from the row that the condition is about, and to which table. */
type Standing = { readonly path: readonly string[]; readonly at: string; readonly own: OwnRow }

function rowExpression(schema: Schema, { path, at, own }: Standing): object {
  const quantifier =
    (kind: 'some' | 'every' | 'none', relation: string, target: string) => (condition: (row: object) => Condition) => {
      const inner: OwnRow = { table: target }
      const about = aboutOnly(inner, condition(rowExpression(schema, { path: [], at: target, own: inner })))
      return ownedBy(own, { kind, path, relation, condition: about })
    }
  return {
    ...columnExpressions(schema, at, (column) => ownedBy(own, { kind: 'column', path, column })),
    one: (relation: string, target: string) => {
      requireTarget(schema, { at, relation, target })
      return rowExpression(schema, { path: [...path, relation], at: target, own })
    },
    many: (relation: string, target: string) => {
      requireTarget(schema, { at, relation, target })
      return {
        some: quantifier('some', relation, target),
        every: quantifier('every', relation, target),
        none: quantifier('none', relation, target),
      }
    },
  }
}

// The name of the table gives the type of the row, so it must be the one that the relation leads to.
function requireTarget(schema: Schema, of: { readonly at: string; readonly relation: string; readonly target: string }): void {
  const leads = Object.hasOwn(tableOf(schema, of.at).options.relations ?? {}, of.relation)
    ? relationOf(schema, of.at, of.relation).table
    : null
  if (leads !== of.target)
    throw new PaybillError(
      'RULES_INVALID',
      leads === null
        ? `\`${of.at}\` has no relation \`${of.relation}\``
        : `\`${of.at}.${of.relation}\` leads to \`${leads}\` and not to \`${of.target}\``,
    )
}

function columnExpressions(schema: Schema, table: string, operandOf: (column: string) => Operand): Record<string, object> {
  const columns: Readonly<Record<string, Column>> = tableOf(schema, table).columns
  return Object.fromEntries(Object.keys(columns).map((column) => [column, columnExpression(operandOf(column))]))
}

function columnExpression(operand: Operand): object {
  const compare = (operator: Comparison) => (value: Scalar | Expression<unknown>) => ({
    kind: 'compare',
    operator,
    left: operand,
    right: toOperand(value),
  })
  return {
    operand,
    eq: compare('eq'),
    ne: compare('ne'),
    lt: compare('lt'),
    le: compare('le'),
    gt: compare('gt'),
    ge: compare('ge'),
    in: (values: readonly Scalar[] | ListExpression<unknown>): Condition =>
      'claim' in values ? { kind: 'inClaim', operand, claim: values.claim } : { kind: 'in', operand, list: values },
    isNull: (): Condition => ({ kind: 'isNull', operand }),
    isNotNull: (): Condition => not({ kind: 'isNull', operand }),
  }
}

function toOperand(value: Scalar | Expression<unknown> | null | undefined): Operand {
  if (value === null || value === undefined)
    throw new PaybillError('RULES_INVALID', 'nothing is equal to null or ordered before it: use isNull() or isNotNull()')
  return typeof value === 'object' && 'operand' in value ? value.operand : { kind: 'literal', value }
}

/** All of the conditions. Of none: true. */
export function and(...conditions: readonly Condition[]): Condition {
  return { kind: 'and', conditions }
}

/** At least one of the conditions. Of none: false. */
export function or(...conditions: readonly Condition[]): Condition {
  return { kind: 'or', conditions }
}

/** The opposite; of UNKNOWN it is UNKNOWN. */
export function not(condition: Condition): Condition {
  return { kind: 'not', condition }
}
