// The two trusted files of a made folder: the company with its limits, and the vendor register.

import type { Buyer } from './draft.ts'
import type { Supplier } from './suppliers.ts'
import { decimalText } from './ubl.ts'

// In hundredths, per invoice. Only single invoices are made to go above it; the limits per day are out of reach, so that the order
// in which invoices are handled decides nothing.
const limits = {
  NOK: 10_000_000n, SEK: 10_000_000n, DKK: 7_000_000n, EUR: 1_000_000n, PLN: 4_000_000n, GBP: 900_000n, USD: 1_100_000n, CHF: 950_000n,
} as const satisfies Record<string, bigint> // prettier-ignore
const dayFactor = 1_000n

export const currencies = ['NOK', 'EUR', 'GBP', 'USD', 'CHF'] as const

export function limitOf(currency: string): bigint {
  return limits[currency as keyof typeof limits] // every country's currency is listed above
}

export function companyJson({ name, organizationNumber }: Buyer, account: string): string {
  const byCurrency: Record<string, { perInvoice: string; perVendorDay: string; perDay: string }> = {}
  for (const [currency, perInvoice] of Object.entries(limits)) {
    const perDay = decimalText(perInvoice * dayFactor)
    byCurrency[currency] = { perInvoice: decimalText(perInvoice), perVendorDay: perDay, perDay }
  }
  const company = { name, organizationNumber, account, currency: 'NOK', limits: byCurrency }
  return `${JSON.stringify(company, null, 2)}\n`
}

export function vendorsCsv(suppliers: readonly Supplier[]): string {
  const rows = suppliers.map((supplier) => [
    supplier.number,
    supplier.name,
    `${supplier.scheme}:${supplier.organizationNumber}`,
    supplier.vatId,
    supplier.account,
    supplier.bic,
    supplier.country,
  ])
  const header = ['number', 'name', 'organization_id', 'vat_id', 'account', 'bic', 'country']
  return [header, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cell(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
