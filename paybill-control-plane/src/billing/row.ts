// Between the states of the engine and the rows that keep them. What a row says beyond its status is read by its status alone.

import { assert } from 'paybill/lib'
import type { Insert, Row } from 'paybill/schema'
import type { PlanId, ProductId } from '../catalog/plan-version.ts'
import type { PaymentRequest, PaymentRequestId, PaymentState } from './payment-request.ts'
import { periodOf } from './provider/manual/period.ts'
import type { CustomerId, Subscription, SubscriptionId, SubscriptionState, SubscriptionTerms, TenantId } from './subscription.ts'
import type { paymentRequestTable, subscriptionTable } from './tables.ts'

type SubscriptionRow = Row<typeof subscriptionTable>
type PaymentRequestRow = Row<typeof paymentRequestTable>
type StateFields = Omit<Insert<typeof subscriptionTable>, keyof ReturnType<typeof termsFields> | 'nextAt' | 'revision'>

/** What of a row never changes. */
export function termsFields(terms: SubscriptionTerms) {
  const { plan, price, ...same } = terms
  return {
    ...same,
    productId: plan.productId,
    planId: plan.planId,
    planVersion: plan.version,
    planHash: plan.hash,
    flatPrice: price?.flat ?? null,
    seatPrice: price?.perSeat ?? null,
  }
}

/** What of a row follows the state. Everything is said, so that nothing is left over from the state before. */
export function stateFields(state: SubscriptionState): StateFields {
  const { status, since } = state
  const period = 'period' in state ? state.period : null
  return {
    status,
    since,
    waitsFor: state.status === 'incomplete' ? state.waitsFor : null,
    expiresAt: state.status === 'incomplete' ? state.expiresAt : null,
    trialEndsAt: state.status === 'trialing' ? state.trialEndsAt : null,
    periodNumber: period?.number ?? null,
    anchorAt: period?.anchor.at ?? null,
    anchorNumber: period?.anchor.number ?? null,
    cancelsAtPeriodEnd: 'cancelsAtPeriodEnd' in state && state.cancelsAtPeriodEnd,
  }
}

export function subscriptionOfRow(row: SubscriptionRow): Subscription {
  const terms = termsOfRow(row)
  return { terms, state: stateOfRow(row, terms) }
}

// Ids were branded when they were written.
function termsOfRow(row: SubscriptionRow): SubscriptionTerms {
  return {
    id: row.id as SubscriptionId,
    customerId: row.customerId as CustomerId,
    tenantId: row.tenantId as TenantId,
    plan: {
      productId: row.productId as ProductId,
      planId: row.planId as PlanId,
      version: row.planVersion,
      hash: row.planHash,
    },
    interval: row.interval,
    price: row.flatPrice === null ? null : { flat: row.flatPrice, perSeat: row.seatPrice },
    seats: row.seats,
    trialDays: row.trialDays,
    paymentTermDays: row.paymentTermDays,
    startedAt: row.startedAt,
  }
}

function stateOfRow(row: SubscriptionRow, terms: SubscriptionTerms): SubscriptionState {
  const { status, since, cancelsAtPeriodEnd } = row
  switch (status) {
    case 'incomplete': {
      assert(row.waitsFor !== null && row.expiresAt !== null, 'an incomplete subscription waits for something, until some time')
      return { status, since, waitsFor: row.waitsFor, expiresAt: row.expiresAt }
    }
    case 'trialing': {
      assert(row.trialEndsAt !== null, 'a trial has an end')
      return { status, since, trialEndsAt: row.trialEndsAt, cancelsAtPeriodEnd }
    }
    case 'active':
    case 'past_due':
    case 'unpaid': {
      const { periodNumber, anchorAt, anchorNumber } = row
      assert(periodNumber !== null && anchorAt !== null && anchorNumber !== null, 'a subscription that has begun has a period')
      const period = periodOf(terms, { at: anchorAt, number: anchorNumber }, periodNumber)
      return { status, since, period, cancelsAtPeriodEnd }
    }
    case 'incomplete_expired':
    case 'canceled':
    case 'paused':
      return { status, since }
    default:
      return status satisfies never
  }
}

export function paymentRequestFields(request: PaymentRequest): Insert<typeof paymentRequestTable> {
  const { id, subscriptionId, period, amount, dueAt, payment } = request
  return {
    id,
    subscriptionId,
    periodNumber: period.number,
    periodStart: period.start,
    periodEnd: period.end,
    amount,
    dueAt,
    ...paymentFields(payment),
  }
}

export function paymentFields(payment: PaymentState) {
  return {
    status: payment.status,
    paidAt: payment.status === 'paid' ? payment.paidAt : null,
    voidedAt: payment.status === 'void' ? payment.voidedAt : null,
  }
}

export function paymentRequestOfRow(row: PaymentRequestRow): PaymentRequest {
  return {
    // Ids were branded when they were written.
    id: row.id as PaymentRequestId,
    subscriptionId: row.subscriptionId as SubscriptionId,
    period: { number: row.periodNumber, start: row.periodStart, end: row.periodEnd },
    amount: row.amount,
    dueAt: row.dueAt,
    payment: paymentOfRow(row),
  }
}

function paymentOfRow(row: PaymentRequestRow): PaymentState {
  switch (row.status) {
    case 'open':
      return { status: 'open' }
    case 'paid': {
      assert(row.paidAt !== null, 'a paid request says when')
      return { status: 'paid', paidAt: row.paidAt }
    }
    case 'void': {
      assert(row.voidedAt !== null, 'a void request says since when')
      return { status: 'void', voidedAt: row.voidedAt }
    }
    default:
      return row.status satisfies never
  }
}
