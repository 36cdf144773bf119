// Takes one invoice file in: reads it, compares it with the register and with earlier invoices, and writes the row and its
// texts. A file that breaks a rule is written too, as rejected with the rule; nothing about it is lost or guessed.

import { join } from 'node:path'
import type { Company } from '../company.ts'
import { normalizedAccount } from '../invoice/account.ts'
import type { InvoiceDocument, Party } from '../invoice/document.ts'
import { matchVendor, type VendorMatch } from '../invoice/match-vendor.ts'
import { readInvoiceFile } from '../invoice/read-invoice.ts'
import { InvoiceRejected } from '../invoice/rejection.ts'
import type { VendorNumber } from '../vendor-register.ts'
import { everyRow } from './every-row.ts'
import { type Standing, vendorFields } from './schema.ts'
import type { BillPaySession } from './session.ts'

/** Writes the invoice of a file. Answers its id, or null where it was rejected and nothing is left to decide. */
export async function receive(
  session: BillPaySession,
  company: Company,
  from: { readonly folder: string; readonly file: string },
): Promise<string | null> {
  const { folder, file } = from
  const before = await session.invoice.findFirst({ where: { file }, select: ['id', 'decision'] })
  // A file that an earlier run took in and did not settle.
  if (before !== null) return before.decision === 'open' ? before.id : null
  const document = await readOrReject(join(folder, file))
  if (document instanceof InvoiceRejected) {
    await session.invoice.insert({ file, decision: 'rejected', reason: document.rule, detail: document.detail.slice(0, 500) })
    return null
  }
  const match = matchVendor(document, await vendors(session))
  const vendor = match.match === 'unknown-supplier' ? null : match.vendor
  const { id } = await session.invoice.insert(
    {
      file,
      decision: 'open',
      reason: 'received',
      standing: await standingOf(session, company, document, match),
      number: document.number,
      supplier: document.supplier.name,
      vendor: vendor?.number ?? null,
      // The account that money is asked for: where the invoice names others than the registered one, the first of those.
      account: match.match === 'account-changed' ? normalizedAccount(match.invoiceAccounts[0] ?? '') : (vendor?.account ?? null),
      reference: document.payments.find((payment) => payment.paymentId !== null)?.paymentId ?? null,
      amount: document.totals.payable,
    },
    { returning: ['id'] },
  )
  for (const [position, { path, text }] of document.freeTexts.entries())
    await session.invoiceText.insert({ invoice: id, position, path, text })
  return id
}

async function readOrReject(path: string): Promise<InvoiceDocument | InvoiceRejected> {
  try {
    return withinReach(await readInvoiceFile(path))
  } catch (error) {
    if (error instanceof InvoiceRejected) return error
    // Of the file system: somebody took the file away, or its rights. The other files are taken in all the same.
    if (error instanceof Error && 'syscall' in error && 'code' in error)
      return new InvoiceRejected('FILE_UNREADABLE', String(error.code))
    throw error
  }
}

// ISO 20022 gives an amount 18 digits, and so do banks. A larger one is no invoice that anybody can pay, or keep as a row.
const mostMinorUnits = 10n ** 18n - 1n

function withinReach(document: InvoiceDocument): InvoiceDocument {
  const { minor } = document.totals.payable
  if (minor > mostMinorUnits || minor < -mostMinorUnits)
    throw new InvoiceRejected('LIMIT-AMOUNT', 'the amount has more than 18 digits')
  return document
}

async function vendors(session: BillPaySession) {
  const rows = await everyRow(session.vendor, { key: 'number', select: vendorFields })
  // The register was parsed before it was written: its numbers are vendor numbers.
  return rows.map((row) => ({ ...row, number: row.number as VendorNumber }))
}

async function standingOf(
  session: BillPaySession,
  company: Company,
  document: InvoiceDocument,
  match: VendorMatch,
): Promise<Standing> {
  if (document.kind === 'credit-note') return 'credit-note'
  if (match.match === 'unknown-supplier') return 'unknown-supplier'
  if (!isFor(company, document.customer)) return 'other-buyer'
  if (document.totals.payable.minor <= 0n) return 'nothing-to-pay'
  if (document.payments.some((payment) => collectedMeans.has(payment.meansCode))) return 'collected-by-supplier'
  const earlier = await session.invoice.count({ where: { vendor: match.vendor.number, number: document.number } })
  if (earlier > 0) return 'duplicate'
  // Another run that takes in the same number at this moment cannot write this row too; its step is tried again, and counts.
  // INVARIANT: whatever may come to be paid has its row, and the register may yet get the account that an invoice asks for.
  await session.payable.insert({ vendor: match.vendor.number, number: document.number })
  return match.match === 'account-changed' ? 'account-changed' : 'clear'
}

// The supplier takes the money himself: by card or direct debit (UNCL4461). Paying too would pay twice.
const collectedMeans = new Set(['48', '49', '54', '55', '59'])

/** False only where the buyer has Norwegian organization numbers and none is the company's. */
function isFor(company: Company, customer: Party): boolean {
  const norwegian = '0192'
  const numbers = [customer.endpoint, customer.legalRegistration, ...customer.identifiers].flatMap((identifier) =>
    identifier?.scheme === norwegian ? [identifier.value] : [],
  )
  return numbers.length === 0 || numbers.includes(company.organizationNumber)
}
