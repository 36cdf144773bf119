// Values for columns, claims and constants. Each type has few, so that rows, claims and constants often meet; among them
// are those that readers could take for each other: code points in another order than their UTF-16 units, one number in
// several forms, moments a millisecond apart, amounts that differ in currency only.

import type { Random } from './random.ts'

export type Scalar = string | number | bigint | boolean | Date | { readonly minor: bigint; readonly currency: string }
export type Family = 'text' | 'uuid' | 'boolean' | 'number' | 'date' | 'timestamp' | 'money'

/** The moment at which every generated case is decided. */
export const now = new Date('2026-03-01T12:00:00.000Z')

export const around = [-86_400_000, -1, 0, 1, 86_400_000].map((distance) => new Date(now.getTime() + distance))

const texts = ['', 'a', 'B', 'b', 'ab', 'é', "o'clock\\", 'one', 'two']
/** By code point the first comes first, by UTF-16 the second. */
const disordered = ['\u{FF21}', '\u{1F600}']
export const enumValues = ['one', 'two', 'three', 'Four'] as const
const uuids = [1, 2, 3, 0xa, 0xf].map((digit) => `${digit.toString(16).repeat(8)}-0000-4000-8000-000000000000`)
const dates = ['2026-02-28', '2026-03-01', '2026-03-02', '1999-12-31']
const wholes = [-2, -1, 0, 1, 2, 10]
const decimals = ['-1.50', '-1.00', '0.00', '0.50', '1.00', '2.00', '10.00']
const amounts = [-1n, 0n, 1n, 100n].flatMap((minor) => ['EUR', 'NOK'].map((currency) => ({ minor, currency })))

/** A value of a column type or claim type. */
export function valueOfType(random: Random, type: string): Scalar {
  switch (type) {
    case 'text':
      return random.pick(random.chance(0.4) ? disordered : texts)
    case 'enum':
    case 'states':
      return random.pick(enumValues)
    case 'uuid':
      return random.pick(uuids)
    case 'boolean':
      return random.chance(0.5)
    case 'integer':
      return random.pick(wholes)
    case 'bigint':
      return BigInt(random.pick([...wholes.map(String), '9223372036854775807', '-9223372036854775808']))
    case 'decimal':
      return random.pick(decimals)
    case 'date':
      return random.pick(dates)
    case 'timestamp':
      return random.pick(around)
    case 'money':
      return random.pick(amounts)
    default:
      throw new Error(`there are no values of type \`${type}\``)
  }
}

/** A constant that may be compared with a family, in one of the forms that it has. */
export function constantOf(random: Random, family: Family): Scalar {
  if (family === 'text' && random.chance(0.3)) return random.pick(disordered)
  if (family !== 'number') return valueOfType(random, family)
  const value = valueOfType(random, random.pick(['integer', 'bigint', 'decimal']))
  return value === '1.00' ? random.pick(['1', '1.0', '1.000', 1, 1n]) : value
}
