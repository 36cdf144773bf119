import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PaybillError } from '../../src/lib/errors.ts'
import { entryAppend } from '../../src/journal/append.ts'
import { leaseRenew, runClaim, runEnd, runInbox, runRest, runWake } from '../../src/journal/run-store.ts'
import type { Recovery } from '../../src/action/action.ts'
import { payloadKey, startClaimed } from '../invoke/door.ts'
import {
  type DeskDatabase,
  deskWorkflow,
  kindsOf,
  loadSlip,
  newSlip,
  newTenant,
  openApp,
  openDeskDatabase,
  type Outside,
  outsideWorld,
  startRun,
} from './desk-database.ts'
import { nok, type Pay, payAction, type PayResult, type PayValues } from './desk.ts'

let desk: DeskDatabase
let tenant: string

beforeAll(async () => {
  desk = await openDeskDatabase()
})

beforeEach(async () => {
  tenant = await newTenant(desk.database)
})

// What a test leaves on lease would be waited for by the next.
afterEach(() => desk.sql(`update paybill.run set state = 'parked' where state = 'alive'`))

afterAll(() => desk.close())

function payFlow(pay: Pay, recovery: Recovery<PayValues, PayResult> = { kind: 'retry' }, version = 1) {
  return deskWorkflow(
    (start) =>
      start
        .step('load', loadSlip)
        .action('send', payAction(pay, { recovery, limits: { attempts: 2, timeoutMs: 100 } }), ({ load }) => ({
          payee: load.payee,
          account: load.account,
          amount: load.amount,
          memo: load.memo,
        })),
    version,
  )
}

async function stateOf(runId: string): Promise<{ state: unknown; reason: unknown; claims: unknown }> {
  const [row] = await desk.sql('select state, reason, claims from paybill.run where id = $1', [runId])
  return { state: row?.['state'], reason: row?.['reason'], claims: row?.['claims'] }
}

const fenceLost = expect.objectContaining({ code: 'FENCE_LOST' })

// A worker that is gone at a given moment: it can write nothing more, and nobody gave its lease back.
async function crash(
  flow: ReturnType<typeof payFlow>,
  at: { readonly pay: (outside: Outside) => Pay },
  outside: Outside,
): Promise<string> {
  const stop = new AbortController()
  const cut = payFlow(
    async (call) => {
      await at.pay(outside)(call)
      stop.abort()
      return new Promise(() => {})
    },
    flow.nodes[1]?.kind === 'action'
      ? (flow.nodes[1].action.recovery as unknown as Recovery<PayValues, PayResult>)
      : { kind: 'retry' },
  )
  const app = openApp(desk.database, [cut])
  const runId = await startRun(app, cut, { tenant, slip: await newSlip(desk.database, tenant) })
  await app.work({ until: 'idle', signal: stop.signal })
  expect(await kindsOf(app, tenant, runId)).toEqual(['run.started', 'step.done', 'action.intent'])
  return runId
}

const afterTheEffect = { pay: (outside: Outside) => outside.pay }
const beforeTheEffect = { pay: (): Pay => async () => ({ paid: 'nothing yet' }) }

test('retry: after a crash the outside is asked again under the same key, and acts once', async () => {
  const outside = outsideWorld()
  const flow = payFlow(outside.pay)
  const runId = await crash(flow, afterTheEffect, outside)
  await openApp(desk.database, [flow]).work({ until: 'idle' })
  expect(outside.asked()).toBe(2)
  expect(outside.paid).toHaveLength(1)
  expect(await stateOf(runId)).toMatchObject({ state: 'finished' })
})

test.each([
  ['and it happened: it is not asked again', afterTheEffect, 1],
  ['and it did not: it is asked for the first time', beforeTheEffect, 1],
])('verify: after a crash the outside is looked at first, %s', async (_what, at, asked) => {
  const outside = outsideWorld()
  const flow = payFlow(outside.pay, { kind: 'verify', find: async ({ idempotencyKey }) => outside.find(idempotencyKey) })
  const runId = await crash(flow, at, outside)
  await openApp(desk.database, [flow]).work({ until: 'idle' })
  expect(outside.asked()).toBe(asked)
  expect(outside.paid).toHaveLength(1)
  expect(await stateOf(runId)).toMatchObject({ state: 'finished' })
})

test('park: after a crash nobody asks the outside again, and the run waits for a person with the reason', async () => {
  const outside = outsideWorld()
  const flow = payFlow(outside.pay, { kind: 'park' })
  const runId = await crash(flow, beforeTheEffect, outside)
  await openApp(desk.database, [flow]).work({ until: 'idle' })
  expect(outside.asked()).toBe(0)
  expect(await stateOf(runId)).toMatchObject({ state: 'parked', reason: expect.stringContaining('its outcome is not known') })
})

