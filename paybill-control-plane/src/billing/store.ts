// Billing accounts as rows, over the tables of a session. Whatever changes an account reads it, lets the pure engine say what
// follows, and writes that only where nobody else changed it meanwhile. Call these inside `session.transaction`, so that a
// subscription and its requests change together.

import { PaybillError } from 'paybill/lib'
import type { SessionTables } from 'paybill/database'
import type { Schema } from 'paybill/schema'
import type { BillingAccount, BillingEvent, BillingOutcome } from './account.ts'
import { nextMoment, advanceTo } from './provider/manual/engine.ts'
import { approve, cancel, type Moment, requestPaid } from './provider/manual/change.ts'
import type { OverduePolicy } from './overdue.ts'
import { type PaymentRequest, type PaymentRequestId, subscriptionOfRequest } from './payment-request.ts'
import { paymentFields, paymentRequestFields, paymentRequestOfRow, stateFields, subscriptionOfRow, termsFields } from './row.ts'
import type { CustomerId, SubscriptionId, TenantId } from './subscription.ts'
import type { billingTables } from './tables.ts'

/** The tables of any session whose schema holds `billingTables`. */
export type BillingSession = SessionTables<Schema<typeof billingTables>>

/** Throws CONFLICT where there is one with this id. */
export async function subscriptionCreate(tables: BillingSession, account: BillingAccount, policy: OverduePolicy): Promise<void> {
  const { terms, state } = account.subscription
  await tables.subscription.insert({
    ...termsFields(terms),
    ...stateFields(state),
    nextAt: nextMoment(account, policy),
    revision: 1,
  })
  for (const request of account.requests) await tables.paymentRequest.insert(paymentRequestFields(request))
}

/** Throws NOT_FOUND. */
export async function subscriptionFetch(tables: BillingSession, id: SubscriptionId): Promise<BillingAccount> {
  return (await stored(tables, id)).account
}

/** Null where there is none. */
export async function subscriptionFind(tables: BillingSession, id: SubscriptionId): Promise<BillingAccount | null> {
  const row = await tables.subscription.findFirst({ where: { id } })
  return row === null ? null : accountOf(tables, row)
}

export async function subscriptionListOfTenant(tables: BillingSession, tenantId: TenantId): Promise<readonly BillingAccount[]> {
  return accountsOf(tables, await tables.subscription.findMany({ where: { tenantId }, orderBy: { id: 'asc' } }))
}

export async function subscriptionListOfCustomer(
  tables: BillingSession,
  customerId: CustomerId,
): Promise<readonly BillingAccount[]> {
  return accountsOf(tables, await tables.subscription.findMany({ where: { customerId }, orderBy: { id: 'asc' } }))
}

/** Subscriptions that time has changed and nobody has looked at yet, those that waited longest first. */
export async function subscriptionListDue(
  tables: BillingSession,
  due: { readonly now: Date; readonly limit: number },
): Promise<readonly { readonly id: SubscriptionId; readonly tenantId: TenantId }[]> {
  const rows = await tables.subscription.findMany({
    where: { nextAt: { le: due.now } },
    select: ['id', 'tenantId'],
    orderBy: { nextAt: 'asc', id: 'asc' },
    limit: due.limit,
  })
  // Ids were branded when they were written.
  return rows.map((row) => ({ id: row.id as SubscriptionId, tenantId: row.tenantId as TenantId }))
}

/** Lets time pass for a subscription. Throws NOT_FOUND, or CONFLICT where somebody else changed it at the same moment. */
export async function subscriptionAdvance(
  tables: BillingSession,
  advance: Moment & { readonly id: SubscriptionId },
): Promise<readonly BillingEvent[]> {
  const { at, policy } = advance
  return change(tables, advance, (account) => advanceTo(account, { now: at, policy }))
}

/** Throws NOT_FOUND or CONFLICT. */
export async function subscriptionApprove(
  tables: BillingSession,
  approval: Moment & { readonly id: SubscriptionId },
): Promise<readonly BillingEvent[]> {
  return change(tables, approval, (account) => approve(account, approval))
}

