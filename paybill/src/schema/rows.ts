// Row, insert and update types by inference from a table: no code generation, one source.

import type { Labeled, MaybeLabeled } from '../label/labeled.ts'
import type { Column } from './column.ts'
import type { Columns, Schema, Table } from './table.ts'

/** What TypeScript sees in a cell: a plain value where the column is trusted, a labelled one where it is not. */
export type Cell<C extends Column> = C['trust'] extends 'trusted' ? C['$value'] : Labeled<C['$value']>

type ColumnsOf<T extends Table> = T['columns']

/** A whole row. */
export type Row<T extends Table> = { readonly [K in keyof ColumnsOf<T>]: Cell<ColumnsOf<T>[K]> }

/** What a cell may be set to: any value; a trusted column refuses labelled values that strangers could have written. */
type Settable<C extends Column> = C['trust'] extends 'trusted' ? C['$value'] : MaybeLabeled<C['$value']>

type OptionalKeys<C extends Columns> = {
  [K in keyof C]: C[K]['isNullable'] extends true ? K : C[K]['defaultTo'] extends { kind: string } ? K : never
}[keyof C]

/** What an insert takes. The tenant comes from the principal and is never given. */
export type Insert<T extends Table> = {
  readonly [K in Exclude<keyof ColumnsOf<T>, OptionalKeys<ColumnsOf<T>> | 'tenant'>]: Settable<ColumnsOf<T>[K]>
} & {
  readonly [K in Exclude<OptionalKeys<ColumnsOf<T>>, 'tenant'>]?: Settable<ColumnsOf<T>[K]>
}

/** What an update sets. */
export type Update<T extends Table> = {
  readonly [K in Exclude<keyof ColumnsOf<T>, 'tenant'>]?: Settable<ColumnsOf<T>[K]>
}

export type TableName<S extends Schema> = keyof S['tables'] & string
