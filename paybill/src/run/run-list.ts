// Runs as people look at them.

import type { RunState } from '../journal/run-store.ts'
import { PaybillError } from '../lib/errors.ts'
import type { SqlClient, SqlRow } from '../lib/sql.ts'

export type RunRow = {
  readonly id: string
  readonly workflow: string
  readonly version: number
  readonly state: RunState
  /** Alive, and nothing to do until a person decides. */
  readonly waiting: boolean
  readonly reason: string | null
  readonly startedBy: string
  readonly createdAt: Date
  readonly endedAt: Date | null
}

const columns = `id, workflow, version, state, ready, reason, started_by, extract(epoch from created_at) as created_at, extract(epoch from ended_at) as ended_at`

/** The newest runs of a tenant, at most 200. */
export async function runList(client: SqlClient, tenant: string): Promise<readonly RunRow[]> {
  const { rows } = await client.query({
    name: 'paybill_run_list',
    text: `select ${columns} from paybill.run where tenant = $1 order by created_at desc, id limit 200`,
    values: [tenant],
  })
  return rows.map(readRun)
}

/** One run. Throws NOT_FOUND, also where it belongs to another tenant. */
export async function runFetch(client: SqlClient, tenant: string, id: string): Promise<RunRow> {
  const { rows } = await client.query({
    name: 'paybill_run_fetch',
    text: `select ${columns} from paybill.run where tenant = $1 and id::text = $2`,
    values: [tenant, id],
  })
  if (rows[0] === undefined) throw new PaybillError('NOT_FOUND', `there is no run \`${id}\``)
  return readRun(rows[0])
}

function readRun(row: SqlRow): RunRow {
  const state = (row['state'] ?? 'parked') as RunState // the column's check allows exactly these
  return {
    id: row['id'] ?? '',
    workflow: row['workflow'] ?? '',
    version: Number(row['version']),
    state,
    waiting: state === 'alive' && row['ready'] !== 't',
    reason: row['reason'] ?? null,
    startedBy: row['started_by'] ?? '',
    createdAt: new Date(Number(row['created_at']) * 1000),
    endedAt: row['ended_at'] === null || row['ended_at'] === undefined ? null : new Date(Number(row['ended_at']) * 1000),
  }
}
