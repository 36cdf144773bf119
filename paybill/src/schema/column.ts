// Columns as typed values. Every fact about a column (type, limits, who is trusted to have written it, how sensitive it
// is) is said once, here; types, DDL, validators and labels follow from it.

import { PaybillError } from '../lib/errors.ts'
import type { Money } from '../lib/money.ts'
import type { StandardSchema } from './standard.ts'

export type Trust = 'trusted' | 'untrusted'

/** What a column holds, as data. */
export type ColumnType =
  | { readonly kind: 'tenant' }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'text'; readonly maxLength: number; readonly pattern: string | null }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'bigint' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'money' }
  | { readonly kind: 'date' }
  | { readonly kind: 'timestamp' }
  | { readonly kind: 'json'; readonly schema: StandardSchema }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'states'; readonly moves: Readonly<Record<string, readonly string[]>> }

export type ColumnDefault =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'now' }
  | { readonly kind: 'random-uuid' }

/** A column: `Value` is what TypeScript sees, `Nullable` and `Defaulted` shape rows and inserts, `T` decides whether a cell is labelled. */
export class Column<
  Value = unknown,
  Nullable extends boolean = boolean,
  Defaulted extends boolean = boolean,
  T extends Trust = Trust,
> {
  // Never set: it only carries the type.
  declare readonly $value: Value
  readonly type: ColumnType
  readonly isNullable: Nullable
  readonly defaultTo: Defaulted extends true ? ColumnDefault : ColumnDefault | null
  readonly trust: T
  readonly sensitivity: string | null
  readonly #facts: ColumnFacts

  constructor(facts: ColumnFacts) {
    this.#facts = facts
    this.type = facts.type
    this.sensitivity = facts.sensitivity
    // The facts are the same values that the type parameters stand for; each method below changes both together.
    this.isNullable = facts.isNullable as Nullable
    this.defaultTo = facts.defaultTo as this['defaultTo']
    this.trust = facts.trust as T
  }

  /** The cell may be empty: `null` in TypeScript, NULL in SQL. */
  nullable(): Column<Value | null, true, Defaulted, T> {
    return new Column({ ...this.#facts, isNullable: true })
  }

  /** What an insert without this column gets. */
  default(value: Value): Column<Value, Nullable, true, T> {
    return new Column({ ...this.#facts, defaultTo: { kind: 'value', value } })
  }

  /** The time of the transaction. Only for timestamps. */
  defaultNow(): Column<Value, Nullable, true, T> {
    if (this.type.kind !== 'timestamp') throw new PaybillError('SCHEMA_INVALID', '`defaultNow()` is for timestamp columns only')
    return new Column({ ...this.#facts, defaultTo: { kind: 'now' } })
  }

  /** A random id made by the database. Only for uuids. */
  defaultRandom(): Column<Value, Nullable, true, T> {
    if (this.type.kind !== 'uuid') throw new PaybillError('SCHEMA_INVALID', '`defaultRandom()` is for uuid columns only')
    return new Column({ ...this.#facts, defaultTo: { kind: 'random-uuid' } })
  }

  /** Only trusted people or the system write this column, so its cells are plain values. */
  trusted(): Column<Value, Nullable, Defaulted, 'trusted'> {
    return new Column({ ...this.#facts, trust: 'trusted' })
  }

  /** Strangers may have written this column, so its cells are labelled values. */
  untrusted(): Column<Value, Nullable, Defaulted, 'untrusted'> {
    return new Column({ ...this.#facts, trust: 'untrusted' })
  }

  /** Never in prompts, logs, errors or traces; `kind` names the class, such as `bank` or `health`. */
  sensitive(kind: string): Column<Value, Nullable, Defaulted, T> {
    return new Column({ ...this.#facts, sensitivity: kind })
  }
}

type ColumnFacts = {
  readonly type: ColumnType
  readonly isNullable: boolean
  readonly defaultTo: ColumnDefault | null
  readonly trust: Trust
  readonly sensitivity: string | null
}

function column<Value, T extends Trust>(type: ColumnType, trust: T): Column<Value, false, false, T> {
  return new Column({ type, trust, isNullable: false, defaultTo: null, sensitivity: null })
}

const integerLimit = 2_147_483_647

/**
 * The column types. Text and json are untrusted unless `trusted()` is said; ids, enums, numbers, dates and booleans are
 * trusted unless `untrusted()` is said.
 *
 * @example t.text({ maxLength: 200 }).trusted()
 */
export const t = {
  /** The tenant key: a non-empty text that every key of the table begins with. */
  tenant: () => column<string, 'trusted'>({ kind: 'tenant' }, 'trusted'),
  uuid: () => column<string, 'trusted'>({ kind: 'uuid' }, 'trusted'),
  /** `maxLength` in characters (default 10,000); `pattern` is a POSIX and JavaScript compatible expression for the whole text. */
  text: (limits: { readonly maxLength?: number; readonly pattern?: string } = {}) =>
    column<string, 'untrusted'>(
      { kind: 'text', maxLength: limits.maxLength ?? 10_000, pattern: limits.pattern ?? null },
      'untrusted',
    ),
  boolean: () => column<boolean, 'trusted'>({ kind: 'boolean' }, 'trusted'),
  /** A whole number of 32 bits. */
  integer: (limits: { readonly minimum?: number; readonly maximum?: number } = {}) =>
    column<number, 'trusted'>(
      { kind: 'integer', minimum: limits.minimum ?? -integerLimit - 1, maximum: limits.maximum ?? integerLimit },
      'trusted',
    ),
  /** A whole number of 64 bits. */
  bigint: () => column<bigint, 'trusted'>({ kind: 'bigint' }, 'trusted'),
  /** An exact decimal number, as text with exactly `scale` decimals. */
  decimal: (size: { readonly precision: number; readonly scale: number }) =>
    column<string, 'trusted'>({ kind: 'decimal', ...size }, 'trusted'),
  /** Minor units with their currency; two columns in SQL. */
  money: () => column<Money, 'trusted'>({ kind: 'money' }, 'trusted'),
  /** A calendar day as `2026-03-01`. */
  date: () => column<string, 'trusted'>({ kind: 'date' }, 'trusted'),
  /** A moment, to the millisecond. */
  timestamp: () => column<Date, 'trusted'>({ kind: 'timestamp' }, 'trusted'),
  /** A JSON value whose form a Standard Schema gives. */
  json: <Output>(schema: StandardSchema<Output>) => column<Output, 'untrusted'>({ kind: 'json', schema }, 'untrusted'),
  enum: <const Values extends readonly [string, ...string[]]>(...values: Values) =>
    column<Values[number], 'trusted'>({ kind: 'enum', values }, 'trusted'),
  /** A status with its legal moves, `{ open: ['paid'], paid: [] }`; the database refuses others. */
  states: <const Moves extends Readonly<Record<string, readonly string[]>>>(moves: Moves) =>
    column<keyof Moves & string, 'trusted'>({ kind: 'states', moves }, 'trusted'),
}
