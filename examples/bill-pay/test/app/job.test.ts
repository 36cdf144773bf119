import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { manager } from '../../src/app/people.ts'
import { report } from '../../src/app/report.ts'
import { transferAction } from '../../src/app/transfer.ts'
import { billPayWorkflow } from '../../src/app/workflow.ts'
import { bankClient } from '../../src/bank-client.ts'
import { readInputFolder } from '../../src/invoice/input-folder.ts'
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

afterEach(async () => {
  await inbox.close()
  await shared.sql(`update paybill.run set state = 'parked' where state = 'alive'`)
})

afterAll(() => shared.close())

const parked: unknown = expect.stringMatching(/^its run `[-0-9a-f]{36}` is parked: VERSION_MISSING: /)
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

test('a copy of an invoice that asks for another account is a duplicate, also when the register has that account by now', async () => {
  await inbox.receive('001')
  await inbox.start()
  await inbox.receive('001 as 101')
  await inbox.edit('invoice-101.xml', (text) => text.replace('NO3536241209444', 'NO9386011117947'))
  await inbox.startUntilReceived()
  await inbox.edit('vendors.csv', (text) => text.replace('NO3536241209444', 'NO9386011117947'))
  await inbox.start()
  expect(paid()).toEqual(['7741902 2405719 NO3536241209444'])
  expect(await inbox.decisions()).toEqual({ '001': 'pay in-order', '101': 'hold duplicate' })
})

