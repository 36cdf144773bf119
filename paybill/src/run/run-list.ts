// Runs as people look at them.

import type { RunState } from '../journal/run-store.ts'
import { PaybillError } from '../lib/errors.ts'
import type { SqlClient, SqlRow } from '../lib/sql.ts'
import { uuidOrNull } from '../lib/uuid.ts'

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

/**
 * A page of a tenant's runs, newest first, in the given states (null: in any). Throws ARGUMENT_INVALID where `after` is
 * not the id of a run of the tenant.
 */
export async function runList(
  client: SqlClient,
  list: {
    readonly tenant: string
    readonly states: readonly RunState[] | null
    readonly after: string | null
    readonly limit: number
  },
): Promise<readonly RunRow[]> {
  const { tenant, states, after, limit } = list
  if (after !== null && (await findRun(client, tenant, after)) === null)
    throw new PaybillError('ARGUMENT_INVALID', `\`after\` is \`${after}\`, which is the id of no run`, {
      shown: '`after` is the id of no run',
    })
  const { rows } = await client.query({
    name: 'paybill_run_list',
    text: `select ${columns} from paybill.run where tenant = $1 and ($2::text[] is null or state = any($2))
and ($3::uuid is null or (created_at, id) < (select created_at, id from paybill.run where id = $3))
order by created_at desc, id desc limit $4`,
    values: [tenant, states, after, limit],
  })
  return rows.map(readRun)
}

/** One run. Throws NOT_FOUND, also where it belongs to another tenant. */
export async function runFetch(client: SqlClient, tenant: string, id: string): Promise<RunRow> {
  const run = await findRun(client, tenant, id)
  if (run === null) throw new PaybillError('NOT_FOUND', `there is no run \`${id}\``)
  return run
}

/** The run of a tenant that was started with a key, or null. */
export async function runFind(
  client: SqlClient,
  of: { readonly tenant: string; readonly workflow: string; readonly key: string },
): Promise<RunRow | null> {
  const { rows } = await client.query({
    name: 'paybill_run_find',
    text: `select ${columns} from paybill.run where tenant = $1 and workflow = $2 and key = $3`,
    values: [of.tenant, of.workflow, of.key],
  })
  return rows[0] === undefined ? null : readRun(rows[0])
}

async function findRun(client: SqlClient, tenant: string, id: string): Promise<RunRow | null> {
  const { rows } = await client.query({
    name: 'paybill_run_fetch',
    text: `select ${columns} from paybill.run where tenant = $1 and id = $2`,
    values: [tenant, uuidOrNull(id)],
  })
  return rows[0] === undefined ? null : readRun(rows[0])
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
