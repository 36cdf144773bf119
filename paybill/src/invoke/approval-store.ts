// Approvals as rows: what exactly was shown and asked, who decided, and that it is used once. Nothing that a model says
// can reach these functions: asking is done by the guards, deciding by a signed-in person, using by the guards again.

import { randomUUID } from 'node:crypto'
import { encodeCanonical } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import { sha256Hex } from '../lib/hash.ts'
import type { SqlClient, SqlRow } from '../lib/sql.ts'
import { uuidOrNull } from '../lib/uuid.ts'
import type { Label } from '../label/label.ts'
import type { Question } from './refusal.ts'

/** `void`: approved, and not used, because the call had come to go over a limit that the approver was not told of. */
export type ApprovalState = 'waiting' | 'approved' | 'refused' | 'used' | 'expired' | 'void'

/** One value as the approver sees it: the resolved value, and the cells and writers it came from. */
export type ShownValue = {
  readonly name: string
  readonly value: string
  readonly origins: readonly string[]
  readonly writers: readonly string[]
}

export type Approval = {
  readonly id: string
  readonly tenant: string
  readonly runId: string
  readonly path: string
  readonly right: string
  /** What is asked for: the name of an action, or of an approval step. */
  readonly subject: string
  readonly version: number
  readonly shown: readonly ShownValue[]
  readonly reasons: readonly Question[]
  readonly requestedBy: string
  readonly state: ApprovalState
  readonly decidedBy: string | null
  readonly createdAt: Date
  readonly expiresAt: Date
}

/** The hashes that bind an approval to exactly these values with exactly these labels. */
export function approvalHashes(
  values: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, Label>>,
): { readonly values: string; readonly labels: string } {
  return { values: sha256Hex(encodeCanonical(values)), labels: sha256Hex(encodeCanonical(labels)) }
}

/** Asks: writes the row that a person will decide on. Answers its id. */
export async function approvalAsk(
  client: SqlClient,
  ask: Pick<Approval, 'tenant' | 'runId' | 'path' | 'right' | 'subject' | 'version' | 'shown' | 'reasons' | 'requestedBy'> & {
    readonly hashes: { readonly values: string; readonly labels: string }
    readonly expiresMs: number
  },
): Promise<string> {
  const id = randomUUID()
  await client.query({
    name: 'paybill_approval_ask',
    text: `insert into paybill.approval (id, tenant, run_id, path, right_needed, subject, version, values_hash, label_hash, shown, reasons, requested_by, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now() + $13 * interval '1 millisecond')`,
    values: [
      id,
      ask.tenant,
      ask.runId,
      ask.path,
      ask.right,
      ask.subject,
      ask.version,
      ask.hashes.values,
      ask.hashes.labels,
      JSON.stringify(ask.shown),
      JSON.stringify(ask.reasons),
      ask.requestedBy,
      ask.expiresMs,
    ],
  })
  return id
}

/**
 * Uses an approval, once: it must be approved, not expired, of this version and these very values and labels. Answers the
 * reasons that the approver was told. Throws APPROVAL_NOT_OPEN, APPROVAL_EXPIRED or APPROVAL_CHANGED.
 */
export async function approvalUse(
  client: SqlClient,
  use: {
    readonly id: string
    readonly runId: string
    readonly path: string
    readonly version: number
    readonly hashes: { readonly values: string; readonly labels: string }
  },
): Promise<readonly Question[]> {
  const { rows } = await client.query({
    name: 'paybill_approval_use',
    text: `update paybill.approval set state = 'used' where id = $1 and run_id = $2 and path = $3 and state = 'approved' and expires_at > now()
returning version, values_hash, label_hash, reasons`,
    values: [use.id, use.runId, use.path],
  })
  const [row] = rows
  if (row === undefined) throw await notUsable(client, use)
  if (
    Number(row['version']) !== use.version ||
    row['values_hash'] !== use.hashes.values ||
    row['label_hash'] !== use.hashes.labels
  )
    throw new PaybillError('APPROVAL_CHANGED', `what would run is not what approval \`${use.id}\` was given for`)
  return readReasons(row)
}

async function notUsable(
  client: SqlClient,
  use: { readonly id: string; readonly runId: string; readonly path: string },
): Promise<PaybillError> {
  const { rows } = await client.query({
    text: `select ${shownState} as state from paybill.approval where id = $1 and path = $2 and run_id = $3`,
    values: [use.id, use.path, use.runId],
  })
  return rows[0]?.['state'] === 'expired'
    ? new PaybillError('APPROVAL_EXPIRED', `approval \`${use.id}\` ran out before it was used`)
    : new PaybillError('APPROVAL_NOT_OPEN', `approval \`${use.id}\` is not approved, or was used`)
}

/** Makes an approval that this transaction has used void: what it was given for is no longer all that would happen. */
export async function approvalVoid(client: SqlClient, id: string): Promise<void> {
  await client.query({
    name: 'paybill_approval_void',
    text: `update paybill.approval set state = 'void' where id = $1`,
    values: [id],
  })
}

/** The decision on the newest approval of a path, or null while a person is still to decide. */
export async function approvalOutcome(client: SqlClient, runId: string, path: string): Promise<Approval | null> {
  const { rows } = await client.query({
    name: 'paybill_approval_outcome',
    text: `select ${columns} from paybill.approval where run_id = $1 and path = $2 order by created_at desc, id limit 1`,
    values: [runId, path],
  })
  const [row] = rows
  const approval = row === undefined ? null : readApproval(row)
  return approval === null || approval.state === 'waiting' ? null : approval
}

