// Compares what came of a killed job with the undisturbed job of the same folder: the bank's own count first, then what the
// job says of itself.

import { countPayments, type Payment } from '../../examples/bill-pay/src/fake-bank/payment.ts'
import { difference, without } from '../bill-pay/compare-with-key.ts'
import type { JobReport } from '../bill-pay/job.ts'

type Outcome = { readonly report: JobReport; readonly ledger: readonly Payment[] }

export type Verdict = {
  /** Payments of the undisturbed job that the bank does not have. */
  readonly lost: number
  /** Payments beyond the first under one key, or for one payer, invoice number and amount. */
  readonly doubled: number
  readonly isVerified: boolean
  /** Every difference as a sentence, those above included. */
  readonly differences: readonly string[]
}

export function compare(undisturbed: Outcome, killed: Outcome): Verdict {
  const lost = without(undisturbed.ledger.map(paymentLine), killed.ledger.map(paymentLine)).length
  const { payments, distinctKeys, doubled } = countPayments(killed.ledger)
  const isVerified = killed.report.audit.verified
  const differences = [
    ...difference({
      wanted: undisturbed.ledger.map(paymentLine),
      given: killed.ledger.map(paymentLine),
      what: 'payment at the bank',
    }),
    ...difference({ wanted: invoiceLines(undisturbed.report), given: invoiceLines(killed.report), what: 'decision' }),
    ...difference({ wanted: paidLines(undisturbed.report), given: paidLines(killed.report), what: 'payment in the report' }),
    ...difference({
      wanted: killed.ledger.map((payment) => payment.idempotencyKey),
      given: killed.report.payments.map((payment) => payment.idempotencyKey),
      what: 'idempotency key in the report',
    }),
    ...difference({ wanted: refusalLines(undisturbed.report), given: refusalLines(killed.report), what: 'refusal' }),
    ...killed.report.approvals.map(({ id }) => `approval ${id} waits although it was given`),
    ...killed.report.failures,
    ...(isVerified ? [] : ['the journal does not verify']),
  ]
  const again = doubled.reduce((sum, each) => sum + each.payments.length - 1, 0)
  return { lost, doubled: Math.max(again, payments - distinctKeys), isVerified, differences }
}

function paymentLine({ payer, invoiceNumber, amount, account }: Payment): string {
  return `invoice ${invoiceNumber} of ${payer}: ${amount.minor} ${amount.currency} to ${account}`
}

function invoiceLines(report: JobReport): readonly string[] {
  return report.invoices.map(
    ({ file, supplier, amount, currency, decision, reason }) =>
      `${file}: ${decision}, ${reason}, ${amount} ${currency}, ${supplier}`,
  )
}

function paidLines(report: JobReport): readonly string[] {
  return report.payments.map((paid) => `${fileOf(report, paid.invoice)}: ${paid.amount} ${paid.currency} to ${paid.account}`)
}

function refusalLines(report: JobReport): readonly string[] {
  return report.refusals.map(({ action, code, reason, origins }) => {
    const files = origins.map((origin) => fileOf(report, origin.slice(origin.indexOf('#') + 1)))
    return `${action}, ${code}, ${reason}, from ${files.join(', ')}`
  })
}

// Ids of invoices are random; their files are not.
function fileOf(report: JobReport, id: string): string {
  return report.invoices.find((invoice) => invoice.id === id)?.file ?? 'nowhere'
}
