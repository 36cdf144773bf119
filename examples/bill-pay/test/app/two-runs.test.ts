import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Hold, type Inbox, type InboxDatabase, openInbox, openInboxDatabase } from './inbox.ts'

let shared: InboxDatabase
let inbox: Inbox
let hold: Hold
let working: Promise<unknown>[]

beforeAll(async () => {
  shared = await openInboxDatabase()
})

beforeEach(async () => {
  inbox = await openInbox(shared, () => 'pay')
  hold = await shared.holdInvoices()
  working = []
})

afterEach(async () => {
  await hold.release()
  await Promise.allSettled(working)
  await inbox.close()
})

afterAll(() => shared.close())

const waiting = (count: number) => expect.poll(hold.waiting, { timeout: 20_000 }).toBe(count)

test.each([
  { copy: 'the same invoice', account: 'NO3536241209444' },
  { copy: 'a copy that asks for another account', account: 'NO9386011117947' },
])('two runs that take in an invoice and $copy at one moment pay one, and hold the other as a duplicate', async ({ account }) => {
  await inbox.receive('001')
  const first = await inbox.job()
  await first.takeIn()
  working.push(first.app.work({ until: 'idle' }))
  await waiting(1)

  // The first run has looked for earlier invoices of this number, and its own is not there to be seen yet.
  await inbox.receive('001 as 101')
  await inbox.edit('invoice-101.xml', (text) => text.replace('NO3536241209444', account))
  const second = await inbox.job()
  expect(await second.takeIn()).toBe(1)
  working.push(second.app.work({ until: 'idle' }))
  await waiting(2)

  await hold.release()
  await Promise.all(working)
  expect(inbox.payments()).toMatchObject([{ invoiceNumber: '7741902', account: 'NO3536241209444' }])
  expect(await inbox.decisions()).toEqual({ '001': 'pay in-order', '101': 'hold duplicate' })
  expect((await first.app.runs.list(first.as)).map(({ state }) => state)).toEqual(['finished', 'finished'])
})
