import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { map } from '../../src/label/labeled.ts'
import type { App } from '../../src/run/app.ts'
import {
  type DeskDatabase,
  deskWorkflow,
  kindsOf,
  loadSlip,
  newSlip,
  newTenant,
  openApp,
  openDeskDatabase,
  outsideWorld,
  startRun,
} from './desk-database.ts'
import { nok, payAction, personOf } from './desk.ts'

let desk: DeskDatabase
let tenant: string

beforeAll(async () => {
  desk = await openDeskDatabase()
})

beforeEach(async () => {
  tenant = await newTenant(desk.database)
})

afterEach(() => desk.sql(`update paybill.run set state = 'parked' where state = 'alive'`))

afterAll(() => desk.close())

const order = (amount = nok(50_00n)) => ({ payee: '100', account: 'NO100', amount, memo: 'stamps' })
const coded = (code: string): unknown => expect.objectContaining({ code })

function bigOrder() {
  const outside = outsideWorld()
  const flow = deskWorkflow((start) => start.action('send', payAction(outside.pay), () => order(nok(140_00n))))
  return { outside, flow, app: openApp(desk.database, [flow]) }
}

test('items go through side by side, one that fails ends itself alone, and the run says that something failed', async () => {
  const seen: number[] = []
  let active = 0
  let most = 0
  const flow = deskWorkflow((start) =>
    start.forEach(
      'each',
      () => [0, 1, 2, 3, 4],
      { as: 'item', max: 5, concurrency: 2 },
      (each) =>
        each.step('work', {
          grant: {},
          limits: { attempts: 1 },
          run: async (_context, { item }) => {
            active += 1
            most = Math.max(most, active)
            await new Promise((resolve) => setTimeout(resolve, 20))
            active -= 1
            if (item === 1) throw new Error('this one cannot')
            seen.push(item)
          },
        }),
    ),
  )
  const app = openApp(desk.database, [flow])
  const runId = await startRun(app, flow, { tenant, slip: '' })
  await app.work({ until: 'idle' })
  expect(new Set(seen)).toEqual(new Set([0, 2, 3, 4]))
  expect(most).toBe(2)
  const history = await app.runs.history({ id: 'ann', tenant }, runId)
  expect(history.filter(({ kind }) => kind === 'leaf.failed').map(({ path }) => path)).toEqual(['desk/1/each[1]/work'])
  expect(history.at(-1)).toMatchObject({ kind: 'run.ended', payload: { status: 'failed', failures: 1 } })
  expect(history.map(({ number }) => number)).toEqual(history.map((_, index) => index + 1))
})

test('a list that is longer than the graph allows is refused as a whole', async () => {
  let ran = 0
  const flow = deskWorkflow((start) =>
    start.forEach(
      'each',
      () => [1, 2, 3],
      { as: 'item', max: 2, concurrency: 1 },
      (each) => each.step('work', { grant: {}, run: async () => void (ran += 1) }),
    ),
  )
  const app = openApp(desk.database, [flow])
  const runId = await startRun(app, flow, { tenant, slip: '' })
  await app.work({ until: 'idle' })
  expect(ran).toBe(0)
  expect(await kindsOf(app, tenant, runId)).toEqual(['run.started', 'leaf.failed', 'run.ended'])
})

test('an item that waits for a person gives its place to the next', async () => {
  const flow = deskWorkflow((start) =>
    start.forEach(
      'each',
      () => ['a', 'b', 'c'],
      { as: 'item', max: 3, concurrency: 1 },
      (each) =>
        each
          .approval('sign', { right: 'approve:desk', expiresMs: 60_000, show: ({ item }) => ({ item }) })
          .step('after', { grant: {}, run: async (_context, { item, sign }) => `${item} ${sign}` }),
    ),
  )
  const app = openApp(desk.database, [flow])
  const runId = await startRun(app, flow, { tenant, slip: '' })
  await app.work({ until: 'idle' })
  const bo = { id: 'bo', tenant }
  const open = await app.approvals.list(bo)
  expect(new Set(open.flatMap(({ shown }) => shown.map(({ value }) => value)))).toEqual(new Set(['a', 'b', 'c']))
  for (const { id, shown } of open) await (shown[0]?.value === 'b' ? app.approvals.refuse(bo, id) : app.approvals.approve(bo, id))
  await app.work({ until: 'idle' })
  const results = (await app.runs.history({ id: 'ann', tenant }, runId)).flatMap(({ kind, payload }) =>
    kind === 'step.done' ? [payload['result']] : [],
  )
  expect(new Set(results)).toEqual(new Set(['a approved', 'b refused', 'c approved']))
})

