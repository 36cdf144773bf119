// Runs, their leases and their fences. A lease is time that a worker has; a fence is a number that only grows, so that
// whoever held an earlier one can write nothing more. Both use the database's clock.

import { randomUUID } from 'node:crypto'
import { PaybillError } from '../lib/errors.ts'
import type { SqlClient, SqlRow } from '../lib/sql.ts'
import { entrySeal } from './entry.ts'
import type { RunHold } from './append.ts'

export type RunState = 'alive' | 'finished' | 'failed' | 'parked'

/** A run as a worker has claimed it. `inbox` is how much others had sent by then. */
export type ClaimedRun = RunHold & {
  readonly workflow: string
  readonly version: number
  readonly graphHash: string
  readonly startedBy: string
  readonly agent: string | null
  readonly inbox: number
  readonly claims: number
}

/** Starts a run, once for each key: a second start with the same key answers the run that is already there. */
export async function runStart(
  client: SqlClient,
  payloadKey: Uint8Array,
  start: {
    readonly tenant: string
    readonly workflow: string
    readonly version: number
    readonly graphHash: string
    readonly key: string
    readonly startedBy: string
    readonly agent: string | null
    readonly at: Date
    readonly input: unknown
  },
): Promise<{ readonly runId: string; readonly isNew: boolean }> {
  const runId = randomUUID()
  const path = `${start.workflow}/${start.version}`
  const { graphHash, startedBy, agent, input } = start
  const payload = { graphHash, startedBy, agent, input }
  const sealed = entrySeal(payloadKey, {
    runId,
    tenant: start.tenant,
    number: 1,
    kind: 'run.started',
    path,
    at: start.at,
    payload,
  })
  const { count } = await client.query({
    name: 'paybill_run_start',
    text: `with run as (
  insert into paybill.run (id, tenant, workflow, version, graph_hash, key, started_by, agent)
  values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant, workflow, key) do nothing returning id, tenant),
lease as (insert into paybill.lease (run_id, worker, until) select id, '', '-infinity' from run returning run_id),
entry as (
  insert into paybill.entry (run_id, number, tenant, kind, path, at, payload_hmac, hash)
  select id, 1, tenant, 'run.started', $9, $10, $11, $12 from run returning run_id)
insert into paybill.payload (run_id, number, body) select run_id, 1, $13 from entry`,
    values: [
      runId,
      start.tenant,
      start.workflow,
      start.version,
      graphHash,
      start.key,
      startedBy,
      agent,
      path,
      sealed.at,
      sealed.payloadHmac,
      sealed.hash,
      sealed.body,
    ],
  })
  if (count === 1) return { runId, isNew: true }
  const { rows } = await client.query({
    text: 'select id from paybill.run where tenant = $1 and workflow = $2 and key = $3',
    values: [start.tenant, start.workflow, start.key],
  })
  const existing = rows[0]?.['id']
  if (existing === null || existing === undefined) throw new PaybillError('INTERNAL', 'a run with a taken key exists')
  return { runId: existing, isNew: false }
}

/** Claims up to `limit` runs that have something to do and nobody who does it. */
export async function runClaim(
  client: SqlClient,
  claim: { readonly worker: string; readonly leaseMs: number; readonly limit: number; readonly except: readonly string[] },
): Promise<readonly ClaimedRun[]> {
  const { rows } = await client.query({
    name: 'paybill_run_claim',
    // The lease row is locked beside the run, so that its new version is what a waiting claimer checks again.
    text: `with candidate as (
  select r.id from paybill.run r join paybill.lease l on l.run_id = r.id
  where r.state = 'alive' and r.ready and l.until < clock_timestamp() and not r.id = any($4::uuid[])
  order by r.created_at limit $3 for update of r, l skip locked),
claimed as (
  update paybill.run r set fence = r.fence + 1, claims = r.claims + 1 from candidate c where r.id = c.id
  returning r.id, r.tenant, r.fence, r.workflow, r.version, r.graph_hash, r.started_by, r.agent, r.inbox, r.claims),
leased as (
  update paybill.lease l set worker = $1, until = clock_timestamp() + $2 * interval '1 millisecond' from candidate c where l.run_id = c.id)
select * from claimed`,
    values: [claim.worker, claim.leaseMs, claim.limit, claim.except],
  })
  return rows.map(claimedRun)
}

