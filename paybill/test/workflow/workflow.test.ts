import { expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import type { Grant } from '../../src/acl/principal.ts'
import { choice } from '../../src/action/index.ts'
import type { Labeled } from '../../src/label/labeled.ts'
import { nodeData, workflow } from '../../src/workflow/index.ts'
import { deskWorkflow, loadSlip } from '../run/desk-database.ts'
import { deskSchema, payAction } from '../run/desk.ts'

const nothing = { grant: {}, run: async () => null } as const
const pay = async () => ({ paid: '' })
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
  expect(one.nodes.map(nodeData)).toEqual([{ kind: 'step', name: 'a', grant: {}, limits: { attempts: 3, timeoutMs: 30_000 } }])
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

test('a name that is taken, that is `input`, or that would not fit into a path is refused', () => {
  for (const name of ['load', 'input', 'a/b', 'a[0]', '', 'A', 'a'.repeat(41)])
    expect(() => deskWorkflow((flow) => flow.step('load', nothing).step(name, nothing)), name).toThrow(invalid)
  expect(() => deskWorkflow((flow) => flow.branch('way', () => 'a/b', { 'a/b': (inner) => inner.step('x', nothing) }))).toThrow(
    invalid,
  )
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
  expect(() => inside({ payee: { read: ['number'] } })).not.toThrow()
  expect(() => inside({ nobody: { read: ['number'] } })).toThrow(invalid)
  expect(() => inside({ payee: { update: ['nothing'] } })).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})

test('a choice is made among rows that strangers cannot write', () => {
  const choosing = (account: ReturnType<typeof choice>) => () =>
    deskWorkflow((flow) =>
      flow.action('send', payAction(pay, { account }), () => ({
        payee: '',
        account: '',
        amount: { minor: 1n, currency: 'NOK' },
        memo: '',
      })),
    )
  expect(choosing(choice({ table: 'payee', column: 'account', where: { number: 'payee' } }))).not.toThrow()
  // Anybody who sends a slip writes these: an account out of them is what he asked for.
  expect(choosing(choice({ table: 'slip', column: 'account' }))).toThrow(invalid)
  expect(choosing(choice({ table: 'slip', column: 'id', where: { payee: 'payee' } }))).toThrow(invalid)
  expect(choosing(choice({ table: 'nobody', column: 'account' }))).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})
