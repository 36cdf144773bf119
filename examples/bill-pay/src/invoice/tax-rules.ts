// The rules that EN 16931 repeats for each VAT category: S standard, Z zero, E exempt, AE reverse charge, K inside the EU, G export,
// O outside the scope, L and M the taxes of the Canaries and Ceuta. They are one set of rules with a different prefix and a few
// differences, so they are written once, as a table of those differences.

import { addMoney, currencyDigits, formatMoney, type Money, money } from 'paybill/lib'
import { compare, decimalOf } from './decimal.ts'
import type { InvoiceDocument, TaxCategory, TaxSubtotal } from './document.ts'
import { InvoiceRejected, type RuleId } from './rejection.ts'

type CategoryRules = {
  readonly prefix: 'BR-S' | 'BR-Z' | 'BR-E' | 'BR-AE' | 'BR-IC' | 'BR-G' | 'BR-O' | 'BR-AF' | 'BR-AG'
  readonly rate: 'above zero' | 'zero' | 'none' | 'zero or more'
  readonly exemptionReason: 'must' | 'must not'
}

const categories: Readonly<Record<string, CategoryRules>> = {
  S: { prefix: 'BR-S', rate: 'above zero', exemptionReason: 'must not' },
  Z: { prefix: 'BR-Z', rate: 'zero', exemptionReason: 'must not' },
  E: { prefix: 'BR-E', rate: 'zero', exemptionReason: 'must' },
  AE: { prefix: 'BR-AE', rate: 'zero', exemptionReason: 'must' },
  K: { prefix: 'BR-IC', rate: 'zero', exemptionReason: 'must' },
  G: { prefix: 'BR-G', rate: 'zero', exemptionReason: 'must' },
  O: { prefix: 'BR-O', rate: 'none', exemptionReason: 'must' },
  L: { prefix: 'BR-AF', rate: 'zero or more', exemptionReason: 'must not' },
  M: { prefix: 'BR-AG', rate: 'zero or more', exemptionReason: 'must not' },
}

export function checkTaxCategories(invoice: InvoiceDocument): void {
  const used = usedCategories(invoice)
  const breakdown = invoice.taxTotals.flatMap((total) => total.breakdown)
  for (const { tax, rateRule } of used) {
    checkRate(tax, rateRule)
    if (!breakdown.some((subtotal) => sameCategory(subtotal.tax, tax)))
      throw new InvoiceRejected(ruleFor(tax.code, '01'), `no breakdown for tax category ${tax.code} at the rate that is used`)
  }
  for (const code of new Set(used.map(({ tax }) => tax.code))) checkParties(code, invoice)
  for (const subtotal of breakdown) checkSubtotal(subtotal, breakdown, invoice)
}

/** Every place where a category is used, with the number of the rule about the rate at that place. */
function usedCategories({ lines, allowances }: InvoiceDocument): readonly { tax: TaxCategory; rateRule: string }[] {
  return [
    ...lines.map(({ tax }) => ({ tax, rateRule: '05' })),
    ...allowances.flatMap(({ tax, charge }) => (tax === null ? [] : [{ tax, rateRule: charge ? '07' : '06' }])),
  ]
}

function checkRate(tax: TaxCategory, rateRule: string): void {
  const rate = categories[tax.code]?.rate
  const { percent } = tax
  const holds =
    rate === 'none'
      ? percent === null
      : percent !== null &&
        (rate === 'zero' ? percent.units === 0n : rate === 'above zero' ? percent.units > 0n : percent.units >= 0n)
  if (!holds) throw new InvoiceRejected(ruleFor(tax.code, rateRule), `the rate does not fit tax category ${tax.code}`)
}

function checkParties(code: string, { supplier, customer, hasTaxRepresentative, delivery, period }: InvoiceDocument): void {
  const sellerIsRegistered = supplier.hasTaxRegistration || hasTaxRepresentative
  const buyerIsKnown = customer.vatId !== null || (code === 'AE' && customer.legalRegistration !== null)
  if (code === 'O' ? supplier.vatId !== null || hasTaxRepresentative || customer.vatId !== null : !sellerIsRegistered)
    throw new InvoiceRejected(ruleFor(code, '02'), `the tax registrations of the parties do not fit tax category ${code}`)
  if ((code === 'AE' || code === 'K') && !buyerIsKnown)
    throw new InvoiceRejected(ruleFor(code, '02'), `tax category ${code} needs the buyer's registration`)
  if (code !== 'K') return
  if ((delivery === null || delivery.date === null) && period === null)
    throw new InvoiceRejected('BR-IC-11', 'a supply inside the EU needs a delivery date or a period')
  if (delivery === null || delivery.country === null)
    throw new InvoiceRejected('BR-IC-12', 'a supply inside the EU needs a country of delivery')
}

function checkSubtotal(subtotal: TaxSubtotal, breakdown: readonly TaxSubtotal[], invoice: InvoiceDocument): void {
  const { tax, taxable, amount } = subtotal
  const rules = categories[tax.code]
  if (rules === undefined) return
  const byRate = rules.rate === 'above zero' || rules.rate === 'zero or more'
  if (breakdown.some((other) => other !== subtotal && sameCategory(other.tax, tax)))
    throw new InvoiceRejected(ruleFor(tax.code, byRate ? '08' : '01'), `two breakdowns for tax category ${tax.code} at one rate`)
  if (tax.code === 'O' && breakdown.length > 1)
    throw new InvoiceRejected('BR-O-11', 'what is outside the scope of VAT stands beside other categories')
  const expected = taxableAmount(tax, invoice)
  const difference = taxable.minor - expected.minor
  // The published rule leaves less than one unit of currency where a category has several rates, nothing elsewhere.
  const tolerance = byRate ? 10n ** BigInt(currencyDigits(invoice.currency)) : 1n
  if (difference >= tolerance || difference <= -tolerance)
    throw new InvoiceRejected(
      ruleFor(tax.code, '08'),
      `${formatMoney(taxable)} taxable in category ${tax.code}, lines, charges and allowances give ${formatMoney(expected)}`,
    )
  if (!byRate && amount.minor !== 0n) throw new InvoiceRejected(ruleFor(tax.code, '09'), `category ${tax.code} with a tax amount`)
  if (tax.hasExemptionReason !== (rules.exemptionReason === 'must'))
    throw new InvoiceRejected(ruleFor(tax.code, '10'), `category ${tax.code} ${rules.exemptionReason} have an exemption reason`)
}

function taxableAmount(tax: TaxCategory, { lines, allowances, currency }: InvoiceDocument): Money {
  const ofLines = lines.filter((line) => sameCategory(line.tax, tax)).map((line) => line.net)
  const ofAllowances = allowances
    .filter((allowance) => allowance.tax !== null && sameCategory(allowance.tax, tax))
    .map(({ amount, charge }) => (charge ? amount : money(-amount.minor, currency)))
  return [...ofLines, ...ofAllowances].reduce(addMoney, money(0n, currency))
}

/** One code at one rate; a category without rate, or always at zero, is one whatever the file writes for it. */
function sameCategory(left: TaxCategory, right: TaxCategory): boolean {
  return left.code === right.code && compare(left.percent ?? decimalOf(0), right.percent ?? decimalOf(0)) === 0
}

function ruleFor(code: string, number: string): RuleId {
  return `${categories[code]?.prefix ?? 'BR-B'}-${number}`
}
