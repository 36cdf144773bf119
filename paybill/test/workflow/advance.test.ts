import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { advance, type Command, type Event, newState, openCommands, type State } from '../../src/workflow/advance.ts'
import { type Graph, nodeAt } from '../../src/workflow/place.ts'
import { activeItems, answer, begin, graphs, type Walk } from './graphs.ts'

const dice = fc.array(fc.nat(10_000), { maxLength: 80 })

/** Every walk that random answers make through random graphs, step by step. */
function expectAlways(holds: (graph: Graph, walk: Walk, before: Walk | null) => void): void {
  fc.assert(
    fc.property(graphs, dice, (graph, throws) => {
      let before: Walk | null = null
      let walk: Walk | null = begin(graph)
      for (const each of [...throws, ...throws]) {
        if (walk === null) return
        holds(graph, walk, before)
        before = walk
        walk = answer(graph, walk, each)
      }
    }),
    { numRuns: 400 },
  )
}

const keyOf = (command: Command): string => JSON.stringify(command)

test('the state is the fold of the history: replaying any prefix gives the same state', () => {
  expectAlways((graph, walk) => {
    const folded = walk.history.reduce<State>((state, event) => advance(graph, state, event).state, newState)
    expect(folded).toEqual(walk.state)
  })
})

test('after any prefix the open commands are those that were given and not answered, and none once the run is parked', () => {
  expectAlways((graph, walk) => {
    const given = walk.state.status === 'parked' ? [] : walk.outstanding
    expect(openCommands(graph, walk.state).map(keyOf).toSorted()).toEqual(given.map(keyOf).toSorted())
  })
})

test('a run ends exactly when nothing is open, and has failed exactly when a leaf has; one that is parked has ended before', () => {
  expectAlways((_graph, { state, outstanding, ended }) => {
    const isOver = outstanding.length === 0 && state.waiting.size === 0
    const status = state.failures === 0 ? 'finished' : 'failed'
    expect(['finished', 'failed', 'parked'].includes(state.status)).toBe(isOver || state.status === 'parked')
    expect(ended).toEqual(
      state.status === 'parked' ? [{ kind: 'end', status: 'parked' }] : isOver ? [{ kind: 'end', status }] : [],
    )
  })
})

test('an item begins only while fewer than `concurrency` are at work, in every forEach around it', () => {
  expectAlways((graph, walk, before) => {
    for (const [path, frame] of walk.state.frames) {
      if (frame.kind !== 'forEach') continue
      const earlier = before?.state.frames.get(path)
      const node = nodeAt(graph, path)
      const hasBegun = earlier?.kind === 'forEach' && frame.next > earlier.next
      const most = node.kind === 'forEach' && hasBegun ? node.concurrency : Infinity
      expect(activeItems(walk, path)).toBeLessThanOrEqual(most)
    }
  })
})

test('no place stays empty while items are left and the run goes on: what waits for a person gives its place on', () => {
  expectAlways((graph, walk) => {
    if (walk.state.status === 'parked') return
    for (const [path, frame] of walk.state.frames) {
      const node = frame.kind === 'forEach' ? nodeAt(graph, path) : null
      if (frame.kind !== 'forEach' || node?.kind !== 'forEach' || frame.next === frame.count) continue
      expect(activeItems(walk, path)).toBeGreaterThanOrEqual(node.concurrency)
    }
  })
})

test('a state is never changed by an event: the one before can be used again', () => {
  expectAlways((graph, walk, before) => {
    const event = walk.history.at(-1)
    const again = before === null || event === undefined ? walk.state : advance(graph, before.state, event).state
    expect(again).toEqual(walk.state)
  })
})

const step = (name: string) => ({
  kind: 'step' as const,
  name,
  grant: {},
  limits: { attempts: 1, timeoutMs: 1 },
  run: () => Promise.resolve(null),
})

function commandsOf(graph: Graph, ...events: readonly Event[]): { state: State; commands: readonly Command[] } {
  return events.reduce<{ state: State; commands: readonly Command[] }>(({ state }, event) => advance(graph, state, event), {
    state: newState,
    commands: [],
  })
}

test('nodes follow each other, and a branch goes the one way that was chosen', () => {
  const graph: Graph = {
    name: 'g',
    version: 1,
    nodes: [{ kind: 'branch', name: 'way', on: () => 'a', cases: { a: [step('one')], b: [step('two')], c: [] } }, step('last')],
  }
  expect(commandsOf(graph, { kind: 'started' }).commands).toEqual([{ kind: 'choose', path: 'g/1/way' }])
  const inB = commandsOf(graph, { kind: 'started' }, { kind: 'chosen', path: 'g/1/way', to: 'b' })
  expect(inB.commands).toEqual([{ kind: 'perform', path: 'g/1/way/b/two' }])
  expect(advance(graph, inB.state, { kind: 'completed', path: 'g/1/way/b/two' }).commands).toEqual([
    { kind: 'perform', path: 'g/1/last' },
  ])
  // A way with nothing on it leads straight on.
  const inC = commandsOf(graph, { kind: 'started' }, { kind: 'chosen', path: 'g/1/way', to: 'c' })
  expect(inC.commands).toEqual([{ kind: 'perform', path: 'g/1/last' }])
})

test('a failure ends its item and no other, and the run has failed when the rest is done', () => {
  const graph: Graph = {
    name: 'g',
    version: 1,
    nodes: [
      { kind: 'forEach', name: 'each', as: 'item', max: 3, concurrency: 2, over: () => [], body: [step('a'), step('b')] },
      step('after'),
    ],
  }
  const failed = commandsOf(
    graph,
    { kind: 'started' },
    { kind: 'expanded', path: 'g/1/each', count: 2 },
    { kind: 'failed', path: 'g/1/each[0]/a' },
  )
  expect(failed.state).toMatchObject({ status: 'running', failures: 1 })
  const done = ['g/1/each[1]/a', 'g/1/each[1]/b', 'g/1/after'].reduce(
    (at, path) => advance(graph, at.state, { kind: 'completed', path }),
    failed,
  )
  expect(done.commands).toEqual([{ kind: 'end', status: 'failed' }])
})

test('a failure outside of an item ends the run at once', () => {
  const graph: Graph = { name: 'g', version: 1, nodes: [step('a'), step('b')] }
  expect(commandsOf(graph, { kind: 'started' }, { kind: 'failed', path: 'g/1/a' }).commands).toEqual([
    { kind: 'end', status: 'failed' },
  ])
})

test('an event that nothing waits for is refused loudly', () => {
  const graph: Graph = { name: 'g', version: 1, nodes: [step('a')] }
  const { state } = commandsOf(graph, { kind: 'started' })
  const impossible: readonly Event[] = [
    { kind: 'started' },
    { kind: 'completed', path: 'g/1/b/c' },
    { kind: 'woken', path: 'g/1/a' },
    { kind: 'expanded', path: 'g/1/a', count: 1 },
  ]
  for (const event of impossible.slice(1))
    expect(() => advance(graph, state, event)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  const ended = advance(graph, state, { kind: 'completed', path: 'g/1/a' }).state
  for (const event of impossible)
    expect(() => advance(graph, ended, event)).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
})
