// What the reader and the register say about one file, as plain values to compare.

import { matchVendor } from '../../src/invoice/match-vendor.ts'
import { readInvoice } from '../../src/invoice/read-invoice.ts'
import { InvoiceRejected } from '../../src/invoice/rejection.ts'
import type { Vendor } from '../../src/vendor-register.ts'

export type Outcome = {
  readonly rejected: string | undefined
  readonly match?: string
  readonly vendor?: string | undefined
  /** The register's account of the vendor. */
  readonly account?: string | undefined
  readonly invoiceNumber?: string
  readonly amount?: string
  readonly currency?: string
  readonly creditNote?: boolean
}

export async function outcome(file: Uint8Array, vendors: readonly Vendor[]): Promise<Outcome> {
  try {
    const invoice = await readInvoice(file)
    const found = matchVendor(invoice, vendors)
    const vendor = found.match === 'unknown-supplier' ? undefined : found.vendor
    return {
      rejected: undefined,
      match: found.match,
      vendor: vendor?.number,
      account: vendor?.account,
      invoiceNumber: invoice.number,
      amount: invoice.totals.payable.minor.toString(),
      currency: invoice.currency,
      creditNote: invoice.kind === 'credit-note',
    }
  } catch (error) {
    if (error instanceof InvoiceRejected) return { rejected: error.rule }
    throw error
  }
}
