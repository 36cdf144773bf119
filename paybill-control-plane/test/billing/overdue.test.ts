import { expect, test } from 'vitest'
import { defaultOverduePolicy, type OverduePolicy, overduePolicy, overduePolicyOf } from '../../src/billing/index.ts'

function refusal(change: Partial<OverduePolicy>): string {
  try {
    overduePolicy({ ...defaultOverduePolicy, ...change })
    return 'accepted'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

test('a policy begins on the due day, gives less with each step, and ends by blocking', () => {
  expect(refusal({})).toBe('accepted')
  expect(refusal({ steps: [{ fromDay: 1, access: 'blocked' }] })).toContain('the first step is from day 0')
  expect(refusal({ steps: [{ fromDay: 0, access: 'grace' }] })).toContain('the last step is `blocked`')
  const later = (access: 'grace' | 'restricted', fromDay: number): OverduePolicy['steps'] => [
    { fromDay: 0, access: 'restricted' },
    { fromDay, access },
    { fromDay: 9, access: 'blocked' },
  ]
  expect(refusal({ steps: later('grace', 5) })).toContain('each step gives less access')
  expect(refusal({ steps: later('restricted', 0) })).toContain('each step is from a later day')
})

test('days are whole numbers, and nothing is purged before it is archived', () => {
  expect(refusal({ archiveAfterDays: 0.5 })).toContain('days are whole numbers')
  expect(refusal({ purgeAfterDays: -1 })).toContain('days are whole numbers')
  expect(refusal({ archiveAfterDays: 91 })).toContain('purged before it is archived')
})

test('a plan without a policy has the default one, and a policy that nobody gave is refused', () => {
  const strict = overduePolicy({ ...defaultOverduePolicy, id: 'strict', version: 2 })
  expect(overduePolicyOf([strict], null)).toBe(defaultOverduePolicy)
  expect(overduePolicyOf([strict], { id: 'strict', version: 2 })).toBe(strict)
  expect(() => overduePolicyOf([strict], { id: 'strict', version: 1 })).toThrow('no overdue policy `strict` version 1')
})