test('a branch on a value that strangers wrote counts against every action inside', async () => {
  const outside = outsideWorld()
  const flow = (influence: number) =>
    deskWorkflow((start) =>
      start
        .step('load', loadSlip)
        .branch('way', ({ load }) => map(load.memo, (memo) => (memo === 'stamps' ? ('a' as const) : ('b' as const))), {
          a: (way) => way.action('send', payAction(outside.pay, { influence }), () => order()),
          b: (way) => way,
        }),
    )
  for (const influence of [0, 1]) {
    const app = openApp(desk.database, [flow(influence)])
    await startRun(app, flow(influence), { tenant, slip: await newSlip(desk.database, tenant) })
    await app.work({ until: 'idle' })
    expect(outside.paid).toHaveLength(influence)
  }
})

test('above a limit another person decides, sees what would be paid and where it came from, and then it is paid once', async () => {
  const { outside, flow, app } = bigOrder()
  await startRun(app, flow, { tenant, slip: '' })
  await app.work({ until: 'idle' })
  const [approval] = await app.approvals.list({ id: 'bo', tenant })
  expect(approval).toMatchObject({ subject: 'cash.pay', right: 'approve:cash.pay', requestedBy: 'ann', state: 'waiting' })
  expect(approval?.shown.map(({ name, value }) => [name, value])).toContainEqual(['account', 'NO100'])
  expect(outside.paid).toEqual([])

  await expect(app.approvals.approve({ id: 'ann', tenant }, approval?.id ?? '')).rejects.toEqual(coded('DENIED'))
  await expect(app.approvals.approve({ id: 'nobody', tenant }, approval?.id ?? '')).rejects.toEqual(coded('DENIED'))
  await expect(app.approvals.approve({ id: 'bo', tenant: 'another' }, approval?.id ?? '')).rejects.toEqual(coded('NOT_FOUND'))
  await expect(app.approvals.approve({ id: 'bo', tenant }, 'no-such-approval')).rejects.toEqual(coded('NOT_FOUND'))

  await app.approvals.approve({ id: 'bo', tenant }, approval?.id ?? '')
  await expect(app.approvals.approve({ id: 'bo', tenant }, approval?.id ?? '')).rejects.toEqual(coded('APPROVAL_NOT_OPEN'))
  await app.work({ until: 'idle' })
  expect(outside.paid).toHaveLength(1)
})

test('what a person approved is asked anew where it has come to go over another limit, and is then paid once', async () => {
  const { outside, flow, app } = bigOrder()
  const bo = { id: 'bo', tenant }
  const runs = [await startRun(app, flow, { tenant, slip: '' }), await startRun(app, flow, { tenant, slip: '' })]
  await app.work({ until: 'idle' })
  const [first, second] = await app.approvals.list(bo)
  await app.approvals.approve(bo, first?.id ?? '')
  await app.work({ until: 'idle' })
  // The second was asked for while nothing was paid yet; by now the total of this payee and day is used up.
  await app.approvals.approve(bo, second?.id ?? '')
  await app.work({ until: 'idle' })
  expect(outside.paid).toHaveLength(1)
  const [again, ...others] = await app.approvals.list(bo)
  expect(others).toEqual([])
  expect(again?.reasons).toContainEqual({ argument: 'amount', limit: 'payee and day' })
  expect(again?.runId).toBe(second?.runId)

  await app.approvals.approve(bo, again?.id ?? '')
  await app.work({ until: 'idle' })
  expect(outside.paid).toHaveLength(2)
  const asked = await Promise.all(
    runs.map(async (runId) => (await kindsOf(app, tenant, runId)).filter((kind) => kind === 'action.asked').length),
  )
  expect(new Set(asked)).toEqual(new Set([1, 2]))
})

test('whoever asked cannot approve, also with the right to', async () => {
  const { outside, flow, app } = bigOrder()
  await startRun(app, flow, { tenant, slip: '', as: 'una' })
  await app.work({ until: 'idle' })
  const una = { id: 'una', tenant }
  const [approval] = await app.approvals.list(una)
  await expect(app.approvals.approve(una, approval?.id ?? '')).rejects.toEqual(coded('APPROVAL_OWN'))
  await expect(app.approvals.refuse(una, approval?.id ?? '')).rejects.toEqual(coded('APPROVAL_OWN'))
  await app.approvals.approve({ id: 'bo', tenant }, approval?.id ?? '')
  await app.work({ until: 'idle' })
  expect(outside.paid).toHaveLength(1)
})

