// What must add up in an invoice: the rules of EN 16931 and PEPPOL BIS Billing 3.0 about sums, prices and taxes, each under its
// published identifier and with its published tolerance. Money is counted in minor units, so sums are exact; what is multiplied is
// compared as exact decimals. The first broken rule refuses the invoice.

import { addMoney, formatMoney, type Money, money } from 'paybill/lib'
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalOf,
  decimalOfMoney,
  multiply,
  percentOf,
  roundHalfUp,
  subtract,
} from './decimal.ts'
import type { AllowanceCharge, InvoiceDocument, Line, TaxSubtotal } from './document.ts'
import { InvoiceRejected, quoted, type RuleId } from './rejection.ts'
import { checkTaxCategories } from './tax-rules.ts'
import { isBlank, type XmlElement } from './xml.ts'

export function checkRules(invoice: InvoiceDocument): void {
  for (const line of invoice.lines) checkLine(line, invoice)
  for (const allowance of invoice.allowances) checkAllowance(allowance)
  checkTotals(invoice)
  checkTaxTotals(invoice)
  checkTaxCategories(invoice)
  checkPayment(invoice)
}

/** PEPPOL allows no element without content: it could be read as a value here and as an absence there. */
export function checkNoEmptyElements(element: XmlElement): void {
  if (element.children.length === 0 && element.attachmentCharacters === 0 && isBlank(element.text))
    throw new InvoiceRejected('PEPPOL-EN16931-R008', `${quoted(element.name)} is empty`)
  for (const child of element.children) checkNoEmptyElements(child)
}

/** How far a product may be from the amount that the file gives for it. */
const slack: Decimal = { units: 2n, scale: 2 }

function checkLine(line: Line, invoice: InvoiceDocument): void {
  const { baseQuantity, baseUnit, amount, gross, discount } = line.price
  for (const allowance of line.allowances) checkAllowance(allowance)
  if (baseQuantity !== null && baseQuantity.units <= 0n)
    throw new InvoiceRejected('PEPPOL-EN16931-R121', `the base quantity on line ${quoted(line.id)} is not above zero`)
  if (baseUnit !== null && baseUnit !== line.unit)
    throw new InvoiceRejected('PEPPOL-EN16931-R130', `line ${quoted(line.id)} has two different units`)
  if (gross !== null && compare(amount, subtract(gross, discount ?? decimalOf(0))) !== 0)
    throw new InvoiceRejected('PEPPOL-EN16931-R046', `the net price on line ${quoted(line.id)} is not gross price less discount`)

  // net = quantity × price / base quantity + charges − allowances; both sides times the base quantity, so that nothing is divided.
  const base = baseQuantity ?? decimalOf(1)
  const extra = line.allowances.reduce(
    (sum, { charge, amount: each }) => (charge ? add(sum, decimalOfMoney(each)) : subtract(sum, decimalOfMoney(each))),
    decimalOf(0),
  )
  const expected = add(multiply(line.quantity, amount), multiply(extra, base))
  const difference = absolute(subtract(multiply(decimalOfMoney(line.net), base), expected))
  if (compare(difference, multiply(slack, base)) > 0)
    throw new InvoiceRejected(
      'PEPPOL-EN16931-R120',
      `line ${quoted(line.id)} comes to ${formatMoney(line.net)}, which quantity, price, charges and allowances do not give`,
    )

  if (line.period?.start && invoice.period?.start && line.period.start < invoice.period.start)
    throw new InvoiceRejected('PEPPOL-EN16931-R110', `the period of line ${quoted(line.id)} starts before the invoice's`)
  if (line.period?.end && invoice.period?.end && line.period.end > invoice.period.end)
    throw new InvoiceRejected('PEPPOL-EN16931-R111', `the period of line ${quoted(line.id)} ends after the invoice's`)
}

function checkAllowance({ amount, base, percent, charge }: AllowanceCharge): void {
  const what = charge ? 'a charge' : 'an allowance'
  if (percent !== null && base === null) throw new InvoiceRejected('PEPPOL-EN16931-R041', `${what} has a percentage of no amount`)
  if (percent === null && base !== null) throw new InvoiceRejected('PEPPOL-EN16931-R042', `${what} has a base but no percentage`)
  if (percent === null || base === null) return
  const difference = absolute(subtract(decimalOfMoney(amount), percentOf(decimalOfMoney(base), percent)))
  if (compare(difference, slack) > 0)
    throw new InvoiceRejected('PEPPOL-EN16931-R040', `${what} of ${formatMoney(amount)} is not its percentage of its base`)
}

