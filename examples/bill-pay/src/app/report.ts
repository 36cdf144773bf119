// What the job has done so far, earlier starts included, as data: the JSON object of `--json`, and what the tables print.

import { formatMoney, type Money } from 'paybill/lib'
import type { App, SignedIn } from 'paybill/run'
import { allPages } from './all-pages.ts'
import { known, manager, personOf } from './people.ts'
import type { State } from './open-state.ts'

export type InvoiceLine = {
  readonly file: string
  readonly id: string
  readonly supplier: string | null
  /** Minor units as decimal text; null where the file could not be read. */
  readonly amount: string | null
  readonly currency: string | null
  readonly decision: 'pay' | 'hold' | 'fraud' | 'rejected'
  readonly reason: string
}

export type PaymentLine = {
  readonly invoice: string
  readonly account: string
  readonly amount: string
  readonly currency: string
  readonly idempotencyKey: string
}

export type RefusalLine = {
  readonly run: string
  readonly path: string
  readonly action: string
  readonly code: string
  readonly reason: string
  readonly argument: string | null
  readonly origins: readonly string[]
  readonly writers: readonly string[]
}

export type ApprovalLine = {
  readonly id: string
  readonly action: string
  readonly state: string
  readonly invoice: string | null
  readonly account: string
  readonly amount: string
  readonly reasons: readonly string[]
}

export type Report = {
  readonly invoices: readonly InvoiceLine[]
  readonly payments: readonly PaymentLine[]
  readonly refusals: readonly RefusalLine[]
  readonly approvals: readonly ApprovalLine[]
  /** Files that were taken in and not settled: not decided, or to be paid and neither paid nor waiting for a person. */
  readonly unsettled: readonly string[]
}

export async function report(state: Pick<State, 'database'>, app: App, as: SignedIn): Promise<Report> {
  const person = known(await personOf(as.id, as.tenant), as.id)
  const session = state.database.session({ principal: person, purpose: 'report' })
  const invoiceRows = session.disclose(await session.invoice.findMany({ orderBy: { file: 'asc' }, limit: 10_000 }))
  const paymentRows = session.disclose(await session.payment.findMany({ limit: 10_000 }))
  const paid = new Set(paymentRows.map((row) => row.invoice))
  const boss = { id: manager, tenant: as.tenant }
  const approvals = await Array.fromAsync(allPages((page) => app.approvals.list(boss, page)))
  const names = new Map(
    (await session.vendor.findMany({ select: ['number', 'name'], limit: 10_000 })).map((row) => [row.number, row.name]),
  )
  const lines = approvals.map((approval): ApprovalLine => {
    const value = (name: string): string => approval.shown.find((shown) => shown.name === name)?.value ?? ''
    const origin = approval.shown.flatMap((shown) => shown.origins).find((cell) => cell.startsWith('invoice.'))
    return {
      id: approval.id,
      action: approval.subject,
      state: approval.state,
      invoice: origin === undefined ? null : origin.slice(origin.indexOf('#') + 1),
      account: value('account'),
      amount: amountText(value('amount')),
      reasons: approval.reasons.map((reason) => reason.limit),
    }
  })
  const asked = new Set(lines.map((line) => line.invoice))
  return {
    invoices: invoiceRows.map((row): InvoiceLine => ({
      file: row.file,
      id: row.id,
      supplier: (row.vendor === null ? undefined : names.get(row.vendor)) ?? row.supplier,
      amount: row.amount?.minor.toString() ?? null,
      currency: row.amount?.currency ?? null,
      decision: decisionOf(row),
      reason: asked.has(row.id) && !paid.has(row.id) && row.decision === 'pay' ? 'above-limit' : row.reason,
    })),
    payments: paymentRows.map((row) => ({
      invoice: row.invoice,
      account: row.account,
      amount: row.amount.minor.toString(),
      currency: row.amount.currency,
      idempotencyKey: row.idempotencyKey,
    })),
    refusals: await refusals(app, as),
    approvals: lines,
    unsettled: invoiceRows.flatMap((row) => {
      const isLost = row.decision === 'pay' && !paid.has(row.id) && !asked.has(row.id)
      return row.decision === 'open' || isLost ? [row.file] : []
    }),
  }
}

// An invoice that is still open after the job was not decided: it is held, and the reason says so.
function decisionOf(row: { readonly decision: 'open' | InvoiceLine['decision'] }): InvoiceLine['decision'] {
  return row.decision === 'open' ? 'hold' : row.decision
}

async function refusals(app: App, as: SignedIn): Promise<readonly RefusalLine[]> {
  const lines: RefusalLine[] = []
  for await (const run of allPages((page) => app.runs.list(as, page))) {
    for (const entry of await app.runs.history(as, run.id)) {
      if (entry.kind !== 'action.refused') continue
      const { action, code, reason, argument, origins, writers } = entry.payload
      lines.push({
        run: run.id,
        path: entry.path,
        action: String(action),
        code: String(code),
        reason: String(reason),
        argument: typeof argument === 'string' ? argument : null,
        origins: Array.isArray(origins) ? origins.map(String) : [],
        writers: Array.isArray(writers) ? writers.map(String) : [],
      })
    }
  }
  return lines
}

// Shown values are canonical JSON: an amount is `{"currency":"NOK","minor":{"$bigint":"125000"}}`.
function amountText(shown: string): string {
  const match = /"currency":"([A-Z]{3})","minor":\{"\$bigint":"(-?\d+)"\}/.exec(shown)
  const [, currency = '', minor = '0'] = match ?? []
  const amount: Money = { minor: BigInt(minor), currency }
  return match === null ? shown : formatMoney(amount)
}
