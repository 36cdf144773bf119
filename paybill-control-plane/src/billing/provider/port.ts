// The port to whoever bills. A provider is the truth about subscriptions and the only one who computes an amount; the control
// plane asks, compares and acts on the answer.

import type { Money } from 'paybill/lib'
import type { BillingInterval } from '../../catalog/plan-version.ts'
import type { BillingAccount } from '../account.ts'
import type { CustomerId, SubscriptionId, TenantId } from '../subscription.ts'

export type PaymentProvider = {
  /** All subscriptions of a customer with all their payment requests, as they are now. An empty answer says that he is not known. */
  fetchSubscriptions(customer: CustomerId): Promise<readonly BillingAccount[]>
  /** What a change would cost, without making it. */
  preview(change: SubscriptionChange): Promise<ChangePreview>
  /** Makes a change once for each key, however often it is asked. Another change under the same key is a CONFLICT. */
  apply(change: SubscriptionChange, options: { readonly key: string }): Promise<BillingAccount>
  /** Safe to repeat. */
  cancel(subscription: SubscriptionId, options: { readonly when: 'now' | 'period_end' }): Promise<BillingAccount>
}

export type SubscriptionChange = {
  readonly kind: 'start'
  readonly customerId: CustomerId
  readonly tenantId: TenantId
  readonly plan: { readonly product: string; readonly plan: string; readonly version: number }
  readonly price: 'free' | { readonly currency: string; readonly interval: BillingInterval }
  readonly seats: number
  readonly paymentTermDays: number
}

/** The first payment, if the change takes effect at once; null where nothing is ever asked for. */
export type ChangePreview = { readonly firstPayment: { readonly amount: Money; readonly dueAt: Date } | null }
