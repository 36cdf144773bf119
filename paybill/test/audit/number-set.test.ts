import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberSet } from '../../src/audit/number-set.ts'

const numbers = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 40 })

function setOf(added: readonly number[]): NumberSet {
  const set = new NumberSet()
  for (const number of added) set.add(number)
  return set
}

test('its gaps are the numbers below the highest that were not added, in whatever order the others came', () => {
  fc.assert(
    fc.property(numbers, (added) => {
      const set = setOf(added)
      const missing = Array.from({ length: Math.max(0, ...added) }, (_, index) => index + 1).filter(
        (number) => !added.includes(number),
      )
      const inGaps = set.gaps().flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index))
      expect(inGaps).toEqual(missing)
      expect(set.highest).toBe(Math.max(0, ...added))
    }),
  )
})

test('it is filled to a number when all up to it and none above were added', () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 30 }), (added, end) => {
      const all = Array.from({ length: end }, (_, index) => index + 1)
      const expected = all.every((number) => added.includes(number)) && added.every((number) => number <= end)
      expect(setOf(added).isFilledTo(end)).toBe(expected)
    }),
  )
})
