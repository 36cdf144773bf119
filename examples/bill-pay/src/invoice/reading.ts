// How the reader takes values out of the tree: one element or none, a text, an identifier, a date, a number, an amount; each
// refusal names the rule that was broken. An element that may occur once and occurs twice is refused everywhere, because then
// what we pay and what a person sees could be two different things.

import { currencyDigits, type Money, money } from 'paybill/lib'
import { type Decimal, parseDecimal } from './decimal.ts'
import type { Identifier } from './document.ts'
import { maxIdentifierCharacters } from './limits.ts'
import { InvoiceRejected, quoted, type RuleId } from './rejection.ts'
import type { XmlElement } from './xml.ts'

export function all(parent: XmlElement, name: string): readonly XmlElement[] {
  return parent.children.filter((child) => child.name === name)
}

export function optional(parent: XmlElement, name: string): XmlElement | null {
  let found: XmlElement | null = null
  for (const child of parent.children) {
    if (child.name !== name) continue
    if (found !== null) throw new InvoiceRejected('UBL-CARDINALITY', `${name} occurs twice in ${parent.name}`)
    found = child
  }
  return found
}

export function required(parent: XmlElement, name: string, rule: RuleId): XmlElement {
  const found = optional(parent, name)
  if (found === null) throw new InvoiceRejected(rule, `${name} is missing in ${parent.name}`)
  return found
}

/** Follows a path of elements that each may be absent. */
export function optionalAt(from: XmlElement, ...names: readonly string[]): XmlElement | null {
  let at: XmlElement | null = from
  for (const name of names) at = at === null ? null : optional(at, name)
  return at
}

export function textOf(element: XmlElement): string {
  return element.text.replaceAll(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

/** A value that is stored, compared and shown: short, and every character of it visible, so that no two look alike by hiding one. */
export function identifierText(element: XmlElement): string {
  const text = textOf(element)
  if (text.length > maxIdentifierCharacters || /[\p{C}\p{Zl}\p{Zp}]/u.test(text))
    throw new InvoiceRejected('IDENTIFIER-TEXT', `${element.name} is ${quoted(text)}`)
  return text
}

export function optionalIdentifierText(parent: XmlElement, name: string): string | null {
  const found = optional(parent, name)
  return found === null ? null : identifierText(found)
}

export function requiredIdentifierText(parent: XmlElement, name: string, rule: RuleId): string {
  const text = identifierText(required(parent, name, rule))
  if (text === '') throw new InvoiceRejected(rule, `${name} is empty in ${parent.name}`)
  return text
}

export function identifierOf(element: XmlElement): Identifier {
  return { scheme: element.attributes.get('schemeID') ?? null, value: identifierText(element) }
}

export function optionalDate(parent: XmlElement, name: string): string | null {
  const found = optional(parent, name)
  return found === null ? null : dateOf(found)
}

export function dateOf(element: XmlElement): string {
  const text = textOf(element)
  const date = new Date(`${text}T00:00:00Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    throw new InvoiceRejected('PEPPOL-EN16931-F001', `${element.name} is ${quoted(text)}, not a date such as 2026-03-31`)
  return text
}

export function decimalAt(element: XmlElement): Decimal {
  const text = textOf(element)
  const value = parseDecimal(text)
  if (value === null) throw new InvoiceRejected('NOT-DECIMAL', `${element.name} is ${quoted(text)}`)
  return value
}

export function optionalDecimal(parent: XmlElement, name: string): Decimal | null {
  const found = optional(parent, name)
  return found === null ? null : decimalAt(found)
}

/** An amount in the invoice's currency with at most two decimals; `decimalsRule` is the standard's rule about them. */
export function amountOf(element: XmlElement, currency: string, decimalsRule: RuleId): Money {
  checkCurrency(element, currency)
  const value = decimalAt(element)
  if (value.scale > 2) throw new InvoiceRejected(decimalsRule, `${element.name} has ${value.scale} decimals, two are allowed`)
  const digits = currencyDigits(currency)
  if (digits >= value.scale) return money(value.units * 10n ** BigInt(digits - value.scale), currency)
  const tooFine = 10n ** BigInt(value.scale - digits)
  if (value.units % tooFine !== 0n)
    throw new InvoiceRejected('AMOUNT-FRACTION', `${element.name} has decimals that ${currency} does not have`)
  return money(value.units / tooFine, currency)
}

export function optionalAmount(parent: XmlElement, name: string, currency: string, decimalsRule: RuleId): Money | null {
  const found = optional(parent, name)
  return found === null ? null : amountOf(found, currency, decimalsRule)
}

/** Prices carry a currency as amounts do, but may have any number of decimals. */
export function priceOf(element: XmlElement, currency: string): Decimal {
  checkCurrency(element, currency)
  return decimalAt(element)
}

function checkCurrency(element: XmlElement, currency: string): void {
  const stated = element.attributes.get('currencyID') ?? ''
  if (stated !== currency)
    throw new InvoiceRejected('PEPPOL-EN16931-R051', `${element.name} is in ${quoted(stated)}, the invoice in ${currency}`)
}
