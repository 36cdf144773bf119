import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { advance, type Command, type Event, newState, openCommands, type State } from '../../src/workflow/advance.ts'
import { compensatedPath, hasCompensation } from '../../src/workflow/compensation.ts'
import type { Node } from '../../src/workflow/node.ts'
import { type Graph, nodeAt, rootPath } from '../../src/workflow/place.ts'
import { activeItems, answer, begin, graphs, undoableStep, type Walk } from './graphs.ts'

// What the rule says, read off a history from its beginning: a failure takes what was completed in its scope and not
// taken before, the last first. Shares no code with `advance` but the names of places.
type Expected = { readonly lines: readonly string[][]; readonly done: readonly string[]; readonly isParked: boolean }

function expected(graph: Graph, history: readonly Event[]): Expected {
  let done: string[] = []
  const lines: string[][] = []
  for (const event of history) {
    if (event.kind === 'started') continue
    const undone = compensatedPath(event.path)
    if (undone !== null) {
      if (event.kind === 'failed' || event.kind === 'refused') return { lines, done, isParked: true }
      const line = lines.find(([next]) => next === undone)
      if (event.kind === 'completed') line?.shift()
    } else if (event.kind === 'completed') {
      if (hasCompensation(nodeAt(graph, event.path))) done.push(event.path)
    } else if (event.kind === 'failed') {
      const scope = /^.*\]/.exec(event.path.slice(0, event.path.lastIndexOf('/')))?.[0] ?? rootPath(graph)
      const isInside = (path: string): boolean => path.startsWith(`${scope}/`)
      lines.push(done.filter(isInside).toReversed())
      done = done.filter((path) => !isInside(path))
    }
  }
  return { lines: lines.filter((line) => line.length > 0), done, isParked: false }
}

const undoing = (walk: Walk): readonly string[] =>
  [...walk.outstanding.flatMap((command) => (command.kind === 'perform' ? [command.path] : [])), ...walk.state.waiting].flatMap(
    (path) => compensatedPath(path) ?? [],
  )

// Long walks through large graphs: only there much has been done before something fails.
const dice = fc.noBias(fc.array(fc.nat(10_000), { minLength: 20, maxLength: 80, size: 'max' }))
const largeGraphs = fc.noBias(graphs)

function expectAlways(holds: (graph: Graph, walk: Walk) => void): void {
  fc.assert(
    fc.property(largeGraphs, dice, (graph, throws) => {
      for (let walk: Walk | null = begin(graph), at = 0; walk !== null; at += 1) {
        holds(graph, walk)
        walk = at < 2 * throws.length ? answer(graph, walk, throws[at % throws.length] ?? 0) : null
      }
    }),
    { numRuns: 1_000 },
  )
}

test('in every failed scope exactly what was completed there is undone, each once, one at a time, the last first', () => {
  let undone = 0
  expectAlways((graph, walk) => {
    const { lines, isParked } = expected(graph, walk.history)
    if (isParked) return
    const next = lines.flatMap(([path]) => path ?? [])
    expect(undoing(walk).toSorted()).toEqual(next.toSorted())
    undone += next.length
  })
  expect(undone).toBeGreaterThan(1_000)
})

test('after a compensation that did not succeed nothing is begun, whatever ends elsewhere', () => {
  let parked = 0
  fc.assert(
    fc.property(largeGraphs, dice, (graph, throws) => {
      let walk: Walk | null = begin(graph)
      for (const each of [...throws, ...throws, ...throws]) {
        if (walk === null) return
        const before: Walk = walk
        walk = answer(graph, walk, each)
        const isParked = expected(graph, walk?.history ?? []).isParked
        expect(walk?.state.status === 'parked').toBe(isParked)
        if (!isParked || walk === null) continue
        parked += 1
        expect(walk.outstanding.every((command) => before.outstanding.includes(command))).toBe(true)
        expect(walk.ended).toEqual([{ kind: 'end', status: 'parked' }])
      }
    }),
    { numRuns: 1_000 },
  )
  expect(parked).toBeGreaterThan(100)
})

test('a run taken over after any prefix goes on with the same commands', () => {
  fc.assert(
    fc.property(largeGraphs, dice, (graph, throws) => {
      let walk: Walk | null = begin(graph)
      for (const each of throws) {
        const next: Walk | null = answer(graph, walk, each)
        if (next === null) return
        const folded = walk.history.reduce<State>((state, event) => advance(graph, state, event).state, newState)
        const event = next.history.at(-1) ?? { kind: 'started' }
        const isNew = (command: Command): boolean => !walk?.outstanding.includes(command)
        const given = [...next.outstanding.filter(isNew), ...next.ended.slice(walk.ended.length)]
        expect(advance(graph, folded, event).commands).toEqual(given)
        walk = next
      }
    }),
    { numRuns: 400 },
  )
})

test('a scope that has ended has nothing left to undo, and an open one keeps just what it may have to', () => {
  expectAlways((graph, walk) => {
    const { done, isParked } = expected(graph, walk.history)
    if (isParked) return
    const kept = walk.state.status === 'running' ? done.length : 0
    expect(JSON.stringify([...walk.state.trails.values()]).match(/"turn"/g) ?? []).toHaveLength(kept)
  })
})

