// Random graphs, and a walk through them in any order in which the world could answer.

import * as fc from 'fast-check'
import { advance, type Command, type Event, newState, type State } from '../../src/workflow/advance.ts'
import { action } from '../../src/action/action.ts'
import { compensatedPath } from '../../src/workflow/compensation.ts'
import type { Node } from '../../src/workflow/node.ts'
import { type Graph, nodeAt } from '../../src/workflow/place.ts'

const limits = { attempts: 1, timeoutMs: 1 }

const step = (name: string): Node => ({ kind: 'step', name, grant: {}, limits, run: () => Promise.resolve(null) })

/** A step with a compensation. */
export const undoableStep = (name: string): Node => ({
  kind: 'step',
  name,
  grant: {},
  limits,
  run: () => Promise.resolve(null),
  compensate: { grant: {}, limits, run: () => Promise.resolve() },
})

const send = action('send', {
  version: 1,
  arguments: {},
  accepts: {},
  recipient: 'outside',
  recovery: { kind: 'park' },
  run: () => Promise.resolve(null),
})

/** An action with a compensation; the world may refuse either, or ask a person about it. */
const undoableAction = (name: string): Node => ({
  kind: 'action',
  name,
  action: send,
  values: () => ({}),
  compensate: { action: send, values: () => ({}) },
})

const approval = (name: string): Node => ({ kind: 'approval', name, right: 'r', expiresMs: 1, show: () => ({}) })

/** A sequence of nodes with names of its own; `depth` levels of branches and forEaches may lie inside. */
function sequence(depth: number, minLength: number): fc.Arbitrary<readonly Node[]> {
  const leaf = fc.constantFrom(step, undoableStep, undoableAction, approval).map((make) => (name: string) => make(name))
  if (depth === 0) return named(leaf, minLength)
  const branch = fc
    .array(fc.constant(null), { minLength: 1, maxLength: 3 })
    .chain((cases) => fc.tuple(...cases.map(() => sequence(depth - 1, 0))))
    .map((cases) => (name: string): Node => ({
      kind: 'branch',
      name,
      on: () => 'c0',
      cases: Object.fromEntries(cases.map((nodes, index) => [`c${index}`, nodes])),
    }))
  const forEach = fc
    .tuple(sequence(depth - 1, 1), fc.integer({ min: 1, max: 3 }))
    .map(([body, concurrency]) => (name: string): Node => ({
      kind: 'forEach',
      name,
      as: 'item',
      max: 9,
      concurrency,
      over: () => [],
      body,
    }))
  return named(fc.oneof(leaf, branch, forEach), minLength)
}

function named(node: fc.Arbitrary<(name: string) => Node>, minLength: number): fc.Arbitrary<readonly Node[]> {
  return fc.array(node, { minLength, maxLength: 3 }).map((makers) => makers.map((make, index) => make(`n${index}`)))
}

export const graphs: fc.Arbitrary<Graph> = sequence(3, 1).map((nodes) => ({ name: 'g', version: 1, nodes }))

/** Where a run is, and what was asked of the world and not answered yet. */
export type Walk = {
  readonly state: State
  readonly history: readonly Event[]
  readonly outstanding: readonly Command[]
  readonly ended: readonly Command[]
}

export function begin(graph: Graph): Walk {
  return take(graph, { state: newState, history: [], outstanding: [], ended: [] }, { kind: 'started' })
}

/** Lets the world answer one of the outstanding commands, or a person one of the waiting leaves; `dice` chooses. Null at the end. */
export function answer(graph: Graph, walk: Walk, dice: number): Walk | null {
  const waiting = [...walk.state.waiting]
  const all = walk.outstanding.length + waiting.length
  if (all === 0) return null
  const chosen = dice % all
  const rest = Math.floor(dice / all)
  const command = walk.outstanding[chosen]
  const woken = waiting[chosen - walk.outstanding.length]
  if (command === undefined) return woken === undefined ? null : take(graph, walk, { kind: 'woken', path: woken })
  const left = { ...walk, outstanding: walk.outstanding.filter((other) => other !== command) }
  return take(graph, left, eventFor(graph, command, rest))
}

function eventFor(graph: Graph, command: Command, dice: number): Event {
  if (command.kind === 'end') throw new Error('the end asks nothing')
  const { path } = command
  const undone = compensatedPath(path)
  // What undoes something succeeds more often: the first that does not is the last that is tried.
  if (undone === null ? dice % 7 === 0 : dice % 11 === 0) return { kind: 'failed', path }
  const node = nodeAt(graph, undone ?? path)
  switch (node.kind) {
    case 'branch': {
      const cases = Object.keys(node.cases)
      return { kind: 'chosen', path, to: cases[dice % cases.length] ?? '' }
    }
    case 'forEach':
      return { kind: 'expanded', path, count: dice % 6 }
    case 'action':
      if (dice % 2 === 0) return { kind: 'waiting', path }
      return { kind: dice % (undone === null ? 5 : 25) === 0 ? 'refused' : 'completed', path }
    case 'approval':
      return dice % 2 === 0 ? { kind: 'waiting', path } : { kind: 'completed', path }
    case 'step':
    case 'decide':
      return { kind: 'completed', path }
    default:
      return node satisfies never
  }
}

function take(graph: Graph, walk: Walk, event: Event): Walk {
  const { state, commands } = advance(graph, walk.state, event)
  const isEnd = (command: Command): boolean => command.kind === 'end'
  return {
    state,
    history: [...walk.history, event],
    outstanding: [...walk.outstanding, ...commands.filter((command) => !isEnd(command))],
    ended: [...walk.ended, ...commands.filter(isEnd)],
  }
}

/** How many items of an open forEach have something going on that is not a person's. */
export function activeItems(walk: Walk, path: string): number {
  const items = walk.outstanding.flatMap((command) =>
    command.kind !== 'end' && command.path.startsWith(`${path}[`)
      ? [Number.parseInt(command.path.slice(path.length + 1), 10)]
      : [],
  )
  return new Set(items).size
}