/**
 * A page of a tenant's approvals that are in one of the states, oldest first. Throws ARGUMENT_INVALID where `after` is not
 * the id of an approval of the tenant, in whatever state.
 */
export async function approvalList(
  client: SqlClient,
  list: {
    readonly tenant: string
    readonly states: readonly ApprovalState[]
    readonly after: string | null
    readonly limit: number
  },
): Promise<readonly Approval[]> {
  const { tenant, states, after, limit } = list
  if (after !== null && (await approvalFetch(client, tenant, after)) === null)
    throw new PaybillError('ARGUMENT_INVALID', `\`after\` is \`${after}\`, which is the id of no approval`, {
      shown: '`after` is the id of no approval',
    })
  const { rows } = await client.query({
    name: 'paybill_approval_list',
    text: `select ${columns} from paybill.approval where tenant = $1 and ${shownState} = any($2)
and ($3::uuid is null or (created_at, id) > (select created_at, id from paybill.approval where id = $3))
order by created_at, id limit $4`,
    values: [tenant, states, after, limit],
  })
  return rows.map(readApproval)
}

/** What waits in one run, oldest first. */
export async function approvalListOfRun(
  client: SqlClient,
  list: { readonly tenant: string; readonly runId: string; readonly limit: number },
): Promise<readonly Approval[]> {
  const { rows } = await client.query({
    name: 'paybill_approval_list_of_run',
    text: `select ${columns} from paybill.approval where tenant = $1 and run_id = $2 and ${shownState} = 'waiting'
order by created_at, id limit $3`,
    values: [list.tenant, list.runId, list.limit],
  })
  return rows.map(readApproval)
}

/** How many of a tenant's approvals wait. */
export async function approvalCountWaiting(client: SqlClient, tenant: string): Promise<number> {
  const { rows } = await client.query({
    name: 'paybill_approval_count_waiting',
    text: `select count(*) as waiting from paybill.approval where tenant = $1 and ${shownState} = 'waiting'`,
    values: [tenant],
  })
  return Number(rows[0]?.['waiting'])
}

/** One approval, or null: also where it belongs to another tenant. */
export async function approvalFetch(client: SqlClient, tenant: string, id: string): Promise<Approval | null> {
  const { rows } = await client.query({
    name: 'paybill_approval_fetch',
    text: `select ${columns} from paybill.approval where tenant = $1 and id = $2`,
    values: [tenant, uuidOrNull(id)],
  })
  return rows[0] === undefined ? null : readApproval(rows[0])
}

/** Decides, once. Throws APPROVAL_NOT_OPEN where somebody was faster or it has expired. */
export async function approvalDecide(
  client: SqlClient,
  decide: { readonly tenant: string; readonly id: string; readonly state: 'approved' | 'refused'; readonly by: string },
): Promise<string> {
  const { rows } = await client.query({
    name: 'paybill_approval_decide',
    text: `update paybill.approval set state = $3, decided_by = $4, decided_at = now()
where tenant = $1 and id = $2 and state = 'waiting' and expires_at > now() returning run_id`,
    values: [decide.tenant, uuidOrNull(decide.id), decide.state, decide.by],
  })
  const runId = rows[0]?.['run_id']
  if (runId === null || runId === undefined)
    throw new PaybillError('APPROVAL_NOT_OPEN', `approval \`${decide.id}\` was decided already, or has expired`)
  return runId
}

/** Wakes the runs whose approvals have expired undecided, so that they go on without them. */
export async function approvalExpire(client: SqlClient): Promise<void> {
  await client.query({
    name: 'paybill_approval_expire',
    text: `with expired as (
  update paybill.approval set state = 'expired' where state = 'waiting' and expires_at <= now() returning run_id)
update paybill.run r set ready = true, inbox = inbox + 1 from (select distinct run_id from expired) e where r.id = e.run_id and r.state = 'alive'`,
  })
}

const shownState = `case when state in ('waiting', 'approved') and expires_at <= now() then 'expired' else state end`
const columns = `id, tenant, run_id, path, right_needed, subject, version, shown, reasons, requested_by, ${shownState} as state, decided_by,
extract(epoch from created_at) as created_at, extract(epoch from expires_at) as expires_at`

function readApproval(row: SqlRow): Approval {
  return {
    id: row['id'] ?? '',
    tenant: row['tenant'] ?? '',
    runId: row['run_id'] ?? '',
    path: row['path'] ?? '',
    right: row['right_needed'] ?? '',
    subject: row['subject'] ?? '',
    version: Number(row['version']),
    // Written by `approvalAsk` as this very type.
    shown: JSON.parse(row['shown'] ?? '[]') as readonly ShownValue[],
    reasons: readReasons(row),
    requestedBy: row['requested_by'] ?? '',
    // The column has a check that admits these states alone.
    state: (row['state'] ?? 'expired') as ApprovalState,
    decidedBy: row['decided_by'] ?? null,
    createdAt: new Date(Number(row['created_at']) * 1000),
    expiresAt: new Date(Number(row['expires_at']) * 1000),
  }
}

function readReasons(row: SqlRow): readonly Question[] {
  // Written by `approvalAsk` as this very type.
  return JSON.parse(row['reasons'] ?? '[]') as readonly Question[]
}
