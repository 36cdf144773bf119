import { expect, test } from 'vitest'
import { accessOf } from '../../src/tenant/access.ts'
import type { Phase } from '../../src/tenant/phase.ts'
import { facts, noon, suspended, unpaid } from './facts.ts'

test('a tenant that serves and has paid has full access', () => {
  for (const phase of ['active', 'updating', 'update_failed', 'migrating'] as const)
    expect(accessOf(facts({ phase }))).toEqual({ access: 'full', because: [] })
})

test.each<Phase>([
  'pending',
  'provisioning',
  'provision_failed',
  'suspended',
  'archived',
  'deprovisioning',
  'deprovision_failed',
  'deleted',
])('a tenant that is %s is blocked, and told so', (phase) => {
  expect(accessOf(facts({ phase }))).toEqual({ access: 'blocked', because: [`the tenant is ${phase.replaceAll('_', ' ')}`] })
})

test('a suspension blocks while the phase is still active, and each of its reasons is named', () => {
  expect(accessOf(facts({ suspensions: suspended('operator', 'security') }))).toEqual({
    access: 'blocked',
    because: [
      'suspended for operator by olga since 2026-03-01T12:00:00.000Z',
      'suspended for security by olga since 2026-03-01T12:00:00.000Z',
    ],
  })
})

test('what is unpaid too long blocks, what is unpaid a short time does not', () => {
  expect(accessOf(facts({ standing: unpaid }))).toEqual({ access: 'blocked', because: [unpaid.reason] })
  for (const access of ['grace', 'restricted'] as const)
    expect(accessOf(facts({ standing: { access, reason: 'a request is unpaid', since: noon } }))).toEqual({
      access,
      because: ['a request is unpaid'],
    })
})

test('no answer about payment is never unpaid', () => {
  const standing = { access: 'unknown', reason: 'the payment provider did not answer', since: noon } as const
  expect(accessOf(facts({ standing }))).toEqual({ access: 'full', because: [standing.reason] })
})