test('park: a call that failed, or did not answer in time, is not made again either', async () => {
  for (const answer of [() => Promise.reject<PayResult>(new Error('cut off')), () => new Promise<PayResult>(() => {})]) {
    let asked = 0
    const flow = payFlow(
      () => {
        asked += 1
        return answer()
      },
      { kind: 'park' },
    )
    const app = openApp(desk.database, [flow])
    const runId = await startRun(app, flow, { tenant, slip: await newSlip(desk.database, tenant) })
    await app.work({ until: 'idle' })
    expect(asked).toBe(1)
    expect(await stateOf(runId)).toMatchObject({ state: 'parked' })
  }
})

test('an outside that does not answer gives the run back, to be carried out when it does, however long that takes', async () => {
  const outside = outsideWorld()
  const dead = payFlow(() => new Promise(() => {}))
  const flow = payFlow(outside.pay)
  const app = openApp(desk.database, [dead])
  const runId = await startRun(app, dead, { tenant, slip: await newSlip(desk.database, tenant) })
  // Not even a run that was already claimed very often is taken for one that kills its workers.
  await desk.sql('update paybill.run set claims = 49 where id = $1', [runId])
  for (let attempt = 0; attempt < 2; attempt += 1)
    expect((await app.work({ until: 'idle' })).stalled).toEqual([
      { runId, why: expect.stringContaining('did not answer in time') },
    ])
  expect(await stateOf(runId)).toMatchObject({ state: 'alive', claims: 0 })
  await openApp(desk.database, [flow]).work({ until: 'idle' })
  expect(outside.paid).toHaveLength(1)
  expect(await stateOf(runId)).toMatchObject({ state: 'finished' })
})

test('a run that is claimed again and again without an entry is parked, and one that goes on is not', async () => {
  const flow = payFlow(outsideWorld().pay)
  const app = openApp(desk.database, [flow])
  const [poison, alive] = [
    await startRun(app, flow, { tenant, slip: await newSlip(desk.database, tenant) }),
    await startRun(app, flow, { tenant, slip: await newSlip(desk.database, tenant) }),
  ]
  await desk.sql('update paybill.run set claims = 50 where id = $1', [poison])
  await desk.sql('update paybill.run set claims = 49 where id = $1', [alive])
  await app.work({ until: 'idle' })
  expect(await stateOf(poison)).toMatchObject({ state: 'parked', reason: expect.stringContaining('without an entry') })
  expect(await stateOf(alive)).toMatchObject({ state: 'finished', claims: 0 })
})

test('a run whose version is gone parks, and so does one whose graph was changed under its version', async () => {
  const outside = outsideWorld()
  const [first, second] = [payFlow(outside.pay), payFlow(outside.pay, { kind: 'retry' }, 2)]
  const changed = deskWorkflow((start) => start.step('other', { grant: {}, run: async () => 1 }))
  const app = openApp(desk.database, [first, second])
  const runs = [
    await startRun(app, first, { tenant, slip: await newSlip(desk.database, tenant) }),
    await startRun(app, second, { tenant, slip: await newSlip(desk.database, tenant) }),
  ]
  await openApp(desk.database, [changed]).work({ until: 'idle' })
  for (const run of runs)
    expect(await stateOf(run)).toMatchObject({ state: 'parked', reason: expect.stringMatching(/^VERSION_MISSING/) })
  expect(outside.paid).toEqual([])
})

test('a worker that was paused and replaced can write nothing, however late it wakes', async () => {
  const paused = await startClaimed(desk.client, { tenant, startedBy: 'ann', agent: null })
  await desk.sql(`update paybill.lease set until = '-infinity' where run_id = $1`, [paused.runId])
  const [taken] = await runClaim(desk.client, { worker: 'second', leaseMs: 60_000, limit: 10, except: [] })
  expect(taken).toMatchObject({ runId: paused.runId, fence: paused.fence + 1n })
  const entry = { number: 2, kind: 'step.done', path: 'desk/1/load', at: new Date(), payload: {} } as const
  await expect(entryAppend(desk.client, payloadKey, paused, entry)).rejects.toEqual(fenceLost)
  await expect(runEnd(desk.client, paused, { state: 'finished', reason: null })).rejects.toEqual(fenceLost)
  await expect(runInbox(desk.client, paused)).rejects.toEqual(fenceLost)
  expect(await runRest(desk.client, paused, paused.inbox)).toBe(false)
  expect(await leaseRenew(desk.client, { worker: 'first', leaseMs: 1, runIds: [paused.runId] })).toEqual(new Set())
  await expect(entryAppend(desk.client, payloadKey, taken ?? paused, entry)).resolves.toBeUndefined()
})

