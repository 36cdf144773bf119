// What the job has done so far, earlier starts included, as data: the JSON object of `--json`, and what the tables print.

import { formatMoney, type Money } from 'paybill/lib'
import type { App, SignedIn } from 'paybill/run'
import { allPages } from './all-pages.ts'
import { everyRow } from './every-row.ts'
import { filesOf } from './job.ts'
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
  readonly unsettled: readonly UnsettledFile[]
}

/**
 * A file of a run that was not settled: not decided, or to be paid and neither paid nor waiting for a person who can still
 * decide. `why` is null where no parked run is the reason.
 */
export type UnsettledFile = { readonly file: string; readonly why: string | null }

export async function report(state: Pick<State, 'database'>, app: App, as: SignedIn): Promise<Report> {
  const person = known(await personOf(as.id, as.tenant), as.id)
  const session = state.database.session({ principal: person, purpose: 'report' })
  const invoiceRows = session.disclose(
    await everyRow(session.invoice, {
      key: 'file',
      select: ['id', 'file', 'vendor', 'supplier', 'amount', 'decision', 'reason'],
    }),
  )
  const paymentRows = session.disclose(
    await everyRow(session.payment, { key: 'invoice', select: ['invoice', 'account', 'amount', 'idempotencyKey'] }),
  )
  const paid = new Set(paymentRows.map((row) => row.invoice))
  const boss = { id: manager, tenant: as.tenant }
  const approvals = await Array.fromAsync(allPages((page) => app.approvals.list(boss, page)))
  const vendors = await everyRow(session.vendor, { key: 'number', select: ['number', 'name'] })
  const names = new Map(vendors.map((row) => [row.number, row.name]))
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
  const parked = await parkedFiles(app, as)
  const received = new Set(invoiceRows.map((row) => row.file))
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
    unsettled: [
      ...invoiceRows.flatMap((row): UnsettledFile[] => {
        const why = parked.get(row.file) ?? null
        const waits = asked.has(row.id) && why === null
        const isLost = row.decision === 'pay' && !paid.has(row.id) && !waits
        return row.decision === 'open' || isLost ? [{ file: row.file, why }] : []
      }),
      ...Array.from(parked, ([file, why]) => ({ file, why })).filter(({ file }) => !received.has(file)),
    ],
  }
}

// An invoice that is still open after the job was not decided: it is held, and the reason says so.
function decisionOf(row: { readonly decision: 'open' | InvoiceLine['decision'] }): InvoiceLine['decision'] {
  return row.decision === 'open' ? 'hold' : row.decision
}

/** The files of parked runs, which nobody settles before a person has looked into it, each with the reason. */
async function parkedFiles(app: App, as: SignedIn): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for await (const run of allPages((page) => app.runs.list(as, { ...page, states: ['parked'] }))) {
    const why = `its run \`${run.id}\` is parked: ${run.reason ?? 'without a reason'}`
    for (const file of filesOf(await app.runs.history(as, run.id))) files.set(file, why)
  }
  return files
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
