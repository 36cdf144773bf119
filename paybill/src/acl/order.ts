// How two values of one family compare in memory. PostgreSQL's answers are the measure.

import { PaybillError } from '../lib/errors.ts'
import type { Family } from './family.ts'
import { isMoment } from './scalar.ts'

/** Negative, zero or positive; null where the two have no order, as amounts in two currencies. Neither value is NULL. */
export type Order = (left: unknown, right: unknown) => number | null

/** The order of a family. The values are of that family: columns, claims and constants were checked to be. */
export const orders: Readonly<Record<Family, Order>> = {
  text: textOrder,
  // Both have fixed widths, so the order of the texts is that of the values.
  uuid: (left, right) => textOrder(String(left).toLowerCase(), String(right).toLowerCase()),
  date: textOrder,
  boolean: (left, right) => Number(left) - Number(right),
  number: numberOrder,
  timestamp: (left, right) => timeOf(left) - timeOf(right),
  money: moneyOrder,
}

// By code point, as PostgreSQL's "C" collation does on UTF-8. JavaScript compares UTF-16 units, where the halves of
// characters above U+FFFF come before U+E000 to U+FFFF.
function textOrder(left: unknown, right: unknown): number {
  if (left === right) return 0
  const [one, other] = [String(left), String(right)]
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index += 1) {
    const [unit, against] = [one.charCodeAt(index), other.charCodeAt(index)]
    if (unit !== against) return codePointRank(unit) - codePointRank(against)
  }
  return one.length - other.length
}

function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit
}

function numberOrder(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  const [one, other] = [String(left), String(right)]
  const scale = Math.max(decimals(one), decimals(other))
  return sign(scaled(one, scale) - scaled(other, scale))
}

function decimals(text: string): number {
  const point = text.indexOf('.')
  return point === -1 ? 0 : text.length - point - 1
}

function scaled(text: string, scale: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(scale - decimals(text)))
}

function sign(difference: bigint): number {
  if (difference === 0n) return 0
  return difference < 0n ? -1 : 1
}

function timeOf(value: unknown): number {
  if (isMoment(value)) return value.getTime()
  throw new PaybillError('ARGUMENT_INVALID', 'a timestamp in a row is not a Date between the years 1 and 9999')
}

type Amount = { readonly minor: bigint; readonly currency: string }

function moneyOrder(left: unknown, right: unknown): number | null {
  const [one, other] = [left as Amount, right as Amount] // values of the family `money` are amounts
  return one.currency === other.currency ? sign(one.minor - other.minor) : null
}