test('what is undone takes up its item’s place, and gives it on while a person is asked', () => {
  const graph = listOf([undoableStep('a'), undoableStep('b')], { concurrency: 1 })
  const undoing = walkOf(
    graph,
    { kind: 'expanded', path: 'g/1/each', count: 2 },
    { kind: 'completed', path: 'g/1/each[0]/a' },
    { kind: 'failed', path: 'g/1/each[0]/b' },
  )
  expect(undoing.outstanding).toEqual([{ kind: 'perform', path: 'g/1/each[0]/a/compensate' }])
  expect(activeItems(undoing, 'g/1/each')).toBe(1)
  const waiting = advance(graph, undoing.state, { kind: 'waiting', path: 'g/1/each[0]/a/compensate' })
  expect(waiting.commands).toEqual([{ kind: 'perform', path: 'g/1/each[1]/a' }])
  const woken = advance(graph, waiting.state, { kind: 'woken', path: 'g/1/each[0]/a/compensate' })
  expect(woken.commands).toEqual([{ kind: 'perform', path: 'g/1/each[0]/a/compensate' }])
  const done = advance(graph, woken.state, { kind: 'completed', path: 'g/1/each[0]/a/compensate' })
  expect(openCommands(graph, done.state)).toEqual([{ kind: 'perform', path: 'g/1/each[1]/a' }])
})

test('a failure in a case of an item undoes the whole item, and no neighbour', () => {
  const way: Node = { kind: 'branch', name: 'way', on: () => 'x', cases: { x: [undoableStep('b'), undoableStep('c')] } }
  const graph = listOf([undoableStep('a'), way], { concurrency: 2 })
  const { outstanding, state } = walkOf(
    graph,
    { kind: 'expanded', path: 'g/1/each', count: 2 },
    ...['g/1/each[0]/a', 'g/1/each[1]/a'].map((path) => ({ kind: 'completed', path }) as const),
    { kind: 'chosen', path: 'g/1/each[0]/way', to: 'x' },
    { kind: 'completed', path: 'g/1/each[0]/way/x/b' },
    { kind: 'failed', path: 'g/1/each[0]/way/x/c' },
  )
  expect(outstanding).toContainEqual({ kind: 'perform', path: 'g/1/each[0]/way/x/b/compensate' })
  expect(outstanding).toContainEqual({ kind: 'choose', path: 'g/1/each[1]/way' })
  expect(advance(graph, state, { kind: 'completed', path: 'g/1/each[0]/way/x/b/compensate' }).commands).toEqual([
    { kind: 'perform', path: 'g/1/each[0]/a/compensate' },
  ])
})

test('when the run fails, items that ended well are undone too, interleaved as they were done', () => {
  const list = listOf([undoableStep('a'), undoableStep('b')], { concurrency: 2 })
  const graph: Graph = { ...list, nodes: [undoableStep('first'), ...list.nodes, undoableStep('last')] }
  const done = ['g/1/each[0]/a', 'g/1/each[1]/a', 'g/1/each[1]/b', 'g/1/each[0]/b']
  let { state } = walkOf(
    graph,
    { kind: 'completed', path: 'g/1/first' },
    { kind: 'expanded', path: 'g/1/each', count: 2 },
    ...done.map((path) => ({ kind: 'completed', path }) as const),
  )
  let next = advance(graph, state, { kind: 'failed', path: 'g/1/last' })
  const undone: string[] = []
  for (let [command] = next.commands; command?.kind === 'perform'; [command] = next.commands) {
    undone.push(command.path)
    state = next.state
    next = advance(graph, state, { kind: 'completed', path: command.path })
  }
  expect(undone).toEqual(['g/1/first', ...done].toReversed().map((path) => `${path}/compensate`))
  expect(next.commands).toEqual([{ kind: 'end', status: 'failed' }])
})

test('an item that failed does not make the others be undone, also where the run ends as failed because of it', () => {
  const graph = listOf([undoableStep('a')], { concurrency: 1 })
  const { ended } = walkOf(
    graph,
    { kind: 'expanded', path: 'g/1/each', count: 2 },
    { kind: 'completed', path: 'g/1/each[0]/a' },
    { kind: 'failed', path: 'g/1/each[1]/a' },
  )
  expect(ended).toEqual([{ kind: 'end', status: 'failed' }])
})

test('an event for a compensation that is not its turn is refused loudly', () => {
  const graph: Graph = { name: 'g', version: 1, nodes: ['a', 'b', 'c'].map(undoableStep) }
  const done = (path: string): Event => ({ kind: 'completed', path })
  const { state } = walkOf(graph, done('g/1/a'), done('g/1/b'), { kind: 'failed', path: 'g/1/c' })
  const refused = (at: State, path: string) =>
    expect(() => advance(graph, at, done(path)), path).toThrow(expect.objectContaining({ code: 'INTERNAL' }))
  refused(state, 'g/1/a/compensate')
  refused(advance(graph, state, done('g/1/b/compensate')).state, 'g/1/b/compensate')
  refused(walkOf(graph, done('g/1/a')).state, 'g/1/a/compensate')
})

function listOf(body: readonly Node[], { concurrency }: { readonly concurrency: number }): Graph {
  const each: Node = { kind: 'forEach', name: 'each', as: 'item', max: 9, concurrency, over: () => [], body }
  return { name: 'g', version: 1, nodes: [each] }
}

/** A run after the given events, in this order. */
function walkOf(graph: Graph, ...events: readonly Event[]): Walk {
  return events.reduce((walk, event) => {
    const { state, commands } = advance(graph, walk.state, event)
    const path = event.kind === 'started' ? '' : event.path
    const outstanding = walk.outstanding.filter((command) => command.kind !== 'end' && command.path !== path)
    return {
      state,
      history: [...walk.history, event],
      outstanding: [...outstanding, ...commands.filter((command) => command.kind !== 'end')],
      ended: [...walk.ended, ...commands.filter((command) => command.kind === 'end')],
    }
  }, begin(graph))
}
