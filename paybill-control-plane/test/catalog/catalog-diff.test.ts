import { expect, test } from 'vitest'
import { catalog, catalogDiff } from '../../src/catalog/index.ts'
import { offers, starter } from './offers.ts'

const before = catalog(offers([starter]))
const second = { ...starter, version: 2, trialDays: 30 }

test('a version that is new is named, and those that are kept are not', () => {
  expect(catalogDiff(before, before).added).toEqual([])
  const { added } = catalogDiff(before, catalog(offers([starter, second])))
  expect(added.map(({ planId, version, trialDays }) => ({ planId, version, trialDays }))).toEqual([
    { planId: 'starter', version: 2, trialDays: 30 },
  ])
})

test('a published version cannot change: the refusal names what would', () => {
  const quotas = { databaseMegabytes: 100 }
  expect(() => catalogDiff(before, catalog(offers([{ ...starter, quotas, trialDays: 7 }])))).toThrow(
    'version 1 of `products.bill-pay.plans.starter` was published and would change in `trialDays`, `quotas`',
  )
})

test('a published version cannot go', () => {
  const without = catalog(offers([], { plans: { team: { versions: [starter] } } }))
  expect(() => catalogDiff(before, without)).toThrow('version 1 of `products.bill-pay.plans.starter` was published and would go')
})
