// Money is a whole number of minor units with its currency. Amounts are never floating point numbers.

import { PaybillError } from './errors.ts'

/** `minor` counts the currency's smallest unit: øre, cent, yen, fils. */
export type Money = { readonly minor: bigint; readonly currency: string }

// Digits after the decimal point where they are not two. Source: ISO 4217, list one.
const minorDigits: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  CLF: 4, UYW: 4,
} // prettier-ignore

/** How many decimal digits the currency has: 2 for NOK and EUR, 0 for JPY, 3 for BHD. */
export function currencyDigits(currency: string): number {
  return minorDigits[currency] ?? 2
}

/** Makes an amount out of minor units. Throws ARGUMENT_INVALID where the currency is not three capital letters. */
export function money(minor: bigint, currency: string): Money {
  if (!/^[A-Z]{3}$/.test(currency))
    throw new PaybillError('ARGUMENT_INVALID', `currency \`${currency}\` is not three capital letters`)
  return { minor, currency }
}

/**
 * Reads a decimal number such as `1234.5` as an amount. Throws ARGUMENT_INVALID where the text is no plain decimal number
 * or has more decimals than the currency, trailing zeros apart.
 */
export function parseMoney(text: string, currency: string): Money {
  const digits = currencyDigits(currency)
  const match = /^([+-]?)(\d{1,24})(?:\.(\d{0,24}))?$/.exec(text)
  if (match === null) throw new PaybillError('ARGUMENT_INVALID', `amount \`${text.slice(0, 40)}\` is not a decimal number`)
  const [, sign = '', whole = '', fraction = ''] = match
  if (!/^0*$/.test(fraction.slice(digits)))
    throw new PaybillError(
      'ARGUMENT_INVALID',
      `amount \`${text.slice(0, 40)}\` has more than ${digits} decimals, which ${currency} does not have`,
    )
  const minor = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return money(sign === '-' ? -minor : minor, currency)
}

/** Writes an amount for people: `1234.50 NOK`. */
export function formatMoney(amount: Money): string {
  const digits = currencyDigits(amount.currency)
  const negative = amount.minor < 0n
  const text = (negative ? -amount.minor : amount.minor).toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  return `${negative ? '-' : ''}${whole}${digits === 0 ? '' : `.${text.slice(-digits)}`} ${amount.currency}`
}

/** Adds two amounts of one currency. Throws ARGUMENT_INVALID where the currencies differ. */
export function addMoney(left: Money, right: Money): Money {
  if (left.currency !== right.currency)
    throw new PaybillError('ARGUMENT_INVALID', `amounts in \`${left.currency}\` and \`${right.currency}\` cannot be added`)
  return { minor: left.minor + right.minor, currency: left.currency }
}
