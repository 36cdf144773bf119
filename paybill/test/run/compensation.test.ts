import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { trusted } from '../../src/action/index.ts'
import type { Recovery } from '../../src/action/action.ts'
import type { Entry } from '../../src/journal/entry.ts'
import { map } from '../../src/label/labeled.ts'
import { actionOf } from '../../src/run/handler/approval-view.ts'
import { entryView } from '../../src/run/handler/entry-view.ts'
import { viewerOf } from '../../src/run/viewer.ts'
import { Progress } from '../../src/run/replay.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { StepContext, Workflow } from '../../src/workflow/workflow.ts'
import {
  type AppChange,
  type DeskDatabase,
  deskWorkflow,
  known,
  loadSlip,
  newSlip,
  newTenant,
  openApp,
  openDeskDatabase,
  type Outside,
  outsideWorld,
  startRun,
} from './desk-database.ts'
import { deskRules, type deskSchema, nok, type Pay, payAction, type PayResult, type PayValues, personOf } from './desk.ts'

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

type Flow = Workflow<{ slip: string }>
type Context = StepContext<typeof deskSchema>

const writing = { slip: { create: ['payee', 'account', 'amount', 'memo', 'remark'], read: ['id'] } } as const

/** Writes one row: what is there in the end was committed once for each row. */
async function write({ session }: Context, memo: string): Promise<{ readonly wrote: string }> {
  await session.slip.insert({ payee: '100', account: 'NO100', amount: nok(1n), memo, remark: '' })
  return { wrote: memo }
}

/** A step that writes a row, undone by another row about what the step answered. */
const writes = (memo: string) =>
  ({
    grant: writing,
    run: (context: Context) => write(context, memo),
    compensate: {
      grant: writing,
      run: async (context: Context, _scope: unknown, { wrote }: { readonly wrote: string }) =>
        void (await write(context, `undo ${wrote}`)),
    },
  }) as const

const fails = { grant: {}, limits: { attempts: 1 }, run: async (): Promise<void> => Promise.reject(new Error('this cannot be')) }
const order = (memo: string, payee: '100' | '200' = '100') => ({ payee, account: `NO${payee}`, amount: nok(10_00n), memo })

const written = async (): Promise<readonly unknown[]> =>
  (await desk.sql('select memo from slip where tenant = $1 order by memo', [tenant])).map(({ memo }) => memo)

const historyOf = (flow: Flow, runId: string): Promise<readonly Entry[]> =>
  openApp(desk.database, [flow]).runs.history({ id: 'ann', tenant }, runId)

/** The entries of compensations, by what they are and where. */
const undoneIn = (history: readonly Entry[]): readonly string[] =>
  history.flatMap(({ kind, path }) =>
    path.endsWith('/compensate') ? [`${kind} ${path.slice('desk/1/'.length, -'/compensate'.length)}`] : [],
  )

async function endOf(runId: string): Promise<{ readonly state: unknown; readonly reason: unknown }> {
  const [row] = await desk.sql('select state, reason from paybill.run where id = $1', [runId])
  return { state: row?.['state'], reason: row?.['reason'] }
}

/** Runs to the end, or to where only a person can go on. */
async function work(flow: Flow, change: AppChange = {}): Promise<{ readonly runId: string; readonly history: readonly Entry[] }> {
  const app = openApp(desk.database, [flow], change)
  const runId = await startRun(app, flow, { tenant, slip: '' })
  await app.work({ until: 'idle' })
  return { runId, history: await historyOf(flow, runId) }
}

/** Two steps with a payment between them, and then one that fails: three things to undo. */
function threeToUndo(to: { readonly pay: Pay; readonly back: Pay; readonly recovery?: Recovery<PayValues, PayResult> }): Flow {
  const back = payAction(to.back, { recovery: to.recovery ?? { kind: 'retry' }, limits: { attempts: 1, timeoutMs: 100 } })
  return deskWorkflow((flow) =>
    flow
      .step('one', writes('one'))
      .action('send', payAction(to.pay), () => order('sent'), {
        compensate: {
          action: back,
          values: (_scope, { result }) => ({ ...order('', '200'), memo: map(result, ({ paid }) => paid) }),
        },
      })
      .step('three', writes('three'))
      .step('four', fails),
  )
}

const undoneAll = ['step.done three', 'action.intent send', 'action.done send', 'step.done one']

