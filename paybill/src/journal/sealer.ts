// Seals what is committed: for each tenant a signed segment over the entries of transactions that can no longer change.
//
// INVARIANT: an entry is sealed once and none is skipped. The bound is the oldest transaction that is still writing
// anywhere in the cluster, read in the same snapshot as the entries; a cursor over a sequence would lose those that commit
// late. One sealer works at a time, held apart by an advisory lock of the database.
//
// INVARIANT: heads never fall more than one pass behind and never run ahead. They are published after the commit, under
// the lock, and every pass first publishes what the one before could not. A crash leaves the database ahead of its heads,
// which verifies; a database behind its heads was put back, and is not sealed on.

import { PaybillError } from '../lib/errors.ts'
import type { SqlClient, SqlRow } from '../lib/sql.ts'
import type { Head, Heads } from './heads.ts'
import type { Keys } from './keys.ts'
import { isSignedBy, type Leaf, noSegment, type Segment, segmentHash, segmentSeal } from './segment.ts'

/** Runs work in a transaction of its own, at the isolation level READ COMMITTED. */
export type InTransaction = <R>(work: (client: SqlClient) => Promise<R>) => Promise<R>

export type SealKit = { readonly keys: Keys; readonly heads: Heads }

export type SealPass = {
  readonly segments: number
  readonly entries: number
  /** How long the oldest entry above the horizon has waited: a transaction that is still writing holds it back. */
  readonly lagMs: number
  /** Whether the pass stopped at its limit, so that another finds more at once. */
  readonly isFull: boolean
}

/**
 * Seals one pass, at most about 20,000 entries, and publishes the new heads. Throws JOURNAL_BROKEN where the database is
 * behind its heads or its last segment was not signed with this key.
 */
export async function sealPass(inTransaction: InTransaction, { keys, heads }: SealKit): Promise<SealPass> {
  const pass = await inTransaction(async (client) => {
    await lock(client)
    await publishHeads(client, { keys, heads })
    return sealEntries(client, { keys, published: await heads.newest() })
  })
  if (pass.segments > 0)
    await inTransaction(async (client) => {
      await lock(client)
      await publishHeads(client, { keys, heads })
    })
  return pass
}

const passLimit = 20_000

async function lock(client: SqlClient): Promise<void> {
  await client.query({ text: `select pg_advisory_xact_lock(hashtextextended('paybill sealer', 0))` })
}

// Only the segments of the last pass can be unpublished, and they are the ones with the highest bound.
async function publishHeads(client: SqlClient, { keys, heads }: SealKit): Promise<void> {
  const published = await heads.newest()
  const { rows } = await client.query({
    text: `select ${segmentColumns} from paybill.segment s where s.high = (select max(high) from paybill.segment) order by s.tenant`,
  })
  const last = rows.map(sealedSegment)
  for (const segment of last) requireContinued(segment, published.get(segment.tenant))
  const unpublished = last.filter((segment) => segment.number !== published.get(segment.tenant)?.number)
  // What the database says is not vouched for before its signature is seen.
  for (const segment of unpublished) requireOwn(segment, keys)
  if (unpublished.length > 0) await heads.publish(unpublished)
}

type SealedSegment = Omit<Segment, 'leaves'>

async function sealEntries(
  client: SqlClient,
  { keys, published }: { readonly keys: Keys; readonly published: ReadonlyMap<string, Head> },
): Promise<SealPass> {
  const low = await lowerBound(client)
  const { rows } = await client.query({ text: ripeEntries, values: [low] })
  const { high = low, horizon = low, at, lag_ms: lagMs } = rows[0] ?? {}
  if (BigInt(horizon ?? 0) < BigInt(low))
    throw new PaybillError(
      'JOURNAL_BROKEN',
      `transaction ids of this server end at ${horizon}, and the journal is sealed up to ${low}: it was moved here without setting them anew`,
    )
  const found = rows.filter((row) => row['tenant'] !== null)
  const ends = await chainEnds(client, [...new Set(found.map((row) => row['tenant'] ?? ''))])
  const byTenant = Map.groupBy(found, (row) => row['tenant'] ?? '')
  for (const [tenant, entries] of byTenant) {
    const end = ends.get(tenant)
    requireContinued(end ?? { tenant, number: 0, hash: noSegment }, published.get(tenant))
    if (end !== undefined) requireOwn(end, keys)
    await segmentInsert(
      client,
      segmentSeal(keys, {
        tenant,
        number: (end?.number ?? 0) + 1,
        low: end?.high ?? '0',
        high: high ?? low,
        previous: end?.hash ?? noSegment,
        at: at ?? '',
        leaves: entries.map(leaf),
      }),
    )
  }
  return { segments: byTenant.size, entries: found.length, lagMs: Math.max(0, Number(lagMs ?? 0)), isFull: high !== horizon }
}