test('a step of a replaced worker leaves nothing behind: its rows go with its entry', async () => {
  const slip = await newSlip(desk.database, tenant)
  let tookOver = false
  const flow = deskWorkflow((start) =>
    start.step('write', {
      grant: { slip: { create: ['payee', 'account', 'amount', 'memo', 'remark'] } },
      run: async ({ session }) => {
        await session.slip.insert({ payee: '100', account: 'NO100', amount: nok(1n), memo: 'written', remark: '' })
        // While this body runs, another worker takes the run over, once.
        if (!tookOver) await desk.sql('update paybill.run set fence = fence + 1 where tenant = $1', [tenant])
        tookOver = true
      },
    }),
  )
  const app = openApp(desk.database, [flow], { worker: { leaseMs: 300 } })
  const runId = await startRun(app, flow, { tenant, slip })
  await app.work({ until: 'idle' })
  const written = () => desk.sql(`select memo from slip where tenant = $1 and memo = 'written'`, [tenant])
  expect(await written()).toHaveLength(1)
  expect(await kindsOf(app, tenant, runId)).toEqual(['run.started', 'step.done', 'run.ended'])
})

test('a worker that lost its fence while there was nothing to do but wait stops', async () => {
  const flow = deskWorkflow((start) =>
    start.approval('sign', { right: 'approve:desk', expiresMs: 60_000, show: () => ({ what: 'x' }) }),
  )
  const app = openApp(desk.database, [flow], {
    // The fence goes with the very entry after which the run would rest.
    onEntry: ({ kind }) =>
      kind === 'approval.asked' && void desk.sql('update paybill.run set fence = fence + 1 where tenant = $1', [tenant]),
    worker: { leaseMs: 300 },
  })
  await startRun(app, flow, { tenant, slip: '' })
  const done = await Promise.race([app.work({ until: 'idle' }).then(() => 'stopped'), pause(5_000, 'still going')])
  expect(done).toBe('stopped')
})

test('what is sent while a run goes to rest is not missed', async () => {
  for (const isSentBefore of [true, false]) {
    const run = await startClaimed(desk.client, { tenant, startedBy: 'ann', agent: null })
    if (isSentBefore) await runWake(desk.client, run.runId)
    expect(await runRest(desk.client, run, run.inbox)).toBe(!isSentBefore)
    if (!isSentBefore) await runWake(desk.client, run.runId)
    expect(await desk.sql('select ready from paybill.run where id = $1', [run.runId])).toEqual([{ ready: true }])
  }
})

test('no decision is lost between people who approve and workers that go to rest', async () => {
  const flow = deskWorkflow((start) =>
    start.approval('sign', { right: 'approve:desk', expiresMs: 60_000, show: () => ({ what: 'x' }) }),
  )
  const app = openApp(desk.database, [flow], { worker: { concurrency: 8 } })
  const runs = await Promise.all(Array.from({ length: 20 }, () => startRun(app, flow, { tenant, slip: '' })))
  const stop = new AbortController()
  const working = app.work({ until: 'stopped', signal: stop.signal })
  // Whoever sees a question answers it at once, while the worker still writes it down or lies down.
  const bo = { id: 'bo', tenant }
  for (let decided = 0; decided < runs.length;) {
    const open = await app.approvals.list(bo)
    await Promise.all(open.map((approval) => app.approvals.approve(bo, approval.id)))
    decided += open.length
  }
  const deadline = Date.now() + 10_000
  const unfinished = () => desk.sql(`select id from paybill.run where tenant = $1 and state <> 'finished'`, [tenant])
  while ((await unfinished()).length > 0 && Date.now() < deadline) await pause(20)
  stop.abort()
  await working
  expect(await unfinished()).toEqual([])
})

test('a connection that is not to be had makes a run wait and not fail', async () => {
  let isBusy = true
  const flow = payFlow(outsideWorld().pay)
  const app = openApp(desk.database, [flow], {
    principal: async (id, of) => {
      if (isBusy) throw new PaybillError('DATABASE_BUSY', 'no connection became free in time')
      return { id, tenant: of, roles: ['cashier'], claims: {} }
    },
  })
  const starter = openApp(desk.database, [flow])
  const runId = await startRun(starter, flow, { tenant, slip: await newSlip(desk.database, tenant) })
  expect((await app.work({ until: 'idle' })).stalled).toMatchObject([{ runId, why: expect.stringMatching(/^DATABASE_BUSY/) }])
  isBusy = false
  await app.work({ until: 'idle' })
  expect(await stateOf(runId)).toMatchObject({ state: 'finished' })
})

test('a start with a key that is taken answers the run that is there', async () => {
  const flow = payFlow(outsideWorld().pay)
  const app = openApp(desk.database, [flow])
  const start = () => app.start(flow, { slip: 'x' }, { as: { id: 'ann', tenant }, key: 'same' })
  const results = await Promise.all(Array.from({ length: 10 }, start))
  expect(new Set(results.map(({ runId }) => runId)).size).toBe(1)
  expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
})
