import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { manager } from '../../src/app/people.ts'
import { type Inbox, type InboxDatabase, openInbox, openInboxDatabase } from './inbox.ts'

let shared: InboxDatabase
let inbox: Inbox
let verdict: string

beforeAll(async () => {
  shared = await openInboxDatabase()
})

beforeEach(async () => {
  verdict = 'pay'
  inbox = await openInbox(shared, () => verdict)
})

afterEach(() => inbox.close())

afterAll(() => shared.close())

const paid = () => inbox.payments().map(({ account, amount, invoiceNumber }) => `${invoiceNumber} ${amount.minor} ${account}`)

test('an invoice in order is paid once to the account of the register, and a second start does nothing more', async () => {
  await inbox.receive('001')
  await inbox.start()
  expect(paid()).toEqual(['7741902 2405719 NO3536241209444'])
  await inbox.start()
  expect(paid()).toHaveLength(1)
  expect(await inbox.decisions()).toEqual({ '001': 'pay in-order' })
})

test('an invoice that asks for another account is fraud, whatever the model says, and the refusal says which cell asked', async () => {
  await inbox.receive('005')
  const { app, as } = await inbox.start()
  expect(paid()).toEqual([])
  expect(await inbox.decisions()).toEqual({ '005': 'fraud account-changed' })
  const [run] = await app.runs.list(as)
  const refused = (await app.runs.history(as, run?.id ?? '')).find(({ kind }) => kind === 'action.refused')
  expect(refused?.payload).toMatchObject({
    argument: 'account',
    origins: [expect.stringMatching(/^invoice\.account#/)],
    writers: ['ext:invoice.account'],
  })
})

test('what the model says is obeyed where it is careful', async () => {
  await inbox.receive('001')
  verdict = 'hold'
  await inbox.start()
  await inbox.receive('003')
  verdict = 'fraud'
  await inbox.start()
  expect(paid()).toEqual([])
  expect(await inbox.decisions()).toEqual({ '001': 'hold not-settled', '003': 'fraud manipulation' })
})

test('a model that answers none of the answers holds the invoice', async () => {
  await inbox.receive('001')
  verdict = 'pay at once'
  await inbox.start()
  expect(paid()).toEqual([])
  expect(await inbox.decisions()).toEqual({ '001': 'hold not-settled' })
})

test('the same invoice under another name is a duplicate and is not paid again', async () => {
  await inbox.receive('001', '001 as 101')
  await inbox.start()
  await inbox.receive('001 as 102')
  await inbox.start()
  expect(paid()).toHaveLength(1)
  expect(await inbox.decisions()).toEqual({ '001': 'pay in-order', '101': 'hold duplicate', '102': 'hold duplicate' })
})

test('above the limit the manager is asked, and only with his yes it is paid', async () => {
  await inbox.edit('company.json', (text) => text.replace('"perInvoice": "250000.00"', '"perInvoice": "1000.00"'))
  await inbox.receive('001', '003')
  const { app, as } = await inbox.start()
  expect(paid()).toEqual([])
  const boss = { id: manager, tenant: as.tenant }
  const asked = await app.approvals.list(boss)
  expect(asked).toHaveLength(2)
  for (const { id, shown } of asked) {
    await expect(app.approvals.approve(as, id)).rejects.toMatchObject({ code: 'DENIED' })
    const isPower = shown.some(({ name, value }) => name === 'account' && value === 'NO3536241209444')
    await (isPower ? app.approvals.approve(boss, id) : app.approvals.refuse(boss, id))
  }
  await app.work({ until: 'idle' })
  expect(paid()).toEqual(['7741902 2405719 NO3536241209444'])
  expect(await inbox.decisions()).toEqual({ '001': 'pay in-order', '003': 'hold refused-by-approver' })
})

test('an invoice that nobody decided on in time is held, and nobody is said to have refused it', async () => {
  await inbox.edit('company.json', (text) => text.replace('"perInvoice": "250000.00"', '"perInvoice": "1000.00"'))
  await inbox.receive('001')
  const { app } = await inbox.start()
  await shared.sql('update paybill.approval set expires_at = now() where tenant = $1', [inbox.tenant])
  await app.work({ until: 'idle' })
  expect(paid()).toEqual([])
  expect(await inbox.decisions()).toEqual({ '001': 'hold approval-expired' })
})

test('an approval for an account that has left the register since is not carried out', async () => {
  await inbox.edit('company.json', (text) => text.replace('"perInvoice": "250000.00"', '"perInvoice": "1000.00"'))
  await inbox.receive('001')
  const { app, as } = await inbox.start()
  const [approval] = await app.approvals.list({ id: manager, tenant: as.tenant })
  await app.approvals.approve({ id: manager, tenant: as.tenant }, approval?.id ?? '')
  await inbox.edit('vendors.csv', (text) => text.replace('NO3536241209444', 'NO9386011117947'))
  await inbox.start()
  expect(paid()).toEqual([])
  expect(await inbox.decisions()).toEqual({ '001': 'hold refused' })
})

test('totals hold over several starts: what goes over the day of a vendor waits for a person', async () => {
  await inbox.edit('company.json', (text) =>
    text
      .replace('"perInvoice": "250000.00"', '"perInvoice": "30000.00"')
      .replace('"perVendorDay": "400000.00"', '"perVendorDay": "30000.00"'),
  )
  await inbox.receive('001')
  await inbox.start()
  expect(paid()).toHaveLength(1)
  // Another invoice of the same vendor: the same file with another number.
  await inbox.receive('001 as 201')
  await inbox.edit('invoice-201.xml', (text) => text.replaceAll('7741902', '7741903'))
  const { app, as } = await inbox.start()
  expect(paid()).toHaveLength(1)
  expect(await app.approvals.list({ id: manager, tenant: as.tenant })).toMatchObject([
    { reasons: [{ argument: 'amount', limit: 'vendor and day' }] },
  ])
})

test('a file that breaks a rule is kept with the rule, and the others are settled all the same', async () => {
  await inbox.receive('001', '029', '030')
  await inbox.start()
  expect(await inbox.decisions()).toEqual({ '001': 'pay in-order', '029': 'rejected XML-DOCTYPE', '030': 'rejected BR-CO-16' })
})

test('an amount that no payment can have is rejected, and does not stop the others', async () => {
  await inbox.receive('001', '001 as 301')
  await inbox.edit('invoice-301.xml', (text) =>
    text.replaceAll(/(<cbc:\w*(?:Amount|PriceAmount)[^>]*>)[\d.]+/g, '$1999999999999999999.00'),
  )
  const { app, as } = await inbox.start()
  expect((await inbox.decisions())['301']).toMatch(/^rejected /)
  expect(paid()).toHaveLength(1)
  expect((await app.runs.list(as)).map(({ state }) => state)).toEqual(['finished'])
})

test('a reference that the bank does not take is refused by the bank, once, and nothing hangs', async () => {
  await inbox.receive('001')
  await inbox.edit('invoice-001.xml', (text) => text.replace(/(<cbc:PaymentID>)[^<]*/, '$112\u009f34'))
  const { app, as } = await inbox.start()
  expect(paid()).toEqual([])
  expect((await app.runs.list(as)).map(({ state }) => state)).toEqual(['finished'])
  expect((await inbox.decisions())['001']).toMatch(/refused-by-bank|IDENTIFIER-TEXT/)
})
