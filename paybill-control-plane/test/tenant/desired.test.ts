import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { diff, mostFailures, type TenantFacts } from '../../src/tenant/desired.ts'
import { explainTenant } from '../../src/tenant/explain.ts'
import { mayFollow, type Phase, phaseMoves } from '../../src/tenant/phase.ts'
import { type SuspensionReason, suspensionReasons } from '../../src/tenant/suspension.ts'
import { facts, noon, paid, suspended, unpaid } from './facts.ts'

const next = (change: Partial<TenantFacts>) => diff(facts(change), noon)
const gone = { deletionAskedAt: noon }

test.each<[string, Partial<TenantFacts>, string]>([
  ['a new tenant whose subscription may begin', { phase: 'pending' }, 'provision'],
  ['a tenant that could not be provisioned', { phase: 'provision_failed' }, 'provision'],
  ['an active tenant that did not pay', { standing: unpaid }, 'suspend'],
  ['an active tenant that an operator suspended', { suspensions: suspended('operator') }, 'suspend'],
  ['a suspended tenant without a reason left', { phase: 'suspended' }, 'resume'],
  ['an active tenant to be deleted', gone, 'suspend'],
  ['a suspended tenant to be deleted', { ...gone, phase: 'suspended' }, 'delete'],
  ['a new tenant to be deleted', { ...gone, phase: 'pending' }, 'delete'],
  ['a tenant whose deletion failed', { ...gone, phase: 'deprovision_failed' }, 'delete'],
  ['a reservation that ran out', { phase: 'pending', activation: { kind: 'over', reason: 'never paid' } }, 'delete'],
])('%s: %#', (_what, change, operation) => {
  expect(next(change)).toMatchObject({ kind: 'start', operation })
})

test.each<[string, Partial<TenantFacts>]>([
  ['an active tenant that paid', {}],
  ['a suspended tenant that did not pay', { phase: 'suspended', standing: unpaid }],
  ['a new tenant that is suspended already', { phase: 'pending', suspensions: suspended('security') }],
  ['a deleted tenant', { ...gone, phase: 'deleted' }],
])('nothing is done about %s', (_what, change) => {
  expect(next(change)).toMatchObject({ kind: 'none' })
})

test('resume only when the set of reasons is empty: suspended by two reasons, one taken away, it stays suspended', () => {
  expect(next({ phase: 'suspended', suspensions: suspended('operator', 'payment') })).toMatchObject({ kind: 'none' })
  expect(next({ phase: 'suspended', suspensions: suspended('operator') })).toMatchObject({ kind: 'none' })
  expect(next({ phase: 'suspended', suspensions: [] })).toMatchObject({ kind: 'start', operation: 'resume' })
})

test('no answer about payment suspends nobody', () => {
  const standing = { access: 'unknown', reason: 'the provider did not answer', since: noon } as const
  expect(next({ standing })).toMatchObject({ kind: 'none' })
})

test('while an operation is at work there is no other, and the wait says for what and since when', () => {
  const operation = { id: 'op-1', kind: 'provision', since: noon, waitsFor: 'database.create' } as const
  expect(next({ phase: 'provisioning', operation, ...gone })).toEqual({
    kind: 'working',
    for: 'provision: database.create',
    since: noon,
  })
})

test('a tenant that waits for money says so', () => {
  const activation = { kind: 'waits', for: 'payment', since: noon } as const
  expect(next({ phase: 'pending', activation })).toEqual({ kind: 'wait', for: 'payment', since: noon })
})

test('what is only observed is shown and not done', () => {
  expect(next({ mode: 'observe', standing: unpaid })).toEqual({
    kind: 'none',
    because: ['it is observed only; it would suspend', unpaid.reason],
  })
})

test('what failed is tried again later and later, and then left to a person', () => {
  const failed = (times: number, agoMs: number) =>
    next({
      phase: 'provision_failed',
      failure: { kind: 'provision', times, reason: 'no answer', at: new Date(noon.getTime() - agoMs) },
    })
  expect(failed(1, 1_000)).toMatchObject({ kind: 'wait', for: 'the next try at 2026-03-01T12:00:04.000Z' })
  expect(failed(1, 5_000)).toMatchObject({ kind: 'start', operation: 'provision' })
  expect(failed(3, 5_000)).toMatchObject({ kind: 'wait' })
  expect(failed(3, 20_000)).toMatchObject({ kind: 'start' })
  expect(failed(mostFailures, 3_600_000)).toEqual({ kind: 'park', reason: `provision failed ${mostFailures} times: no answer` })
})

test('what failed does not hold up another operation', () => {
  const failure = { kind: 'provision', times: mostFailures, reason: 'no answer', at: noon } as const
  expect(next({ ...gone, phase: 'provision_failed', failure })).toMatchObject({ kind: 'start', operation: 'delete' })
})

const phases = Object.keys(phaseMoves) as [Phase, ...Phase[]] // the table has exactly these keys
const anyFacts: fc.Arbitrary<TenantFacts> = fc.record({
  id: fc.constant('ten-1'),
  phase: fc.constantFrom(...phases),
  mode: fc.constantFrom('observe', 'enforce'),
  suspensions: fc.subarray<SuspensionReason>([...suspensionReasons]).map((reasons) => suspended(...reasons)),
  standing: fc.constantFrom(paid, unpaid, { access: 'unknown', reason: 'no answer', since: noon } as const),
  activation: fc.constantFrom(
    { kind: 'may-begin' } as const,
    { kind: 'waits', for: 'payment', since: noon } as const,
    { kind: 'over', reason: 'never paid' } as const,
  ),
  deletionAskedAt: fc.constantFrom(null, noon),
  operation: fc.constant(null),
  failure: fc.constant(null),
})

const begins = { provision: 'provisioning', suspend: 'suspended', resume: 'active', delete: 'deprovisioning' } as const

test('whatever is started can begin from the phase that the tenant is in', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const wanted = diff(given, noon)
      if (wanted.kind !== 'start') return
      expect(mayFollow({ from: given.phase, to: begins[wanted.operation] })).toBe(true)
    }),
  )
})

test('carried out step by step, every tenant comes to where nothing is left to do, or a person has to look', () => {
  const ends = { provision: 'active', suspend: 'suspended', resume: 'active', delete: 'deleted' } as const
  const carriedOut = (given: TenantFacts, rounds: number): TenantFacts => {
    const wanted = diff(given, noon)
    if (wanted.kind !== 'start' || rounds === 0) return given
    return carriedOut({ ...given, phase: ends[wanted.operation] }, rounds - 1)
  }
  fc.assert(
    fc.property(anyFacts, (given) => {
      expect(diff(carriedOut(given, 4), noon).kind).not.toBe('start')
    }),
  )
})

test('a tenant explains itself in one line for each thing to know', () => {
  expect(explainTenant(facts({ suspensions: suspended('operator'), standing: unpaid }), noon)).toEqual([
    'tenant ten-1 is active',
    'access is blocked: suspended for operator by olga since 2026-03-01T12:00:00.000Z; a request of 2026-02-01 is unpaid for 15 days',
    'payment: a request of 2026-02-01 is unpaid for 15 days since 2026-03-01T12:00:00.000Z',
    'it should be stopped, its data kept: suspended for operator by olga; a request of 2026-02-01 is unpaid for 15 days',
    'next: suspend: suspended for operator by olga; a request of 2026-02-01 is unpaid for 15 days',
  ])
})
