// The woven rules hold by themselves: row level security is switched off after the database was opened, as if a policy
// had been lost.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase, type Session } from '../../src/database/index.ts'
import { PaybillError } from '../../src/lib/errors.ts'
import { bill, type Bills, billRules, bills, member } from './bills.ts'
import { asAdmin, type PreparedDatabase, preparedDatabase } from './prepared.ts'

let prepared: PreparedDatabase
let database: Database<Bills>

beforeAll(async () => {
  prepared = await preparedDatabase(billRules)
  database = await openDatabase({ url: prepared.url, schema: bills, rules: billRules })
  for (const name of ['invoice', 'vendor']) await asAdmin(prepared.adminUrl, `alter table ${name} disable row level security`)
})

beforeEach(() => asAdmin(prepared.adminUrl, 'truncate invoice, vendor'))

afterAll(async () => {
  await database.close()
  await prepared.drop()
})

async function inserted(number: string, of: { tenant: string; status?: 'received' | 'held' | 'paid' }): Promise<string> {
  const id = randomUUID()
  await database.session(member(of.tenant)).invoice.insert(bill(number, { id, status: of.status ?? 'received' }))
  return id
}

async function codeOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof PaybillError ? error.code : error),
  )
}

async function statusOf(session: Session<Bills>, id: string): Promise<string | undefined> {
  return (await session.invoice.findFirst({ where: { id }, select: ['status'] }))?.status
}

test('rows of another tenant are neither seen, counted, chosen, changed nor removed', async () => {
  const id = await inserted('B-1', { tenant: 'other' })
  const { invoice } = database.session(member('acme'))
  expect(await invoice.findMany({ select: ['id'] })).toEqual([])
  expect(await invoice.findMany({ select: ['id'], where: { or: [{ id }, { tenant: 'other' }] } }).catch(() => [])).toEqual([])
  expect(await invoice.findMany({ select: ['id'], where: { not: { id: randomUUID() } } })).toEqual([])
  expect(await invoice.count()).toBe(0)
  expect(await invoice.choose({ by: { id }, select: ['number'] })).toBeNull()
  expect(await invoice.update({ where: { id }, set: { note: 'x' } })).toEqual({ count: 0 })
  expect(await invoice.delete({ where: { id } })).toEqual({ count: 0 })
})

test('conditions on rows hold for reading, changing and removing', async () => {
  const open = await inserted('A-1', { tenant: 'acme' })
  const held = await inserted('A-2', { tenant: 'acme', status: 'held' })
  const junior = database.session(member('acme', 'junior'))
  expect((await junior.invoice.findMany({ select: ['id', 'note'] })).map((row) => row.id)).toEqual([open])
  expect(await junior.invoice.delete({ where: { id: open } })).toEqual({ count: 0 })
  expect(await junior.invoice.update({ where: { id: held }, set: { status: 'paid' } })).toEqual({ count: 0 })
  expect(await junior.invoice.delete({ where: { id: held } })).toEqual({ count: 1 })
})

test('new values that no rule allows are refused, and nothing is written', async () => {
  const open = await inserted('A-1', { tenant: 'acme' })
  const junior = database.session(member('acme', 'junior'))
  expect(await codeOf(junior.invoice.insert(bill('A-2', { status: 'paid' })))).toBe('DENIED')
  expect(await codeOf(junior.invoice.update({ where: { id: open }, set: { status: 'paid' } }))).toBe('DENIED')
  expect(await statusOf(junior, open)).toBe('received')
  expect(await junior.invoice.count()).toBe(1)
})

test('what a new row gives back is no more than may be read of it', async () => {
  const junior = database.session(member('acme', 'junior'))
  expect(await junior.invoice.insert(bill('A-1'), { returning: ['number'] })).toHaveProperty('number')
  const auditor = database.session({
    ...member('acme', 'junior'),
    principal: { ...member('acme', 'junior').principal, roles: ['writer', 'auditor'] },
  })
  expect(await codeOf(auditor.invoice.insert(bill('A-2'), { returning: ['number'] }))).toBe('DENIED')
  expect(await junior.invoice.count()).toBe(1)
})

test('a condition sees nothing of hidden rows: it cannot raise, and cannot tell what they hold', async () => {
  const { vendor } = database.session(member('acme'))
  const vendorId = randomUUID()
  await vendor.insert({ id: vendorId, number: 'V-9', account: 'NO1' })
  await database.session(member('acme')).invoice.insert(bill('A-1', { vendorId, note: 'hidden-value' }))
  const { invoice } = database.session(member('acme', 'auditor', { vendor: 'V-1' }))
  for (const where of [
    { note: 'hidden-value' },
    { note: { ne: 'x' } },
    { note: { gt: '' } },
    { not: { note: 'x' } },
    { note: { in: ['hidden-value'] } },
    {},
  ])
    expect([where, await invoice.count({ where }), await invoice.findFirst({ where, select: ['id'] })]).toEqual([where, 0, null])
})