// Every pass seals all tenants up to one bound, so the highest bound of all is where the next pass begins for everybody.
async function lowerBound(client: SqlClient): Promise<string> {
  const { rows } = await client.query({ text: `select coalesce(max(high), '0'::xid8) as low from paybill.segment` })
  return rows[0]?.['low'] ?? '0'
}

// One statement, so that the horizon and the entries are of one snapshot. A pass that would be too large ends behind the
// transaction of the entry at its limit. The database's clock is compared with that of the writers.
const ripeEntries = `with horizon as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as x),
bound as materialized (
  select coalesce((select (e.xid::text::bigint + 1)::text::xid8 from paybill.entry e where e.xid >= $1::text::xid8 and e.xid < h.x
                   order by e.xid offset ${passLimit} limit 1), h.x) as high
  from horizon h)
select b.high, h.x as horizon, to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
  (select round(extract(epoch from clock_timestamp() - min(w.at)) * 1000) from paybill.entry w where w.xid >= h.x) as lag_ms,
  e.tenant, e.run_id, e.number, encode(e.hash, 'hex') as hash
from bound b cross join horizon h left join paybill.entry e on e.xid >= $1::text::xid8 and e.xid < b.high
order by e.tenant, e.run_id, e.number`

const segmentColumns = `s.tenant, s.number, s.low, s.high, s.entries, encode(s.root, 'hex') as root, encode(s.previous, 'hex') as previous,
  s.key_id, to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, encode(s.hash, 'hex') as hash, encode(s.signature, 'hex') as signature`

async function chainEnds(client: SqlClient, tenants: readonly string[]): Promise<ReadonlyMap<string, SealedSegment>> {
  const { rows } = await client.query({
    text: `select ${segmentColumns} from unnest($1::text[]) as asked (tenant)
cross join lateral (select * from paybill.segment s where s.tenant = asked.tenant order by s.number desc limit 1) s`,
    values: [tenants],
  })
  return new Map(rows.map(sealedSegment).map((segment) => [segment.tenant, segment]))
}

async function segmentInsert(client: SqlClient, segment: Segment): Promise<void> {
  const { tenant, number, low, high, entries, leaves, keyId, at } = segment
  const [root, previous, hash, signature] = [segment.root, segment.previous, segment.hash, segment.signature].map((hex) =>
    Buffer.from(hex, 'hex'),
  )
  await client.query({
    text: `insert into paybill.segment (tenant, number, low, high, entries, leaves, root, previous, key_id, hash, signature, at)
values ($1, $2, $3::text::xid8, $4::text::xid8, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      tenant,
      number,
      low,
      high,
      entries,
      leaves,
      root ?? null,
      previous ?? null,
      keyId,
      hash ?? null,
      signature ?? null,
      at,
    ],
  })
}

function requireContinued(end: Head, head: Head | undefined): void {
  if (head === undefined || end.number > head.number || (end.number === head.number && end.hash === head.hash)) return
  throw new PaybillError(
    'JOURNAL_BROKEN',
    `segment ${head.number} of tenant \`${head.tenant}\` was published and the database ends at segment ${end.number}, or at another one: it was put back to an earlier state`,
  )
}

function requireOwn(segment: SealedSegment, keys: Keys): void {
  if (segmentHash(segment) === segment.hash && isSignedBy(keys.publicKey, segment)) return
  throw new PaybillError(
    'JOURNAL_BROKEN',
    `segment ${segment.number} of tenant \`${segment.tenant}\` was changed or not signed with key \`${keys.keyId}\`: it is not sealed on`,
  )
}

function leaf(row: SqlRow): Leaf {
  return { runId: row['run_id'] ?? '', number: Number(row['number']), hash: Buffer.from(row['hash'] ?? '', 'hex') }
}

function sealedSegment(row: SqlRow): SealedSegment {
  return {
    tenant: row['tenant'] ?? '',
    number: Number(row['number']),
    low: row['low'] ?? '',
    high: row['high'] ?? '',
    entries: Number(row['entries']),
    root: row['root'] ?? '',
    previous: row['previous'] ?? '',
    keyId: row['key_id'] ?? '',
    at: row['at'] ?? '',
    hash: row['hash'] ?? '',
    signature: row['signature'] ?? '',
  }
}