test('what was done before a step that fails is undone, the last first, with what each answered, and the run has failed', async () => {
  const [paid, back] = [outsideWorld(), outsideWorld()]
  const { runId, history } = await work(threeToUndo({ pay: paid.pay, back: back.pay }))
  expect(undoneIn(history)).toEqual(undoneAll)
  expect(await written()).toEqual(['one', 'three', 'undo one', 'undo three'])
  const key = history.find(({ kind }) => kind === 'action.intent')?.payload['idempotencyKey']
  expect(back.paid.map(({ memo }) => memo)).toEqual([key])
  expect(paid.paid).toHaveLength(1)
  expect(history.at(-1)).toMatchObject({ kind: 'run.ended', payload: { status: 'failed', failures: 1 } })
  expect(await endOf(runId)).toEqual({ state: 'failed', reason: null })
})

test('people read what is undone, by what, and what could not be', async () => {
  const runtime = { rules: deskRules, principal: async () => known('ann', tenant), clock: systemClock }
  const viewer = await viewerOf(runtime, { id: 'ann', tenant })
  const said = (kind: Entry['kind'], payload: Entry['payload']): string =>
    entryView(viewer, { number: 1, at: new Date(0), kind, path: 'desk/1/each[0]/send/compensate', payload }).sentence
  const action = { action: 'cash.pay', recipient: 'network:bank', reason: 'no such payee', code: 'INTERNAL' }
  expect(said('step.done', { result: null })).toBe('`send` is undone')
  expect(said('action.intent', action)).toBe('all guards let `cash.pay` go to `network:bank` to undo `send`')
  expect(said('action.done', action)).toBe('`cash.pay` was carried out; `send` is undone')
  expect(said('action.refused', action)).toBe('`cash.pay` to undo `send` was refused: no such payee')
  expect(said('action.asked', action)).toBe('a person is asked before `cash.pay` may run to undo `send`')
  expect(said('leaf.failed', action)).toMatch(/^undoing `send` failed: INTERNAL; /)
})

test('a run in which nothing fails undoes nothing', async () => {
  const { history } = await work(deskWorkflow((flow) => flow.step('one', writes('one')).step('two', writes('two'))))
  expect(history.map(({ kind }) => kind)).toEqual(['run.started', 'step.done', 'step.done', 'run.ended'])
  expect(await written()).toEqual(['one', 'two'])
})

test('a step that failed is not undone: nothing of it is there', async () => {
  const failsAfterAll = {
    ...writes('one'),
    limits: { attempts: 2 },
    run: (context: Context) => write(context, 'one').then(fails.run),
  }
  const flow = deskWorkflow((start) => start.step('one', { ...failsAfterAll, compensate: { grant: {}, run: async () => {} } }))
  expect(undoneIn((await work(flow)).history)).toEqual([])
  expect(await written()).toEqual([])
})

test('wherever its worker is lost, a run is undone once, in the same order', async () => {
  const complete = await work(threeToUndo({ pay: outsideWorld().pay, back: outsideWorld().pay }))
  // With the commit of that very entry, its worker can write nothing more.
  await desk.sql(`create function lose() returns trigger language plpgsql security definer as
$$ begin update paybill.run set fence = fence + 1 where id = new.run_id; return new; end $$`)
  const kinds = complete.history.map(({ kind, path }) => `${kind} ${path}`)
  for (let last = 2; last < kinds.length; last += 1) {
    tenant = await newTenant(desk.database)
    const [paid, back] = [outsideWorld(), outsideWorld()]
    const flow = threeToUndo({ pay: paid.pay, back: back.pay })
    const app = openApp(desk.database, [flow], { worker: { leaseMs: 200 } })
    await desk.sql(
      `create trigger lose after insert on paybill.entry for each row when (new.number = ${last}) execute function lose()`,
    )
    const runId = await startRun(app, flow, { tenant, slip: '' })
    await app.work({ until: 'idle' })
    await desk.sql('drop trigger lose on paybill.entry')
    expect((await historyOf(flow, runId)).map(({ kind, path }) => `${kind} ${path}`)).toEqual(kinds)
    expect(await written()).toEqual(['one', 'three', 'undo one', 'undo three'])
    expect([paid.paid.length, back.paid.length]).toEqual([1, 1])
    expect(await endOf(runId)).toEqual({ state: 'failed', reason: null })
    const [run] = await desk.sql('select fence from paybill.run where id = $1', [runId])
    expect(run?.['fence'], 'claimed, lost, claimed').toBe('3')
  }
})

