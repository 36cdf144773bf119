// A company signs up: customer, subscription, tenant and a reserved place are made together or not at all. Whatever cannot
// be had is refused here, before anything is made.

import type { SessionTables } from 'paybill/database'
import { PaybillError } from 'paybill/lib'
import { overduePolicyOf } from '../billing/overdue.ts'
import { startSubscription } from '../billing/provider/manual/start.ts'
import { subscriptionCreate } from '../billing/store.ts'
import type { CustomerId, SubscriptionId, TenantId } from '../billing/subscription.ts'
import { planVersionOf } from '../catalog/catalog.ts'
import type { BillingInterval, PlanVersion } from '../catalog/plan-version.ts'
import { isolationOf } from '../catalog/unit.ts'
import type { ControlSchema } from '../control-database/schema.ts'
import { reservationMake } from '../placement/reservation.ts'
import type { Offer } from './tenant-billing.ts'

export type SignUp = {
  readonly customer: { readonly name: string; readonly email: string }
  /** What the tenant's address is made of: lower-case letters, digits and hyphens. */
  readonly name: string
  readonly region: string
  readonly product: string
  readonly plan: string
  readonly seats: number
  /** Which price, where the plan has several. */
  readonly price?: { readonly currency: string; readonly interval: BillingInterval }
}

export type SignUpParts = {
  readonly offer: Offer
  readonly newId: (prefix: 'ten' | 'cus' | 'sub') => string
  readonly systemNow: Date
  readonly businessNow: Date
}

const paymentTermDays = 14
const placeHeldMs = 3_600_000

/**
 * Call it in a transaction. Answers the id of the tenant. Throws NOT_FOUND for a product or plan that is not sold, CONFLICT
 * for a name that is taken, CAPACITY_EXHAUSTED, or ARGUMENT_INVALID.
 */
export async function signUp(tables: SessionTables<ControlSchema>, order: SignUp, parts: SignUpParts): Promise<string> {
  const { offer, newId, systemNow, businessNow } = parts
  const { name, region } = order
  const version = planVersionOf(offer.catalog, { product: order.product, plan: order.plan })
  if ((await tables.tenant.count({ where: { name } })) > 0) {
    const message = `the name \`${name.slice(0, 40)}\` is taken`
    throw new PaybillError('CONFLICT', message, { shown: message })
  }
  // Ids are branded where they are made.
  const customerId = newId('cus') as CustomerId
  const tenantId = newId('ten') as TenantId
  await tables.customer.insert({ id: customerId, ...order.customer })
  const { account } = startSubscription({
    id: newId('sub') as SubscriptionId,
    customerId,
    tenantId,
    planVersion: version,
    price: order.price ?? onlyPrice(version),
    seats: order.seats,
    paymentTermDays,
    at: businessNow,
  })
  await subscriptionCreate(tables, account, overduePolicyOf(offer.policies, version.overduePolicy))
  const isolation = isolationOf(version.units)
  await tables.tenant.insert({
    id: tenantId,
    name,
    customer: customerId,
    product: version.productId,
    isolation,
    region,
    phase: 'pending',
  })
  const leasedUntil = new Date(systemNow.getTime() + heldMs(version))
  await reservationMake(tables, { tenantId, isolation, region, leasedUntil })
  return tenantId
}

// A place is held as long as somebody may take to pay or to approve, and a little longer.
function heldMs({ activation }: PlanVersion): number {
  return activation.kind === 'immediate' ? placeHeldMs : activation.timeoutHours * 3_600_000 + placeHeldMs
}

function onlyPrice({ prices, planId }: PlanVersion): 'free' | { readonly currency: string; readonly interval: BillingInterval } {
  if (prices === 'free') return 'free'
  const [first, ...others] = prices
  if (first !== undefined && others.length === 0) return { currency: first.flat.currency, interval: first.interval }
  const message = `plan \`${planId}\` has several prices: name currency and interval`
  throw new PaybillError('ARGUMENT_INVALID', message, { shown: message })
}
