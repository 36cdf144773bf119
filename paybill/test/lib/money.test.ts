import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMoney, currencyDigits, formatMoney, money, parseMoney } from '../../src/lib/money.ts'

const currencies = fc.constantFrom('NOK', 'JPY', 'BHD', 'CLF')
const minor = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })
const invalid = expect.objectContaining({ code: 'ARGUMENT_INVALID' })

test('an amount written for people is read back as it was, in currencies with any number of decimals', () => {
  fc.assert(
    fc.property(minor, currencies, (minor, currency) => {
      const [text = ''] = formatMoney(money(minor, currency)).split(' ')
      expect(parseMoney(text, currency)).toEqual({ minor, currency })
    }),
  )
})

test('decimals beyond those of the currency are accepted only where they are zero', () => {
  expect(parseMoney('12.5000', 'NOK')).toEqual({ minor: 1250n, currency: 'NOK' })
  expect(parseMoney('12.000', 'JPY')).toEqual({ minor: 12n, currency: 'JPY' })
  expect(() => parseMoney('12.505', 'NOK')).toThrow(invalid)
  expect(() => parseMoney('12.5', 'JPY')).toThrow(invalid)
})

test.each(['', '.', '1e3', '1,5', ' 1', '0x1', '١', '--1', '1.2.3', 'NaN', '9'.repeat(25)])('%j is no amount', (text) => {
  expect(() => parseMoney(text, 'NOK')).toThrow(invalid)
})

test.each(['nok', 'NO', 'NOKK', '', 'N0K', 'NOK '])('%j is no currency', (currency) => {
  expect(() => money(1n, currency)).toThrow(invalid)
})

test('amounts are added exactly, and never across currencies', () => {
  fc.assert(
    fc.property(minor, minor, (left, right) => {
      expect(addMoney(money(left, 'NOK'), money(right, 'NOK'))).toEqual({ minor: left + right, currency: 'NOK' })
    }),
  )
  expect(() => addMoney(money(1n, 'NOK'), money(1n, 'SEK'))).toThrow(invalid)
  expect([currencyDigits('NOK'), currencyDigits('JPY'), currencyDigits('KWD')]).toEqual([2, 0, 3])
})