const done = { state: 'failed', reason: null, undone: ['undo one'] }
const unknown = {
  state: 'parked',
  reason: '`cash.pay` at `desk/1/send/compensate` was begun and its outcome is not known',
  undone: [],
}
const recoveries = (
  back: Outside,
): readonly { readonly recovery: Recovery<PayValues, PayResult>; readonly end: typeof done | typeof unknown }[] => [
  { recovery: { kind: 'retry' }, end: done },
  { recovery: { kind: 'verify', find: async ({ idempotencyKey }) => back.find(idempotencyKey) }, end: done },
  // Where nobody knows whether the one was undone, what was done before it stays too.
  { recovery: { kind: 'park' }, end: unknown },
]

test('a worker lost between an undoing effect and its result has it recovered as the undoing action declares, and done once', async () => {
  for (const at of [0, 1, 2]) {
    tenant = await newTenant(desk.database)
    const back = outsideWorld()
    const { recovery, end } = recoveries(back)[at] ?? { recovery: { kind: 'retry' }, end: done }
    const stop = new AbortController()
    const cutOff: Pay = async (call) => {
      await back.pay(call)
      stop.abort()
      return new Promise(() => {})
    }
    const lost = threeToUndo({ pay: outsideWorld().pay, back: cutOff, recovery })
    const app = openApp(desk.database, [lost])
    const runId = await startRun(app, lost, { tenant, slip: '' })
    await app.work({ until: 'idle', signal: stop.signal })
    const flow = threeToUndo({ pay: outsideWorld().pay, back: back.pay, recovery })
    await openApp(desk.database, [flow]).work({ until: 'idle' })
    expect(back.paid, recovery.kind).toHaveLength(1)
    const { state, reason, undone } = end
    expect(await endOf(runId)).toEqual({ state, reason })
    expect(await written()).toEqual(['one', 'three', ...undone, 'undo three'])
  }
})

test('an outside that does not answer gives a run back while it is undone, and nothing counts as failed', async () => {
  const back = outsideWorld()
  const dead = threeToUndo({ pay: outsideWorld().pay, back: () => new Promise(() => {}) })
  const { runId } = await work(dead)
  expect(await endOf(runId)).toEqual({ state: 'alive', reason: null })
  await openApp(desk.database, [threeToUndo({ pay: outsideWorld().pay, back: back.pay })]).work({ until: 'idle' })
  expect(back.paid).toHaveLength(1)
  expect(await endOf(runId)).toEqual({ state: 'failed', reason: null })
})

test('an action that was refused is not undone, and one that was done is', async () => {
  const back = outsideWorld()
  const undo = { compensate: { action: payAction(back.pay), values: () => order('back', '200') } } as const
  const flow = deskWorkflow((start) =>
    start
      .action('refused', payAction(outsideWorld().pay), () => ({ ...order('x'), account: 'NO999' }), undo)
      .action('done', payAction(outsideWorld().pay), () => order('y'), undo)
      .step('last', fails),
  )
  const { history } = await work(flow)
  expect(undoneIn(history)).toEqual(['action.intent done', 'action.done done'])
  expect(back.paid).toHaveLength(1)
})

test('a compensation that fails for good parks the run with its place, undoes nothing more, and stays parked for every worker', async () => {
  let tried = 0
  const broken = { ...fails, limits: { attempts: 2 }, run: async () => ((tried += 1), fails.run()) }
  const flow = deskWorkflow((start) =>
    start
      .step('one', writes('one'))
      .step('two', { ...writes('two'), compensate: broken })
      .step('three', fails),
  )
  const { runId, history } = await work(flow)
  const parked = { state: 'parked', reason: expect.stringMatching(/^`desk\/1\/two\/compensate` failed \(INTERNAL\)/) }
  expect(await endOf(runId)).toEqual(parked)
  expect(undoneIn(history)).toEqual(['leaf.failed two'])
  expect(tried).toBe(2)
  // As if its worker had been lost between the entry and the parking.
  await desk.sql(`update paybill.run set state = 'alive', reason = null where id = $1`, [runId])
  await openApp(desk.database, [flow]).work({ until: 'idle' })
  expect(await endOf(runId)).toEqual(parked)
  expect(await historyOf(flow, runId)).toEqual(history)
  expect([tried, await written()]).toEqual([2, ['one', 'two']])
})

