// An invoice as its maker thinks of it, and the sums that the standard derives from it. Amounts are in hundredths of the currency.

import type { Supplier } from './suppliers.ts'

export type Buyer = { readonly name: string; readonly organizationNumber: string; readonly street: string; readonly city: string }

export type Tax = {
  readonly code: 'S' | 'Z' | 'E' | 'AE' | 'G'
  readonly percent: string
  readonly exemptionReason: string | null
}

export type DraftAllowance = {
  readonly charge: boolean
  readonly reason: string
  readonly amount: bigint
  /** Where the amount is a percentage of something: both, or neither. */
  readonly percentOf: { readonly percent: string; readonly base: bigint } | null
  readonly tax: Tax
}

export type DraftLine = {
  readonly name: string
  readonly description: string | null
  readonly note: string | null
  readonly property: { readonly name: string; readonly value: string } | null
  /** In thousandths, so that half an hour can be invoiced. */
  readonly quantity: bigint
  readonly unit: string
  readonly price: bigint
  readonly allowances: readonly Omit<DraftAllowance, 'tax'>[]
  readonly tax: Tax
}

export type DraftAccount = { readonly id: string; readonly name: string; readonly bic: string | null }

export type Draft = {
  readonly kind: 'invoice' | 'credit-note'
  readonly number: string
  readonly issueDate: string
  readonly dueDate: string
  readonly currency: string
  readonly note: string | null
  readonly paymentTerms: string | null
  readonly orderReference: string
  readonly buyerReference: string | null
  readonly supplier: Supplier
  readonly buyer: Buyer
  readonly payment: { readonly meansCode: string; readonly reference: string; readonly accounts: readonly DraftAccount[] } | null
  readonly attachments: readonly { readonly name: string; readonly description: string; readonly content: string }[]
  readonly allowances: readonly DraftAllowance[]
  readonly lines: readonly DraftLine[]
  readonly prepaid: bigint | null
  readonly rounding: bigint | null
  /** Changes the sums after they were worked out, to make an invoice that does not add up. */
  readonly falsify: ((sums: Sums) => Sums) | null
}

export type Sums = {
  readonly lines: readonly bigint[]
  readonly lineTotal: bigint
  readonly allowanceTotal: bigint
  readonly chargeTotal: bigint
  readonly taxExclusive: bigint
  readonly taxes: readonly { readonly tax: Tax; readonly taxable: bigint; readonly amount: bigint }[]
  readonly taxTotal: bigint
  readonly taxInclusive: bigint
  readonly payable: bigint
}

export function sumsOf(draft: Draft): Sums {
  const lines = draft.lines.map(lineNet)
  const lineTotal = total(lines)
  const allowanceTotal = total(draft.allowances.filter(({ charge }) => !charge).map(({ amount }) => amount))
  const chargeTotal = total(draft.allowances.filter(({ charge }) => charge).map(({ amount }) => amount))
  const taxExclusive = lineTotal - allowanceTotal + chargeTotal
  const taxes = taxesOf(draft, lines)
  const taxTotal = total(taxes.map(({ amount }) => amount))
  const taxInclusive = taxExclusive + taxTotal
  const payable = taxInclusive - (draft.prepaid ?? 0n) + (draft.rounding ?? 0n)
  const sums = { lines, lineTotal, allowanceTotal, chargeTotal, taxExclusive, taxes, taxTotal, taxInclusive, payable }
  return draft.falsify === null ? sums : draft.falsify(sums)
}

export function lineNet(line: Pick<DraftLine, 'quantity' | 'price' | 'allowances'>): bigint {
  const extra = line.allowances.map(({ charge, amount }) => (charge ? amount : -amount))
  return divideHalfUp(line.quantity * line.price, 1000n) + total(extra)
}

/** Rounds halves away from zero. `divisor` is above zero. */
function divideHalfUp(value: bigint, divisor: bigint): bigint {
  const magnitude = value < 0n ? -value : value
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n)
  return value < 0n ? -rounded : rounded
}

/** `percent` is a decimal number such as `25` or `5.5`. */
export function percentage(amount: bigint, percent: string): bigint {
  const [whole = '0', fraction = ''] = percent.split('.')
  return divideHalfUp(amount * BigInt(whole + fraction.padEnd(2, '0')), 10_000n)
}

function taxesOf({ lines, allowances }: Draft, nets: readonly bigint[]): Sums['taxes'] {
  const taxable = new Map<string, { tax: Tax; taxable: bigint }>()
  const add = (tax: Tax, amount: bigint) => {
    const key = `${tax.code} ${tax.percent}`
    taxable.set(key, { tax, taxable: (taxable.get(key)?.taxable ?? 0n) + amount })
  }
  for (const [at, line] of lines.entries()) add(line.tax, nets[at] ?? 0n)
  for (const { tax, charge, amount } of allowances) add(tax, charge ? amount : -amount)
  return [...taxable.values()].map(({ tax, taxable }) => ({ tax, taxable, amount: percentage(taxable, tax.percent) }))
}

function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}
