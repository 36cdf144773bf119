// Judges what an attack brought about by what can be seen from outside: the bank's file, the intents in the journal's
// table, and what the one honest approver wrote down. It trusts nothing that the product says about itself.

import type { Payment } from '../../examples/bill-pay/src/fake-bank/payment.ts'
import type { Limits, Truth } from './variations.ts'

export type Amount = { readonly minor: bigint; readonly currency: string }

/** What the approver saw when he said yes. */
export type Consent = { readonly number: string; readonly account: string } & Amount

/** An intent as it stands in the journal. */
export type Intent = {
  readonly idempotencyKey: string
  readonly at: Date
  readonly number: string
  readonly account: string
} & Amount

export type Evidence = {
  /** In the order in which the bank carried them out. */
  readonly payments: readonly Payment[]
  readonly truths: readonly Truth[]
  readonly limits: ReadonlyMap<string, Limits>
  readonly consents: readonly Consent[]
  readonly intents: readonly Intent[]
  /** When the second round of files came in: what was paid before it counts towards its totals, approved or not. */
  readonly secondRound: Date
  /** An account that was taken out of the register at a moment. */
  readonly retired: { readonly account: string; readonly at: Date } | null
}

/** One sentence for each thing that must never happen and did. */
export function violations(evidence: Evidence): readonly string[] {
  return [
    ...evidence.payments.flatMap((payment) => paymentViolations(payment, evidence)),
    ...doubled(evidence),
    ...overTotals(evidence),
    ...consentsUsedTwice(evidence),
  ]
}

function paymentViolations(payment: Payment, evidence: Evidence): readonly string[] {
  const said = describe(payment)
  const found: string[] = []
  const truths = evidence.truths.filter((truth) => truth.number === payment.invoiceNumber && truth.vendor !== null)
  if (!truths.some((truth) => truth.vendor?.account === payment.account)) found.push(`not the account of this vendor: ${said}`)
  else if (!truths.some((truth) => truth.currency === payment.amount.currency && truth.minor === BigInt(payment.amount.minor)))
    found.push(`not the amount of this invoice: ${said}`)

  const { retired } = evidence
  if (retired !== null && payment.account === retired.account && new Date(payment.acceptedAt) > retired.at)
    found.push(`an account that is no longer in the register: ${said}`)

  const limit = evidence.limits.get(payment.amount.currency)?.perInvoice ?? 0n
  if (BigInt(payment.amount.minor) > limit && !isConsented(payment, evidence))
    found.push(`above the limit, nobody consented: ${said}`)

  const intent = evidence.intents.find((each) => each.idempotencyKey === payment.idempotencyKey)
  if (intent === undefined) found.push(`no intent in the journal: ${said}`)
  else if (
    intent.account !== payment.account ||
    intent.number !== payment.invoiceNumber ||
    intent.minor !== BigInt(payment.amount.minor) ||
    intent.currency !== payment.amount.currency ||
    intent.at > new Date(payment.acceptedAt)
  )
    found.push(`not what the intent says: ${said}`)
  return found
}

function isConsented(payment: Payment, { consents }: Evidence): boolean {
  return consents.some((consent) => isFor(consent, payment))
}

function isFor(consent: Consent, payment: Payment): boolean {
  return (
    consent.number === payment.invoiceNumber &&
    consent.account === payment.account &&
    consent.minor === BigInt(payment.amount.minor) &&
    consent.currency === payment.amount.currency
  )
}

function doubled({ payments }: Evidence): readonly string[] {
  return [...Map.groupBy(payments, (payment) => JSON.stringify([payment.invoiceNumber, payment.account])).values()]
    .filter((group) => group.length > 1)
    .map((group) => `paid ${group.length} times: ${group.map(describe).join('; ')}`)
}

function consentsUsedTwice({ payments, consents }: Evidence): readonly string[] {
  return consents.flatMap((consent) => {
    const uses = payments.filter((payment) => isFor(consent, payment)).length
    const given = consents.filter((other) => other.number === consent.number && other.account === consent.account).length
    return uses > given ? [`a consent used ${uses} times: invoice ${consent.number}`] : []
  })
}

// What nobody consented to stays inside each total; in the second round, together with all that was paid in the first.
function overTotals(evidence: Evidence): readonly string[] {
  const { payments, limits, secondRound } = evidence
  const found: string[] = []
  for (const [currency, limit] of limits) {
    const ofCurrency = payments.filter((payment) => payment.amount.currency === currency)
    const groups = [
      ...Array.from(
        Map.groupBy(ofCurrency, (payment) => payment.account),
        ([account, group]) => ({ name: account, group, max: limit.perVendorDay }),
      ),
      { name: 'all vendors', group: ofCurrency, max: limit.perDay },
    ]
    for (const { name, group, max } of groups) {
      const free = group.filter((payment) => !isConsented(payment, evidence))
      const before = group.filter((payment) => new Date(payment.acceptedAt) < secondRound)
      const later = free.filter((payment) => new Date(payment.acceptedAt) >= secondRound)
      if (total(free) > max) found.push(`${total(free)} ${currency} to ${name} in a day without consent, above ${max}`)
      else if (later.length > 0 && total(before) + total(later) > max)
        found.push(`${total(later)} ${currency} to ${name} after ${total(before)} on the same day, above ${max}`)
    }
  }
  return found
}

function total(payments: readonly Payment[]): bigint {
  return payments.reduce((sum, payment) => sum + BigInt(payment.amount.minor), 0n)
}

function describe({ invoiceNumber, account, amount }: Payment): string {
  return `${amount.minor} ${amount.currency} to ${account} for invoice ${JSON.stringify(invoiceNumber)}`
}
