// What the outside sees: plain values that JSON can hold. Amounts are minor units as decimal text, moments ISO 8601.

import type { BillingAccount } from '../billing/account.ts'
import type { TimelineEntry } from '../billing/preview.ts'
import type { AccessDecision } from '../tenant/access.ts'
import type { TenantFacts } from '../tenant/desired.ts'
import type { TenantRow } from '../tenant/store.ts'

export type TenantView = {
  readonly id: string
  readonly name: string
  readonly customer: string
  readonly product: string
  readonly plan: { readonly id: string; readonly version: number } | null
  readonly isolation: string
  readonly region: string
  readonly phase: string
  readonly mode: string
  readonly access: string
  /** Why access is what it is. */
  readonly because: readonly string[]
  readonly suspensions: readonly { readonly reason: string; readonly by: string; readonly since: string }[]
  readonly place: { readonly cell: string; readonly database: string | null; readonly epoch: number } | null
  readonly operation: { readonly id: string; readonly kind: string; readonly waitsFor: string; readonly since: string } | null
  readonly createdAt: string
  readonly msToActive: number | null
}

export function tenantView(of: {
  readonly row: TenantRow
  readonly facts: TenantFacts
  readonly access: AccessDecision
  readonly accounts: readonly BillingAccount[]
  readonly place: { readonly cell: string; readonly name: string | null; readonly epoch: number } | null
}): TenantView {
  const { row, facts, access, accounts, place } = of
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
    createdAt: row.createdAt.toISOString(),
    msToActive: row.activeAt === null ? null : row.activeAt.getTime() - row.createdAt.getTime(),
  }
}

/** What a router needs: where the tenant is, and what it may do. `epoch` tells a newer answer from an older one. */
export type RouteView = {
  readonly tenant: string
  readonly access: string
  readonly because: readonly string[]
  readonly cell: string | null
  readonly isolation: string
  readonly database: string | null
  readonly epoch: number
}

/** A run of Terraform: what it planned, and as what it ended. */
export type RunView = {
  readonly tenant: string
  readonly id: string
  readonly kind: string
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
  readonly amount: { readonly minor: string; readonly currency: string }
  readonly dueAt: string
  readonly status: string
}

export function paymentRequestViews(accounts: readonly BillingAccount[]): readonly PaymentRequestView[] {
  return accounts.flatMap(({ requests }) =>
    requests.map(({ id, subscriptionId, amount, dueAt, payment }) => ({
      id,
      subscription: subscriptionId,
      amount: { minor: amount.minor.toString(), currency: amount.currency },
      dueAt: dueAt.toISOString(),
      status: payment.status,
    })),
  )
}
