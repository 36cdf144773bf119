// What the outside sees: plain values that JSON can hold. Amounts are minor units as decimal text, moments ISO 8601.

import type { Money } from 'paybill/lib'
import type { BillingAccount } from '../billing/account.ts'
import type { Access } from '../billing/overdue.ts'
import type { PaymentState } from '../billing/payment-request.ts'
import type { TimelineEntry } from '../billing/preview.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { BillingInterval, PlanVersion } from '../catalog/plan-version.ts'
import { type Isolation, isolationOf } from '../catalog/unit.ts'
import type { AccessDecision } from '../tenant/access.ts'
import type { Next, OperationKind, TenantFacts } from '../tenant/desired.ts'
import type { Phase } from '../tenant/phase.ts'
import type { TenantRow } from '../tenant/store.ts'
import type { SuspensionReason } from '../tenant/suspension.ts'

export type TenantView = {
  readonly id: string
  readonly name: string
  readonly customer: string
  readonly product: string
  readonly plan: { readonly id: string; readonly version: number } | null
  readonly isolation: Isolation
  readonly region: string
  readonly phase: Phase
  readonly mode: 'observe' | 'enforce'
  readonly access: Access
  /** Why access is what it is. */
  readonly because: readonly string[]
  readonly suspensions: readonly { readonly reason: SuspensionReason; readonly by: string; readonly since: string }[]
  readonly place: { readonly cell: string; readonly database: string | null; readonly epoch: number } | null
  readonly operation: {
    readonly id: string
    readonly kind: OperationKind
    readonly waitsFor: string
    readonly since: string
  } | null
  readonly next: NextView
  readonly createdAt: string
  readonly msToActive: number | null
}

/** What happens next by itself. `what` is what is started, waited for or parked because of; empty where there is nothing. */
export type NextView = { readonly kind: Next['kind']; readonly what: string; readonly since: string | null }

export function tenantView(of: {
  readonly row: TenantRow
  readonly facts: TenantFacts
  readonly access: AccessDecision
  readonly next: Next
  readonly accounts: readonly BillingAccount[]
  readonly place: { readonly cell: string; readonly name: string | null; readonly epoch: number } | null
}): TenantView {
  const { row, facts, access, next, accounts, place } = of
  const plan = accounts[0]?.subscription.terms.plan
  return {
    id: row.id,
    name: row.name,
    customer: row.customer,
    product: row.product,
    plan: plan === undefined ? null : { id: plan.planId, version: plan.version },
    isolation: row.isolation,
    region: row.region,
    phase: row.phase,
    mode: row.mode,
    access: access.access,
    because: access.because,
    suspensions: facts.suspensions.map(({ reason, by, since }) => ({ reason, by, since: since.toISOString() })),
    place: place === null ? null : { cell: place.cell, database: place.name, epoch: place.epoch },
    operation: facts.operation === null ? null : { ...facts.operation, since: facts.operation.since.toISOString() },
    next: nextView(next),
    createdAt: row.createdAt.toISOString(),
    msToActive: row.activeAt === null ? null : row.activeAt.getTime() - row.createdAt.getTime(),
  }
}

function nextView(next: Next): NextView {
  switch (next.kind) {
    case 'start':
      return { kind: next.kind, what: [next.operation, ...next.because].join('; '), since: null }
    case 'working':
    case 'wait':
      return { kind: next.kind, what: next.for, since: next.since.toISOString() }
    case 'park':
      return { kind: next.kind, what: next.reason, since: null }
    case 'none':
      return { kind: next.kind, what: next.because.join('; '), since: null }
    default:
      return next satisfies never
  }
}

/** What a router needs: where the tenant is, and what it may do. `epoch` tells a newer answer from an older one. */
export type RouteView = {
  readonly tenant: string
  readonly access: Access
  readonly because: readonly string[]
  readonly cell: string | null
  readonly isolation: Isolation
  readonly database: string | null
  readonly epoch: number
}

/** A run of Terraform: what it planned, and as what it ended. */
export type RunView = {
  readonly tenant: string
  readonly id: string
  readonly kind: 'apply' | 'destroy'
  readonly planHash: string | null
  readonly serial: number | null
  readonly state: string
}

export type TimelineView = { readonly at: string; readonly what: string }

export function timelineView(entry: TimelineEntry): TimelineView {
  return { at: entry.at.toISOString(), what: timelineText(entry) }
}

function timelineText(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'billing':
      return `${entry.event.kind.replaceAll('_', ' ')}; the subscription is ${entry.event.status.replaceAll('_', ' ')}`
    case 'access':
      return `access is ${entry.access}: ${entry.reason.replaceAll('_', ' ')}`
    case 'archive':
      return 'the tenant is archived: infrastructure goes, its data is put away'
    case 'purge':
      return 'the data of the tenant is purged'
    default:
      return entry satisfies never
  }
}

export type PaymentRequestView = {
  readonly id: string
  readonly subscription: string
  readonly amount: MoneyView
  readonly dueAt: string
  readonly status: PaymentState['status']
}

export function paymentRequestViews(accounts: readonly BillingAccount[]): readonly PaymentRequestView[] {
  return accounts.flatMap(({ requests }) =>
    requests.map(({ id, subscriptionId, amount, dueAt, payment }) => ({
      id,
      subscription: subscriptionId,
      amount: moneyView(amount),
      dueAt: dueAt.toISOString(),
      status: payment.status,
    })),
  )
}

export type MoneyView = { readonly minor: string; readonly currency: string }

function moneyView({ minor, currency }: Money): MoneyView {
  return { minor: minor.toString(), currency }
}

export type PlanView = {
  readonly product: string
  readonly plan: string
  readonly version: number
  readonly name: string
  readonly isolation: Isolation
  readonly activation: PlanVersion['activation']['kind']
  readonly trialDays: number | null
  /** Empty where the plan costs nothing. */
  readonly prices: readonly {
    readonly interval: BillingInterval
    readonly flat: MoneyView
    readonly perSeat: MoneyView | null
  }[]
  readonly hash: string
}

/** The newest version of every plan. */
export function planViews({ products }: Catalog): readonly PlanView[] {
  return products.flatMap(({ plans }) => plans.flatMap(({ versions }) => versions.slice(-1).map(planView)))
}

function planView(version: PlanVersion): PlanView {
  const prices = version.prices === 'free' ? [] : version.prices
  return {
    product: version.productId,
    plan: version.planId,
    version: version.version,
    name: version.name,
    isolation: isolationOf(version.units),
    activation: version.activation.kind,
    trialDays: version.trialDays,
    prices: prices.map(({ interval, flat, perSeat }) => ({
      interval,
      flat: moneyView(flat),
      perSeat: perSeat === null ? null : moneyView(perSeat),
    })),
    hash: version.hash,
  }
}
