import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import type { Grant } from '../../src/acl/principal.ts'
import { choice } from '../../src/action/index.ts'
import type { Labeled } from '../../src/label/labeled.ts'
import { type ActionDone, nodeData, workflow } from '../../src/workflow/index.ts'
import { deskWorkflow, loadSlip } from '../run/desk-database.ts'
import { deskSchema, payAction } from '../run/desk.ts'

const nothing = { grant: {}, run: async () => null } as const
const pay = async () => ({ paid: '' })
const nodeOf = (name: string) => ({ kind: 'step', name, grant: {}, limits: { attempts: 3, timeoutMs: 30_000 } })
const order = { payee: '', account: '', amount: { minor: 1n, currency: 'NOK' }, memo: '' }
const invalid = expect.objectContaining({ code: 'WORKFLOW_INVALID' })

test('a graph is data: it has a hash that its functions do not change and its nodes do', () => {
  const one = deskWorkflow((flow) => flow.step('a', nothing))
  const sameGraph = deskWorkflow((flow) => flow.step('a', { grant: {}, run: async () => 'something else' }))
  const others = [
    deskWorkflow((flow) => flow.step('b', nothing)),
    deskWorkflow((flow) => flow.step('a', nothing), 2),
    deskWorkflow((flow) => flow.step('a', { ...nothing, grant: { payee: { read: ['number'] } } })),
    deskWorkflow((flow) => flow.step('a', { ...nothing, limits: { attempts: 9 } })),
  ]
  expect(sameGraph.hash).toBe(one.hash)
  expect(new Set([one, ...others].map(({ hash }) => hash)).size).toBe(5)
  expect(one.nodes.map(nodeData)).toEqual([nodeOf('a')])
})

test('a node sees what came before it by name and type, and answers of models and of the outside as labelled', () => {
  deskWorkflow((flow) =>
    flow
      .step('load', loadSlip)
      .decide('verdict', { model: 'reader', task: '', texts: () => [], answers: ['pay', 'hold'], otherwise: 'hold' })
      .step('after', {
        grant: {},
        run: async (_context, scope) => {
          expectTypeOf(scope.verdict).toEqualTypeOf<Labeled<'pay' | 'hold'>>()
          expectTypeOf(scope.load.memo).toEqualTypeOf<Labeled<string>>()
          expectTypeOf<typeof scope.input>().toEqualTypeOf<{ readonly slip: string }>()
          // @ts-expect-error -- what comes later is not there yet
          expectTypeOf(scope.after)
        },
      }),
  )
})

test('a compensation sees what its node saw and what its node answered, and not the node itself', () => {
  deskWorkflow((flow) =>
    flow
      .step('load', loadSlip)
      .step('write', {
        grant: {},
        run: async (_context, { load }) => ({ memo: load.memo, count: 1 }),
        compensate: {
          grant: {},
          run: async (_context, scope, result) => {
            expectTypeOf(result).toEqualTypeOf<{ memo: Labeled<string>; count: number }>()
            expectTypeOf(scope.load.memo).toEqualTypeOf<Labeled<string>>()
            // @ts-expect-error -- the node's own answer is `result`
            expectTypeOf(scope.write)
          },
        },
      })
      .action('send', payAction(pay), () => order, {
        compensate: {
          action: payAction(pay),
          values: (scope, outcome) => {
            expectTypeOf(outcome).toEqualTypeOf<ActionDone<{ readonly paid: string }>>()
            return { ...order, memo: scope.load.memo }
          },
        },
      })
      .action('again', payAction(pay), () => order, {
        // @ts-expect-error -- the values are those of the action that undoes
        compensate: { action: payAction(pay), values: () => ({ payee: '' }) },
      }),
  )
})

test('a graph says how its nodes are undone, and one without compensations is the data that it always was', () => {
  const undo = { grant: { payee: { read: ['number'] } }, run: async () => {} } as const
  const node = (change: object) => deskWorkflow((flow) => flow.step('a', { ...nothing, ...change }))
  const act = (compensate?: { action: ReturnType<typeof payAction>; values: () => typeof order }) =>
    deskWorkflow((flow) => flow.action('a', payAction(pay), () => order, compensate === undefined ? {} : { compensate }))
  const values = () => order
  const all = [
    node({}),
    node({ compensate: undo }),
    node({ compensate: { ...undo, grant: {} } }),
    node({ compensate: { ...undo, limits: { attempts: 9 } } }),
    act(),
    act({ action: payAction(pay), values }),
    act({ action: payAction(pay, { version: 2 }), values }),
    act({ action: payAction(pay, { recipient: 'mail:outside' }), values }),
  ]
  expect(new Set(all.map(({ hash }) => hash)).size).toBe(all.length)
  expect(node({ compensate: { ...undo, run: async () => void 'else' } }).hash).toBe(all[1]?.hash)
  expect(all[0]?.nodes.map(nodeData)).toEqual([nodeOf('a')])
  expect(all[1]?.nodes.map(nodeData)).toEqual([{ ...nodeOf('a'), compensate: { grant: undo.grant, limits: nodeOf('a').limits } }])
  expect(all[6]?.nodes.map(nodeData)).toMatchObject([
    { action: 'cash.pay', version: 1, compensate: { action: 'cash.pay', version: 2, recipient: 'network:bank' } },
  ])
})

