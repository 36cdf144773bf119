// Whether a tenant may work, from everything that is known of its money. Decided over all its subscriptions and by the due dates
// of open requests, never by the status or the event of one: a status that flaps says nothing about how old a debt is.

import { addDays, latest } from './calendar.ts'
import { type Access, datedSteps, type OverduePolicy } from './overdue.ts'
import { earliestOpen, type PaymentRequest } from './payment-request.ts'
import type { Subscription } from './subscription.ts'

export type Standing =
  | {
      readonly access: Access
      readonly reason: StandingReason
      /** When this access began. */
      readonly since: Date
      /** What comes next if nobody pays what is open now. */
      readonly next: { readonly at: Date; readonly access: Access } | null
      /** After a cancellation: when the tenant is archived and purged. */
      readonly retention: { readonly archiveAt: Date; readonly purgeAt: Date } | null
    }
  /** Not enough is known. It is not a debt: whoever acts on standings leaves everything as it is. */
  | { readonly access: 'unknown'; readonly reason: 'no_subscription' | 'debt_not_shown' }

export type StandingReason =
  | 'trialing'
  | 'in_good_standing'
  | 'overdue'
  | 'paused'
  | 'not_activated'
  | 'activation_expired'
  | 'canceled'

/** What is known of a tenant's money: all its subscriptions and all their payment requests. */
export type KnownMoney = {
  readonly subscriptions: readonly Subscription[]
  readonly requests: readonly PaymentRequest[]
  readonly policy: OverduePolicy
  readonly now: Date
}

/**
 * @example
 * const standing = standingOf({ subscriptions, requests, policy: defaultOverduePolicy, now: clock.now() })
 * if (standing.access === 'unknown') return leaveAsItIs()
 */
export function standingOf(known: KnownMoney): Standing {
  const { subscriptions } = known
  const [served, ...moreServed] = subscriptions.filter(isServed)
  if (served !== undefined) return standingOfServed(known, [served, ...moreServed])
  // Whoever comes back is not taken apart meanwhile, so an end counts only where nothing else is there.
  const [first, ...others] = subscriptions
    .filter((subscription) => subscription.state.status === lastingStatus(subscriptions))
    .map(({ state }) => state.since)
  if (first === undefined) return { access: 'unknown', reason: 'no_subscription' }
  return withoutService(lastingStatus(subscriptions), latest(first, ...others), known.policy)
}

type Unserved = 'paused' | 'incomplete' | 'canceled' | 'incomplete_expired'

/** The status, of subscriptions that are all without service, that says most about the tenant. */
function lastingStatus(subscriptions: readonly Subscription[]): Unserved {
  const order = ['paused', 'incomplete', 'canceled'] as const
  return order.find((status) => subscriptions.some(({ state }) => state.status === status)) ?? 'incomplete_expired'
}

function withoutService(status: Unserved, since: Date, policy: OverduePolicy): Standing {
  const blocked = { access: 'blocked', since, next: null, retention: null } as const
  switch (status) {
    case 'paused':
      return { ...blocked, reason: 'paused' }
    case 'incomplete':
      return { ...blocked, reason: 'not_activated' }
    case 'incomplete_expired':
      return { ...blocked, reason: 'activation_expired' }
    case 'canceled': {
      const archiveAt = addDays(since, policy.archiveAfterDays)
      return { ...blocked, reason: 'canceled', retention: { archiveAt, purgeAt: addDays(since, policy.purgeAfterDays) } }
    }
    default:
      return status satisfies never
  }
}

/** Whether the subscription buys service, paid or not. */
function isServed({ state }: Subscription): boolean {
  switch (state.status) {
    case 'trialing':
    case 'active':
    case 'past_due':
    case 'unpaid':
      return true
    case 'incomplete':
    case 'incomplete_expired':
    case 'canceled':
    case 'paused':
      return false
    default:
      return state satisfies never
  }
}

// The debts of an ended subscription are a claim against the customer, and no reason to cut off one that he pays for.
function standingOfServed(known: KnownMoney, served: readonly [Subscription, ...Subscription[]]): Standing {
  const { policy, now } = known
  const ids = new Set(served.map(({ terms }) => terms.id))
  const requests = known.requests.filter(({ subscriptionId }) => ids.has(subscriptionId))
  if (served.some((subscription) => hidesItsDebt(subscription, requests, now)))
    return { access: 'unknown', reason: 'debt_not_shown' }
  const debt = earliestOpen(requests)
  const steps = debt === null ? [] : datedSteps(policy, debt.dueAt)
  const current = steps.findLast(({ at }) => at <= now)
  const following = steps.find(({ at }) => at > now)
  const next = following === undefined ? null : { at: following.at, access: following.access }
  if (current !== undefined) return { access: current.access, reason: 'overdue', since: current.at, next, retention: null }
  const reason = served.every(({ state }) => state.status === 'trialing') ? 'trialing' : 'in_good_standing'
  return { access: 'full', reason, since: fullSince(served, requests), next, retention: null }
}

/** A status that speaks of a debt without a request that is due: a part of the truth is missing. */
function hidesItsDebt({ terms, state }: Subscription, requests: readonly PaymentRequest[], now: Date): boolean {
  if (state.status !== 'past_due' && state.status !== 'unpaid') return false
  const debt = earliestOpen(requests.filter(({ subscriptionId }) => subscriptionId === terms.id))
  return debt === null || debt.dueAt > now
}

/** The start of the first subscription, or the last payment that came too late. */
function fullSince(served: readonly [Subscription, ...Subscription[]], requests: readonly PaymentRequest[]): Date {
  const [first] = served.map(({ terms }) => terms.startedAt).toSorted((left, right) => left.getTime() - right.getTime())
  const late = requests.flatMap(({ payment, dueAt }) =>
    payment.status === 'paid' && payment.paidAt >= dueAt ? [payment.paidAt] : [],
  )
  return latest(first ?? served[0].terms.startedAt, ...late)
}
