// Appending to a run's history. INVARIANT: an entry is only written while the run row is locked for share and the fence
// is the writer's; a worker that was paused and replaced cannot write, however late it wakes.

import { PaybillError } from '../lib/errors.ts'
import type { SqlClient, SqlRow } from '../lib/sql.ts'
import { decodePayload, type Entry, type EntryKind, entrySeal, isEntryKind, type Payload, payloadHmac } from './entry.ts'

/** The writer's hold on a run: which run, under which fence. */
export type RunHold = { readonly runId: string; readonly tenant: string; readonly fence: bigint }

/** Appends one entry in the given transaction. Throws FENCE_LOST where another worker has taken the run over, or it has ended. */
export async function entryAppend(
  client: SqlClient,
  payloadKey: Uint8Array,
  hold: RunHold,
  entry: {
    readonly number: number
    readonly kind: EntryKind
    readonly path: string
    readonly at: Date
    readonly payload: Payload
  },
): Promise<void> {
  const sealed = entrySeal(payloadKey, { ...entry, runId: hold.runId, tenant: hold.tenant })
  const { count } = await client.query({
    name: 'paybill_entry_append',
    text: `with held as (select id, tenant from paybill.run where id = $1 and fence = $2 and state = 'alive' for share),
written as (
  insert into paybill.entry (run_id, number, tenant, kind, path, at, payload_hmac, hash)
  select id, $3, tenant, $4, $5, $6, $7, $8 from held returning run_id, number)
insert into paybill.payload (run_id, number, body) select run_id, number, $9 from written`,
    values: [
      hold.runId,
      hold.fence.toString(),
      sealed.number,
      sealed.kind,
      sealed.path,
      sealed.at,
      sealed.payloadHmac,
      sealed.hash,
      sealed.body,
    ],
  })
  if (count !== 1) throw new PaybillError('FENCE_LOST', `run \`${hold.runId}\` is no longer held under fence ${hold.fence}`)
}

/** The history of a run in order. Throws JOURNAL_BROKEN where an entry is missing or its payload does not belong to it. */
export async function entryList(client: SqlClient, payloadKey: Uint8Array, runId: string): Promise<readonly Entry[]> {
  const { rows } = await client.query({
    name: 'paybill_entry_list',
    text: `select e.number, e.kind, e.path, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, encode(e.payload_hmac, 'hex') as payload_hmac, p.body
from paybill.entry e left join paybill.payload p on p.run_id = e.run_id and p.number = e.number
where e.run_id = $1 order by e.number`,
    values: [runId],
  })
  return rows.map((row, index) => readEntry(row, payloadKey, { runId, number: index + 1 }))
}

function readEntry(row: SqlRow, payloadKey: Uint8Array, place: { readonly runId: string; readonly number: number }): Entry {
  const { kind, path, at, body } = row
  if (Number(row['number']) !== place.number)
    throw new PaybillError('JOURNAL_BROKEN', `entry ${place.number} of run \`${place.runId}\` is missing`)
  if (kind === null || kind === undefined || !isEntryKind(kind))
    throw new PaybillError('JOURNAL_BROKEN', `entry ${place.number} of run \`${place.runId}\` is of an unknown kind`)
  if (typeof body !== 'string' || payloadHmac(payloadKey, place, body).toString('hex') !== row['payload_hmac'])
    throw new PaybillError(
      'JOURNAL_BROKEN',
      `the payload of entry ${place.number} of run \`${place.runId}\` is not the one that was written`,
    )
  return { number: place.number, kind, path: path ?? '', at: new Date(at ?? ''), payload: decodePayload(body) }
}