test.each([
  { answer: 'pay', decision: 'pay in-order', payments: ['7741988 3468835 NO3397105542333'] },
  { answer: 'hold', decision: 'hold not-settled', payments: [] },
  { answer: 'fraud', decision: 'fraud manipulation', payments: [] },
])(
  'an invoice whose account entered the register after it came in is read like any other: where the model says $answer, it is $decision',
  async ({ answer, decision, payments }) => {
    verdict = answer
    await inbox.receive('005')
    await inbox.startUntilReceived()
    await inbox.edit('vendors.csv', (text) => text.replace('NO3536241209444', 'NO3397105542333'))
    const { app, as } = await inbox.start()
    expect(paid()).toEqual(payments)
    expect(await inbox.decisions()).toEqual({ '005': decision })
    // Which way it goes was chosen by whoever wrote its account, and counts as that.
    const [run] = await app.runs.list(as)
    const chosen = (await app.runs.history(as, run?.id ?? '')).find(
      ({ kind, path }) => kind === 'branch.chosen' && path.endsWith('/standing'),
    )
    expect(chosen?.payload).toEqual({
      to: 'clear',
      control: {
        origins: expect.arrayContaining([expect.stringMatching(/^invoice\.account#/)]),
        writers: ['ext:invoice.account', 'ext:invoice.standing', 'ext:invoice.vendor'],
        influence: { [chosen?.path ?? '']: 3 },
      },
    })
  },
)

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

test('a file of a parked run is not taken in again but reported as not settled, and others are paid all the same', async () => {
  await inbox.receive('001')
  await inbox.startUntilReceived()
  await inbox.parkRuns()
  await inbox.receive('003')
  const { app, as } = await inbox.start()
  expect(paid()).toEqual(['SB-20260331-118 725125 NO5586013312771'])
  expect(await inbox.decisions()).toEqual({ '001': 'open received', '003': 'pay in-order' })
  expect((await report(shared, app, as)).unsettled).toEqual([{ file: 'invoice-001.xml', why: parked }])
})

test('a file that its run had not read when it was parked is reported as not settled too', async () => {
  await inbox.receive('001')
  await (await inbox.job()).takeIn()
  await inbox.parkRuns()
  const { app, as } = await inbox.start()
  expect(await inbox.decisions()).toEqual({})
  expect((await report(shared, app, as)).unsettled).toEqual([{ file: 'invoice-001.xml', why: parked }])
})

test('an invoice that waits for a person in a parked run is not settled, for nobody will pay it', async () => {
  await inbox.edit('company.json', (text) => text.replace('"perInvoice": "250000.00"', '"perInvoice": "1000.00"'))
  await inbox.receive('001', '003')
  const { app, as } = await inbox.start()
  expect((await report(shared, app, as)).unsettled).toEqual([])
  const boss = { id: manager, tenant: as.tenant }
  const [first] = await app.approvals.list(boss)
  await app.approvals.approve(boss, first?.id ?? '')
  await inbox.parkRuns()
  expect((await report(shared, app, as)).unsettled).toEqual([
    { file: 'invoice-001.xml', why: parked },
    { file: 'invoice-003.xml', why: parked },
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

/** Writes runs of the company that have ended: so many that the others are on no first page. */
function insertEndedRuns(count: number, age: string) {
  return shared.sql(
    `insert into paybill.run (id, tenant, workflow, version, graph_hash, key, started_by, state, ready, created_at)
select gen_random_uuid(), $1, 'bill-pay', 1, 'none', gen_random_uuid()::text, 'clerk', 'finished', false, now() + $2::interval
from generate_series(1, $3)`,
    [inbox.tenant, age, count],
  )
}

const endRuns = (change: string) =>
  shared.sql(`update paybill.run set ${change} where tenant = $1 and state = 'alive'`, [inbox.tenant])

test('a file of a run that is alive is that run’s alone, however many other runs are alive', { timeout: 60_000 }, async () => {
  await inbox.receive('001')
  const job = await inbox.job()
  const { app, as } = job
  expect(await job.takeIn()).toBe(1)
  const { company } = await readInputFolder(fileURLToPath(new URL('../../input', import.meta.url)))
  const workflow = billPayWorkflow(company, transferAction(company, bankClient('http://127.0.0.1:1')))
  for (let run = 0; run < 250; run += 1)
    await app.start(workflow, { folder: '/none', files: [`${run}.xml`] }, { as, key: `other ${run}` })
  expect(await job.takeIn()).toBe(0)
  await inbox.receive('003')
  expect(await (await inbox.job()).takeIn()).toBe(1)
})

test('a file that a run left undecided is taken in by another run, however many runs have ended before', async () => {
  await insertEndedRuns(250, '-1 day')
  await inbox.receive('001')
  await (await inbox.job()).takeIn()
  await endRuns(`state = 'failed'`)
  await inbox.start()
  expect(paid()).toHaveLength(1)
  expect(await inbox.decisions()).toEqual({ '001': 'pay in-order' })
})

test('a start whose files were those of a run that has ended says so, and does not pass for one that did something', async () => {
  await insertEndedRuns(1, '-1 hour')
  await inbox.receive('001')
  const job = await inbox.job()
  await job.takeIn()
  // Its place in time moves before the run that had ended when it began, as under a clock that was set back.
  await endRuns(`state = 'failed', created_at = now() - interval '1 day'`)
  await expect(job.takeIn()).rejects.toMatchObject({
    code: 'RUN_NOT_ALIVE',
    message: expect.stringMatching(/^run `[0-9a-f-]+` took in the same files and has ended: nobody would settle them$/),
  })
})

test('two starts at one moment make one run', async () => {
  await inbox.start()
  await inbox.receive('001')
  const job = await inbox.job()
  await Promise.all([job.takeIn(), job.takeIn(), job.takeIn()])
  expect(await job.app.runs.list(job.as)).toHaveLength(1)
})

test('the report holds the refusals of every run and every approval that waits, beyond any page', async () => {
  await inbox.receive('005')
  const { app, as } = await inbox.start()
  const [run] = await app.runs.list(as)
  await insertEndedRuns(250, '1 minute')
  await shared.sql(
    `insert into paybill.approval (id, tenant, run_id, path, right_needed, subject, version, values_hash, label_hash, shown, reasons,
  requested_by, expires_at)
select gen_random_uuid(), $1, $2, 'bill-pay/1/settle[' || n || ']/transfer', 'approve:bank.transfer', 'bank.transfer', 1, '', '',
  '[]', '[]', 'clerk', now() + interval '1 hour'
from generate_series(1, 1050) n`,
    [inbox.tenant, run?.id],
  )
  const { refusals, approvals } = await report(shared, app, as)
  expect(refusals).toMatchObject([{ run: run?.id, code: 'ARGUMENT_NOT_ACCEPTED' }])
  expect(approvals).toHaveLength(1050)
})