test('what was refused, and what ran out, are outcomes of the action with codes of their own, and nothing is paid', async () => {
  const { outside, flow, app } = bigOrder()
  const bo = { id: 'bo', tenant }
  const expire = (id: string) => desk.sql(`update paybill.approval set expires_at = now() where id = $1`, [id])
  const courses: readonly (readonly [(id: string) => Promise<unknown>, { code: string; reason: string }])[] = [
    [(id) => app.approvals.refuse(bo, id), { code: 'APPROVAL_REFUSED', reason: 'the approval was refused' }],
    [expire, { code: 'APPROVAL_EXPIRED', reason: 'nobody decided on the approval in time' }],
    [
      (id) => app.approvals.approve(bo, id).then(() => expire(id)),
      { code: 'APPROVAL_EXPIRED', reason: 'the approval ran out before it was used' },
    ],
  ]
  for (const [course, outcome] of courses) {
    const runId = await startRun(app, flow, { tenant, slip: '' })
    await app.work({ until: 'idle' })
    const [approval] = await app.approvals.list(bo)
    await course(approval?.id ?? '')
    await app.work({ until: 'idle' })
    expect(await refusalOf(app, runId)).toMatchObject(outcome)
  }
  expect(outside.paid).toEqual([])
})

test('an approval that runs out between its reading and its use is recorded as run out, not as refused', async () => {
  const { outside, flow, app } = bigOrder()
  const runId = await startRun(app, flow, { tenant, slip: '' })
  await app.work({ until: 'idle' })
  const [approval] = await app.approvals.list({ id: 'bo', tenant })
  await app.approvals.approve({ id: 'bo', tenant }, approval?.id ?? '')
  const late = openApp(desk.database, [flow], {
    // Asked for after the decision was read and before it is used.
    principal: async (id, of) => {
      await desk.sql(`update paybill.approval set expires_at = now() where tenant = $1`, [of])
      return personOf(id, of)
    },
  })
  await late.work({ until: 'idle' })
  expect(await refusalOf(app, runId)).toMatchObject({ code: 'APPROVAL_EXPIRED' })
  expect(outside.paid).toEqual([])
})

async function refusalOf(app: App, runId: string) {
  const history = await app.runs.history({ id: 'ann', tenant }, runId)
  return history.find(({ kind }) => kind === 'action.refused')?.payload
}

test('a run is started by somebody with the right, with an input of its form, and not otherwise', async () => {
  const { flow, app } = bigOrder()
  const start = (as: string, input: { slip: string }) => app.start(flow, input, { as: { id: as, tenant }, key: 'k' })
  await expect(start('bo', { slip: '' })).rejects.toEqual(coded('DENIED'))
  await expect(start('nobody', { slip: '' })).rejects.toEqual(coded('DENIED'))
  await expect(start('ann', { slip: 7 as unknown as string })).rejects.toEqual(coded('ARGUMENT_INVALID'))
  await expect(start('ann', { slip: '' })).resolves.toMatchObject({ isNew: true })
  const unregistered = deskWorkflow((other) => other.action('send', payAction(outsideWorld().pay), () => order()), 9)
  await expect(app.start(unregistered, { slip: '' }, { as: { id: 'ann', tenant }, key: 'k' })).rejects.toEqual(
    coded('VERSION_MISSING'),
  )
})

