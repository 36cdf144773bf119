import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bounded, choice, trusted } from '../../src/action/index.ts'
import { Labeled } from '../../src/label/labeled.ts'
import type { Label } from '../../src/label/label.ts'
import { money } from '../../src/lib/money.ts'
import { approvalDecide } from '../../src/invoke/approval-store.ts'
import type { Verdict } from '../../src/invoke/invoke.ts'
import { type DeskDatabase, known, newSlip, newTenant, openDeskDatabase, outsideWorld } from '../run/desk-database.ts'
import { nok, payAction, payWithFee } from '../run/desk.ts'
import { openDoor } from './door.ts'

let desk: DeskDatabase
let tenant: string

beforeAll(async () => {
  desk = await openDeskDatabase()
})

beforeEach(async () => {
  tenant = await newTenant(desk.database)
})

afterAll(() => desk.close())

const order = { payee: '100', account: 'NO100', amount: nok(50_00n), memo: 'stamps' }
const pay = payAction(outsideWorld().pay)

const stranger = (origin: string): Label => ({ origins: [origin], writers: ['ext:slip.account'], influence: {} })

function approvalOf(verdict: Verdict): string {
  if (verdict.kind !== 'asked') throw new Error('a call over its limit asks a person')
  return verdict.approval
}

async function spent(): Promise<number> {
  const [row] = await desk.sql(`select coalesce(sum(spent), 0)::int as spent from paybill.budget where tenant = $1`, [tenant])
  return Number(row?.['spent'])
}

test('a call in order becomes an intent, on record with all of its values', async () => {
  const { call, written } = await openDoor(desk.database, { tenant })
  expect(await call(pay, order)).toMatchObject({ kind: 'intent', values: order })
  expect(written.map((entry) => entry.kind)).toEqual(['action.intent'])
  expect(written[0]?.payload).toMatchObject({ action: 'cash.pay', version: 1, recipient: 'network:bank', approval: null })
})

// Each is wrong in one more way than the next: the first check that fails gives the answer.
const wrongInEveryWay = {
  ...order,
  account: new Labeled('NO999', stranger('slip.remark#x')),
  amount: nok(-1n),
  memo: 7,
  extra: 1,
}
const bystander = { agent: 'bystander' }

test('the checks are made in their order, and the first that fails is the answer', async () => {
  const strict = payAction(outsideWorld().pay, { account: trusted(), recipient: 'mail:outside' })
  const elsewhere = { allowed: { actions: [], calls: 5, refusals: 99 } }
  const here = { allowed: { actions: ['cash.pay'], calls: 99, refusals: 99 } }
  const codes: string[] = []
  const attempt = async (as: object, values: object, change: object): Promise<void> => {
    const { call } = await openDoor(desk.database, { tenant, ...as })
    const verdict = await call(strict, { ...values }, change)
    codes.push(verdict.kind === 'refusal' ? `${verdict.code} ${verdict.reason}` : verdict.kind)
  }
  const { extra: _extra, ...declared } = wrongInEveryWay
  await attempt(bystander, wrongInEveryWay, elsewhere)
  await attempt(bystander, declared, elsewhere)
  await attempt(bystander, { ...declared, memo: 'm' }, elsewhere)
  await attempt(bystander, { ...declared, memo: 'm' }, here)
  await attempt({}, { ...declared, memo: 'm' }, here)
  await attempt({}, { ...order, amount: nok(-1n), memo: new Labeled('m', stranger('slip.remark#x')) }, here)
  await attempt({}, { ...order, memo: new Labeled('m', stranger('slip.remark#x')) }, here)
  expect(codes).toEqual([
    expect.stringMatching(/^ARGUMENT_INVALID .*`extra`/),
    expect.stringMatching(/^ARGUMENT_INVALID .*`memo`/),
    expect.stringMatching(/^STEP_NOT_ALLOWED/),
    expect.stringMatching(/^DENIED/),
    expect.stringMatching(/^ARGUMENT_NOT_ACCEPTED .*trusted/),
    expect.stringMatching(/^ARGUMENT_NOT_ACCEPTED .*above zero/),
    expect.stringMatching(/^RECIPIENT_MAY_NOT_READ/),
  ])
  expect(await spent()).toBe(0)
})

test('a refusal is on record with where the value came from, and without the value', async () => {
  const { call, written } = await openDoor(desk.database, { tenant })
  const slip = await newSlip(desk.database, tenant)
  await call(pay, { ...order, account: new Labeled('NO9386011117947', stranger(`slip.account#${slip}`)) })
  expect(written).toMatchObject([
    {
      kind: 'action.refused',
      payload: { code: 'ARGUMENT_NOT_ACCEPTED', argument: 'account', origins: [`slip.account#${slip}`] },
    },
  ])
  expect(JSON.stringify(written)).not.toContain('NO9386011117947')
})

