// Facts of a tenant for the tests: an active one whose subscription is paid, with what a test changes.

import type { TenantFacts } from '../../src/tenant/desired.ts'
import type { Suspension, SuspensionReason } from '../../src/tenant/suspension.ts'

export const noon = new Date('2026-03-01T12:00:00Z')

export const paid = { access: 'full', reason: 'everything is paid', since: null } as const
export const unpaid = { access: 'blocked', reason: 'a request of 2026-02-01 is unpaid for 15 days', since: noon } as const

export function facts(change: Partial<TenantFacts> = {}): TenantFacts {
  return {
    id: 'ten-1',
    phase: 'active',
    mode: 'enforce',
    suspensions: [],
    standing: paid,
    activation: { kind: 'may-begin' },
    deletionAskedAt: null,
    operation: null,
    failure: null,
    ...change,
  }
}

export function suspended(...reasons: readonly SuspensionReason[]): readonly Suspension[] {
  return reasons.map((reason) => ({ reason, since: noon, by: reason === 'payment' ? 'billing' : 'olga' }))
}
