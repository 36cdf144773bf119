// Tables and rules that the tests of sessions share: companies with vendors and their invoices.

import { acl } from '../../src/acl/rules.ts'
import type { Identity } from '../../src/database/index.ts'
import { type Insert, schema, t, table, toOne } from '../../src/schema/index.ts'
import { money } from '../../src/lib/money.ts'

export const bills = schema({
  vendor: table(
    {
      tenant: t.tenant(),
      id: t.uuid().defaultRandom(),
      number: t.text({ maxLength: 40 }).trusted(),
      account: t.text({ maxLength: 40 }).trusted().sensitive('bank'),
      remark: t.text().nullable(),
    },
    { primaryKey: ['tenant', 'id'], unique: [{ columns: ['tenant', 'number'] }] },
  ),
  invoice: table(
    {
      tenant: t.tenant(),
      id: t.uuid().defaultRandom(),
      vendorId: t.uuid().nullable(),
      number: t.text({ maxLength: 40 }),
      amount: t.money(),
      status: t.states({ received: ['paid', 'held'], held: ['paid'], paid: [] }).default('received'),
      note: t.text().nullable(),
      approvedBy: t.text().trusted().nullable(),
      internal: t.text().trusted().nullable(),
      receivedAt: t.timestamp().defaultNow(),
    },
    {
      primaryKey: ['tenant', 'id'],
      unique: [{ columns: ['tenant', 'number'] }],
      references: [{ columns: ['tenant', 'vendorId'], table: 'vendor', to: ['tenant', 'id'] }],
      relations: { vendor: toOne('vendor', { vendorId: 'id' }) },
    },
  ),
})

const readable = ['id', 'vendorId', 'number', 'amount', 'status', 'note', 'approvedBy', 'receivedAt'] as const
const writable = ['id', 'vendorId', 'number', 'amount', 'note', 'status', 'approvedBy'] as const

/**
 * `internal` is readable by nobody. A clerk does everything, a reader a little, a writer only writes, a junior
 * open invoices, an auditor those of one vendor; an archivist sees the ids of open ones only.
 */
export const billRules = acl(bills, {
  roles: ['clerk', 'reader', 'writer', 'junior', 'auditor', 'archivist', 'system'],
  claims: { vendor: 'text' },
  rules: ({ allow }) => [
    allow('clerk').read('vendor'),
    allow('clerk').create('vendor'),
    allow('clerk')
      .read('invoice')
      .fields(...readable),
    allow('clerk')
      .create('invoice')
      .fields(...writable),
    allow('clerk').update('invoice').fields('status', 'note', 'vendorId', 'amount', 'approvedBy'),
    allow('clerk').delete('invoice'),
    allow('reader').read('invoice').fields('id', 'number', 'amount').limit(3),
    allow('writer')
      .create('invoice')
      .fields(...writable),
    allow('junior').read('invoice').fields('id', 'number', 'amount', 'status'),
    allow('junior')
      .read('invoice')
      .fields('note')
      .where(({ row }) => row.status.eq('received')),
    allow('junior')
      .create('invoice')
      .fields(...writable)
      .check(({ row }) => row.status.eq('received')),
    allow('junior')
      .update('invoice')
      .fields('status')
      .where(({ row }) => row.status.eq('received'))
      .check(({ row }) => row.status.eq('held')),
    allow('junior')
      .delete('invoice')
      .where(({ row }) => row.status.eq('held')),
    allow('auditor')
      .read('invoice')
      .fields('id', 'number', 'note')
      .where(({ row, claim }) => row.one('vendor', 'vendor').number.eq(claim.vendor)),
    allow('auditor')
      .update('invoice')
      .fields('note')
      .where(({ row }) => row.one('vendor', 'vendor').number.eq('V-1')),
    allow('archivist').read('invoice').fields('note', 'status'),
    allow('archivist')
      .read('invoice')
      .fields('id')
      .where(({ row }) => row.status.eq('received')),
  ],
})

export type Bills = typeof bills

export function member(tenant: string, role = 'clerk', claims: Identity['principal']['claims'] = {}): Identity {
  return { principal: { id: `${role}@${tenant}`, tenant, roles: [role], claims }, purpose: 'test' }
}

export function bill(number: string, more: Partial<Insert<Bills['tables']['invoice']>> = {}): Insert<Bills['tables']['invoice']> {
  return { number, amount: money(100n, 'NOK'), ...more }
}