test('a choice is one of the rows that are there now, and of those that the other arguments leave', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  expect(await call(pay, order)).toMatchObject({ kind: 'intent' })
  for (const wrong of [{ account: 'NO200' }, { account: 'NO1000' }, { account: 'no100' }, { payee: '300' }, { account: '' }])
    expect(await call(pay, { ...order, ...wrong }, { path: `desk/1/${JSON.stringify(wrong)}` })).toMatchObject({
      kind: 'refusal',
      code: 'ARGUMENT_NOT_ACCEPTED',
    })
  const keeper = desk.database.session({ principal: known('keeper', tenant), purpose: 'test' })
  await keeper.payee.update({ where: { number: '100' }, set: { account: 'NO101' } })
  expect(await call(pay, order, { path: 'desk/1/again' })).toMatchObject({ kind: 'refusal', code: 'ARGUMENT_NOT_ACCEPTED' })
})

test('the rows of another tenant are no choice', async () => {
  const other = await newTenant(desk.database)
  const keeper = desk.database.session({ principal: known('keeper', other), purpose: 'test' })
  await keeper.payee.insert({ number: '300', account: 'NO300' })
  const values = { ...order, payee: '300', account: 'NO300' }
  const mine = await openDoor(desk.database, { tenant })
  expect(await mine.call(pay, values)).toMatchObject({ kind: 'refusal' })
  const theirs = await openDoor(desk.database, { tenant: other })
  expect(await theirs.call(pay, values)).toMatchObject({ kind: 'intent' })
})

test('the bits that a model chose are counted for the value and for the call, apart', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  const chosen: Label = { origins: [], writers: ['model:scripted'], influence: { 'desk/1/verdict': 3 } }
  const narrow = payAction(outsideWorld().pay, {
    account: choice({ table: 'payee', column: 'account', influence: 2 }),
    influence: 2,
  })
  const wide = payAction(outsideWorld().pay, {
    account: choice({ table: 'payee', column: 'account', influence: 3 }),
    influence: 3,
  })
  const values = { ...order, account: new Labeled('NO100', chosen) }
  expect(await call(narrow, values)).toMatchObject({ code: 'ARGUMENT_NOT_ACCEPTED', argument: 'account' })
  expect(await call(narrow, order, { control: chosen, path: 'desk/1/b' })).toMatchObject({
    code: 'ARGUMENT_NOT_ACCEPTED',
    argument: null,
  })
  // The same decision chose the value and the way: it is one decision, and counted once for each.
  expect(await call(wide, values, { control: chosen, path: 'desk/1/c' })).toMatchObject({ kind: 'intent' })
})

test('a stranger who writes the value himself chooses among the rows that the other arguments leave', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  const values = { ...order, account: new Labeled('NO100', stranger('slip.account#*')) }
  const among = (where: Readonly<Record<string, string>>) =>
    payAction(outsideWorld().pay, { account: choice({ table: 'payee', column: 'account', where, influence: 0.5 }) })
  // Two payees are one bit; the account of one payee is none.
  expect(await call(among({}), values)).toMatchObject({ code: 'ARGUMENT_NOT_ACCEPTED', argument: 'account' })
  expect(await call(among({ number: 'payee' }), values, { path: 'desk/1/b' })).toMatchObject({ kind: 'intent' })
})

test('a trusted row that untrusted text looked up counts its bits in the call', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  const lookedUp: Label = { origins: [], writers: ['system'], influence: { 'choose:payee:1': 6 } }
  expect(await call(pay, order, { control: lookedUp })).toMatchObject({ code: 'ARGUMENT_NOT_ACCEPTED', argument: null })
})

test('an amount inside all limits is reserved; over one of them a person is asked and nothing is', async () => {
  const { call, written } = await openDoor(desk.database, { tenant })
  expect(await call(pay, order)).toMatchObject({ kind: 'intent' })
  expect(await spent()).toBe(2 * 50_00)
  // 110.00 is over what one call may carry; with the 50.00 before, over what this payee may get in a day.
  expect(await call(pay, { ...order, amount: nok(110_00n) }, { path: 'desk/1/b' })).toMatchObject({ kind: 'asked' })
  expect(await call(pay, { ...order, amount: money(1n, 'XAU') }, { path: 'desk/1/c' })).toMatchObject({ kind: 'asked' })
  expect(await spent()).toBe(2 * 50_00)
  expect(written.at(1)?.payload['questions']).toEqual([
    { argument: 'amount', limit: 'call' },
    { argument: 'amount', limit: 'payee and day' },
  ])
})