function checkTotals({ currency, totals, lines, allowances }: InvoiceDocument): void {
  const zero = money(0n, currency)
  const sum = (amounts: readonly Money[]) => amounts.reduce(addMoney, zero)
  mustBe('BR-CO-10', 'sum of line amounts', totals.lines, sum(lines.map((line) => line.net)))
  checkSumOf(
    'BR-CO-11',
    'sum of allowances',
    totals.allowances,
    allowances.filter(({ charge }) => !charge),
  )
  checkSumOf(
    'BR-CO-12',
    'sum of charges',
    totals.charges,
    allowances.filter(({ charge }) => charge),
  )
  const exclusive = sum([totals.lines, negated(totals.allowances ?? zero), totals.charges ?? zero])
  mustBe('BR-CO-13', 'total without tax', totals.taxExclusive, exclusive)

  function checkSumOf(rule: RuleId, what: string, stated: Money | null, parts: readonly AllowanceCharge[]): void {
    if (stated !== null || parts.length > 0) mustBe(rule, what, stated ?? zero, sum(parts.map(({ amount }) => amount)))
  }
}

function checkTaxTotals({ currency, taxCurrency, taxTotals, totals }: InvoiceDocument): void {
  const [breakdown, ...moreBreakdowns] = taxTotals.filter((total) => total.breakdown.length > 0)
  const inTaxCurrency = taxTotals.filter((total) => total.breakdown.length === 0)
  if (breakdown === undefined) throw new InvoiceRejected('BR-CO-18', 'there is no tax breakdown')
  if (moreBreakdowns.length > 0) throw new InvoiceRejected('PEPPOL-EN16931-R053', 'there is more than one tax breakdown')
  if (taxCurrency !== null && inTaxCurrency.length === 0)
    throw new InvoiceRejected('BR-53', `there is no tax total in the tax currency ${taxCurrency}`)
  if (inTaxCurrency.length !== (taxCurrency === null ? 0 : 1))
    throw new InvoiceRejected('PEPPOL-EN16931-R054', 'there are more tax totals than currencies to state them in')
  if (inTaxCurrency.some(({ amount }) => amount.minor * breakdown.amount.minor < 0n))
    throw new InvoiceRejected('PEPPOL-EN16931-R055', 'the tax totals in the two currencies have different signs')
  for (const subtotal of breakdown.breakdown) checkTaxAmount(subtotal)
  const parts = breakdown.breakdown.map(({ amount }) => amount)
  mustBe('BR-CO-14', 'tax total', breakdown.amount, parts.reduce(addMoney, money(0n, currency)))
  mustBe('BR-CO-15', 'total with tax', totals.taxInclusive, addMoney(totals.taxExclusive, breakdown.amount))
  const zero = money(0n, currency)
  const payable = [totals.taxInclusive, negated(totals.prepaid ?? zero), totals.rounding ?? zero].reduce(addMoney)
  mustBe('BR-CO-16', 'amount due', totals.payable, payable)
}

/** The published rule leaves less than one unit of currency between the amount and the rate's product. */
function checkTaxAmount({ amount, taxable, tax }: TaxSubtotal): void {
  const expected = roundHalfUp(percentOf(absolute(decimalOfMoney(taxable)), tax.percent ?? decimalOf(0)), 2)
  const difference = absolute(subtract(absolute(decimalOfMoney(amount)), expected))
  if (compare(difference, decimalOf(1)) >= 0)
    throw new InvoiceRejected('BR-CO-17', `tax of ${formatMoney(amount)} on ${formatMoney(taxable)} does not fit the rate`)
}

function checkPayment({ kind, supplier, totals, dueDate, paymentTerms }: InvoiceDocument): void {
  if (supplier.vatId === null && supplier.legalRegistration === null && supplier.identifiers.length === 0)
    throw new InvoiceRejected('BR-CO-26', 'the supplier names no identifier by which a buyer could know it')
  if (kind === 'invoice' && totals.payable.minor > 0n && dueDate === null && paymentTerms === null)
    throw new InvoiceRejected('BR-CO-25', 'there is neither a due date nor payment terms')
}

function mustBe(rule: RuleId, what: string, stated: Money, expected: Money): void {
  if (stated.minor !== expected.minor)
    throw new InvoiceRejected(rule, `${what} is ${formatMoney(stated)}, it should be ${formatMoney(expected)}`)
}

function negated(amount: Money): Money {
  return money(-amount.minor, amount.currency)
}
