// The types of the words in which rules are written. They follow from the schema, the claims and the roles, so that a
// column that is not there, a comparison that no database could make, or a part that is said twice does not compile.

import type { TableName } from '../schema/rows.ts'
import type { Columns, Schema } from '../schema/table.ts'
import type { ClaimType, ScalarClaimType } from './claim.ts'
import type { Condition, Operand } from './condition.ts'
import type { Rule } from './rule.ts'

export type ClaimTypes = Readonly<Record<string, ClaimType>>

/** Where rules are written. */
export type Words<S extends Schema, C extends ClaimTypes, R extends string = string> = {
  readonly allow: (role: R) => RoleWords<S, C, RulePart>
  readonly deny: (role: R) => RoleWords<S, C, Exclude<RulePart, 'limit'>>
}

/** What a role may or may not do. `P` is what rules of this effect have at all. */
export type RoleWords<S extends Schema, C extends ClaimTypes, P extends RulePart> = {
  read<N extends TableName<S>>(table: N): DataRule<S, N, C, P & ('fields' | 'where' | 'limit' | 'from' | 'until')>
  create<N extends TableName<S>>(table: N): DataRule<S, N, C, P & ('fields' | 'check' | 'from' | 'until')>
  update<N extends TableName<S>>(table: N): DataRule<S, N, C, P | 'before'>
  delete<N extends TableName<S>>(table: N): DataRule<S, N, C, P & ('where' | 'limit' | 'from' | 'until')>
  /** A named action, such as `bank.transfer`. */
  act(action: string): ActionRule
}

type RulePart = 'fields' | 'where' | 'check' | 'limit' | 'from' | 'until'

/** A rule on data, while it is written; each part is said once. `before` among the parts lets `check` ask what the row was. */
export type DataRule<S extends Schema, N extends TableName<S>, C extends ClaimTypes, P extends RulePart | 'before'> = RuleDraft &
  Pick<DataRuleParts<S, N, C, P>, Exclude<P, 'before'>>

type DataRuleParts<S extends Schema, N extends TableName<S>, C extends ClaimTypes, P extends RulePart | 'before'> = {
  /** Only these fields; without it the rule is about every field, and about the row as a whole. */
  fields(...fields: readonly (keyof S['tables'][N]['columns'] & string)[]): DataRule<S, N, C, Exclude<P, 'fields'>>
  /** Which rows, as they are. */
  where(condition: (given: Given<S, N, C>) => Condition): DataRule<S, N, C, Exclude<P, 'where'>>
  /** What a row must be when it is written. */
  check(
    condition: (given: 'before' extends P ? GivenBoth<S, N, C> : Given<S, N, C>) => Condition,
  ): DataRule<S, N, C, Exclude<P, 'check'>>
  /** At most this many rows by one statement. */
  limit(rows: number): DataRule<S, N, C, Exclude<P, 'limit'>>
  /** In force from this moment on, by the database's time. */
  from(moment: Date): DataRule<S, N, C, Exclude<P, 'from'>>
  /** In force until just before this moment, by the database's time. */
  until(moment: Date): DataRule<S, N, C, Exclude<P, 'until'>>
}

/** A rule on a named action, while it is written. */
export type ActionRule = RuleDraft & { from(moment: Date): ActionRule; until(moment: Date): ActionRule }

export type RuleDraft = { readonly draft: Omit<Rule, 'id'> }

/** What a condition may ask about. */
export type Given<S extends Schema, N extends TableName<S>, C extends ClaimTypes> = {
  readonly row: RowExpression<S, N>
  readonly claim: ClaimExpressions<C>
  readonly now: Expression<Date>
}

type GivenBoth<S extends Schema, N extends TableName<S>, C extends ClaimTypes> = Given<S, N, C> & {
  /** The row as it was. */
  readonly before: ColumnExpressions<S['tables'][N]['columns']>
}

/** A row in a condition: its columns, and `one` and `many` for the rows that it is related to. */
export type RowExpression<S extends Schema, N extends TableName<S>> = ColumnExpressions<S['tables'][N]['columns']> & {
  /** The related row of a to-one relation; its columns are NULL where there is none. */
  one<T extends TableName<S>>(relation: string, table: T): RowExpression<S, T>
  /** The related rows of a to-many relation, unfiltered, inside the tenant. */
  many<T extends TableName<S>>(relation: string, table: T): Quantifiers<S, T>
}

export type Quantifiers<S extends Schema, N extends TableName<S>> = {
  some(condition: (row: RowExpression<S, N>) => Condition): Condition
  /** Over no rows it is UNKNOWN, so no allow rests on it. */
  every(condition: (row: RowExpression<S, N>) => Condition): Condition
  none(condition: (row: RowExpression<S, N>) => Condition): Condition
}

type ColumnExpressions<C extends Columns> = { readonly [K in keyof C]: ColumnExpression<NonNullable<C[K]['$value']>> }

type ClaimExpressions<C extends ClaimTypes> = {
  readonly [K in keyof C]: C[K] extends `${infer E extends ScalarClaimType}[]`
    ? ListExpression<ClaimValues[E]>
    : C[K] extends ScalarClaimType
      ? Expression<ClaimValues[C[K]]>
      : never
}

/** What a claim of a type holds. */
type ClaimValues = {
  text: string
  uuid: string
  boolean: boolean
  integer: number
  bigint: bigint
  decimal: string
  date: string
  timestamp: Date
}

/** Something of type `V` in a condition: a column, a claim, or the time. */
export type Expression<V> = { readonly operand: Operand; readonly $value?: V }
export type ListExpression<V> = { readonly claim: string; readonly $value?: V }

/** A column in a condition, with the operators that its type has. Nothing that is not here can be asked. */
export type ColumnExpression<V> = [V] extends [boolean]
  ? EqualExpression<V>
  : [V] extends [string | number | bigint | Date | Amount]
    ? OrderedExpression<V>
    : NullExpression<V>

type Amount = { readonly minor: bigint; readonly currency: string }

/** All that json has. */
type NullExpression<V> = Expression<V> & { isNull(): Condition; isNotNull(): Condition }

type EqualExpression<V> = NullExpression<V> & {
  eq(value: V | Expression<V>): Condition
  ne(value: V | Expression<V>): Condition
  /** The list holds no null. */
  in(values: readonly V[] | ListExpression<V>): Condition
}

type OrderedExpression<V> = EqualExpression<V> & {
  lt(value: V | Expression<V>): Condition
  le(value: V | Expression<V>): Condition
  gt(value: V | Expression<V>): Condition
  ge(value: V | Expression<V>): Condition
}
