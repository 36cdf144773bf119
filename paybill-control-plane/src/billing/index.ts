export type { BillingAccount, BillingEvent, BillingOutcome } from './account.ts'
export {
  type Access,
  defaultOverduePolicy,
  type OverduePolicy,
  overduePolicy,
  overduePolicyOf,
  type OverdueStep,
} from './overdue.ts'
export { type PaymentRequest, type PaymentRequestId, paymentRequestMoves, type PaymentState } from './payment-request.ts'
export { previewTimeline, type TimelineEntry } from './preview.ts'
export { approve, cancel, type Moment, requestPaid } from './provider/manual/change.ts'
export { advanceTo, nextMoment } from './provider/manual/engine.ts'
export { manualProvider } from './provider/manual/provider.ts'
export { startSubscription, type SubscriptionOrder } from './provider/manual/start.ts'
export type { ChangePreview, PaymentProvider, SubscriptionChange } from './provider/port.ts'
export { type KnownMoney, type Standing, standingOf, type StandingReason } from './standing.ts'
export {
  type BillingSession,
  paymentRequestPaid,
  subscriptionAdvance,
  subscriptionApprove,
  subscriptionCancel,
  subscriptionCreate,
  subscriptionFetch,
  subscriptionFind,
  subscriptionListDue,
  subscriptionListOfCustomer,
  subscriptionListOfTenant,
} from './store.ts'
export {
  type BillingPeriod,
  type CustomerId,
  type Subscription,
  type SubscriptionId,
  subscriptionMoves,
  type SubscriptionState,
  type SubscriptionStatus,
  type SubscriptionTerms,
  type TenantId,
} from './subscription.ts'
export { billingTables } from './tables.ts'