test('an undoing action that is refused parks the run with its place and undoes nothing more', async () => {
  const back = outsideWorld()
  const cases = [
    { action: payAction(back.pay), values: () => ({ ...order('back'), account: 'NO999' }), code: 'ARGUMENT_NOT_ACCEPTED' },
    // What the outside answered is no trusted value, also where it is used to undo.
    {
      action: payAction(back.pay, { account: trusted() }),
      values: (_scope: unknown, { result }: { result: unknown }) => ({ ...order('back'), account: result as string }),
      code: 'ARGUMENT_',
    },
  ]
  for (const { code, ...compensate } of cases) {
    tenant = await newTenant(desk.database)
    const flow = deskWorkflow((start) =>
      start
        .step('one', writes('one'))
        .action('send', payAction(outsideWorld().pay), () => order('sent'), { compensate })
        .step('three', fails),
    )
    const { runId, history } = await work(flow)
    expect(await endOf(runId)).toEqual({
      state: 'parked',
      reason: expect.stringMatching(new RegExp(`^\`desk/1/send/compensate\` was refused \\(${code}`)),
    })
    expect(undoneIn(history)).toEqual(['action.refused send'])
    expect([back.paid, await written()]).toEqual([[], ['one']])
  }
})

test('whoever lost his rights meanwhile undoes nothing: the run is parked', async () => {
  let isGone = false
  const flow = deskWorkflow((start) =>
    start.step('one', writes('one')).step('two', { ...fails, run: async () => ((isGone = true), fails.run()) }),
  )
  const { runId } = await work(flow, { principal: async (id, of) => (isGone ? null : personOf(id, of)) })
  expect(await endOf(runId)).toMatchObject({ state: 'parked', reason: expect.stringContaining('desk/1/one/compensate') })
  expect(await written()).toEqual(['one'])
})

test('a compensation touches no more than its own grant, whatever its step was granted', async () => {
  const flow = deskWorkflow((start) =>
    start.step('one', { ...writes('one'), compensate: { ...writes('one').compensate, grant: {} } }).step('two', fails),
  )
  const { runId } = await work(flow)
  expect(await endOf(runId)).toMatchObject({ state: 'parked', reason: expect.stringContaining('(DENIED)') })
  expect(await written()).toEqual(['one'])
})

test('an undoing action over a limit waits for a person: approved it is done, refused it parks the run', async () => {
  for (const decision of ['approve', 'refuse'] as const) {
    tenant = await newTenant(desk.database)
    const back = outsideWorld()
    const compensate = { action: payAction(back.pay), values: () => ({ ...order('back', '200'), amount: nok(140_00n) }) }
    const flow = deskWorkflow((start) =>
      start
        .step('one', writes('one'))
        .action('send', payAction(outsideWorld().pay), () => order('sent'), { compensate })
        .step('three', fails),
    )
    const { runId } = await work(flow)
    const app = openApp(desk.database, [flow])
    const bo = { id: 'bo', tenant }
    const [approval] = await app.approvals.list(bo)
    expect(approval).toMatchObject({ path: 'desk/1/send/compensate', subject: 'cash.pay' })
    const workflows = new Map([['desk/1', flow]])
    expect(approval === undefined ? null : actionOf(workflows, approval)).toBe(compensate.action)
    expect(back.paid).toEqual([])
    await app.approvals[decision](bo, approval?.id ?? '')
    await app.work({ until: 'idle' })
    const approved = decision === 'approve'
    expect(back.paid).toHaveLength(approved ? 1 : 0)
    expect((await endOf(runId)).state).toBe(approved ? 'failed' : 'parked')
    expect(await written()).toEqual(approved ? ['one', 'undo one'] : ['one'])
  }
})