test('a run of another tenant cannot be told from one that is not there', async () => {
  const { flow, app } = bigOrder()
  const runId = await startRun(app, flow, { tenant, slip: '' })
  const message = (error: unknown) => (error as Error).message.replaceAll(/`[^`]*`/g, '`id`')
  const of = (id: string) => app.runs.history({ id: 'ann', tenant: 'another' }, id).then(() => '', message)
  expect(await of(runId)).toBe(await of('00000000-0000-4000-8000-000000000000'))
  expect(await app.runs.list({ id: 'ann', tenant: 'another' })).toEqual([])
})

test('who is not known any more sees nothing: no runs, no history and no approvals', async () => {
  const { flow, app } = bigOrder()
  const runId = await startRun(app, flow, { tenant, slip: '' })
  await app.work({ until: 'idle' })
  const [approval] = await app.approvals.list({ id: 'bo', tenant })
  const nobody = { id: 'nobody', tenant }
  await expect(app.runs.list(nobody)).rejects.toEqual(coded('DENIED'))
  await expect(app.runs.history(nobody, runId)).rejects.toEqual(coded('DENIED'))
  await expect(app.approvals.list(nobody)).rejects.toEqual(coded('DENIED'))
  await expect(app.approvals.show(nobody, approval?.id ?? '')).rejects.toEqual(coded('DENIED'))
  // Somebody who is known and has no right at all sees that there are runs, as everybody of his tenant does.
  expect(await app.runs.list({ id: 'stranger', tenant })).toMatchObject([{ id: runId }])
})

test('a history, which holds every value, is read with the right to it, as it is now, and not otherwise', async () => {
  const { flow, app } = bigOrder()
  const runId = await startRun(app, flow, { tenant, slip: '' })
  expect(await app.runs.history({ id: 'ann', tenant }, runId)).toMatchObject([{ kind: 'run.started' }])
  const refused = expect.objectContaining({ code: 'DENIED', message: 'no rule allows `approver` to `history:desk`' })
  await expect(app.runs.history({ id: 'bo', tenant }, runId)).rejects.toEqual(refused)
  await expect(app.runs.history({ id: 'bo', tenant: 'another' }, runId)).rejects.toEqual(coded('NOT_FOUND'))
  const dismissed = openApp(desk.database, [flow], { principal: async (id) => ({ id, tenant, roles: [], claims: {} }) })
  await expect(dismissed.runs.history({ id: 'ann', tenant }, runId)).rejects.toEqual(coded('DENIED'))
})

test('an approval shows every value to who may decide on it, and to others what the rules let them read', async () => {
  const flow = deskWorkflow((start) =>
    start
      .step('load', loadSlip)
      .approval('sign', { right: 'approve:desk', expiresMs: 60_000, show: ({ load }) => ({ memo: load.memo, office: 'Oslo' }) }),
  )
  const app = openApp(desk.database, [flow])
  await startRun(app, flow, { tenant, slip: await newSlip(desk.database, tenant, { memo: 'between us' }) })
  await app.work({ until: 'idle' })
  const shownTo = async (id: string) => {
    const [listed] = await app.approvals.list({ id, tenant })
    const shown = await app.approvals.show({ id, tenant }, listed?.id ?? '')
    expect(shown).toEqual(listed)
    return shown.shown.map(({ name, value }) => [name, value])
  }
  const everything = [
    ['memo', 'between us'],
    ['office', 'Oslo'],
  ]
  // Bo may decide and read no slip, Ann may read slips and not decide, the stranger may do neither.
  expect(await shownTo('bo')).toEqual(everything)
  expect(await shownTo('ann')).toEqual(everything)
  expect(await shownTo('stranger')).toEqual([
    ['memo', null],
    ['office', 'Oslo'],
  ])
  expect(JSON.stringify(await app.approvals.list({ id: 'stranger', tenant }))).not.toContain('between us')

  expect(await app.approvals.list({ id: 'bo', tenant: 'another' })).toEqual([])
  const [approval] = await app.approvals.list({ id: 'bo', tenant })
  await expect(app.approvals.show({ id: 'bo', tenant: 'another' }, approval?.id ?? '')).rejects.toEqual(coded('NOT_FOUND'))
})

test('a run is found by the key that it was started with, by somebody who is known in its tenant', async () => {
  const { flow, app } = bigOrder()
  const started = await app.start(flow, { slip: '' }, { as: { id: 'ann', tenant }, key: 'order 7' })
  const find = (as: string, key: string, of = tenant) => app.runs.find({ id: as, tenant: of }, { workflow: 'desk', key })
  expect(await find('ann', 'order 7')).toMatchObject({ id: started.runId, state: 'alive' })
  expect(await find('ann', 'order 8')).toBeNull()
  expect(await find('ann', 'order 7', 'another')).toBeNull()
  await expect(find('nobody', 'order 7')).rejects.toEqual(coded('DENIED'))
})

test('a history whose payload was changed is not carried on', async () => {
  const { outside, flow, app } = bigOrder()
  const runId = await startRun(app, flow, { tenant, slip: '' })
  await app.work({ until: 'idle' })
  await desk.sql(`update paybill.payload set body = replace(body, 'ann', 'bob') where run_id = $1`, [runId])
  await expect(app.runs.history({ id: 'ann', tenant }, runId)).rejects.toEqual(coded('JOURNAL_BROKEN'))
  const [approval] = await app.approvals.list({ id: 'bo', tenant })
  await app.approvals.approve({ id: 'bo', tenant }, approval?.id ?? '')
  expect((await app.work({ until: 'idle' })).stalled).toMatchObject([{ runId, why: expect.stringMatching(/^JOURNAL_BROKEN/) }])
  expect(outside.paid).toEqual([])
})
