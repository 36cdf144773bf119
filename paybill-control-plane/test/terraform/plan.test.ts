import { expect, test } from 'vitest'
import { intentText, parsePlan } from '../../src/terraform/plan.ts'

const shown = (change: { readonly timestamp?: string; readonly actions?: readonly string[] } = {}): string =>
  JSON.stringify({
    format_version: '1.2',
    timestamp: change.timestamp ?? '2026-01-01T00:00:00Z',
    resource_changes: [
      { address: 'a.kept', change: { actions: ['no-op'] } },
      { address: 'a.read', change: { actions: ['read'] } },
      { address: 'a.made', change: { actions: change.actions ?? ['create'] } },
    ],
  })

test('the hash of a plan is of what it does, and not of when it was made', () => {
  expect(parsePlan(shown({ timestamp: '2027-01-01T00:00:00Z' })).hash).toBe(parsePlan(shown()).hash)
  expect(parsePlan(shown({ actions: ['delete', 'create'] })).hash).not.toBe(parsePlan(shown()).hash)
})

test('the intent names what is changed and what it is called outside, and nothing that stays', () => {
  expect(intentText(parsePlan(shown({ actions: ['delete', 'create'] })), { 'a.made': 'acme-1' })).toBe(
    'delete+create a.made acme-1',
  )
  expect(intentText(parsePlan(shown()), {})).toBe('create a.made -')
})

test('what is no plan is refused', () => {
  for (const text of ['', '[]', '{}', '{"format_version":"1","resource_changes":[{"address":"a"}]}'])
    expect(() => parsePlan(text)).toThrow(expect.objectContaining({ code: 'TERRAFORM_FAILED' }))
})
