// Exact decimal numbers for quantities, prices and percentages: a whole number of units, each 10^-scale. Amounts of money are
// `Money`; this is what they are multiplied with. Nothing here is a floating point number.

import type { Money } from 'paybill/lib'
import { currencyDigits } from 'paybill/lib'
import { maxDecimalDigits } from './limits.ts'

/** 12.50 is { units: 1250n, scale: 2 }. */
export type Decimal = { readonly units: bigint; readonly scale: number }

const pattern = new RegExp(String.raw`^([+-]?)(\d{0,${maxDecimalDigits}})(?:\.(\d{0,${maxDecimalDigits}}))?$`)

/** Reads an xs:decimal, or gives null where the text is none (no exponent, no thousands separator). */
export function parseDecimal(text: string): Decimal | null {
  const match = pattern.exec(text)
  if (match === null) return null
  const [, sign = '', whole = '', fraction = ''] = match
  if (whole === '' && fraction === '') return null
  const units = BigInt(whole + fraction)
  return { units: sign === '-' ? -units : units, scale: fraction.length }
}

export function decimalOf(whole: number | bigint): Decimal {
  return { units: BigInt(whole), scale: 0 }
}

export function decimalOfMoney(amount: Money): Decimal {
  return { units: amount.minor, scale: currencyDigits(amount.currency) }
}

export function add(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale)
  return { units: unitsAt(left, scale) + unitsAt(right, scale), scale }
}

export function subtract(left: Decimal, right: Decimal): Decimal {
  return add(left, { units: -right.units, scale: right.scale })
}

export function multiply(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale }
}

/** `value` percent of `base`. */
export function percentOf(base: Decimal, value: Decimal): Decimal {
  const product = multiply(base, value)
  return { units: product.units, scale: product.scale + 2 }
}

export function absolute(value: Decimal): Decimal {
  return value.units < 0n ? { units: -value.units, scale: value.scale } : value
}

/** Below zero where left is smaller, zero where equal, above zero where greater. */
export function compare(left: Decimal, right: Decimal): number {
  const difference = subtract(left, right).units
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Rounds to `digits` decimals, halves away from zero, as the standard does for amounts. */
export function roundHalfUp(value: Decimal, digits: number): Decimal {
  if (value.scale <= digits) return { units: unitsAt(value, digits), scale: digits }
  const divisor = 10n ** BigInt(value.scale - digits)
  const magnitude = value.units < 0n ? -value.units : value.units
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n)
  return { units: value.units < 0n ? -rounded : rounded, scale: digits }
}

function unitsAt(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale)
}
