// The provider `manual`: the organization bills by itself, and an operator or its API says what was paid. What it knows lies in
// the tables of this database.

import type { Session } from 'paybill/database'
import { type Clock, encodeCanonical, PaybillError } from 'paybill/lib'
import type { Schema } from 'paybill/schema'
import { type Catalog, planVersionOf } from '../../../catalog/catalog.ts'
import type { BillingAccount } from '../../account.ts'
import { type OverduePolicy, overduePolicyOf } from '../../overdue.ts'
import {
  subscriptionCancel,
  subscriptionCreate,
  subscriptionFetch,
  subscriptionFind,
  subscriptionListOfCustomer,
} from '../../store.ts'
import type { SubscriptionId } from '../../subscription.ts'
import type { billingTables } from '../../tables.ts'
import type { ChangePreview, PaymentProvider, SubscriptionChange } from '../port.ts'
import { approve } from './change.ts'
import { advanceTo } from './engine.ts'
import { startSubscription } from './start.ts'

/**
 * @example const provider = manualProvider({ session, catalog, policies: [], clock: systemClock })
 */
export function manualProvider(ground: {
  readonly session: Session<Schema<typeof billingTables>>
  readonly catalog: Catalog
  /** Those that the plans of the catalog name; the default is known. */
  readonly policies: readonly OverduePolicy[]
  readonly clock: Clock
}): PaymentProvider {
  const { session, catalog, policies, clock } = ground

  const policyOf = ({ subscription }: BillingAccount): OverduePolicy => {
    const { productId, planId, version } = subscription.terms.plan
    const { overduePolicy } = planVersionOf(catalog, { product: productId, plan: planId, version })
    return overduePolicyOf(policies, overduePolicy)
  }

  const started = (change: SubscriptionChange, key: string): BillingAccount => {
    const { kind: _, plan, ...same } = change
    const id = key as SubscriptionId // the key of the change is the id of what it makes
    return startSubscription({ ...same, id, planVersion: planVersionOf(catalog, plan), at: clock.now() }).account
  }

  /** The subscription that was made under a key before, if it is the one that is asked for. */
  const earlier = async (asked: BillingAccount): Promise<BillingAccount | null> => {
    const { terms } = asked.subscription
    const found = await subscriptionFind(session, terms.id)
    if (found === null || isSameOrder(found, asked)) return found
    throw new PaybillError('CONFLICT', `another subscription was made under the key \`${terms.id}\``)
  }

  return {
    // The rows may lag behind the clock; the answer does not.
    fetchSubscriptions: async (customer) => {
      const accounts = await subscriptionListOfCustomer(session, customer)
      return accounts.map((account) => advanceTo(account, { now: clock.now(), policy: policyOf(account) }).account)
    },
    preview: async (change) => {
      const account = started(change, 'preview')
      return { firstPayment: firstPayment(account, policyOf(account)) }
    },
    apply: async (change, { key }) => {
      const asked = started(change, key)
      const before = await earlier(asked)
      if (before !== null) return before
      try {
        await session.transaction((tables) => subscriptionCreate(tables, asked, policyOf(asked)))
        return asked
      } catch (error) {
        if (!(error instanceof PaybillError) || error.code !== 'CONFLICT') throw error
        // Somebody else applied the same key between the look and the write.
        const winner = await earlier(asked)
        if (winner === null) throw error
        return winner
      }
    },
    cancel: (id, { when }) =>
      session.transaction(async (tables) => {
        const policy = policyOf(await subscriptionFetch(tables, id))
        await subscriptionCancel(tables, { id, when, at: clock.now(), policy })
        return subscriptionFetch(tables, id)
      }),
  }
}

function isSameOrder(one: BillingAccount, other: BillingAccount): boolean {
  const [left, right] = [one, other].map(({ subscription: { terms } }) => ({ ...terms, startedAt: null }))
  return encodeCanonical(left) === encodeCanonical(right)
}

/** The first request: at once, or when it was approved, or when the trial is over. */
function firstPayment(account: BillingAccount, policy: OverduePolicy): ChangePreview['firstPayment'] {
  const { terms, state } = account.subscription
  const waits = state.status === 'incomplete' && state.waitsFor === 'approval'
  const begun = waits ? approve(account, { at: terms.startedAt, policy }).account : account
  const { state: begunState } = begun.subscription
  const asked = begunState.status === 'trialing' ? advanceTo(begun, { now: begunState.trialEndsAt, policy }).account : begun
  const [first] = asked.requests
  return first === undefined ? null : { amount: first.amount, dueAt: first.dueAt }
}
