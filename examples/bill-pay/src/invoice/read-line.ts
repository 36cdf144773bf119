// One line of an invoice or credit note, read out of the tree.

import { decimalOf } from './decimal.ts'
import type { Line, Period, Price } from './document.ts'
import {
  all,
  amountOf,
  dateOf,
  decimalAt,
  optional,
  optionalDecimal,
  priceOf,
  required,
  requiredIdentifierText,
  textOf,
} from './reading.ts'
import { onLine, readAllowance, readTaxCategory } from './read-tax.ts'
import { InvoiceRejected, quoted } from './rejection.ts'
import type { XmlElement } from './xml.ts'

export function readLine(line: XmlElement, currency: string): Line {
  const quantityName = line.name === 'cac:InvoiceLine' ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity'
  const id = requiredIdentifierText(line, 'cbc:ID', 'BR-21')
  const quantity = required(line, quantityName, 'BR-22')
  const unit = quantity.attributes.get('unitCode')
  if (unit === undefined) throw new InvoiceRejected('BR-23', `${quantityName} has no unitCode on line ${quoted(id)}`)
  const net = amountOf(required(line, 'cbc:LineExtensionAmount', 'BR-24'), currency, 'BR-DEC-23')
  const item = required(line, 'cac:Item', 'BR-25')
  const itemName = textOf(required(item, 'cbc:Name', 'BR-25'))
  if (itemName === '') throw new InvoiceRejected('BR-25', `the item of line ${quoted(id)} has no name`)
  return {
    id,
    quantity: decimalAt(quantity),
    unit,
    net,
    itemName,
    price: readPrice(required(line, 'cac:Price', 'BR-26'), currency),
    tax: readTaxCategory(item, 'cac:ClassifiedTaxCategory', { missing: 'BR-CO-04', unknown: 'BR-CL-18' }),
    allowances: all(line, 'cac:AllowanceCharge').map((allowance) => readAllowance(allowance, currency, onLine)),
    period: readPeriod(line, { end: 'BR-30', empty: 'BR-CO-20' }),
  }
}

/** Dates of a period; `cbc:DescriptionCode` alone is a period too, on the document. */
export function readPeriod(
  parent: XmlElement,
  rules: { readonly end: 'BR-29' | 'BR-30'; readonly empty: 'BR-CO-19' | 'BR-CO-20' },
): Period | null {
  const period = optional(parent, 'cac:InvoicePeriod')
  if (period === null) return null
  const [start, end] = ['cbc:StartDate', 'cbc:EndDate'].map((name) => {
    const date = optional(period, name)
    return date === null ? null : dateOf(date)
  })
  const onlyCode = rules.empty === 'BR-CO-19' && optional(period, 'cbc:DescriptionCode') !== null
  if (!start && !end && !onlyCode) throw new InvoiceRejected(rules.empty, `cac:InvoicePeriod in ${parent.name} has no date`)
  if (start && end && end < start) throw new InvoiceRejected(rules.end, `a period ends on ${end} before it starts on ${start}`)
  return { start: start ?? null, end: end ?? null }
}

function readPrice(price: XmlElement, currency: string): Price {
  const amount = priceOf(required(price, 'cbc:PriceAmount', 'BR-26'), currency)
  if (amount.units < 0n) throw new InvoiceRejected('BR-27', 'an item price is negative')
  const baseQuantity = optional(price, 'cbc:BaseQuantity')
  const allowance = optional(price, 'cac:AllowanceCharge')
  if (allowance !== null && textOf(required(allowance, 'cbc:ChargeIndicator', 'PEPPOL-EN16931-R044')) !== 'false')
    throw new InvoiceRejected('PEPPOL-EN16931-R044', 'a price has a charge, only a discount is allowed there')
  const gross = allowance === null ? null : optional(allowance, 'cbc:BaseAmount')
  const discount = allowance === null ? null : optional(allowance, 'cbc:Amount')
  return {
    amount,
    baseQuantity: optionalDecimal(price, 'cbc:BaseQuantity'),
    baseUnit: baseQuantity?.attributes.get('unitCode') ?? null,
    gross: gross === null ? null : grossPrice(gross, currency),
    discount: discount === null ? decimalOf(0) : priceOf(discount, currency),
  }
}

function grossPrice(element: XmlElement, currency: string): ReturnType<typeof priceOf> {
  const gross = priceOf(element, currency)
  if (gross.units < 0n) throw new InvoiceRejected('BR-28', 'a gross price is negative')
  return gross
}
