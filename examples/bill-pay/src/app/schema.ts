// The tables of Bill Pay. What a stranger wrote into an invoice is untrusted here and stays labelled wherever it goes.

import { schema, t, table } from 'paybill/schema'

/** Where an invoice stands before anybody read its texts: found by comparing it with the register and with earlier invoices. */
export const standings = [
  'clear',
  'account-changed',
  'duplicate',
  'credit-note',
  'unknown-supplier',
  'other-buyer',
  'nothing-to-pay',
  'collected-by-supplier',
] as const

export type Standing = (typeof standings)[number]

/** A vendor as the register has him. */
export const vendorFields = ['number', 'name', 'organizationId', 'vatId', 'account', 'bic', 'country'] as const

export const billPaySchema = schema({
  vendor: table(
    {
      tenant: t.tenant(),
      number: t.text({ maxLength: 40 }).trusted(),
      name: t.text({ maxLength: 200 }).trusted(),
      organizationId: t.text({ maxLength: 40 }).trusted(),
      vatId: t.text({ maxLength: 40 }).trusted().nullable(),
      account: t.text({ maxLength: 34 }).trusted(),
      bic: t.text({ maxLength: 11 }).trusted().nullable(),
      country: t.text({ maxLength: 2 }).trusted(),
    },
    { primaryKey: ['tenant', 'number'] },
  ),
  invoice: table(
    {
      tenant: t.tenant(),
      id: t.uuid().defaultRandom(),
      // The company saves the files, and with them their names.
      file: t.text({ maxLength: 255 }).trusted(),
      decision: t.states({ open: ['pay', 'hold', 'fraud'], pay: ['hold', 'fraud'], hold: [], fraud: [], rejected: [] }),
      reason: t.text({ maxLength: 60 }).trusted(),
      standing: t
        .enum(...standings)
        .untrusted()
        .nullable(),
      detail: t.text({ maxLength: 500 }).nullable(),
      number: t.text({ maxLength: 200 }).nullable(),
      supplier: t.text({ maxLength: 1000 }).nullable(),
      vendor: t.text({ maxLength: 40 }).nullable(),
      account: t.text({ maxLength: 100 }).nullable(),
      reference: t.text({ maxLength: 1000 }).nullable(),
      amount: t.money().untrusted().nullable(),
    },
    {
      primaryKey: ['tenant', 'id'],
      unique: [{ columns: ['tenant', 'file'] }],
      indexes: [['tenant', 'vendor', 'number']],
    },
  ),
  // One row for each invoice that may come to be paid: its key keeps two runs from taking in the same one as the first of its number.
  payable: table(
    {
      tenant: t.tenant(),
      vendor: t.text({ maxLength: 40 }),
      number: t.text({ maxLength: 200 }),
    },
    { primaryKey: ['tenant', 'vendor', 'number'] },
  ),
  // The free texts of an invoice, in the order in which they stand.
  invoiceText: table(
    {
      tenant: t.tenant(),
      invoice: t.uuid(),
      position: t.integer({ minimum: 0 }),
      path: t.text({ maxLength: 1000 }),
      text: t.text({ maxLength: 1_000_000 }),
    },
    {
      primaryKey: ['tenant', 'invoice', 'position'],
      references: [{ columns: ['tenant', 'invoice'], table: 'invoice', to: ['tenant', 'id'] }],
    },
  ),
  payment: table(
    {
      tenant: t.tenant(),
      invoice: t.uuid(),
      account: t.text({ maxLength: 100 }),
      amount: t.money().untrusted(),
      idempotencyKey: t.text({ maxLength: 100 }),
      bankId: t.text({ maxLength: 200 }),
      paidAt: t.timestamp().defaultNow(),
    },
    {
      primaryKey: ['tenant', 'invoice'],
      references: [{ columns: ['tenant', 'invoice'], table: 'invoice', to: ['tenant', 'id'] }],
    },
  ),
})