test('over a limit that nobody may approve the call is refused', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  const per = [{ name: 'day', key: [], window: 'day', max: [nok(60_00n)] }] as const
  const strict = payAction(outsideWorld().pay, { amount: bounded({ max: [nok(100_00n)], per, over: 'deny' }) })
  expect(await call(strict, { ...order, amount: nok(101_00n) })).toMatchObject({ code: 'ARGUMENT_NOT_ACCEPTED' })
  expect(await call(strict, order, { path: 'desk/1/b' })).toMatchObject({ kind: 'intent' })
  expect(await call(strict, order, { path: 'desk/1/c' })).toMatchObject({ code: 'BUDGET_EXCEEDED' })
})

test('an approved call spends once, whatever was asked before', async () => {
  const { call, run } = await openDoor(desk.database, { tenant })
  const approval = approvalOf(await call(pay, { ...order, amount: nok(120_00n) }))
  await approvalDecide(desk.client, { tenant, id: approval, state: 'approved', by: 'bo' })
  const done = await call(pay, { ...order, amount: nok(120_00n) }, { approval })
  expect(done).toMatchObject({ kind: 'intent' })
  expect(await spent()).toBe(2 * 120_00)
  expect(await desk.sql('select state from paybill.approval where run_id = $1', [run.runId])).toEqual([{ state: 'used' }])
})

test('an approval does not cover a limit that nobody may go over', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  const fee = bounded({
    max: [nok(60_00n)],
    per: [{ name: 'payee and day', key: [], window: 'day', max: [nok(60_00n)] }],
    over: 'deny',
  })
  const twofold = payWithFee(outsideWorld().pay, fee)
  const dear = { ...order, amount: nok(120_00n), fee: nok(40_00n) }
  const approval = approvalOf(await call(twofold, dear))
  await approvalDecide(desk.client, { tenant, id: approval, state: 'approved', by: 'bo' })
  // Meanwhile another call has used up most of what fees may come to in a day.
  expect(await call(twofold, { ...dear, amount: nok(1n) }, { path: 'desk/1/b' })).toMatchObject({
    kind: 'intent',
  })
  expect(await call(twofold, dear, { approval })).toMatchObject({ code: 'BUDGET_EXCEEDED', argument: 'fee' })
  expect(await spent()).toBe(2 * 1 + 40_00)
})

test('over the limit of the second bounded argument, it is that argument that is named', async () => {
  const { call, written } = await openDoor(desk.database, { tenant })
  const fee = bounded({
    max: [nok(60_00n)],
    per: [{ name: 'day', key: [], window: 'day', max: [nok(60_00n)] }],
    over: 'ask',
  })
  const twofold = payWithFee(outsideWorld().pay, fee)
  const values = { ...order, amount: nok(10_00n), fee: nok(40_00n) }
  expect(await call(twofold, values)).toMatchObject({ kind: 'intent' })
  expect(await call(twofold, values, { path: 'desk/1/b' })).toMatchObject({ kind: 'asked' })
  expect(written.at(-1)?.payload['questions']).toEqual([{ argument: 'fee', limit: 'day' }])
})

test('an approval is void where the call goes over another limit by now, and the person is asked anew', async () => {
  const { call, run, written } = await openDoor(desk.database, { tenant })
  const large = { ...order, amount: nok(120_00n) }
  const first = approvalOf(await call(pay, large))
  await approvalDecide(desk.client, { tenant, id: first, state: 'approved', by: 'bo' })
  // Meanwhile another call was paid: now the total of the payee goes over too, which Bo was not told.
  expect(await call(pay, order, { path: 'desk/1/b' })).toMatchObject({ kind: 'intent' })
  const second = approvalOf(await call(pay, large, { approval: first }))
  expect(await spent()).toBe(2 * 50_00)
  expect(written.at(-1)?.payload['questions']).toEqual([
    { argument: 'amount', limit: 'call' },
    { argument: 'amount', limit: 'payee and day' },
  ])
  const states = 'select id, state from paybill.approval where run_id = $1'
  expect(Object.fromEntries((await desk.sql(states, [run.runId])).map((row) => [row['id'], row['state']]))).toEqual({
    [first]: 'void',
    [second]: 'waiting',
  })
  await approvalDecide(desk.client, { tenant, id: second, state: 'approved', by: 'bo' })
  expect(await call(pay, large, { approval: second })).toMatchObject({ kind: 'intent' })
  expect(await spent()).toBe(2 * 170_00)
})

