// The company that pays, company.json: its name, its account and how much may be paid without asking a person. Trusted, written by
// the company itself, and checked field by field, so that a mistake is named before anything is paid.

import { type Money, parseMoney, PaybillError } from 'paybill/lib'
import { isValidIban, normalizedAccount } from './invoice/account.ts'
import { isNorwegianOrganizationNumber } from './invoice/identifier-schemes.ts'

export type Company = {
  readonly name: string
  readonly organizationNumber: string
  /** The IBAN that payments are made from. */
  readonly account: string
  readonly currency: string
  /** By currency. An amount in a currency that is not listed may not be paid at all without a person. */
  readonly limits: ReadonlyMap<string, PaymentLimits>
}

/** Above any of these a person decides. */
export type PaymentLimits = { readonly perInvoice: Money; readonly perVendorDay: Money; readonly perDay: Money }

export const companyFile = 'company.json'

/** Reads the text of company.json, or throws COMPANY_INVALID naming the field and what to change. */
export function parseCompany(text: string): Company {
  const company = objectOf(parseJson(text), 'the file')
  const account = normalizedAccount(textField(company, 'account'))
  if (!isValidIban(account)) throw invalid('`account` is not a valid IBAN')
  const organizationNumber = textField(company, 'organizationNumber')
  if (!isNorwegianOrganizationNumber(organizationNumber))
    throw invalid('`organizationNumber` is not nine digits with a fitting check digit')
  const currency = textField(company, 'currency')
  const limits = new Map(
    Object.entries(objectOf(company['limits'], '`limits`')).map(([code, value]) => [code, readLimits(code, value)]),
  )
  if (!limits.has(currency)) throw invalid(`\`limits\` has no entry for the company's own currency \`${currency}\``)
  return { name: textField(company, 'name'), organizationNumber, account, currency, limits }
}

function readLimits(currency: string, value: unknown): PaymentLimits {
  const limits = objectOf(value, `\`limits.${currency}\``)
  const [perInvoice, perVendorDay, perDay] = (['perInvoice', 'perVendorDay', 'perDay'] as const).map((field) =>
    amountField(limits, field, currency),
  )
  if (perInvoice === undefined || perVendorDay === undefined || perDay === undefined) throw invalid('a limit is missing')
  if (perInvoice.minor > perVendorDay.minor || perVendorDay.minor > perDay.minor)
    throw invalid(`\`limits.${currency}\` must not fall from perInvoice over perVendorDay to perDay`)
  return { perInvoice, perVendorDay, perDay }
}

function amountField(limits: Readonly<Record<string, unknown>>, field: string, currency: string): Money {
  const value = limits[field]
  const name = `\`limits.${currency}.${field}\``
  if (typeof value !== 'string') throw invalid(`${name} is not a decimal number in quotes`)
  try {
    const amount = parseMoney(value, currency)
    if (amount.minor > 0n) return amount
  } catch (cause) {
    throw invalid(`${name}: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
  throw invalid(`${name} is not above zero`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalid(`not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  }
}

function objectOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${name} is not an object`)
  return value as Readonly<Record<string, unknown>> // just checked; its fields stay unknown
}

function textField(object: Readonly<Record<string, unknown>>, field: string): string {
  const value = object[field]
  if (typeof value !== 'string' || value.trim() === '') throw invalid(`\`${field}\` is not a text`)
  return value
}

function invalid(what: string, cause?: unknown): PaybillError {
  const message = `${companyFile}: ${what}`
  return new PaybillError('COMPANY_INVALID', message, { cause, shown: message })
}
