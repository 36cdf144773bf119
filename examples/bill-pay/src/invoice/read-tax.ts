// Tax categories, allowances and charges, and the tax breakdown, read out of the tree.

import type { AllowanceCharge, TaxCategory, TaxSubtotal, TaxTotal } from './document.ts'
import {
  all,
  amountOf,
  identifierText,
  optional,
  optionalAmount,
  optionalAt,
  optionalDecimal,
  required,
  requiredIdentifierText,
  textOf,
} from './reading.ts'
import { InvoiceRejected, quoted, type RuleId } from './rejection.ts'
import type { XmlElement } from './xml.ts'

const taxCategoryCodes = new Set(['S', 'Z', 'E', 'AE', 'K', 'G', 'O', 'L', 'M', 'B'])

/** `missing` is the rule broken where there is no VAT category; `unknown` where its code is not on the list. */
export function readTaxCategory(
  parent: XmlElement,
  name: string,
  rules: { readonly missing: RuleId; readonly unknown: RuleId },
): TaxCategory {
  const category = required(parent, name, rules.missing)
  const scheme = optionalAt(category, 'cac:TaxScheme', 'cbc:ID')
  if (scheme === null || textOf(scheme).toUpperCase() !== 'VAT')
    throw new InvoiceRejected(rules.missing, `${name} in ${parent.name} is not in the scheme VAT`)
  const code = requiredIdentifierText(category, 'cbc:ID', rules.missing)
  if (!taxCategoryCodes.has(code)) throw new InvoiceRejected(rules.unknown, `tax category ${quoted(code)} is not on the list`)
  return {
    code,
    percent: optionalDecimal(category, 'cbc:Percent'),
    hasExemptionReason: all(category, 'cbc:TaxExemptionReason').length + all(category, 'cbc:TaxExemptionReasonCode').length > 0,
  }
}

type AllowanceRules = {
  readonly amount: RuleId
  readonly reason: RuleId
  readonly decimals: RuleId
  readonly baseDecimals: RuleId
}
type AllowancePlace = {
  readonly allowance: AllowanceRules
  readonly charge: AllowanceRules
  /** The rules about its tax category; null on a line, where it has none of its own. */
  readonly tax: { readonly allowance: RuleId; readonly charge: RuleId } | null
}

export const onDocument: AllowancePlace = {
  allowance: { amount: 'BR-31', reason: 'BR-33', decimals: 'BR-DEC-01', baseDecimals: 'BR-DEC-02' },
  charge: { amount: 'BR-36', reason: 'BR-38', decimals: 'BR-DEC-05', baseDecimals: 'BR-DEC-06' },
  tax: { allowance: 'BR-32', charge: 'BR-37' },
}

export const onLine: AllowancePlace = {
  allowance: { amount: 'BR-41', reason: 'BR-42', decimals: 'BR-DEC-24', baseDecimals: 'BR-DEC-25' },
  charge: { amount: 'BR-43', reason: 'BR-44', decimals: 'BR-DEC-27', baseDecimals: 'BR-DEC-28' },
  tax: null,
}

export function readAllowance(element: XmlElement, currency: string, place: AllowancePlace): AllowanceCharge {
  const indicator = identifierText(required(element, 'cbc:ChargeIndicator', 'PEPPOL-EN16931-R043'))
  if (indicator !== 'true' && indicator !== 'false')
    throw new InvoiceRejected('PEPPOL-EN16931-R043', `cbc:ChargeIndicator is ${quoted(indicator)}`)
  const kind = indicator === 'true' ? 'charge' : 'allowance'
  const rules = place[kind]
  if (optional(element, 'cbc:AllowanceChargeReason') === null && optional(element, 'cbc:AllowanceChargeReasonCode') === null)
    throw new InvoiceRejected(rules.reason, `an ${kind} has neither a reason nor a reason code`)
  return {
    charge: kind === 'charge',
    amount: amountOf(required(element, 'cbc:Amount', rules.amount), currency, rules.decimals),
    base: optionalAmount(element, 'cbc:BaseAmount', currency, rules.baseDecimals),
    percent: optionalDecimal(element, 'cbc:MultiplierFactorNumeric'),
    tax:
      place.tax === null ? null : readTaxCategory(element, 'cac:TaxCategory', { missing: place.tax[kind], unknown: 'BR-CL-18' }),
  }
}

export function readTaxTotals(root: XmlElement, currency: string, taxCurrency: string | null): readonly TaxTotal[] {
  return all(root, 'cac:TaxTotal').map((total) => {
    const subtotals = all(total, 'cac:TaxSubtotal')
    const inTaxCurrency = subtotals.length === 0 && taxCurrency !== null
    return {
      amount: amountOf(
        required(total, 'cbc:TaxAmount', 'BR-CO-15'),
        inTaxCurrency ? taxCurrency : currency,
        inTaxCurrency ? 'BR-DEC-15' : 'BR-DEC-13',
      ),
      breakdown: subtotals.map((subtotal) => readSubtotal(subtotal, currency)),
    }
  })
}

function readSubtotal(subtotal: XmlElement, currency: string): TaxSubtotal {
  const taxable = amountOf(required(subtotal, 'cbc:TaxableAmount', 'BR-45'), currency, 'BR-DEC-19')
  const amount = amountOf(required(subtotal, 'cbc:TaxAmount', 'BR-46'), currency, 'BR-DEC-20')
  const tax = readTaxCategory(subtotal, 'cac:TaxCategory', { missing: 'BR-47', unknown: 'BR-CL-17' })
  if (tax.percent === null && tax.code !== 'O') throw new InvoiceRejected('BR-48', `no rate for tax category ${tax.code}`)
  return { taxable, amount, tax }
}
