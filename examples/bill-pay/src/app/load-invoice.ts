// What settling an invoice needs to know of it, as things are when it is settled: since it was taken in, the register may have
// changed.

import { combine, type Labeled, map } from 'paybill/label'
import type { Money } from 'paybill/lib'
import { everyRow } from './every-row.ts'
import type { Standing } from './schema.ts'
import type { BillPaySession } from './session.ts'

export type Loaded = {
  readonly standing: Labeled<Standing | null>
  readonly vendor: Labeled<string | null>
  readonly account: Labeled<string | null>
  readonly number: Labeled<string | null>
  readonly reference: Labeled<string | null>
  readonly amount: Labeled<Money | null>
  readonly texts: readonly Labeled<string>[]
}

export const loadGrant = {
  vendor: { read: ['number', 'account'] },
  invoice: { read: ['id', 'standing', 'vendor', 'account', 'number', 'reference', 'amount'] },
  invoiceText: { read: ['invoice', 'position', 'text'] },
} as const

export async function loadInvoice(session: BillPaySession, invoice: string): Promise<Loaded> {
  const row = await session.invoice.findFirst({
    where: { id: invoice },
    select: ['standing', 'vendor', 'account', 'number', 'reference', 'amount'],
  })
  if (row === null) throw new Error('an invoice that was listed is there')
  const texts = await everyRow(session.invoiceText, { key: 'position', select: ['position', 'text'], where: { invoice } })
  return { ...row, standing: await standingNow(session, row), texts: texts.map((each) => each.text) }
}

// An account that the register has for the vendor by now is no other account: its invoice is read like any that is clear. The
// other way round nothing is done: a clear one whose account has left the register is refused when the money would move.
async function standingNow(
  session: BillPaySession,
  { standing, vendor, account }: Pick<Loaded, 'standing' | 'vendor' | 'account'>,
): Promise<Loaded['standing']> {
  const vendors = await everyRow(session.vendor, { key: 'number', select: ['number', 'account'] })
  const accounts = new Map(vendors.map((each) => [each.number, each.account]))
  // Compared in a `map`, so that the answer counts as chosen by all three. A cell found by `choose` would count as one among
  // all vendors; what goes on from here is one among eight standings.
  return map(combine({ standing, vendor, account }), (of) => {
    const isRegistered = of.vendor !== null && accounts.get(of.vendor) === of.account
    return of.standing === 'account-changed' && isRegistered ? 'clear' : of.standing
  })
}
