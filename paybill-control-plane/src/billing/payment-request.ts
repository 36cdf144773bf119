// A request to pay for one period of a subscription. Whether money came is said by an operator or by the API; nothing here moves
// money.

import type { Money } from 'paybill/lib'
import type { SubscriptionId } from './subscription.ts'

/** Made of the subscription and the number of the period, so that a period cannot have two. */
export type PaymentRequestId = string & { readonly brand: 'PaymentRequestId' }

export const paymentRequestMoves = { open: ['paid', 'void'], paid: [], void: [] } as const satisfies Readonly<
  Record<string, readonly string[]>
>

export type PaymentRequest = {
  readonly id: PaymentRequestId
  readonly subscriptionId: SubscriptionId
  readonly period: { readonly number: number; readonly start: Date; readonly end: Date }
  readonly amount: Money
  /** From this moment on the payment is overdue. */
  readonly dueAt: Date
  readonly payment: PaymentState
}

export type PaymentState =
  | { readonly status: 'open' }
  | { readonly status: 'paid'; readonly paidAt: Date }
  | { readonly status: 'void'; readonly voidedAt: Date }

export function paymentRequestId(subscription: SubscriptionId, periodNumber: number): PaymentRequestId {
  return `${subscription}/${periodNumber}` as PaymentRequestId // this is where such ids are made
}

/** Whose request it is, also of one that time will have made and nobody has written yet. */
export function subscriptionOfRequest(id: PaymentRequestId): SubscriptionId {
  return id.slice(0, Math.max(id.lastIndexOf('/'), 0)) as SubscriptionId // the beginning of such an id
}

/** The open request that is due first. */
export function earliestOpen(requests: readonly PaymentRequest[]): PaymentRequest | null {
  const open = requests.filter(({ payment }) => payment.status === 'open')
  return open.toSorted((left, right) => left.dueAt.getTime() - right.dueAt.getTime())[0] ?? null
}
