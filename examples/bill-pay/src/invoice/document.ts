// What an invoice says, after it was read and found to keep the rules. Everything in it was written by a stranger: it is
// well-formed and adds up, which does not make it true.

import type { Money } from 'paybill/lib'
import type { Decimal } from './decimal.ts'

export type InvoiceDocument = {
  readonly kind: 'invoice' | 'credit-note'
  /** True for PEPPOL BIS Billing 3.0, false for another compliant specification of EN 16931, whose own rules are not checked. */
  readonly peppol: boolean
  readonly number: string
  readonly issueDate: string
  readonly dueDate: string | null
  readonly typeCode: string
  readonly currency: string
  readonly taxCurrency: string | null
  readonly buyerReference: string | null
  readonly orderReference: string | null
  readonly period: Period | null
  readonly precedingInvoices: readonly string[]
  readonly supplier: Party
  readonly customer: Party
  /** Somebody else than the supplier who is to receive the money, a factoring company for example. */
  readonly payeeName: string | null
  readonly hasTaxRepresentative: boolean
  readonly delivery: { readonly date: string | null; readonly country: string | null } | null
  readonly payments: readonly PaymentInstruction[]
  readonly paymentTerms: string | null
  readonly allowances: readonly AllowanceCharge[]
  readonly taxTotals: readonly TaxTotal[]
  readonly totals: Totals
  readonly lines: readonly Line[]
  readonly attachments: readonly Attachment[]
  readonly freeTexts: readonly FreeText[]
}

/** An identifier with the list it comes from, `0192` for the Norwegian register of entities; null where the file names none. */
export type Identifier = { readonly scheme: string | null; readonly value: string }

export type Period = { readonly start: string | null; readonly end: string | null }

export type Party = {
  readonly name: string
  readonly endpoint: Identifier | null
  readonly identifiers: readonly Identifier[]
  readonly legalRegistration: Identifier | null
  readonly vatId: string | null
  /** True where the party has a registration in any tax scheme, VAT or another. */
  readonly hasTaxRegistration: boolean
  readonly country: string
}

/** One way to pay. `meansCode` is a code of UNCL4461: 30 credit transfer, 58 SEPA, 59 direct debit, 48 card. */
export type PaymentInstruction = {
  readonly meansCode: string
  readonly paymentId: string | null
  readonly account: { readonly id: string; readonly bic: string | null } | null
  readonly mandate: string | null
}

export type TaxCategory = {
  readonly code: string
  readonly percent: Decimal | null
  readonly hasExemptionReason: boolean
}

export type AllowanceCharge = {
  readonly charge: boolean
  readonly amount: Money
  readonly base: Money | null
  readonly percent: Decimal | null
  /** Null on a line, which has one tax category of its own. */
  readonly tax: TaxCategory | null
}

/** The breakdown is empty for the total in the tax currency. */
export type TaxTotal = { readonly amount: Money; readonly breakdown: readonly TaxSubtotal[] }
export type TaxSubtotal = { readonly taxable: Money; readonly amount: Money; readonly tax: TaxCategory }

export type Totals = {
  readonly lines: Money
  readonly allowances: Money | null
  readonly charges: Money | null
  readonly taxExclusive: Money
  readonly taxInclusive: Money
  readonly prepaid: Money | null
  readonly rounding: Money | null
  readonly payable: Money
}

export type Line = {
  readonly id: string
  readonly quantity: Decimal
  readonly unit: string
  readonly net: Money
  readonly itemName: string
  readonly price: Price
  readonly tax: TaxCategory
  readonly allowances: readonly AllowanceCharge[]
  readonly period: Period | null
}

export type Price = {
  readonly amount: Decimal
  readonly baseQuantity: Decimal | null
  readonly baseUnit: string | null
  /** The gross price and its discount, where the file gives them. */
  readonly gross: Decimal | null
  readonly discount: Decimal | null
}

/** An attachment is skipped while streaming; this is what remains. */
export type Attachment = {
  readonly id: string
  readonly mimeType: string
  readonly fileName: string | null
  readonly bytes: number
}

/** A text that a person wrote, as it stands: not trimmed, not cleaned. `path` says where, `cac:InvoiceLine[2]/cbc:Note`. */
export type FreeText = { readonly path: string; readonly text: string }
