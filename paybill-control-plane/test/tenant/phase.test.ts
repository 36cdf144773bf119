import { expect, test } from 'vitest'
import { isServing, mayFollow, type Phase, phaseMoves } from '../../src/tenant/phase.ts'

const phases = Object.keys(phaseMoves) as readonly Phase[] // the table has exactly these keys

function reachableFrom(start: Phase, without: readonly Phase[] = []): ReadonlySet<Phase> {
  const found = new Set<Phase>([start])
  for (const phase of found) for (const to of phases) if (mayFollow({ from: phase, to }) && !without.includes(to)) found.add(to)
  return found
}

test('every phase can be reached from the first, and from every phase the last can', () => {
  expect(reachableFrom('pending')).toEqual(new Set(phases))
  for (const phase of phases) expect(reachableFrom(phase).has('deleted'), phase).toBe(true)
})

test('what is deleted stays deleted', () => {
  expect(reachableFrom('deleted')).toEqual(new Set(['deleted']))
})

test('nobody who serves is taken apart without being suspended first', () => {
  for (const phase of phases.filter(isServing))
    expect(reachableFrom(phase, ['suspended']).has('deprovisioning'), phase).toBe(false)
})

test('what failed can be tried again', () => {
  expect(mayFollow({ from: 'provision_failed', to: 'provisioning' })).toBe(true)
  expect(mayFollow({ from: 'update_failed', to: 'updating' })).toBe(true)
  expect(mayFollow({ from: 'deprovision_failed', to: 'deprovisioning' })).toBe(true)
})
