// What people do to a subscription: say that a payment came, approve it, cancel it. Each first lets the time until then pass, so
// that it does not matter whether the engine was on time.

import { PaybillError } from 'paybill/lib'
import type { BillingAccount, BillingEvent, BillingOutcome } from '../../account.ts'
import { latest } from '../../calendar.ts'
import { blockedAt, type OverduePolicy } from '../../overdue.ts'
import { earliestOpen, type PaymentRequest, type PaymentRequestId } from '../../payment-request.ts'
import { advanceTo, canceled, expired, withState, withStatus } from './engine.ts'
import { anchoredPeriod, beginPeriod } from './period.ts'
import { begin } from './start.ts'

/** When something is done, and the policy by which time passes until then. */
export type Moment = { readonly at: Date; readonly policy: OverduePolicy }

/**
 * Takes note of a payment. A second time changes nothing. Throws NOT_FOUND where the account has no such request, CONFLICT where
 * it is void.
 */
export function requestPaid(account: BillingAccount, paid: Moment & { readonly requestId: PaymentRequestId }): BillingOutcome {
  return after(account, paid, (current, at) => {
    const request = current.requests.find(({ id }) => id === paid.requestId)
    if (request === undefined)
      throw new PaybillError('NOT_FOUND', `there is no payment request \`${paid.requestId.slice(0, 200)}\``)
    const { status } = request.payment
    if (status === 'paid') return { account: current, events: [] }
    if (status === 'void')
      throw new PaybillError('CONFLICT', `payment request \`${request.id}\` is void: what was paid for it is owed back`)
    const next = { ...current, requests: current.requests.map((one) => (one === request ? withPayment(one, at) : one)) }
    const settled = settle(next, { at, policy: paid.policy, request })
    const facts = { at, subscriptionId: request.subscriptionId, status: statusOf(settled.account) }
    return { ...settled, events: [{ ...facts, kind: 'payment_received', requestId: request.id }, ...settled.events] }
  })
}

/** Lets a subscription begin that waits for an approval. Throws CONFLICT where it does not wait for one. */
export function approve(account: BillingAccount, approval: Moment): BillingOutcome {
  return after(account, approval, (current, at) => {
    const { terms, state } = current.subscription
    if (state.status !== 'incomplete' || state.waitsFor !== 'approval')
      throw new PaybillError('CONFLICT', `subscription \`${terms.id}\` does not wait for an approval: it is ${state.status}`)
    return begin(terms, at)
  })
}

/** Cancels at once or at the end of the trial or period. What has ended stays as it is. */
export function cancel(account: BillingAccount, cancellation: Moment & { readonly when: 'now' | 'period_end' }): BillingOutcome {
  return after(account, cancellation, (current, at) => {
    const { terms, state } = current.subscription
    switch (state.status) {
      case 'incomplete_expired':
      case 'canceled':
        return { account: current, events: [] }
      case 'incomplete':
        return expired(current, at)
      case 'paused':
        return canceled(current, at)
      case 'trialing':
      case 'active':
      case 'past_due':
      case 'unpaid': {
        const isOver = 'period' in state && state.period.end <= at // the period of somebody who is not billed on
        if (cancellation.when === 'now' || isOver) return canceled(current, at)
        if (state.cancelsAtPeriodEnd) return { account: current, events: [] }
        return {
          account: withState(current, { ...state, cancelsAtPeriodEnd: true }),
          events: [{ at, subscriptionId: terms.id, status: state.status, kind: 'cancellation_scheduled' }],
        }
      }
      default:
        return state satisfies never
    }
  })
}

function after(
  account: BillingAccount,
  moment: Moment,
  change: (current: BillingAccount, at: Date) => BillingOutcome,
): BillingOutcome {
  const before = advanceTo(account, { now: moment.at, policy: moment.policy })
  const next = change(before.account, notBefore(before.account, moment.at))
  return { account: next.account, events: [...before.events, ...next.events] }
}

/** Two machines have two clocks: what comes after a change is never dated before it. */
function notBefore({ subscription: { state } }: BillingAccount, at: Date): Date {
  return latest(at, state.since, ...('period' in state ? [state.period.start] : []))
}

function withPayment(request: PaymentRequest, paidAt: Date): PaymentRequest {
  return { ...request, payment: { status: 'paid', paidAt } }
}

function statusOf(account: BillingAccount): BillingEvent['status'] {
  return account.subscription.state.status
}

/** Where the subscription stands now that one request less is open. */
function settle(account: BillingAccount, paid: Moment & { readonly request: PaymentRequest }): BillingOutcome {
  const { at, policy, request } = paid
  const { terms, state } = account.subscription
  const facts = { at, subscriptionId: terms.id, status: 'active' } as const
  if (state.status === 'incomplete') {
    const period = anchoredPeriod(terms, { at: request.period.start, number: request.period.number })
    return {
      account: withState(account, { status: 'active', since: at, period, cancelsAtPeriodEnd: false }),
      events: [{ ...facts, kind: 'activated' }],
    }
  }
  if (state.status !== 'past_due' && state.status !== 'unpaid') return { account, events: [] }
  const debt = earliestOpen(account.requests)
  const isOwing = debt !== null && debt.dueAt <= at
  if (isOwing && (state.status === 'past_due' || blockedAt(policy, debt.dueAt) <= at)) return { account, events: [] }
  const status = isOwing ? 'past_due' : 'active'
  // Somebody who was cut off when his period ended begins a new one; nobody pays for the time between.
  if (state.period.end <= at) {
    const period = anchoredPeriod(terms, { at, number: state.period.number + 1 })
    return beginPeriod(terms, { requests: account.requests, period, status, since: at, event: 'recovered' })
  }
  return {
    account: withStatus(account, { status, since: at }),
    events: [{ ...facts, status, kind: 'recovered' }],
  }
}
