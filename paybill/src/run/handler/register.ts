// The row that an approval's choices were made from, as it is now: an account number says little, the name that the
// register has beside it says who is paid.

import type { Choice } from '../../action/accepts.ts'
import type { Action } from '../../action/action.ts'
import type { Approval } from '../../invoke/approval-store.ts'
import { PaybillError } from '../../lib/errors.ts'
import type { Schema } from '../../schema/table.ts'
import type { Runtime } from '../runtime.ts'
import { valueText } from './value.ts'
import type { Viewer } from '../viewer.ts'

/** What the viewer may read of the chosen row: `cells` is null where no row has these values any more. */
export type RegisterView = {
  readonly table: string
  readonly cells: readonly { readonly name: string; readonly value: string }[] | null
}

/** One for each table that values were chosen from and whose row can be told by them. */
export async function registerViews(
  runtime: Pick<Runtime, 'rules' | 'transaction'>,
  viewer: Viewer,
  action: Action | null,
  approval: Approval,
): Promise<readonly RegisterView[]> {
  const { schema } = runtime.rules
  if (action === null) return []
  const choices = Object.entries(action.accepts).flatMap(([argument, accepts]) =>
    accepts.kind === 'choice' ? [{ argument, choice: accepts }] : [],
  )
  const identity = { principal: viewer.principal, purpose: 'approval page' }
  const views: RegisterView[] = []
  for (const [table, chosen] of Map.groupBy(choices, (each) => each.choice.table)) {
    const where = conditionOf(schema, table, chosen, approval)
    const select = readableFields(schema, viewer, table)
    if (where === null || select.length === 0) continue
    const rows = await findRows(() =>
      runtime.transaction(async (tx) => (await tx.session(identity)[table]?.findMany({ where, select, limit: 2 })) ?? []),
    )
    if (rows === null || rows.length > 1) continue
    const [row] = rows
    const cells = row === undefined ? null : Object.entries(row).map(([name, value]) => ({ name, value: valueText(value) }))
    views.push({ table, cells })
  }
  return views
}

// A page without this row is still a page; a person who may not read it sees the rest.
async function findRows(find: () => Promise<readonly object[]>): Promise<readonly object[] | null> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof PaybillError && error.status < 500) return null
    throw error
  }
}

const plainKinds: ReadonlySet<string> = new Set(['text', 'uuid', 'enum', 'states', 'date'])

// Null where a value would have to be converted to be compared: the page then does without the row.
function conditionOf(
  schema: Schema,
  table: string,
  chosen: readonly { readonly argument: string; readonly choice: Choice }[],
  approval: Approval,
): Record<string, string> | null {
  const where: Record<string, string> = {}
  for (const { argument, choice } of chosen)
    for (const [column, name] of [[choice.column, argument] as const, ...Object.entries(choice.where)]) {
      const value = approval.shown.find((shown) => shown.name === name)?.value
      const kind = schema.tables[table]?.columns[column]?.type.kind
      if (value === undefined || kind === undefined || !plainKinds.has(kind)) return null
      // Two arguments that must be in one column and differ were refused before anybody was asked.
      where[column] = value
    }
  return where
}

function readableFields(schema: Schema, viewer: Viewer, table: string): readonly string[] {
  const columns = Object.entries(schema.tables[table]?.columns ?? {})
  return columns.flatMap(([field, column]) =>
    column.trust === 'trusted' && column.type.kind !== 'tenant' && viewer.reads(table, field) ? [field] : [],
  )
}
