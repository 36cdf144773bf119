// Periods and what they cost.

import { addMoney, type Money } from 'paybill/lib'
import type { BillingAccount, BillingOutcome } from '../../account.ts'
import { addDays, addIntervals } from '../../calendar.ts'
import { type PaymentRequest, paymentRequestId } from '../../payment-request.ts'
import type { BillingPeriod, SubscriptionTerms } from '../../subscription.ts'

/** A period that sets a new anchor. */
export function anchoredPeriod(terms: SubscriptionTerms, begin: { readonly at: Date; readonly number: number }): BillingPeriod {
  return periodOf(terms, begin, begin.number)
}

export function followingPeriod(terms: SubscriptionTerms, period: BillingPeriod): BillingPeriod {
  return periodOf(terms, period.anchor, period.number + 1)
}

/** A period from the anchor that it was measured from, which is how it is kept. */
export function periodOf({ interval }: SubscriptionTerms, anchor: BillingPeriod['anchor'], number: number): BillingPeriod {
  const count = number - anchor.number
  return {
    number,
    anchor,
    start: addIntervals(anchor.at, { interval, count }),
    end: addIntervals(anchor.at, { interval, count: count + 1 }),
  }
}

/** What one period costs; null where the plan is free. */
function amountOf({ price, seats }: SubscriptionTerms): Money | null {
  if (price === null) return null
  const { flat, perSeat } = price
  return perSeat === null ? flat : addMoney(flat, { ...perSeat, minor: perSeat.minor * BigInt(seats) })
}

/** The request for a period, due at the end of the payment term; null where the plan is free. */
export function requestFor(terms: SubscriptionTerms, { number, start, end }: BillingPeriod): PaymentRequest | null {
  const amount = amountOf(terms)
  if (amount === null) return null
  return {
    id: paymentRequestId(terms.id, number),
    subscriptionId: terms.id,
    period: { number, start, end },
    amount,
    dueAt: addDays(start, terms.paymentTermDays),
    payment: { status: 'open' },
  }
}

/** The first period, which is the anchor of those that follow. */
export function firstPeriod(
  terms: SubscriptionTerms,
  begin: { readonly requests: BillingAccount['requests']; readonly at: Date },
): BillingOutcome {
  const { at, requests } = begin
  const period = anchoredPeriod(terms, { at, number: 1 })
  return beginPeriod(terms, { requests, period, status: 'active', since: at, event: 'activated' })
}

/** Puts a subscription into a new period and asks for its price. */
export function beginPeriod(
  terms: SubscriptionTerms,
  begin: {
    readonly requests: BillingAccount['requests']
    readonly period: BillingPeriod
    readonly status: 'active' | 'past_due'
    readonly since: Date
    readonly event: 'activated' | 'renewed' | 'recovered'
  },
): BillingOutcome {
  const { period, status, since, event, requests } = begin
  const request = requestFor(terms, period)
  const facts = { at: period.start, subscriptionId: terms.id, status }
  return {
    account: {
      subscription: { terms, state: { status, since, period, cancelsAtPeriodEnd: false } },
      requests: request === null ? requests : [...requests, request],
    },
    events: [
      { ...facts, kind: event },
      ...(request === null ? [] : [{ ...facts, kind: 'payment_requested', requestId: request.id } as const]),
    ],
  }
}
