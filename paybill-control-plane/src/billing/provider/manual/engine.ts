// The billing engine of the provider `manual`: what becomes of a subscription as time goes by. It is pure, so that the same
// function that moves it can show beforehand how it will move, and so that a test can let a year pass in a millisecond.

import type { BillingAccount, BillingOutcome } from '../../account.ts'
import { blockedAt, type OverduePolicy } from '../../overdue.ts'
import { earliestOpen, type PaymentRequest } from '../../payment-request.ts'
import type { SubscriptionState } from '../../subscription.ts'
import { beginPeriod, firstPeriod, followingPeriod } from './period.ts'

/**
 * Carries out everything that is due until `now`, in order. To advance in one jump and in many small ones is the same.
 *
 * @example const { account, events } = advanceTo(before, { now: clock.now(), policy })
 */
export function advanceTo(account: BillingAccount, to: { readonly now: Date; readonly policy: OverduePolicy }): BillingOutcome {
  const outcome = { account, events: [...noEvents] }
  for (;;) {
    const due = nextDue(outcome.account, to.policy)
    if (due === null || due.at > to.now) return outcome
    const { account, events } = perform(outcome.account, due)
    outcome.account = account
    outcome.events.push(...events)
  }
}

/** When time alone changes the account next; null where it never does. */
export function nextMoment(account: BillingAccount, policy: OverduePolicy): Date | null {
  return nextDue(account, policy)?.at ?? null
}

const noEvents: BillingOutcome['events'] = []

type Due = {
  readonly at: Date
  readonly kind: 'activation_timeout' | 'trial_end' | 'period_end' | 'due_date' | 'end_of_patience'
}

function nextDue({ subscription: { state }, requests }: BillingAccount, policy: OverduePolicy): Due | null {
  const debt = earliestOpen(requests)
  switch (state.status) {
    case 'incomplete':
      return { kind: 'activation_timeout', at: state.expiresAt }
    case 'trialing':
      return { kind: 'trial_end', at: state.trialEndsAt }
    // Who leaves at the end of his period is not overdue on that day.
    case 'active':
      return earliest([{ kind: 'period_end', at: state.period.end }, debt && { kind: 'due_date', at: debt.dueAt }])
    case 'past_due':
      return earliest([
        debt && { kind: 'end_of_patience', at: blockedAt(policy, debt.dueAt) },
        { kind: 'period_end', at: state.period.end },
      ])
    // Who is cut off is not billed on: no period follows until he has paid.
    case 'unpaid':
      return state.cancelsAtPeriodEnd ? { kind: 'period_end', at: state.period.end } : null
    case 'incomplete_expired':
    case 'canceled':
    case 'paused':
      return null
    default:
      return state satisfies never
  }
}

/** Of those that are due at the same moment the one that stands first. */
function earliest(dues: readonly (Due | null)[]): Due | null {
  return dues.reduce((found, due) => (found === null || (due !== null && due.at < found.at) ? due : found), null)
}

function perform(account: BillingAccount, { at, kind }: Due): BillingOutcome {
  const { terms, state } = account.subscription
  switch (kind) {
    case 'activation_timeout':
      return expired(account, at)
    case 'trial_end':
    case 'period_end': {
      if ('cancelsAtPeriodEnd' in state && state.cancelsAtPeriodEnd) return canceled(account, at)
      const { requests } = account
      if (!('period' in state)) return firstPeriod(terms, { requests, at })
      const period = followingPeriod(terms, state.period)
      const status = state.status === 'active' ? 'active' : 'past_due' // the unpaid come here to be canceled only
      return beginPeriod(terms, { requests, period, status, since: state.since, event: 'renewed' })
    }
    case 'due_date': {
      const requestId = earliestOpen(account.requests)?.id
      const next = withStatus(account, { status: 'past_due', since: at })
      const facts = { at, subscriptionId: terms.id, status: 'past_due' } as const
      return { account: next, events: requestId === undefined ? [] : [{ ...facts, kind: 'payment_overdue', requestId }] }
    }
    case 'end_of_patience':
      return {
        account: withStatus(account, { status: 'unpaid', since: at }),
        events: [{ at, subscriptionId: terms.id, status: 'unpaid', kind: 'declared_unpaid' }],
      }
    default:
      return kind satisfies never
  }
}

/** The same subscription in its period with another status. */
export function withStatus(
  account: BillingAccount,
  next: { readonly status: 'active' | 'past_due' | 'unpaid'; readonly since: Date },
): BillingAccount {
  const { state } = account.subscription
  return 'period' in state ? withState(account, { ...state, ...next }) : account
}

export function withState(account: BillingAccount, state: SubscriptionState): BillingAccount {
  return { ...account, subscription: { terms: account.subscription.terms, state } }
}

/** What is open stays owed. */
export function canceled(account: BillingAccount, at: Date): BillingOutcome {
  return ended(account, { status: 'canceled', at, kind: 'canceled' })
}

/** It never began, so nothing is owed. */
export function expired(account: BillingAccount, at: Date): BillingOutcome {
  const requests = account.requests.map((request): PaymentRequest =>
    request.payment.status === 'open' ? { ...request, payment: { status: 'void', voidedAt: at } } : request,
  )
  return ended({ ...account, requests }, { status: 'incomplete_expired', at, kind: 'activation_expired' })
}

function ended(
  account: BillingAccount,
  end: {
    readonly status: 'canceled' | 'incomplete_expired'
    readonly at: Date
    readonly kind: 'canceled' | 'activation_expired'
  },
): BillingOutcome {
  const { status, at, kind } = end
  const subscriptionId = account.subscription.terms.id
  return { account: withState(account, { status, since: at }), events: [{ at, subscriptionId, status, kind }] }
}