test('an item that fails undoes itself alone; its neighbours go on, also one that waits for a person', async () => {
  const flow = deskWorkflow((start) =>
    start
      .step('first', writes('first'))
      .forEach(
        'each',
        () => ['a', 'b', 'c'],
        { as: 'item', max: 3, concurrency: 3 },
        (each) =>
          each
            .step('write', {
              grant: writing,
              run: (context, { item }) => write(context, item),
              compensate: { grant: writing, run: async (context, { item }) => void (await write(context, `undo ${item}`)) },
            })
            .branch('way', ({ item }) => (item === 'b' ? ('fail' as const) : ('wait' as const)), {
              fail: (way) => way.step('deep', writes('deep')).step('cannot', fails),
              wait: (way) => way.approval('sign', { right: 'approve:desk', expiresMs: 60_000, show: () => ({}) }),
            })
            .step('after', { grant: writing, run: (context, { item }) => write(context, `after ${item}`) }),
      )
      .step('last', writes('last')),
  )
  const { runId, history } = await work(flow)
  expect(undoneIn(history)).toEqual(['step.done each[1]/way/fail/deep', 'step.done each[1]/write'])
  const app = openApp(desk.database, [flow])
  for (const { id } of await app.approvals.list({ id: 'bo', tenant })) await app.approvals.approve({ id: 'bo', tenant }, id)
  await app.work({ until: 'idle' })
  expect(await written()).toEqual(['a', 'after a', 'after c', 'b', 'c', 'deep', 'first', 'last', 'undo b', 'undo deep'])
  expect(await endOf(runId)).toEqual({ state: 'failed', reason: null })
})

test('when the run itself fails after a list, the items that ended well are undone, and one that was undone is not again', async () => {
  const flow = deskWorkflow((start) =>
    start
      .forEach(
        'each',
        () => ['a', 'b', 'c'],
        { as: 'item', max: 3, concurrency: 1 },
        (each) =>
          each
            .step('write', {
              grant: writing,
              run: (context, { item }) => write(context, item),
              compensate: { grant: writing, run: async (context, { item }) => void (await write(context, `undo ${item}`)) },
            })
            .step('check', { ...fails, run: async (_context, { item }) => (item === 'b' ? fails.run() : undefined) }),
      )
      .step('last', fails),
  )
  const { history } = await work(flow)
  expect(undoneIn(history)).toEqual(['step.done each[1]/write', 'step.done each[2]/write', 'step.done each[0]/write'])
  expect(await written()).toEqual(['a', 'b', 'c', 'undo a', 'undo b', 'undo c'])
})

test('when a compensation fails, what is under way elsewhere may end and is recorded, and nothing else is begun', async () => {
  const parking = Promise.withResolvers<void>()
  const outside = outsideWorld()
  const slow: Pay = async (call) => {
    await parking.promise
    return outside.pay(call)
  }
  const flow = deskWorkflow((start) =>
    start.forEach(
      'each',
      () => [0, 1, 2],
      { as: 'item', max: 3, concurrency: 2 },
      (each) =>
        each.branch('way', ({ item }) => (item === 0 ? ('broken' as const) : ('slow' as const)), {
          broken: (way) => way.step('one', { ...writes('one'), compensate: fails }).step('two', fails),
          slow: (way) => way.action('send', payAction(slow), () => order('sent')).step('after', writes('after')),
        }),
    ),
  )
  const { runId, history } = await work(flow, { onEntry: ({ path }) => path.endsWith('/compensate') && parking.resolve() })
  expect(outside.paid).toHaveLength(1)
  expect(history.at(-1)).toMatchObject({ kind: 'action.done', path: 'desk/1/each[1]/way/slow/send' })
  expect(await written()).toEqual(['one'])
  expect(await endOf(runId)).toMatchObject({
    state: 'parked',
    reason: expect.stringContaining('each[0]/way/broken/one/compensate'),
  })
})

test('a decision about a neighbour that comes after a run is to be parked is not carried out', async () => {
  const flow = deskWorkflow((start) =>
    start.forEach(
      'each',
      () => [0, 1],
      { as: 'item', max: 2, concurrency: 1 },
      (each) =>
        each.branch('way', ({ item }) => (item === 0 ? ('wait' as const) : ('broken' as const)), {
          wait: (way) =>
            way.approval('sign', { right: 'approve:desk', expiresMs: 60_000, show: () => ({}) }).step('after', writes('after')),
          broken: (way) => way.step('one', { ...writes('one'), compensate: fails }).step('two', fails),
        }),
    ),
  )
  const { runId, history } = await work(flow)
  const app = openApp(desk.database, [flow])
  const [approval] = await app.approvals.list({ id: 'bo', tenant })
  await app.approvals.approve({ id: 'bo', tenant }, approval?.id ?? '')
  // As if its worker had been lost before the parking, and the person had decided then.
  await desk.sql(`update paybill.run set state = 'alive', ready = true where id = $1`, [runId])
  await app.work({ until: 'idle' })
  expect(await historyOf(flow, runId)).toEqual(history)
  expect(await endOf(runId)).toMatchObject({ state: 'parked' })
})

