import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { report } from '../../src/app/report.ts'
import { type Inbox, type InboxDatabase, openInbox, openInboxDatabase } from './inbox.ts'

// More than a session reads at once.
const many = 1_001

let shared: InboxDatabase
let inbox: Inbox

beforeAll(async () => {
  shared = await openInboxDatabase()
})

beforeEach(async () => {
  inbox = await openInbox(shared, () => 'pay')
})

afterEach(() => inbox.close())

afterAll(() => shared.close())

test('an invoice with more than 1,000 free texts is read to its end and paid', async () => {
  await inbox.receive('001')
  const property = '<cac:AdditionalItemProperty><cbc:Name>Farge</cbc:Name><cbc:Value>Blå</cbc:Value></cac:AdditionalItemProperty>'
  const end = '</cac:ClassifiedTaxCategory>'
  await inbox.edit('invoice-001.xml', (text) => text.replace(end, `${end}${property.repeat(many)}`))
  await inbox.start()
  expect(await inbox.clerk.invoiceText.count()).toBeGreaterThan(2 * many)
  expect(await inbox.decisions()).toEqual({ '001': 'pay in-order' })
  expect(inbox.payments()).toHaveLength(1)
})

test('a register of more than 1,000 vendors is kept, changed and paid from', async () => {
  const others = Array.from({ length: many }, (_, index) => {
    const number = 20_000 + index
    return `${number},Leverandør ${number},0192:9000${number},,9000${number},,NO`
  })
  await inbox.edit('vendors.csv', (text) => `${text}${others.join('\r\n')}\r\n`)
  await inbox.receive('001')
  await inbox.start()
  expect(await inbox.decisions()).toEqual({ '001': 'pay in-order' })
  const count = await inbox.clerk.vendor.count()
  await inbox.edit('vendors.csv', (text) => text.replace(/^21000,.*\r\n/m, '').replace('Leverandør 20000', 'Leverandør A'))
  const { app, as } = await inbox.start()
  expect(await inbox.clerk.vendor.count()).toBe(count - 1)
  expect(await inbox.clerk.vendor.findFirst({ where: { number: '20000' }, select: ['name'] })).toEqual({ name: 'Leverandør A' })
  expect((await report(shared, app, as)).invoices).toMatchObject([{ supplier: 'Vestnett Kraft AS' }])
})

test('a folder of more than 1,000 invoices is settled, reported and not taken in again', { timeout: 120_000 }, async () => {
  await inbox.receive('001')
  // As an earlier start would have left them: taken in, not settled.
  await inbox.clerk.transaction(async (session) => {
    for (let index = 0; index < many; index += 1) {
      const file = `note-${String(index).padStart(4, '0')}.xml`
      await inbox.write(file, '')
      await session.invoice.insert({ file, decision: 'open', reason: 'received', standing: 'credit-note' })
    }
  })
  const { app, as } = await inbox.start()
  const { invoices, payments, unsettled } = await report(shared, app, as)
  expect(invoices).toHaveLength(many + 1)
  expect(invoices.filter(({ reason }) => reason === 'credit-note')).toHaveLength(many)
  expect([payments.length, unsettled]).toEqual([1, []])
  expect(await (await inbox.job()).takeIn()).toBe(0)
})
