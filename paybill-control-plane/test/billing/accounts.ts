// Subscriptions, policies and histories for tests: one that is plain, and generators of all the others.

import * as fc from 'fast-check'
import { catalog, type PlanVersionDeclaration, planVersionOf, type PlanVersion } from '../../src/catalog/index.ts'
import {
  advanceTo,
  approve,
  type BillingAccount,
  type BillingOutcome,
  cancel,
  type CustomerId,
  defaultOverduePolicy,
  type OverduePolicy,
  overduePolicy,
  requestPaid,
  startSubscription,
  type SubscriptionId,
  type SubscriptionOrder,
  type TenantId,
} from '../../src/billing/index.ts'

export const dayMs = 86_400_000

export function at(text: string): Date {
  return new Date(text.length === 10 ? `${text}T00:00:00Z` : text)
}

export function daysAfter(moment: Date, days: number): Date {
  return new Date(moment.getTime() + days * dayMs)
}

export function planOf(more: Partial<PlanVersionDeclaration> = {}): PlanVersion {
  const version: PlanVersionDeclaration = {
    version: 1,
    name: 'Team',
    isolation: 'pooled',
    prices: [
      { currency: 'EUR', interval: 'month', flat: '49.00', perSeat: '9.00' },
      { currency: 'EUR', interval: 'year', flat: '490.00' },
    ],
    activation: 'immediate',
    ...more,
  }
  const sold = catalog({ products: { crm: { name: 'CRM', plans: { team: { versions: [version] } } } } })
  return planVersionOf(sold, { product: 'crm', plan: 'team' })
}

/** A monthly subscription of three seats, from 2026-01-01, payable within ten days. */
export function start(more: Partial<SubscriptionOrder> = {}): BillingAccount {
  return startSubscription(order(more)).account
}

export function order(more: Partial<SubscriptionOrder> = {}): SubscriptionOrder {
  return {
    id: 'sub-1' as SubscriptionId,
    customerId: 'customer-1' as CustomerId,
    tenantId: 'tenant-1' as TenantId,
    planVersion: planOf(),
    price: { currency: 'EUR', interval: 'month' },
    seats: 3,
    paymentTermDays: 10,
    at: at('2026-01-01'),
    ...more,
  }
}

export const policy = defaultOverduePolicy

export function advance(account: BillingAccount, now: Date): BillingAccount {
  return advanceTo(account, { now, policy }).account
}

/** Pays the request of a period. */
export function pay(account: BillingAccount, period: number, when: Date): BillingAccount {
  const request = account.requests.find((one) => one.period.number === period)
  if (request === undefined) throw new Error(`no request for period ${period}`)
  return requestPaid(account, { requestId: request.id, at: when, policy }).account
}

/** On midnight, so that steps of whole days meet every due date. */
const midnights = fc.integer({ min: 0, max: 2_000 }).map((days) => daysAfter(at('2023-01-01'), days))

const plans = fc.oneof(
  fc
    .record({ trialDays: fc.integer({ min: 1, max: 45 }) }, { noNullPrototype: true, requiredKeys: [] })
    .map((more) => planOf(more)),
  fc
    .constantFrom('on_payment', 'on_approval')
    .chain((kind) => fc.integer({ min: 1, max: 28 }).map((days) => planOf({ activation: { kind, timeoutHours: 24 * days } }))),
  fc.constant(planOf({ prices: 'free' })),
)

export const orders: fc.Arbitrary<SubscriptionOrder> = fc
  .record({
    planVersion: plans,
    interval: fc.constantFrom('month' as const, 'year' as const),
    seats: fc.integer({ min: 1, max: 40 }),
    paymentTermDays: fc.integer({ min: 0, max: 70 }),
    at: midnights,
  })
  .map(({ interval, ...more }) =>
    order({ ...more, price: more.planVersion.prices === 'free' ? 'free' : { currency: 'EUR', interval } }),
  )

export const policies: fc.Arbitrary<OverduePolicy> = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 0, maxLength: 2 }),
    archiveAfterDays: fc.integer({ min: 0, max: 40 }),
    more: fc.integer({ min: 0, max: 60 }),
  })
  .map(({ days, archiveAfterDays, more }) => {
    const accesses = (['grace', 'restricted', 'blocked'] as const).slice(2 - days.length)
    const fromDays = [0, ...days.toSorted((left, right) => left - right)]
    const steps = accesses.map((access, index) => ({ access, fromDay: fromDays[index] ?? 0 }))
    return overduePolicy({ id: 'made', version: 1, steps, archiveAfterDays, purgeAfterDays: archiveAfterDays + more })
  })

/** Something that somebody does, so many days after the thing before. */
export type Deed = { readonly afterDays: number } & (
  | { readonly kind: 'pay'; readonly nth: number }
  | { readonly kind: 'approve' }
  | { readonly kind: 'cancel'; readonly when: 'now' | 'period_end' }
)

export const deeds: fc.Arbitrary<readonly Deed[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('pay' as const),
        nth: fc.nat({ max: 2 }),
        afterDays: fc.nat({ max: 40 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('approve' as const), afterDays: fc.nat({ max: 3 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('cancel' as const),
        when: fc.constantFrom('now' as const, 'period_end' as const),
        afterDays: fc.nat({ max: 40 }),
      }),
    },
  ),
  { maxLength: 12 },
)

/** Does it at that moment, where it can be done. */
export function perform(
  account: BillingAccount,
  deed: Deed,
  moment: { readonly at: Date; readonly policy: OverduePolicy },
): BillingOutcome {
  const current = advanceTo(account, { now: moment.at, policy: moment.policy })
  const then = (next: BillingOutcome) => ({ account: next.account, events: [...current.events, ...next.events] })
  switch (deed.kind) {
    case 'pay': {
      const open = current.account.requests.filter(({ payment }) => payment.status === 'open')
      const request = open[deed.nth % Math.max(open.length, 1)]
      return request === undefined ? current : then(requestPaid(current.account, { ...moment, requestId: request.id }))
    }
    case 'approve': {
      const { state } = current.account.subscription
      const waits = state.status === 'incomplete' && state.waitsFor === 'approval'
      return waits ? then(approve(current.account, moment)) : current
    }
    case 'cancel':
      return then(cancel(current.account, { ...moment, when: deed.when }))
    default:
      return deed satisfies never
  }
}
