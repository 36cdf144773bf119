// How a subscription begins: at once with a trial or a first period, or incomplete until somebody has paid or approved.

import { PaybillError } from 'paybill/lib'
import type { BillingInterval, PlanVersion } from '../../../catalog/plan-version.ts'
import type { BillingOutcome } from '../../account.ts'
import { addDays, addHours } from '../../calendar.ts'
import type { CustomerId, SubscriptionId, SubscriptionTerms, TenantId } from '../../subscription.ts'
import { anchoredPeriod, firstPeriod, requestFor } from './period.ts'

export type SubscriptionOrder = {
  readonly id: SubscriptionId
  readonly customerId: CustomerId
  readonly tenantId: TenantId
  readonly planVersion: PlanVersion
  /** Which of the prices of the plan. */
  readonly price: 'free' | { readonly currency: string; readonly interval: BillingInterval }
  readonly seats: number
  readonly paymentTermDays: number
  readonly at: Date
}

/** Throws ARGUMENT_INVALID where the plan has no such price, or a number is out of bounds. */
export function startSubscription(order: SubscriptionOrder): BillingOutcome {
  const terms = termsOf(order)
  const { activation } = order.planVersion
  const subscriptionId = terms.id
  const at = terms.startedAt
  if (activation.kind === 'immediate') return begin(terms, at)
  const expiresAt = addHours(at, activation.timeoutHours)
  const waitsFor = activation.kind === 'on_payment' ? 'payment' : 'approval'
  // Who pays in time has paid for a period that began when he subscribed.
  const request = waitsFor === 'payment' ? requestFor(terms, anchoredPeriod(terms, { at, number: 1 })) : null
  const facts = { at, subscriptionId, status: 'incomplete' } as const
  return {
    account: {
      subscription: { terms, state: { status: 'incomplete', since: at, waitsFor, expiresAt } },
      requests: request === null ? [] : [{ ...request, dueAt: expiresAt }],
    },
    events: [
      { ...facts, kind: 'activation_awaited' },
      ...(request === null ? [] : [{ ...facts, kind: 'payment_requested', requestId: request.id } as const]),
    ],
  }
}

/** The trial, or the first period where there is none. */
export function begin(terms: SubscriptionTerms, at: Date): BillingOutcome {
  if (terms.trialDays === null) return firstPeriod(terms, { requests: [], at })
  const trialEndsAt = addDays(at, terms.trialDays)
  return {
    account: {
      subscription: { terms, state: { status: 'trialing', since: at, trialEndsAt, cancelsAtPeriodEnd: false } },
      requests: [],
    },
    events: [{ at, subscriptionId: terms.id, status: 'trialing', kind: 'trial_started' }],
  }
}

const maxSeats = 1_000_000
const maxPaymentTermDays = 365

function termsOf(order: SubscriptionOrder): SubscriptionTerms {
  const { id, customerId, tenantId, planVersion, seats, paymentTermDays } = order
  checkWhole('seats', seats, { minimum: 1, maximum: maxSeats })
  checkWhole('paymentTermDays', paymentTermDays, { minimum: 0, maximum: maxPaymentTermDays })
  const { productId, planId, version, hash, trialDays } = planVersion
  const plan = { productId, planId, version, hash }
  return { id, customerId, tenantId, plan, ...priceOf(order), seats, trialDays, paymentTermDays, startedAt: order.at }
}

function priceOf({ planVersion, price }: SubscriptionOrder): Pick<SubscriptionTerms, 'interval' | 'price'> {
  const { prices, planId, version } = planVersion
  // A free plan is renewed each month, and nobody is asked to pay.
  if (price === 'free' && prices === 'free') return { interval: 'month', price: null }
  const list = prices === 'free' ? [] : prices
  const found = list.find(
    ({ flat, interval }) => price !== 'free' && flat.currency === price.currency && interval === price.interval,
  )
  if (found !== undefined) return { interval: found.interval, price: { flat: found.flat, perSeat: found.perSeat } }
  const present = list.map(({ flat, interval }) => `${flat.currency} for a ${interval}`).join(', ') || 'free'
  const wanted = price === 'free' ? price : `${price.currency.slice(0, 3)} for a ${price.interval}`
  throw new PaybillError(
    'ARGUMENT_INVALID',
    `version ${version} of plan \`${planId}\` has no price \`${wanted}\`; there is ${present}`,
  )
}

function checkWhole(name: string, value: number, bounds: { readonly minimum: number; readonly maximum: number }): void {
  if (!Number.isSafeInteger(value) || value < bounds.minimum || value > bounds.maximum)
    throw new PaybillError('ARGUMENT_INVALID', `\`${name}\` must be a whole number from ${bounds.minimum} to ${bounds.maximum}`)
}
