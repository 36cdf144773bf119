// Whose rows a table holds, and the journal's tables by that. Not all of those say it themselves: some rows belong to a run,
// and the run says it.

import { quoteName } from 'paybill/schema'

/** Of tenants, by the table's own column or by the rows that its rows belong to; or everybody's. `tenant` is SQL. */
export type TenantRows =
  | { readonly of: 'tenant'; readonly hasColumn: boolean; readonly condition: (tenant: string) => string }
  | { readonly of: 'all' }

export const ownRows: TenantRows = { of: 'tenant', hasColumn: true, condition: (tenant) => `"tenant" = ${tenant}` }

const rowsOfRun: TenantRows = {
  of: 'tenant',
  hasColumn: false,
  condition: (tenant) => `"run_id" in (select id from paybill.run where tenant = ${tenant})`,
}

/**
 * How a column is read for a copy, and written again out of it. What an entry says of the transaction that wrote it means
 * something on its own server only, and the sealer takes up what lies behind its last segment: an entry that was not
 * sealed yet comes back as one of the transaction that brings it back.
 */
export function copyOf(table: string, column: string): { readonly read: (tenant: string) => string; readonly restored: string } {
  const name = quoteName(column)
  if (table !== 'paybill.entry' || column !== 'xid') return { read: () => name, restored: name }
  return {
    read: (tenant) => `case when "xid" < (select max(high) from paybill.segment where tenant = ${tenant}) then "xid" end`,
    restored: 'coalesce("xid", pg_current_xact_id())',
  }
}

/** Every table of the journal. A test compares the list with what `journalTables` of the framework makes. */
export const journalRows: ReadonlyMap<string, TenantRows> = new Map([
  ['paybill.run', ownRows],
  ['paybill.entry', ownRows],
  ['paybill.segment', ownRows],
  ['paybill.budget', ownRows],
  ['paybill.approval', ownRows],
  ['paybill.lease', rowsOfRun],
  ['paybill.payload', rowsOfRun],
  ['paybill.attempt', rowsOfRun],
])
