// Tenants in the database: read as facts, changed by conditional updates. What is decided from the facts stands in
// desired.ts and access.ts.

import type { SessionTables } from 'paybill/database'
import { PaybillError } from 'paybill/lib'
import type { Row, Schema } from 'paybill/schema'
import type { OperationKind, TenantFacts } from './desired.ts'
import type { Phase } from './phase.ts'
import type { Suspension, SuspensionReason } from './suspension.ts'
import type { tenantTables } from './tables.ts'

export type TenantSession = SessionTables<Schema<typeof tenantTables>>
export type TenantRow = Row<(typeof tenantTables)['tenant']>

/** The tenant. Throws NOT_FOUND, also for one of another organization. */
export async function tenantFetch(session: TenantSession, id: string): Promise<TenantRow> {
  const row = await session.tenant.findFirst({ where: { id } })
  if (row === null) throw new PaybillError('NOT_FOUND', `there is no tenant \`${id}\``)
  return row
}

/** All tenants that are not deleted, in the order of their ids, `after` an id, at most `limit` (1 to 1000). */
export async function tenantList(
  session: TenantSession,
  page: { readonly after?: string; readonly limit: number },
): Promise<readonly TenantRow[]> {
  return session.tenant.findMany({
    where: page.after === undefined ? { phase: { ne: 'deleted' } } : { phase: { ne: 'deleted' }, id: { gt: page.after } },
    orderBy: { id: 'asc' },
    limit: page.limit,
  })
}

export async function suspensionList(session: TenantSession, tenantId: string): Promise<readonly Suspension[]> {
  const rows = await session.suspension.findMany({
    where: { tenantId },
    select: ['reason', 'since', 'by'],
    orderBy: { reason: 'asc' },
  })
  return rows.map(({ reason, since, by }) => ({ reason, since, by }))
}

/** Adds a reason; a reason that is there already stays as it is. Answers whether it was new. */
export async function suspensionAdd(
  session: TenantSession,
  suspension: { readonly tenantId: string; readonly reason: SuspensionReason; readonly by: string },
): Promise<boolean> {
  const { tenantId, reason } = suspension
  if ((await session.suspension.count({ where: { tenantId, reason } })) > 0) return false
  await session.suspension.insert(suspension)
  return true
}

/** Takes a reason away. Answers whether it was there. */
export async function suspensionRemove(
  session: TenantSession,
  suspension: { readonly tenantId: string; readonly reason: SuspensionReason },
): Promise<boolean> {
  const { count } = await session.suspension.delete({ where: suspension })
  return count === 1
}

/**
 * Puts an operation to work on a tenant, if none is. Answers false where one is, or the tenant is not in the phase that the
 * decision was made on any more. Call it in a transaction.
 */
export async function operationBegin(
  session: TenantSession,
  operation: {
    readonly id: string
    readonly tenantId: string
    readonly kind: OperationKind
    readonly phase: Phase
    readonly because: string
  },
): Promise<boolean> {
  const { id, tenantId, kind, phase, because } = operation
  // INVARIANT: the row of the tenant is taken first, so that of two who decide at once only one begins.
  const { count } = await session.tenant.update({
    where: { id: tenantId, phase, operation: { isNull: true } },
    set: { operation: id },
  })
  if (count === 0) return false
  await session.operation.insert({ id, tenantId, kind, status: 'running', because: because.slice(0, 1000) })
  return true
}

/** Ends an operation and frees its tenant, together with the move of its phase. */
export async function operationEnd(
  session: TenantSession,
  end: { readonly id: string; readonly tenantId: string; readonly kind: OperationKind; readonly now: Date } & (
    | { readonly status: 'succeeded'; readonly phase: Phase }
    | { readonly status: 'failed'; readonly phase: Phase; readonly reason: string }
  ),
): Promise<void> {
  const { id, tenantId, now, phase } = end
  const tenant = await tenantFetch(session, tenantId)
  const outcome =
    end.status === 'succeeded'
      ? { failures: 0, failedKind: null, failureReason: null, failedAt: null }
      : {
          failures: tenant.failedKind === end.kind ? tenant.failures + 1 : 1,
          failedKind: end.kind,
          failureReason: end.reason.slice(0, 1000),
          failedAt: now,
        }
  const { count } = await session.tenant.update({
    where: { id: tenantId, operation: id },
    set: { operation: null, ...outcome, ...(tenant.phase === phase ? {} : { phase }) },
  })
  if (count === 0) throw new PaybillError('CONFLICT', `operation \`${id}\` is not at work on tenant \`${tenantId}\``)
  await session.operation.update({ where: { id }, set: { status: end.status, endedAt: now } })
}

/** What is stored of a tenant's facts; billing knows the rest. */
export async function tenantFacts(
  session: TenantSession,
  id: string,
  waitsFor: (operation: { readonly id: string; readonly kind: OperationKind }) => Promise<string>,
): Promise<Omit<TenantFacts, 'standing' | 'activation'>> {
  const row = await tenantFetch(session, id)
  const operation = row.operation === null ? null : await session.operation.findFirst({ where: { id: row.operation } })
  return {
    id,
    phase: row.phase,
    mode: row.mode,
    suspensions: await suspensionList(session, id),
    deletionAskedAt: row.deletionAskedAt,
    operation:
      operation === null
        ? null
        : {
            id: operation.id,
            kind: operation.kind,
            since: operation.createdAt,
            waitsFor: await waitsFor(operation),
          },
    failure:
      row.failedAt === null || row.failedKind === null
        ? null
        : { kind: row.failedKind, times: row.failures, reason: row.failureReason ?? 'no reason given', at: row.failedAt },
  }
}
