// Compares what the job says, and what the bank has in its ledger, with the answer key of a made folder.

import { doubledPayments, type Payment } from '../../examples/bill-pay/src/fake-bank/payment.ts'
import type { KeyEntry } from '../../examples/bill-pay/src/make-invoices/key.ts'
import type { JobReport } from './job.ts'

type Key = Readonly<Record<string, KeyEntry>>

/** Every way in which report and ledger differ from the key, each as a sentence. Empty where they agree. */
export function disagreements(key: Key, report: JobReport, ledger: readonly Payment[]): readonly string[] {
  const fileOf = new Map(report.invoices.map((invoice) => [invoice.id, invoice.file]))
  return [
    ...Object.entries(key).flatMap(([file, entry]) => aboutInvoice(file, entry, report)),
    ...report.invoices.flatMap(({ file }) => (Object.hasOwn(key, file) ? [] : [`${file}: reported, but no file of the folder`])),
    ...aboutPayments(key, report, fileOf),
    ...aboutApprovals(key, report, fileOf),
    ...aboutLedger(key, report, ledger),
  ]
}

function aboutInvoice(file: string, entry: KeyEntry, report: JobReport): readonly string[] {
  const [found, ...more] = report.invoices.filter((invoice) => invoice.file === file)
  if (found === undefined) return [`${file}: not reported`]
  if (more.length > 0) return [`${file}: reported ${more.length + 1} times`]
  const wanted = { decision: entry.decision, reason: entry.reason, amount: entry.amount, currency: entry.currency }
  return Object.entries(wanted).flatMap(([field, value]) => {
    const given = found[field as keyof typeof wanted] // the keys of the object just made
    return value === undefined || value === given ? [] : [`${file}: ${field} is \`${given}\`, the key says \`${value}\``]
  })
}

function aboutPayments(key: Key, report: JobReport, fileOf: ReadonlyMap<string, string>): readonly string[] {
  const given = report.payments.map((paid) => line(fileOf.get(paid.invoice) ?? paid.invoice, paid))
  const wanted = Object.entries(key).flatMap(([file, entry]) => (entry.paid ? [line(file, entry)] : []))
  return difference({ wanted, given, what: 'payment' })
}

function aboutApprovals(key: Key, report: JobReport, fileOf: ReadonlyMap<string, string>): readonly string[] {
  const given = report.approvals.map(({ invoice }) => fileOf.get(invoice ?? '') ?? String(invoice))
  const wanted = Object.entries(key).flatMap(([file, entry]) => (entry.needsApproval ? [file] : []))
  return difference({ wanted, given, what: 'approval' })
}

function aboutLedger(key: Key, report: JobReport, ledger: readonly Payment[]): readonly string[] {
  const wanted = Object.values(key).flatMap((entry) => (entry.paid ? [line(entry.invoiceNumber ?? '', entry)] : []))
  const given = ledger.map((payment) => line(payment.invoiceNumber, { account: payment.account, ...moneyOf(payment) }))
  return [
    ...difference({ wanted, given, what: 'payment in the ledger' }),
    ...difference({
      wanted: report.payments.map((payment) => payment.idempotencyKey),
      given: ledger.map((payment) => payment.idempotencyKey),
      what: 'idempotency key in the ledger',
    }),
    ...doubledPayments(ledger).map((doubled) => `invoice ${doubled.invoiceNumber} was paid ${doubled.payments.length} times`),
  ]
}

/** What stands in one list and not in the other, counting how often. */
export function difference(lists: {
  readonly wanted: readonly string[]
  readonly given: readonly string[]
  readonly what: string
}): readonly string[] {
  const missing = without(lists.wanted, lists.given).map((each) => `missing ${lists.what}: ${each}`)
  return [...missing, ...without(lists.given, lists.wanted).map((each) => `unexpected ${lists.what}: ${each}`)]
}

/** The members of the first list that are left when each member of the second has taken away one equal to it. */
export function without(list: readonly string[], taken: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const each of taken) left.set(each, (left.get(each) ?? 0) + 1)
  return list.filter((each) => {
    const count = left.get(each) ?? 0
    left.set(each, count - 1)
    return count <= 0
  })
}

function moneyOf({ amount }: Payment): { readonly amount: string; readonly currency: string } {
  return { amount: amount.minor, currency: amount.currency }
}

function line(name: string, paid: { readonly account?: string; readonly amount?: string; readonly currency?: string }): string {
  return `${name}: ${paid.amount} ${paid.currency} to ${paid.account}`
}
