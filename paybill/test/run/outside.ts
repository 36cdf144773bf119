// The view from outside the product: SQL as the server's own user, whom no rule and no session holds. Tests and proofs
// look through it at what is really there, and use it for what only the passing of time or another program would do.

import { Client } from 'pg'
import { roleNames } from '../../src/migrate/roles.ts'
import { quoteName } from '../../src/schema/names.ts'

/** Runs one statement as the server's own user. */
export async function asServerUser(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

/** The same server, another database. */
export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Drops a prepared database and its roles, which belong to the server and outlive it. */
export async function dropPrepared(serverUrl: string, name: string): Promise<void> {
  const roles = roleNames(name)
  await asServerUser(serverUrl, `drop database if exists ${quoteName(name)} with (force)`)
  await asServerUser(serverUrl, `drop role if exists ${quoteName(roles.owner)}, ${quoteName(roles.application)}`)
}

/** A statement that writes runs which have ended, a hundred of them at each moment, for lists that are longer than a page. */
export function endedRuns(tenant: string, count: number): string {
  return `insert into paybill.run (id, tenant, workflow, version, graph_hash, key, started_by, state, ready, created_at)
select gen_random_uuid(), '${tenant}', 'desk', 1, 'none', gen_random_uuid()::text, 'ann',
  (array['finished', 'failed', 'parked'])[1 + n % 3], false, now() - interval '1 second' * (n / 100)
from generate_series(1, ${count}) n`
}

/** A statement that writes approvals which wait in a run. */
export function waitingApprovals(tenant: string, runId: string, count: number): string {
  return `insert into paybill.approval (id, tenant, run_id, path, right_needed, subject, version, values_hash, label_hash, shown, reasons,
  requested_by, created_at, expires_at)
select gen_random_uuid(), '${tenant}', '${runId}', 'desk/1/send[' || n || ']', 'approve:cash.pay', 'cash.pay', 1, '', '', '[]', '[]',
  'ann', now() - interval '1 second' * (n / 100), now() + interval '1 hour'
from generate_series(1, ${count}) n`
}
