// What an argument of an action accepts: one of four answers to "who may have chosen this value?". A value is checked
// twice and apart: who wrote it (explicit), and how many bits untrusted text chose in it (influence).

import type { Money } from '../lib/money.ts'

/** Only what the system, the principal or an approver wrote. `influence` is how many bits untrusted text may have chosen (default 0). */
export type Trusted = { readonly kind: 'trusted'; readonly influence: number }

/**
 * One value out of a column of trusted rows, read under the caller's own rights at the call. `where` narrows the rows by
 * other arguments of the same call, by column.
 */
export type Choice = {
  readonly kind: 'choice'
  readonly table: string
  readonly column: string
  readonly where: Readonly<Record<string, string>>
  readonly influence: number
}

/** A number inside limits, whoever wrote it. Above a limit the call is denied or a person is asked. */
export type Bounded = {
  readonly kind: 'bounded'
  /** The most that one call may carry, one amount for each currency; another currency is over the limit. */
  readonly max: readonly Money[]
  readonly per: readonly BoundedWindow[]
  readonly over: 'deny' | 'ask'
}

/** A total over many calls: all calls with the same key in the same window share it. Days are UTC days by the database's clock. */
export type BoundedWindow = {
  readonly name: string
  /** The arguments whose values make the key; none for one total over all calls. */
  readonly key: readonly string[]
  readonly window: 'day' | 'ever'
  readonly max: readonly Money[]
}

/** Content: anything, as long as its recipients may read it. */
export type AnyContent = { readonly kind: 'any' }

export type Accepts = Trusted | Choice | Bounded | AnyContent

/** Only what the system, the principal or an approver wrote. The default for external effects. */
export function trusted(options: { readonly influence?: number } = {}): Trusted {
  return { kind: 'trusted', influence: options.influence ?? 0 }
}

/**
 * One value out of a trusted column.
 *
 * @example account: choice({ table: 'vendor', column: 'account', where: { id: 'vendor' } })
 */
export function choice(set: {
  readonly table: string
  readonly column: string
  /** Column of the table → name of the argument that it must equal. */
  readonly where?: Readonly<Record<string, string>>
  /** How many bits untrusted text may have chosen (default 16: one of 65,536 rows). */
  readonly influence?: number
}): Choice {
  return { kind: 'choice', table: set.table, column: set.column, where: set.where ?? {}, influence: set.influence ?? 16 }
}

/** An untrusted amount inside limits. Throws nothing by itself; limits are checked at the call. */
export function bounded(limits: {
  readonly max: readonly Money[]
  readonly per?: readonly BoundedWindow[]
  readonly over: 'deny' | 'ask'
}): Bounded {
  return { kind: 'bounded', max: limits.max, per: limits.per ?? [], over: limits.over }
}

/** Content, checked for its recipients only. */
export function any(): AnyContent {
  return { kind: 'any' }
}