/** Throws NOT_FOUND or CONFLICT. */
export async function subscriptionCancel(
  tables: BillingSession,
  cancellation: Moment & { readonly id: SubscriptionId; readonly when: 'now' | 'period_end' },
): Promise<readonly BillingEvent[]> {
  return change(tables, cancellation, (account) => cancel(account, cancellation))
}

/** Takes note of a payment; a second time changes nothing. Throws NOT_FOUND or CONFLICT. */
export async function paymentRequestPaid(
  tables: BillingSession,
  paid: Moment & { readonly requestId: PaymentRequestId },
): Promise<readonly BillingEvent[]> {
  const id = subscriptionOfRequest(paid.requestId)
  return change(tables, { id, policy: paid.policy }, (account) => requestPaid(account, paid))
}

/** An account as it was read, with the revision that a change of it must still find. */
type Stored = { readonly account: BillingAccount; readonly revision: number }
type SubscriptionRow = Parameters<typeof subscriptionOfRow>[0]

async function stored(tables: BillingSession, id: SubscriptionId): Promise<Stored> {
  const row = await tables.subscription.findFirst({ where: { id } })
  if (row === null) throw new PaybillError('NOT_FOUND', `there is no subscription \`${id.slice(0, 200)}\``)
  return { account: await accountOf(tables, row), revision: row.revision }
}

async function accountsOf(tables: BillingSession, rows: readonly SubscriptionRow[]): Promise<readonly BillingAccount[]> {
  return Promise.all(rows.map((row) => accountOf(tables, row)))
}

async function accountOf(tables: BillingSession, row: SubscriptionRow): Promise<BillingAccount> {
  const requests = await tables.paymentRequest.findMany({
    where: { subscriptionId: row.id },
    orderBy: { periodNumber: 'asc' },
  })
  return { subscription: subscriptionOfRow(row), requests: requests.map(paymentRequestOfRow) }
}

async function change(
  tables: BillingSession,
  of: { readonly id: SubscriptionId; readonly policy: OverduePolicy },
  by: (account: BillingAccount) => BillingOutcome,
): Promise<readonly BillingEvent[]> {
  const before = await stored(tables, of.id)
  const outcome = by(before.account)
  if (outcome.events.length > 0) await save(tables, before, { ...outcome, policy: of.policy })
  return outcome.events
}

async function save(
  tables: BillingSession,
  before: Stored,
  after: BillingOutcome & { readonly policy: OverduePolicy },
): Promise<void> {
  const { account, policy } = after
  const { terms, state } = account.subscription
  // The database allows legal moves only, so a jump over several states is written as the moves that it was made of.
  const passed = statusesPassed(before.account, after.events).map((status) => ({ status }))
  const final = { ...stateFields(state), nextAt: nextMoment(account, policy) }
  for (const [index, set] of [...passed, final].entries()) {
    const revision = before.revision + index
    const where = { id: terms.id, revision }
    // INVARIANT: every write names the revision that it follows, or two that advance at once would both write.
    const { count } = await tables.subscription.update({ where, set: { ...set, revision: revision + 1 } })
    if (count === 0) throw changedMeanwhile(terms.id)
  }
  await saveRequests(tables, before.account.requests, account.requests)
}

/** The statuses between the first and the last. */
function statusesPassed(before: BillingAccount, events: readonly BillingEvent[]) {
  const path = [before.subscription.state.status, ...events.map(({ status }) => status)]
  const moves = path.filter((status, index) => index > 0 && status !== path[index - 1])
  return moves.slice(0, -1)
}

async function saveRequests(
  tables: BillingSession,
  before: readonly PaymentRequest[],
  after: readonly PaymentRequest[],
): Promise<void> {
  const known = new Map(before.map((request) => [request.id, request.payment.status]))
  for (const request of after) {
    const status = known.get(request.id)
    if (status === undefined) await tables.paymentRequest.insert(paymentRequestFields(request))
    else if (status !== request.payment.status) {
      const where = { id: request.id, status }
      const { count } = await tables.paymentRequest.update({ where, set: paymentFields(request.payment) })
      if (count === 0) throw changedMeanwhile(request.subscriptionId)
    }
  }
}

function changedMeanwhile(id: SubscriptionId): PaybillError {
  return new PaybillError('CONFLICT', `subscription \`${id}\` was changed at the same time`)
}
