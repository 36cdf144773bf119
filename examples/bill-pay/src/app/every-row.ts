// Every row that meets a condition, however many there are. A session gives at most 1,000 at a time, so they are read page by
// page in the order of a key.

import type { FieldName, Selected, TableSession, Where } from 'paybill/database'
import type { Table } from 'paybill/schema'

const rowsPerPage = 1_000

/** Fields whose cells are plain values: a labelled one cannot stand in a condition. */
type PlainField<T extends Table> = {
  [K in FieldName<T>]: T['columns'][K]['trust'] extends 'trusted' ? K : never
}[FieldName<T>]

/**
 * The selected fields of all rows, in the order of `key`. No two rows that meet the condition may have the same key.
 *
 * @example await everyRow(session.invoice, { key: 'file', select: ['file', 'decision'] })
 */
export async function everyRow<T extends Table, F extends FieldName<T>>(
  table: TableSession<T>,
  query: { readonly key: F & PlainField<T>; readonly select: readonly F[]; readonly where?: Where<T> },
): Promise<readonly Selected<T, F>[]> {
  const { key, select, where } = query
  const rows: Selected<T, F>[] = []
  for (;;) {
    const last = rows.at(-1)
    // `key` is a field of this table, and the value after which the next page begins came out of that very field.
    const after = (last === undefined ? {} : { [key]: { gt: last[key] } }) as Where<T>
    const orderBy = { [key]: 'asc' } as { readonly [K in FieldName<T>]?: 'asc' }
    const page = await table.findMany({
      select,
      orderBy,
      limit: rowsPerPage,
      where: where === undefined ? after : { and: [where, after] },
    })
    rows.push(...page)
    if (page.length < rowsPerPage) return rows
  }
}