test('an approved call with other values is given up whole: no intent, nothing reserved, the approval unused', async () => {
  const { call, run, written } = await openDoor(desk.database, { tenant })
  const approval = approvalOf(await call(pay, { ...order, amount: nok(120_00n) }))
  await approvalDecide(desk.client, { tenant, id: approval, state: 'approved', by: 'bo' })
  await expect(call(pay, { ...order, amount: nok(121_00n) }, { approval })).rejects.toMatchObject({
    why: { code: 'APPROVAL_CHANGED' },
  })
  expect(await spent()).toBe(0)
  expect(written.map((entry) => entry.kind)).toEqual(['action.asked'])
  expect(await desk.sql('select state from paybill.approval where run_id = $1', [run.runId])).toEqual([{ state: 'approved' }])
})

test('a recipient gets a cell that it may read, and none that it may not', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  const slip = await newSlip(desk.database, tenant)
  const memoFrom = (cell: string) => ({ ...order, memo: new Labeled('text', stranger(cell)) })
  expect(await call(pay, memoFrom(`slip.memo#${slip}`))).toMatchObject({ kind: 'intent' })
  const refused = [
    `slip.remark#${slip}`,
    // A row that is not there.
    'slip.memo#00000000-0000-4000-8000-000000000000',
  ]
  for (const cell of refused)
    expect(await call(pay, memoFrom(cell), { path: `desk/1/${cell}` })).toMatchObject({ code: 'RECIPIENT_MAY_NOT_READ' })
  const undeclared = payAction(outsideWorld().pay, { recipient: 'mail:elsewhere' })
  expect(await call(undeclared, memoFrom(`slip.memo#${slip}`), { path: 'desk/1/x' })).toMatchObject({
    code: 'RECIPIENT_MAY_NOT_READ',
  })
  // A constant of the program comes from no cell, so there is nothing to keep from anybody.
  expect(await call(undeclared, order, { path: 'desk/1/y' })).toMatchObject({ kind: 'intent' })
})

test('a value out of rows that are no longer known one by one leaves to who may read the field in every row', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  const memo = new Labeled('text', stranger('slip.memo#*'))
  expect(await call(pay, { ...order, memo })).toMatchObject({ kind: 'intent' })
  const branch = payAction(outsideWorld().pay, { recipient: 'network:branch-bank' })
  const slip = await newSlip(desk.database, tenant)
  const one = new Labeled('text', stranger(`slip.memo#${slip}`))
  expect(await call(branch, { ...order, memo: one }, { path: 'desk/1/b' })).toMatchObject({ kind: 'intent' })
  expect(await call(branch, { ...order, memo }, { path: 'desk/1/c' })).toMatchObject({
    code: 'RECIPIENT_MAY_NOT_READ',
    origins: ['slip.memo#*'],
  })
})

test('refusals end the tries of a place, and count for that place alone', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  const often = { allowed: { actions: ['cash.pay'], calls: 99, refusals: 3 } }
  for (let attempt = 0; attempt < 3; attempt += 1)
    expect(await call(pay, { ...order, account: `NO${attempt}` }, often)).toMatchObject({ code: 'ARGUMENT_NOT_ACCEPTED' })
  expect(await call(pay, order, often)).toMatchObject({ code: 'REFUSAL_LIMIT' })
  expect(await call(pay, order, { ...often, path: 'desk/1/other' })).toMatchObject({ kind: 'intent' })
})

test('a place calls no more often than the graph allows', async () => {
  const { call } = await openDoor(desk.database, { tenant })
  const twice = { allowed: { actions: ['cash.pay'], calls: 2, refusals: 5 } }
  const small = { ...order, amount: nok(1n) }
  expect(await call(pay, small, twice)).toMatchObject({ kind: 'intent' })
  expect(await call(pay, small, twice)).toMatchObject({ kind: 'intent' })
  expect(await call(pay, small, twice)).toMatchObject({ code: 'STEP_NOT_ALLOWED' })
})

test('the rights are those of the call, not of the start', async () => {
  let roles: readonly string[] = ['cashier']
  const principal = async () => ({ ...known('ann', tenant), roles })
  const { call } = await openDoor(desk.database, { tenant, principal })
  expect(await call(pay, order)).toMatchObject({ kind: 'intent' })
  roles = ['bystander']
  expect(await call(pay, order, { path: 'desk/1/b' })).toMatchObject({ code: 'DENIED' })
})

test('an agent may do what it and its principal both may', async () => {
  const helped = await openDoor(desk.database, { tenant, agent: 'helper' })
  expect(await helped.call(pay, order)).toMatchObject({ kind: 'intent' })
  const watched = await openDoor(desk.database, { tenant, agent: 'bystander' })
  expect(await watched.call(pay, order)).toMatchObject({ code: 'DENIED' })
  const powerless = await openDoor(desk.database, { tenant, agent: 'helper', id: 'stranger' })
  expect(await powerless.call(pay, order)).toMatchObject({ code: 'DENIED' })
})