test('a name that is taken, that is `input`, or that would not fit into a path is refused', () => {
  for (const name of ['load', 'input', 'compensate', 'a/b', 'a[0]', '', 'A', 'a'.repeat(41)])
    expect(() => deskWorkflow((flow) => flow.step('load', nothing).step(name, nothing)), name).toThrow(invalid)
  expect(() => deskWorkflow((flow) => flow.branch('way', () => 'a/b', { 'a/b': (inner) => inner.step('x', nothing) }))).toThrow(
    invalid,
  )
  // A case of this name would have the place of the branch's compensation.
  expect(() => deskWorkflow((flow) => flow.branch('way', () => 'compensate', { compensate: (inner) => inner }))).toThrow(invalid)
})

test('what could never run as meant is refused when it is declared', () => {
  const decide = { model: 'reader', task: '', texts: () => [], answers: ['pay', 'hold'], otherwise: 'hold' } as const
  expect(() => deskWorkflow((flow) => flow)).toThrow(invalid)
  expect(() => deskWorkflow((flow) => flow.step('a', nothing), 0)).toThrow(invalid)
  expect(() => deskWorkflow((flow) => flow.decide('d', { ...decide, otherwise: 'fraud' as 'hold' }))).toThrow(invalid)
  expect(() => deskWorkflow((flow) => flow.decide('d', { ...decide, answers: ['pay', 'pay', 'hold'] }))).toThrow(invalid)
  expect(() => deskWorkflow((flow) => flow.branch('way', () => 'x' as never, {}))).toThrow(invalid)
  expect(() =>
    deskWorkflow((flow) =>
      flow.forEach(
        'each',
        () => [],
        { as: 'item', max: 1, concurrency: 1 },
        (inner) => inner,
      ),
    ),
  ).toThrow(invalid)
  for (const bounds of [
    { max: 0, concurrency: 1 },
    { max: 1, concurrency: 0 },
  ])
    expect(() =>
      deskWorkflow((flow) =>
        flow.forEach(
          'each',
          () => [],
          { as: 'i', ...bounds },
          (i) => i.step('a', nothing),
        ),
      ),
    ).toThrow(invalid)
  expect(() =>
    workflow('Desk', { version: 1, schema: deskSchema, input: z.object({}) }, (flow) => flow.step('a', nothing)),
  ).toThrow(invalid)
})

test('a grant names tables and columns that are there, wherever in the graph it stands', () => {
  const inside = (grant: Grant) =>
    deskWorkflow((flow) =>
      flow.forEach(
        'each',
        () => [1],
        { as: 'item', max: 1, concurrency: 1 },
        (inner) => inner.branch('way', () => 'a' as const, { a: (way) => way.step('deep', { ...nothing, grant }) }),
      ),
    )
  const undoneWith = (grant: Grant) =>
    deskWorkflow((flow) => flow.step('a', { ...nothing, compensate: { grant, run: async () => {} } }))
  for (const make of [inside, undoneWith]) {
    expect(() => make({ payee: { read: ['number'] } })).not.toThrow()
    expect(() => make({ nobody: { read: ['number'] } })).toThrow(invalid)
    expect(() => make({ payee: { update: ['nothing'] } })).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
  }
})

test('a choice is made among rows that strangers cannot write', () => {
  const choosing = (account: ReturnType<typeof choice>) => () =>
    deskWorkflow((flow) => flow.action('send', payAction(pay, { account }), () => order))
  const undoneChoosing = (account: ReturnType<typeof choice>) => () =>
    deskWorkflow((flow) =>
      flow.action('send', payAction(pay), () => order, {
        compensate: { action: payAction(pay, { account }), values: () => order },
      }),
    )
  expect(choosing(choice({ table: 'payee', column: 'account', where: { number: 'payee' } }))).not.toThrow()
  expect(undoneChoosing(choice({ table: 'payee', column: 'account', where: { number: 'payee' } }))).not.toThrow()
  expect(undoneChoosing(choice({ table: 'slip', column: 'account' }))).toThrow(invalid)
  // Anybody who sends a slip writes these: an account out of them is what he asked for.
  expect(choosing(choice({ table: 'slip', column: 'account' }))).toThrow(invalid)
  expect(choosing(choice({ table: 'slip', column: 'id', where: { payee: 'payee' } }))).toThrow(invalid)
  expect(choosing(choice({ table: 'nobody', column: 'account' }))).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})
