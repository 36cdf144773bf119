import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Model, ModelRequest } from '../../src/agent/model.ts'
import { Labeled, reveal } from '../../src/label/labeled.ts'
import type { Label } from '../../src/label/label.ts'
import { PaybillError } from '../../src/lib/errors.ts'
import {
  type AppChange,
  type DeskDatabase,
  deskWorkflow,
  loadSlip,
  newSlip,
  newTenant,
  openApp,
  openDeskDatabase,
  startRun,
} from '../run/desk-database.ts'
import { personOf } from '../run/desk.ts'

let desk: DeskDatabase
let tenant: string

beforeAll(async () => {
  desk = await openDeskDatabase()
})

beforeEach(async () => {
  tenant = await newTenant(desk.database)
})

afterAll(() => desk.close())

const flow = deskWorkflow((start) =>
  start.step('load', loadSlip).decide('verdict', {
    model: 'reader',
    task: 'pay or hold?',
    texts: ({ load }) => [load.memo],
    answers: ['pay', 'hold'],
    otherwise: 'hold',
    limits: { calls: 3, tokens: 900, timeoutMs: 60 },
  }),
)

async function decided(model: Model['answer'], change: Omit<AppChange, 'model'> = {}) {
  const starter = openApp(desk.database, [flow])
  const runId = await startRun(starter, flow, { tenant, slip: await newSlip(desk.database, tenant) })
  const app = openApp(desk.database, [flow], { model, ...change })
  await app.work({ until: 'idle' })
  return { runId, entries: await starter.runs.history({ id: 'ann', tenant }, runId) }
}

type Entries = Awaited<ReturnType<typeof decided>>['entries']
const kindsFrom = (entries: Entries): readonly string[] =>
  entries.map(({ kind }) => kind).filter((kind) => kind.startsWith('decide'))

function answerIn(entries: Entries): { readonly answer: unknown; readonly label: Label; readonly fallback: unknown } {
  const done = entries.find((entry) => entry.kind === 'decide.done')
  const answer = done?.payload['answer']
  if (!(answer instanceof Labeled)) throw new Error('an answer is labelled')
  return { answer: reveal(answer), label: answer.label, fallback: done?.payload['fallback'] }
}

