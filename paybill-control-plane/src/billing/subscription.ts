// A subscription: who pays for which tenant, by what terms, and where it stands. The names of its states are Stripe's eight,
// unchanged, because everybody who sells software knows them.

import type { Money } from 'paybill/lib'
import type { BillingInterval, PlanId, ProductId } from '../catalog/plan-version.ts'

export type SubscriptionId = string & { readonly brand: 'SubscriptionId' }
export type CustomerId = string & { readonly brand: 'CustomerId' }
/** A tenant of the organization. Not the tenant of the framework's rows: that is the organization itself. */
export type TenantId = string & { readonly brand: 'TenantId' }

/** Every status with those that may follow. The same table is the column of the database, which refuses other moves. */
export const subscriptionMoves = {
  incomplete: ['trialing', 'active', 'incomplete_expired'],
  incomplete_expired: [],
  trialing: ['active', 'paused', 'canceled'],
  active: ['past_due', 'paused', 'canceled'],
  past_due: ['active', 'unpaid', 'paused', 'canceled'],
  unpaid: ['active', 'past_due', 'canceled'],
  canceled: [],
  paused: ['active', 'canceled'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type SubscriptionStatus = keyof typeof subscriptionMoves

/** What was agreed when the subscription was made. */
export type SubscriptionTerms = {
  readonly id: SubscriptionId
  readonly customerId: CustomerId
  readonly tenantId: TenantId
  /** The version of the plan that was bought, with its hash. */
  readonly plan: {
    readonly productId: ProductId
    readonly planId: PlanId
    readonly version: number
    readonly hash: string
  }
  readonly interval: BillingInterval
  /** Null where the plan is free. */
  readonly price: { readonly flat: Money; readonly perSeat: Money | null } | null
  readonly seats: number
  readonly trialDays: number | null
  /** Days from the beginning of a period until its payment is due. */
  readonly paymentTermDays: number
  readonly startedAt: Date
}

/** Periods are counted from 1. `anchor` is the moment from which they are measured, and the number of the period that began there. */
export type BillingPeriod = {
  readonly number: number
  readonly anchor: { readonly at: Date; readonly number: number }
  readonly start: Date
  readonly end: Date
}

/** `since` is when the status was entered. */
export type SubscriptionState = { readonly since: Date } & (
  | { readonly status: 'incomplete'; readonly waitsFor: 'payment' | 'approval'; readonly expiresAt: Date }
  | { readonly status: 'trialing'; readonly trialEndsAt: Date; readonly cancelsAtPeriodEnd: boolean }
  | {
      readonly status: 'active' | 'past_due' | 'unpaid'
      readonly period: BillingPeriod
      readonly cancelsAtPeriodEnd: boolean
    }
  | { readonly status: 'incomplete_expired' | 'canceled' | 'paused' }
)

export type Subscription = { readonly terms: SubscriptionTerms; readonly state: SubscriptionState }
