// The report as tables for people: aligned, in colour on a terminal, and with nothing in them that a stranger could use to
// move the cursor or hide a word.

import { styleText } from 'node:util'
import { formatMoney } from 'paybill/lib'
import type { AuditReport } from './audit.ts'
import type { Report } from './report.ts'

type Style = Parameters<typeof styleText>[0]

const decisionStyle: Readonly<Record<string, Style>> = { pay: 'green', hold: 'yellow', fraud: 'red', rejected: 'magenta' }

export function printReport(report: Report, audit: AuditReport, out: (line: string) => void): void {
  const paid = new Set(report.payments.map((payment) => payment.invoice))
  const fileOf = new Map(report.invoices.map((invoice) => [invoice.id, invoice.file]))
  section(out, `Invoices (${report.invoices.length})`)
  table(out, ['file', 'supplier', 'amount', 'decision', 'paid', 'reason'], report.invoices, (invoice) => [
    { text: invoice.file },
    { text: invoice.supplier ?? '–' },
    { text: amount(invoice), right: true },
    { text: invoice.decision, style: decisionStyle[invoice.decision] ?? 'white' },
    { text: paid.has(invoice.id) ? 'yes' : 'no' },
    { text: invoice.reason },
  ])
  section(out, `Payments (${report.payments.length})`)
  table(out, ['file', 'account', 'amount', 'idempotency key'], report.payments, (payment) => [
    { text: fileOf.get(payment.invoice) ?? payment.invoice },
    { text: payment.account },
    { text: amount(payment), right: true },
    { text: payment.idempotencyKey.slice(0, 12), style: 'dim' },
  ])
  section(out, `Refused by the guards (${report.refusals.length})`)
  table(out, ['action', 'argument', 'why', 'where the value came from'], report.refusals, (refusal) => [
    { text: refusal.action },
    { text: refusal.argument ?? '–' },
    { text: refusal.reason.replaceAll('`', '') },
    { text: refusal.origins.map((cell) => originText(cell, fileOf)).join(', ') || '–' },
  ])
  section(out, `Approvals waiting (${report.approvals.length})`)
  table(out, ['id', 'file', 'amount', 'account', 'over the limit'], report.approvals, (approval) => [
    { text: approval.id },
    { text: fileOf.get(approval.invoice ?? '') ?? '–' },
    { text: approval.amount, right: true },
    { text: approval.account },
    { text: approval.reasons.map((reason) => (reason === 'call' ? 'per invoice' : `per ${reason}`)).join(', ') },
  ])
  section(out, 'Journal')
  const { tamperControls } = audit
  out(`  ${audit.entries} entries, ${audit.verified ? styleText('green', 'verified') : styleText('red', 'NOT VERIFIED')}`)
  out(`  tamper controls: ${tamperControls.found} of ${tamperControls.seeded} planted changes found`)
  for (const finding of audit.findings) out(`  ${styleText('red', visible(`${finding.kind}: ${finding.sentence}`))}`)
}

type Cell = { readonly text: string; readonly style?: Style; readonly right?: boolean }

function section(out: (line: string) => void, title: string): void {
  out('')
  out(styleText('bold', title))
}

function table<Row>(
  out: (line: string) => void,
  head: readonly string[],
  rows: readonly Row[],
  cells: (row: Row) => readonly Cell[],
): void {
  if (rows.length === 0) return out('  none')
  const body = rows.map((row) => cells(row).map((cell) => ({ ...cell, text: shorten(visible(cell.text)) })))
  const widths = head.map((title, column) => Math.max(title.length, ...body.map((row) => row[column]?.text.length ?? 0)))
  out(`  ${head.map((title, column) => styleText('dim', title.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd())
  for (const row of body) {
    const line = row.map((cell, column) => {
      const width = widths[column] ?? 0
      const padded = cell.right === true ? cell.text.padStart(width) : cell.text.padEnd(width)
      return cell.style === undefined ? padded : styleText(cell.style, padded)
    })
    out(`  ${line.join('  ')}`.trimEnd())
  }
}

const maxCellCharacters = 64

function shorten(text: string): string {
  return text.length <= maxCellCharacters ? text : `${text.slice(0, maxCellCharacters - 1)}…`
}

/** Foreign text on a terminal: control, format and line-breaking characters become visible marks. */
function visible(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '·')
}

function amount(of: { readonly amount: string | null; readonly currency: string | null }): string {
  return of.amount === null || of.currency === null ? '–' : formatMoney({ minor: BigInt(of.amount), currency: of.currency })
}

function originText(cell: string, files: ReadonlyMap<string, string>): string {
  const [field = '', key = ''] = cell.split('#')
  return `${field} of ${files.get(key) ?? key}`
}
