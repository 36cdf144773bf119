// A subscription with all its payment requests: what a provider answers, and what the engine turns from one state into the next.

import type { PaymentRequest, PaymentRequestId } from './payment-request.ts'
import type { Subscription, SubscriptionId, SubscriptionStatus } from './subscription.ts'

export type BillingAccount = { readonly subscription: Subscription; readonly requests: readonly PaymentRequest[] }

/** What happened, and the status in which it left the subscription. */
export type BillingEvent = {
  readonly at: Date
  readonly subscriptionId: SubscriptionId
  readonly status: SubscriptionStatus
} & (
  | {
      readonly kind:
        | 'activation_awaited'
        | 'activation_expired'
        | 'trial_started'
        | 'activated'
        | 'renewed'
        | 'declared_unpaid'
        | 'recovered'
        | 'cancellation_scheduled'
        | 'canceled'
    }
  | { readonly kind: 'payment_requested' | 'payment_overdue' | 'payment_received'; readonly requestId: PaymentRequestId }
)

/** The state that follows, and what happened on the way, in the order of time. */
export type BillingOutcome = { readonly account: BillingAccount; readonly events: readonly BillingEvent[] }