test('what untrusted text chose counts against an undoing action: the way to its node, and the way to what failed', async () => {
  const outcomes: unknown[] = []
  for (const influence of [0, 1])
    for (const where of ['node', 'failure'] as const) {
      tenant = await newTenant(desk.database)
      const back = outsideWorld()
      const undo = { compensate: { action: payAction(back.pay, { influence }), values: () => order('back', '200') } }
      const pay = payAction(outsideWorld().pay, { influence: 1 })
      const flow = deskWorkflow((start) => {
        const loaded = start.step('load', loadSlip)
        const before = where === 'node' ? loaded : loaded.action('send', pay, () => order('sent'), undo)
        return before
          .branch('way', ({ load }) => map(load.memo, (memo) => (memo === 'stamps' ? ('a' as const) : ('b' as const))), {
            a: (way) => (where === 'node' ? way.action('send', pay, () => order('sent'), undo) : way.step('cannot', fails)),
            b: (way) => way,
          })
          .step('last', fails)
      })
      const app = openApp(desk.database, [flow])
      const runId = await startRun(app, flow, { tenant, slip: await newSlip(desk.database, tenant) })
      await app.work({ until: 'idle' })
      outcomes.push([influence, where, back.paid.length, (await endOf(runId)).state])
    }
  expect(outcomes).toEqual([
    [0, 'node', 0, 'parked'],
    [0, 'failure', 0, 'parked'],
    [1, 'node', 1, 'failed'],
    [1, 'failure', 1, 'failed'],
  ])
})

test('a compensation sees what its node saw, also where a later node has the name of an outer one', async () => {
  const seen: unknown[] = []
  const flow = deskWorkflow((start) =>
    start.step('name', { grant: {}, run: async () => 'outer' }).forEach(
      'each',
      () => [7],
      { as: 'item', max: 1, concurrency: 1 },
      (each) =>
        each
          .step('one', {
            grant: {},
            run: async (_context, { name }) => name,
            compensate: { grant: {}, run: async (_context, scope, result) => void seen.push(scope, result) },
          })
          .step('name', { grant: {}, run: async () => 'inner' })
          .step('last', fails),
    ),
  )
  await work(flow)
  expect(seen).toEqual([{ input: { slip: '' }, name: 'outer', item: 7 }, 'outer'])
})

test('what no node and no compensation can need any more is forgotten', () => {
  const list = (isUndoable: boolean) =>
    deskWorkflow((start) =>
      start
        .forEach(
          'each',
          () => [],
          { as: 'item', max: 1_000, concurrency: 1 },
          (each) =>
            each.step('write', {
              grant: {},
              run: async () => 1,
              ...(isUndoable ? { compensate: writes('x').compensate } : {}),
            } as never),
        )
        .step('last', fails),
    )
  const sizes = (isUndoable: boolean, items: number): readonly number[] => {
    const progress = new Progress(list(isUndoable))
    const take = (kind: Entry['kind'], path: string, payload: Entry['payload'] = {}): void =>
      void progress.apply({ number: 0, kind, path, at: new Date(0), payload })
    const each = (suffix: string) => {
      for (let item = 0; item < items; item += 1)
        take('step.done', `desk/1/each[${items - 1 - item}]/write${suffix}`, { result: {} })
    }
    take('run.started', 'desk/1', { input: {} })
    take('each.expanded', 'desk/1/each', { items: Array.from({ length: items }, () => '') })
    for (let item = 0; item < items; item += 1) take('step.done', `desk/1/each[${item}]/write`, { result: {} })
    const done = progress.scopes.size
    take('leaf.failed', 'desk/1/last')
    if (isUndoable) each('/compensate')
    return [done, progress.scopes.size]
  }
  expect(sizes(false, 1)).toEqual(sizes(false, 100))
  const [few = 0, none] = sizes(true, 1)
  expect(sizes(true, 100)).toEqual([few + 99, none])
  expect(sizes(true, 100)[1]).toBeLessThan(few)
})
