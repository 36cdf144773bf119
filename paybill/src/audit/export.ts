// The journal of a database as export lines, all of one moment, whoever writes meanwhile. Everything that the verifier
// needs, and nothing that is not in the database.

import { type Database, internals } from '../database/database.ts'
import type { SqlClient, SqlRow } from '../lib/sql.ts'
import type { Schema } from '../schema/table.ts'
import type { EntryLine, ExportLine, RunLine, SegmentLine } from './line.ts'

/**
 * Gives the lines of the whole journal to `read`, as they come out of the database. Ask for the newest heads before: the
 * journal that is read is then at least as long.
 *
 * @example await auditExport(database, (lines) => verifyExport(lines, { publicKey, heads }))
 */
export function auditExport<S extends Schema, R>(
  database: Database<S>,
  read: (lines: AsyncIterable<ExportLine>) => Promise<R>,
): Promise<R> {
  return internals(database).transaction((client) => read(journalLines(client, { payloads: true })))
}

/**
 * The lines of the journal, read in a transaction in which nothing was asked yet. It becomes a read-only one of a single
 * snapshot; it does not hold back the sealer.
 */
export async function* journalLines(client: SqlClient, options: { readonly payloads: boolean }): AsyncGenerator<ExportLine> {
  await client.query({ text: 'set transaction isolation level repeatable read, read only' })
  // Sorting a long journal takes longer than a statement of an application may.
  await client.query({ text: 'set local statement_timeout = 0' })
  let count = 0
  for await (const line of allLines(client, options)) {
    count += 1
    yield line
  }
  yield { line: 'end', lines: count }
}

async function* allLines(client: SqlClient, options: { readonly payloads: boolean }): AsyncGenerator<ExportLine> {
  const keys = await client.query({ text: 'select distinct key_id from paybill.segment order by key_id' })
  yield { line: 'header', format: 'paybill journal export 1', keys: keys.rows.map((row) => row['key_id'] ?? '') }
  const segments = segmentLines(client)
  let segment = await segments.next()
  for await (const row of cursorRows(client, { name: 'paybill_audit_entry', query: entryQuery(options), batch: 500 })) {
    const entry = entryLine(row, options)
    while (segment.done !== true && standsBefore(segment.value, entry)) {
      yield segment.value
      segment = await segments.next()
    }
    if (entry.number === 1 && row['run_tenant'] !== null) yield runLine(row)
    yield entry
  }
  while (segment.done !== true) {
    yield segment.value
    segment = await segments.next()
  }
  for await (const row of cursorRows(client, { name: 'paybill_audit_run', query: runsWithoutStart, batch: 500 }))
    yield runLine(row)
}

// Segments and entries come from two cursors and are merged in this order.
function standsBefore(segment: SegmentLine, entry: EntryLine): boolean {
  const order = Buffer.compare(Buffer.from(segment.tenant), Buffer.from(entry.tenant))
  return order < 0 || (order === 0 && segment.number <= (entry.segment ?? Infinity))
}

async function* segmentLines(client: SqlClient): AsyncGenerator<SegmentLine, undefined> {
  for await (const row of cursorRows(client, { name: 'paybill_audit_segment', query: segmentQuery, batch: 50 }))
    yield segmentLine(row)
}

const isoTime = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const segmentQuery = `select tenant, number, low, high, entries, encode(leaves, 'hex') as leaves, encode(root, 'hex') as root,
  encode(previous, 'hex') as previous, key_id, encode(hash, 'hex') as hash, encode(signature, 'hex') as signature, ${isoTime('at')} as at
from paybill.segment order by tenant collate "C", number`

// The segment of an entry is the last one that begins at or below its transaction, if it also ends above it.
const entryQuery = (options: {
  readonly payloads: boolean
}): string => `select e.tenant, held.number as segment, e.run_id, e.number, e.kind, e.path,
  ${isoTime('e.at')} as at, encode(e.payload_hmac, 'hex') as payload_hmac, encode(e.hash, 'hex') as hash, ${options.payloads ? 'p.body' : 'null as body'},
  r.tenant as run_tenant, r.workflow, r.version, r.state
from paybill.entry e
left join lateral (select case when e.xid < s.high then s.number end as number from paybill.segment s
                   where s.tenant = e.tenant and s.low <= e.xid order by s.low desc limit 1) held on true
left join paybill.run r on e.number = 1 and r.id = e.run_id
${options.payloads ? 'left join paybill.payload p on p.run_id = e.run_id and p.number = e.number' : ''}
order by e.tenant collate "C", held.number nulls last, e.run_id, e.number`

const runsWithoutStart = `select r.id as run_id, r.tenant as run_tenant, r.workflow, r.version, r.state from paybill.run r
where not exists (select from paybill.entry e where e.run_id = r.id and e.number = 1) order by r.tenant collate "C", r.id`

async function* cursorRows(
  client: SqlClient,
  cursor: { readonly name: string; readonly query: string; readonly batch: number },
): AsyncGenerator<SqlRow> {
  await client.query({ text: `declare ${cursor.name} no scroll cursor for ${cursor.query}` })
  for (;;) {
    const { rows } = await client.query({ text: `fetch ${cursor.batch} from ${cursor.name}` })
    yield* rows
    if (rows.length < cursor.batch) return
  }
}

function segmentLine(row: SqlRow): SegmentLine {
  return {
    line: 'segment',
    tenant: row['tenant'] ?? '',
    number: Number(row['number']),
    low: row['low'] ?? '',
    high: row['high'] ?? '',
    entries: Number(row['entries']),
    leaves: row['leaves'] ?? '',
    root: row['root'] ?? '',
    previous: row['previous'] ?? '',
    keyId: row['key_id'] ?? '',
    hash: row['hash'] ?? '',
    signature: row['signature'] ?? '',
    at: row['at'] ?? '',
  }
}

function runLine(row: SqlRow): RunLine {
  return {
    line: 'run',
    tenant: row['run_tenant'] ?? '',
    id: row['run_id'] ?? '',
    workflow: row['workflow'] ?? '',
    version: Number(row['version']),
    state: row['state'] ?? '',
  }
}

function entryLine(row: SqlRow, options: { readonly payloads: boolean }): EntryLine {
  return {
    line: 'entry',
    tenant: row['tenant'] ?? '',
    segment: row['segment'] === null ? null : Number(row['segment']),
    run: row['run_id'] ?? '',
    number: Number(row['number']),
    kind: row['kind'] ?? '',
    path: row['path'] ?? '',
    at: row['at'] ?? '',
    payloadHmac: row['payload_hmac'] ?? '',
    hash: row['hash'] ?? '',
    ...(options.payloads ? { payload: row['body'] ?? null } : {}),
  }
}
