// A case: rules over a schema with rows in it, somebody, and a statement of his.

import type { Subject } from '../../src/acl/principal.ts'
import type { Rules } from '../../src/acl/rules.ts'
import type { NaiveRow, NaiveWorld } from './naive.ts'

/** A statement on one table, without a condition of its own: it is about every row, or about rows that it would make. */
export type Statement =
  | { readonly action: 'read'; readonly table: string; readonly fields: readonly string[] }
  | { readonly action: 'delete'; readonly table: string; readonly fields: readonly [] }
  | { readonly action: 'update'; readonly table: string; readonly fields: readonly string[]; readonly set: NaiveRow }
  | { readonly action: 'create'; readonly table: string; readonly fields: readonly string[]; readonly rows: readonly NaiveRow[] }

export type Asked = {
  readonly rules: Rules
  readonly world: NaiveWorld
  readonly subject: Subject
  readonly now: Date
  readonly statements: readonly Statement[]
}

/** The name of a row in its table. Every generated table has an `id`; the same ids are used in all tenants. */
export function keyOf(row: NaiveRow): string {
  const { tenant = '', id } = row
  return `${String(tenant)}/${String(id)}`
}
