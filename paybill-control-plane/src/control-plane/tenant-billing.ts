// What the subscriptions of a tenant say about it: whether it may begin, and whether it may work.

import type { SessionTables } from 'paybill/database'
import type { BillingAccount } from '../billing/account.ts'
import { type OverduePolicy, overduePolicyOf } from '../billing/overdue.ts'
import { type Standing, standingOf } from '../billing/standing.ts'
import { subscriptionListOfTenant } from '../billing/store.ts'
import type { SubscriptionTerms, TenantId } from '../billing/subscription.ts'
import { type Catalog, planVersionOf } from '../catalog/catalog.ts'
import type { ControlSchema } from '../control-database/schema.ts'
import type { PaymentStanding } from '../tenant/access.ts'
import type { Activation } from '../tenant/desired.ts'

type Tables = SessionTables<ControlSchema>

/** What is sold, and what is done about those who do not pay. */
export type Offer = { readonly catalog: Catalog; readonly policies: readonly OverduePolicy[] }

/** The subscriptions of a tenant with their requests. */
export function accountsOfTenant(tables: Tables, tenantId: string): Promise<readonly BillingAccount[]> {
  return subscriptionListOfTenant(tables, tenantId as TenantId) // tenants are named by the ids that subscriptions were made for
}

/** The policy that a subscription was sold with. */
export function policyOf({ catalog, policies }: Offer, { plan }: SubscriptionTerms): OverduePolicy {
  const version = planVersionOf(catalog, { product: plan.productId, plan: plan.planId, version: plan.version })
  return overduePolicyOf(policies, version.overduePolicy)
}

export function billingFacts(
  offer: Offer,
  accounts: readonly BillingAccount[],
  now: Date,
): { readonly standing: PaymentStanding; readonly activation: Activation } {
  const subscriptions = accounts.map(({ subscription }) => subscription)
  const requests = accounts.flatMap((account) => account.requests)
  const [first] = subscriptions
  const policy = overduePolicyOf(offer.policies, null)
  const standing = standingOf({
    subscriptions,
    requests,
    policy: first === undefined ? policy : policyOf(offer, first.terms),
    now,
  })
  return { standing: inWords(standing), activation: activationOf(accounts) }
}

function activationOf(accounts: readonly BillingAccount[]): Activation {
  const states = accounts.map(({ subscription }) => subscription.state)
  if (states.some(({ status }) => status !== 'incomplete' && status !== 'incomplete_expired')) return { kind: 'may-begin' }
  for (const state of states) if (state.status === 'incomplete') return { kind: 'waits', for: state.waitsFor, since: state.since }
  if (states.length > 0) return { kind: 'over', reason: 'its subscription was not activated in time' }
  return { kind: 'waits', for: 'subscription', since: new Date(0) }
}

function inWords(standing: Standing): PaymentStanding {
  if (standing.access === 'unknown') return { access: 'unknown', reason: unknownReasons[standing.reason], since: null }
  const { access, reason, since, next } = standing
  const following = next === null ? '' : `; unpaid it is ${next.access} from ${next.at.toISOString()} on`
  return { access, reason: `${reasons[reason]}${following}`, since }
}

const unknownReasons = {
  no_subscription: 'no subscription of it is known',
  debt_not_shown: 'a subscription speaks of a debt, and no request shows it',
} as const satisfies Record<Extract<Standing, { access: 'unknown' }>['reason'], string>

const reasons = {
  trialing: 'it is in its trial',
  in_good_standing: 'everything is paid',
  overdue: 'a payment is overdue',
  paused: 'its subscription is paused',
  not_activated: 'its subscription is not activated yet',
  activation_expired: 'its subscription was not activated in time',
  canceled: 'its subscription is cancelled',
} as const satisfies Record<Exclude<Standing, { access: 'unknown' }>['reason'], string>