function claimedRun(row: SqlRow): ClaimedRun {
  return {
    runId: row['id'] ?? '',
    tenant: row['tenant'] ?? '',
    fence: BigInt(row['fence'] ?? 0),
    workflow: row['workflow'] ?? '',
    version: Number(row['version']),
    graphHash: row['graph_hash'] ?? '',
    startedBy: row['started_by'] ?? '',
    agent: row['agent'] ?? null,
    inbox: Number(row['inbox']),
    claims: Number(row['claims']),
  }
}

/** Extends the leases of a worker. Answers the ids of the runs that it still holds. */
export async function leaseRenew(
  client: SqlClient,
  renewal: { readonly worker: string; readonly leaseMs: number; readonly runIds: readonly string[] },
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query({
    name: 'paybill_lease_renew',
    text: `update paybill.lease set until = clock_timestamp() + $2 * interval '1 millisecond'
where run_id = any($3::uuid[]) and worker = $1 returning run_id`,
    values: [renewal.worker, renewal.leaseMs, renewal.runIds],
  })
  return new Set(rows.map((row) => row['run_id'] ?? ''))
}

/** Lets a run rest until somebody sends something. Answers false where something was sent meanwhile, or the fence was lost. */
export async function runRest(client: SqlClient, hold: RunHold, seenInbox: number): Promise<boolean> {
  const { count } = await client.query({
    name: 'paybill_run_rest',
    text: `update paybill.run set ready = false, claims = 0 where id = $1 and fence = $2 and state = 'alive' and inbox = $3`,
    values: [hold.runId, hold.fence.toString(), seenInbox],
  })
  if (count === 0) return false
  await leaseRelease(client, hold)
  return true
}

/** How much others have sent to a run. Throws FENCE_LOST where another worker has it now: then there is nothing to read. */
export async function runInbox(client: SqlClient, hold: RunHold): Promise<number> {
  const { rows } = await client.query({
    name: 'paybill_run_inbox',
    text: `select inbox from paybill.run where id = $1 and fence = $2 and state = 'alive'`,
    values: [hold.runId, hold.fence.toString()],
  })
  const [row] = rows
  if (row === undefined) throw fenceLost(hold)
  return Number(row['inbox'])
}

/** Gives a run back that could not go on, without counting the claim: its worker lives, so the run did not kill it. */
export async function runGiveBack(client: SqlClient, hold: RunHold): Promise<void> {
  await runProgressed(client, hold)
  await leaseRelease(client, hold)
}

/** Forgets the claims before: the run goes on, so it is not one that kills its workers. */
export async function runProgressed(client: SqlClient, hold: RunHold): Promise<void> {
  await client.query({
    name: 'paybill_run_progressed',
    text: `update paybill.run set claims = 0 where id = $1 and fence = $2`,
    values: [hold.runId, hold.fence.toString()],
  })
}

/** Gives a lease back before its time, so that another worker need not wait for it. */
export async function leaseRelease(client: SqlClient, hold: RunHold): Promise<void> {
  await client.query({
    name: 'paybill_lease_release',
    text: `update paybill.lease l set until = '-infinity' from paybill.run r where l.run_id = $1 and r.id = l.run_id and r.fence = $2`,
    values: [hold.runId, hold.fence.toString()],
  })
}

/** Ends or parks a run under the writer's fence, in the transaction that wrote its last entry. */
export async function runEnd(
  client: SqlClient,
  hold: RunHold,
  end: { readonly state: Exclude<RunState, 'alive'>; readonly reason: string | null },
): Promise<void> {
  const { count } = await client.query({
    name: 'paybill_run_end',
    text: `update paybill.run set state = $3, reason = $4, ended_at = now() where id = $1 and fence = $2 and state = 'alive'`,
    values: [hold.runId, hold.fence.toString(), end.state, end.reason],
  })
  if (count !== 1) throw fenceLost(hold)
}

function fenceLost(hold: RunHold): PaybillError {
  return new PaybillError('FENCE_LOST', `run \`${hold.runId}\` is no longer held under fence ${hold.fence}`)
}

/** Tells a resting run that something has come for it. */
export async function runWake(client: SqlClient, runId: string): Promise<void> {
  await client.query({
    name: 'paybill_run_wake',
    text: `update paybill.run set ready = true, inbox = inbox + 1 where id = $1 and state = 'alive'`,
    values: [runId],
  })
}
