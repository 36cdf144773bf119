import { assert, bigInt, check, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { add, compare, decimalOf, multiply, parseDecimal, percentOf, roundHalfUp, subtract } from '../../src/invoice/decimal.ts'

const decimal = record({ units: bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), scale: integer({ min: 0, max: 12 }) })

test('halves are rounded away from zero', () => {
  const rounded = (text: string) => roundHalfUp(parseDecimal(text) ?? decimalOf(0), 2).units
  expect([rounded('1.005'), rounded('-1.005'), rounded('1.0049'), rounded('2'), rounded('.125')]).toEqual([
    101n,
    -101n,
    100n,
    200n,
    13n,
  ])
})

test('rounding moves a number by at most half of the last digit', () => {
  assert(
    property(decimal, integer({ min: 0, max: 6 }), (value, digits) => {
      const doubled = multiply(subtract(roundHalfUp(value, digits), value), decimalOf(2))
      const step = { units: 1n, scale: digits }
      expect(compare(doubled, step)).toBeLessThanOrEqual(0)
      expect(compare(doubled, { units: -1n, scale: digits })).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('sums and products do not depend on how the numbers are written', () => {
  assert(
    property(decimal, decimal, integer({ min: 0, max: 5 }), (left, right, zeros) => {
      const longer = { units: left.units * 10n ** BigInt(zeros), scale: left.scale + zeros }
      expect(compare(add(left, right), add(right, longer))).toBe(0)
      expect(compare(multiply(left, right), multiply(longer, right))).toBe(0)
      expect(compare(subtract(add(left, right), right), longer)).toBe(0)
    }),
  )
})

test('a hundred percent is the whole', () => {
  const { failed } = check(property(decimal, (value) => compare(percentOf(value, decimalOf(100)), value) === 0))
  expect(failed).toBe(false)
})

test.each(['', '.', '-', '1e3', '1,5', ' 1', '0x1', '１', '1'.repeat(19)])('%j is no decimal number', (text) => {
  expect(parseDecimal(text)).toBeNull()
})
