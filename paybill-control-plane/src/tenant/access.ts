// What a tenant may do right now. Derived at every question from what is stored, never stored itself: so a suspension cuts
// access in the moment in which its row is committed, whatever operation is running.

import type { Access } from '../billing/overdue.ts'
import { isServing, type Phase } from './phase.ts'
import type { Suspension } from './suspension.ts'

/** What the subscriptions of a tenant come to; see `billing`. `unknown` where the truth could not be had. */
export type PaymentStanding = {
  readonly access: Access | 'unknown'
  readonly reason: string
  readonly since: Date | null
}

export type AccessDecision = { readonly access: Access; readonly because: readonly string[] }

/**
 * Access of a tenant, with every reason that counts. An unknown payment standing blocks nobody: no answer is never unpaid.
 *
 * @example accessOf({ phase: 'active', suspensions: [], standing }) // { access: 'full', because: [] }
 */
export function accessOf(tenant: {
  readonly phase: Phase
  readonly suspensions: readonly Suspension[]
  readonly standing: PaymentStanding
}): AccessDecision {
  const { phase, suspensions, standing } = tenant
  const blocking = [
    ...(isServing(phase) ? [] : [`the tenant is ${phase.replaceAll('_', ' ')}`]),
    ...suspensions.map(({ reason, since, by }) => `suspended for ${reason} by ${by} since ${since.toISOString()}`),
    ...(standing.access === 'blocked' ? [standing.reason] : []),
  ]
  if (blocking.length > 0) return { access: 'blocked', because: blocking }
  switch (standing.access) {
    case 'full':
      return { access: 'full', because: [] }
    case 'unknown':
      return { access: 'full', because: [standing.reason] }
    case 'grace':
    case 'restricted':
    case 'blocked':
      return { access: standing.access, because: [standing.reason] }
    default:
      return standing.access satisfies never
  }
}
