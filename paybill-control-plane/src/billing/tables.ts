// Where subscriptions and payment requests are kept. The framework's tenant of a row is the organization that sells; the tenant
// that a subscription pays for is the column `tenantId`.

import { t, table } from 'paybill/schema'
import { paymentRequestMoves } from './payment-request.ts'
import { subscriptionMoves } from './subscription.ts'

const id = () => t.text({ maxLength: 100 }).trusted()

export const subscriptionTable = table(
  {
    tenant: t.tenant(),
    id: id(),
    customerId: id(),
    tenantId: id(),
    productId: id(),
    planId: id(),
    planVersion: t.integer({ minimum: 1 }),
    planHash: t.text({ maxLength: 64 }).trusted(),
    interval: t.enum('month', 'year'),
    flatPrice: t.money().nullable(),
    seatPrice: t.money().nullable(),
    seats: t.integer({ minimum: 1 }),
    trialDays: t.integer({ minimum: 1 }).nullable(),
    paymentTermDays: t.integer({ minimum: 0 }),
    startedAt: t.timestamp(),
    status: t.states(subscriptionMoves),
    since: t.timestamp(),
    waitsFor: t.enum('payment', 'approval').nullable(),
    expiresAt: t.timestamp().nullable(),
    trialEndsAt: t.timestamp().nullable(),
    periodNumber: t.integer({ minimum: 1 }).nullable(),
    anchorAt: t.timestamp().nullable(),
    anchorNumber: t.integer({ minimum: 1 }).nullable(),
    cancelsAtPeriodEnd: t.boolean(),
    /** When time alone changes it next, so that those that are due can be found. */
    nextAt: t.timestamp().nullable(),
    /** One more with each change: who changes it says which state he knows. */
    revision: t.integer({ minimum: 1 }),
  },
  {
    primaryKey: ['tenant', 'id'],
    indexes: [
      ['tenant', 'tenantId'],
      ['tenant', 'customerId'],
      ['tenant', 'nextAt'],
    ],
  },
)

export const paymentRequestTable = table(
  {
    tenant: t.tenant(),
    id: t.text({ maxLength: 120 }).trusted(),
    subscriptionId: id(),
    periodNumber: t.integer({ minimum: 1 }),
    periodStart: t.timestamp(),
    periodEnd: t.timestamp(),
    amount: t.money(),
    dueAt: t.timestamp(),
    status: t.states(paymentRequestMoves),
    paidAt: t.timestamp().nullable(),
    voidedAt: t.timestamp().nullable(),
  },
  {
    primaryKey: ['tenant', 'id'],
    // INVARIANT: a period is asked for once, whoever else asks at the same time.
    unique: [{ columns: ['tenant', 'subscriptionId', 'periodNumber'] }],
    references: [{ columns: ['tenant', 'subscriptionId'], table: 'subscription', to: ['tenant', 'id'] }],
  },
)

/** For the schema of the control plane: `schema({ ...billingTables, … })`. */
export const billingTables = { subscription: subscriptionTable, paymentRequest: paymentRequestTable }