test('the answer is labelled: written by the model, from the texts, worth its bits', async () => {
  const { entries } = await decided(async () => ({ answer: 'pay', tokens: 7 }))
  expect(answerIn(entries)).toMatchObject({
    answer: 'pay',
    fallback: false,
    label: { writers: ['model:scripted'], origins: [expect.stringMatching(/^slip\.memo#/)], influence: { 'desk/1/verdict': 1 } },
  })
})

test('a model is shown the task, the texts and the answers, and nothing that says which row it reads', async () => {
  const requests: ModelRequest[] = []
  await decided(async (request) => {
    requests.push(request)
    return { answer: 'hold', tokens: null }
  })
  expect(requests).toEqual([
    {
      task: 'pay or hold?',
      texts: [{ origin: 'slip.memo', text: 'stamps' }],
      answers: ['pay', 'hold'],
      maxTokens: 300,
      signal: expect.any(AbortSignal),
    },
  ])
})

test.each<[string, Model['answer']]>([
  ['another answer', async () => ({ answer: 'transfer', tokens: 1 })],
  ['an answer in capitals', async () => ({ answer: 'PAY', tokens: 1 })],
  ['a list', async () => ({ answer: ['pay'], tokens: 1 })],
  ['an object that reads as an answer', async () => ({ answer: { toString: () => 'pay' }, tokens: 1 })],
  ['a huge text', async () => ({ answer: 'pay'.repeat(1_000_000), tokens: 1 })],
  ['nothing', async () => ({ answer: undefined, tokens: null })],
  ['an error', () => Promise.reject(new Error('the text of an error, which may hold anything'))],
  ['an answer that never comes', () => new Promise(() => {})],
  ['an answer that comes too late', () => new Promise((resolve) => setTimeout(() => resolve({ answer: 'pay', tokens: 1 }), 300))],
])('%s is tried again and charged each time, and then the declared answer stands', async (_what, model) => {
  const { entries } = await decided(model)
  expect(kindsFrom(entries)).toEqual([
    'decide.asked',
    'decide.failed',
    'decide.asked',
    'decide.failed',
    'decide.asked',
    'decide.failed',
    'decide.done',
  ])
  const charged = entries.flatMap(({ kind, payload }) => (kind === 'decide.asked' ? [payload['charged']] : []))
  expect(charged).toEqual([{ tokens: 300 }, { tokens: 300 }, { tokens: 300 }])
  // The fallback is a constant, and yet the texts may have brought it about.
  expect(answerIn(entries)).toMatchObject({ answer: 'hold', fallback: true, label: { influence: { 'desk/1/verdict': 1 } } })
  expect(JSON.stringify(entries.filter(({ kind }) => kind === 'decide.failed'))).not.toContain('may hold anything')
})

test('an attempt that a crash cut off stays charged', async () => {
  // The worker is lost while the model thinks, twice: what it had begun was charged before.
  let lost = 0
  const stop: AbortController[] = []
  const model: Model['answer'] = async () => {
    lost += 1
    if (lost > 2) return { answer: 'pay', tokens: 1 }
    stop.at(-1)?.abort()
    return new Promise(() => {})
  }
  const app = openApp(desk.database, [flow], { model })
  const runId = await startRun(app, flow, { tenant, slip: await newSlip(desk.database, tenant) })
  for (let start = 0; start < 3; start += 1) {
    stop.push(new AbortController())
    await app.work({ until: 'idle', signal: stop.at(-1)?.signal ?? AbortSignal.abort() })
  }
  const entries = await app.runs.history({ id: 'ann', tenant }, runId)
  expect(kindsFrom(entries)).toEqual(['decide.asked', 'decide.asked', 'decide.asked', 'decide.done'])
  expect(answerIn(entries)).toMatchObject({ answer: 'pay', fallback: false })
})

test('a model whose provider may not read a text is not sent it', async () => {
  let asked = 0
  const secret = deskWorkflow((start) =>
    start
      .step('load', {
        grant: { slip: { read: ['id', 'remark'] } },
        run: ({ session }, { input }) => session.slip.findFirst({ where: { id: input.slip }, select: ['remark'] }),
      })
      .decide('verdict', {
        model: 'reader',
        task: 'x',
        texts: ({ load }) => [load?.remark ?? null],
        answers: ['pay', 'hold'],
        otherwise: 'hold',
      }),
  )
  const app = openApp(desk.database, [secret], {
    model: async () => {
      asked += 1
      return { answer: 'pay', tokens: 1 }
    },
  })
  const runId = await startRun(app, secret, { tenant, slip: await newSlip(desk.database, tenant) })
  await app.work({ until: 'idle' })
  const entries = await app.runs.history({ id: 'ann', tenant }, runId)
  expect(asked).toBe(0)
  expect(entries.find(({ kind }) => kind === 'leaf.failed')?.payload).toMatchObject({ code: 'RECIPIENT_MAY_NOT_READ' })
})

test('a model reads as many texts as there are, when its provider may read the row of each', async () => {
  const shown: number[] = []
  const memos = deskWorkflow((start) =>
    start
      .step('load', {
        grant: { slip: { read: ['id', 'memo'] } },
        run: ({ session }) => session.slip.findMany({ select: ['memo'] }),
      })
      .decide('verdict', {
        model: 'reader',
        task: 'x',
        texts: ({ load }) => load.map(({ memo }) => memo),
        answers: ['pay', 'hold'],
        otherwise: 'hold',
      }),
  )
  const app = openApp(desk.database, [memos], {
    model: async ({ texts }) => {
      shown.push(texts.length)
      return { answer: 'pay', tokens: 1 }
    },
  })
  // More than a joined label names one by one.
  for (let index = 1; index < 100; index += 1) await newSlip(desk.database, tenant)
  await startRun(app, memos, { tenant, slip: await newSlip(desk.database, tenant) })
  await app.work({ until: 'idle' })
  expect(shown).toEqual([100])
})

test('a database that is lost while a decision is written leaves it to the next worker', async () => {
  let isLost = true
  const { runId, entries } = await decided(async () => ({ answer: 'pay', tokens: 1 }), {
    principal: async (id, of) => {
      if (isLost) throw new PaybillError('DATABASE_LOST', 'the connection broke')
      return personOf(id, of)
    },
  })
  expect(entries.map(({ kind }) => kind)).toEqual(['run.started'])
  isLost = false
  const app = openApp(desk.database, [flow])
  await app.work({ until: 'idle' })
  expect(answerIn(await app.runs.history({ id: 'ann', tenant }, runId))).toMatchObject({ answer: 'pay' })
})
