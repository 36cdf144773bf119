// What the verbs of a session take and give, as types. Everything follows from the schema.

import type { Labeled, MaybeLabeled } from '../label/labeled.ts'
import type { Column } from '../schema/column.ts'
import type { Insert, Row, Update } from '../schema/rows.ts'
import type { Table } from '../schema/table.ts'

export type FieldName<T extends Table> = keyof T['columns'] & string

/** The selected fields of a row. */
export type Selected<T extends Table, F extends FieldName<T>> = { readonly [K in F]: Row<T>[K] }

/** Fields that conditions and orders may use: json has no order, and no equality worth relying on. */
type Comparable<C extends Column> = Exclude<C['$value'], null>

/** A test of one field: a value to equal, or operators that must all hold. NULL meets `isNull` and `eq: null` only. */
export type Test<C extends Column> =
  | C['$value']
  | {
      readonly eq?: C['$value']
      readonly ne?: C['$value']
      readonly lt?: Comparable<C>
      readonly le?: Comparable<C>
      readonly gt?: Comparable<C>
      readonly ge?: Comparable<C>
      readonly in?: readonly Comparable<C>[]
      readonly isNull?: boolean
    }

/**
 * Which rows. Fields named together must all hold.
 *
 * @example { status: 'open', due: { lt: '2026-03-01' }, or: [{ amount: { gt: limit } }, { note: { isNull: true } }] }
 */
export type Where<T extends Table> = { readonly [K in FieldName<T>]?: Test<T['columns'][K]> } & {
  readonly and?: readonly Where<T>[]
  readonly or?: readonly Where<T>[]
  readonly not?: Where<T>
}

export type Direction = 'asc' | 'desc'

export type FindQuery<T extends Table, F extends FieldName<T>> = {
  readonly where?: Where<T>
  /** Every field of the table where omitted. */
  readonly select?: readonly F[]
  /** The first named field counts most. */
  readonly orderBy?: { readonly [K in FieldName<T>]?: Direction }
  /**
   * A page of at most so many rows, from 1 to 1,000. Without it, more rows than 1,000, or than the limit of the rules, are an
   * error, not a page. Whoever needs more asks for pages in the order of a key: `where: { id: { gt: last } }`.
   */
  readonly limit?: number
}

/** One table, as far as the identity of the session may see and change it. */
export type TableSession<T extends Table> = {
  findMany<F extends FieldName<T> = FieldName<T>>(query?: FindQuery<T, F>): Promise<readonly Selected<T, F>[]>
  findFirst<F extends FieldName<T> = FieldName<T>>(query?: Omit<FindQuery<T, F>, 'limit'>): Promise<Selected<T, F> | null>
  count(query?: { readonly where?: Where<T> }): Promise<number>
  insert(values: Insert<T>): Promise<void>
  insert<F extends FieldName<T>>(values: Insert<T>, options: { readonly returning: readonly F[] }): Promise<Selected<T, F>>
  /** `maxRows` (default 100): more rows that meet the condition end the statement, and none is changed. */
  update(change: {
    readonly where: Where<T>
    readonly set: Update<T>
    readonly maxRows?: number
  }): Promise<{ readonly count: number }>
  delete(change: { readonly where: Where<T>; readonly maxRows?: number }): Promise<{ readonly count: number }>
  /**
   * Looks one row up by keys that strangers may have written. Every cell of the answer is labelled with how much they
   * could choose: which of the rows, and nothing else.
   */
  choose<F extends FieldName<T>>(choice: {
    readonly by: { readonly [K in FieldName<T>]?: MaybeLabeled<Comparable<T['columns'][K]>> }
    readonly select: readonly F[]
  }): Promise<Chosen<T, F> | null>
}

/** A row found by an untrusted key: every cell is labelled, of trusted columns too. */
export type Chosen<T extends Table, F extends FieldName<T>> = { readonly [K in F]: Labeled<T['columns'][K]['$value']> }
