// A version of a plan: everything that somebody buys, checked and frozen. A version that was published never changes, so that
// its hash says for ever what a subscriber agreed to.

import type { Money } from 'paybill/lib'
import type { Units } from './unit.ts'

export type ProductId = string & { readonly brand: 'ProductId' }
export type PlanId = string & { readonly brand: 'PlanId' }

export type BillingInterval = 'month' | 'year'

/** What one interval costs in one currency. */
export type PlanPrice = {
  readonly interval: BillingInterval
  readonly flat: Money
  /** For each seat, on top of `flat`; null where seats cost nothing. */
  readonly perSeat: Money | null
}

/** When a new subscription begins: at once, or when somebody has paid or approved, which must happen within the time-out. */
export type Activation =
  | { readonly kind: 'immediate' }
  | { readonly kind: 'on_payment'; readonly timeoutHours: number }
  | { readonly kind: 'on_approval'; readonly timeoutHours: number }

/** What the application may do for a tenant: a switch, a number, or a set of words in the order of the alphabet. */
export type Entitlement = boolean | number | readonly string[]

export type OverduePolicyReference = { readonly id: string; readonly version: number }

export type PlanVersion = {
  readonly productId: ProductId
  readonly planId: PlanId
  readonly version: number
  readonly name: string
  readonly units: Units
  /** Never an empty list: a plan that costs nothing says so. */
  readonly prices: 'free' | readonly PlanPrice[]
  readonly trialDays: number | null
  readonly activation: Activation
  readonly entitlements: Readonly<Record<string, Entitlement>>
  /** Whole numbers that size infrastructure, such as `databaseMegabytes`. */
  readonly quotas: Readonly<Record<string, number>>
  /** What happens to those who do not pay; null leaves it to the default. */
  readonly overduePolicy: OverduePolicyReference | null
  /** SHA-256 of everything above. */
  readonly hash: string
}
