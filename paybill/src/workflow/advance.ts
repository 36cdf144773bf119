// What happens next: a pure function from the graph, the state and one event to the next state and the commands that
// follow. It reads no clock, no database and no value of the run, so that replaying a history always gives the same state.
//
// The state is a set of open frames, one for each sequence and each forEach that has begun and not ended. A path names a
// node of the run: `pay/1/each[12]/outcome/yes/transfer`.

import { assert } from '../lib/assert.ts'
import { isLeaf } from './workflow.ts'
import type { ForEachNode, Node } from './node.ts'

export type Graph = { readonly name: string; readonly version: number; readonly nodes: readonly Node[] }

export type RunStatus = 'new' | 'running' | 'finished' | 'failed'

type SequenceFrame = { readonly kind: 'sequence'; readonly at: number }
/** `busy` counts items that have not ended and can go on without a person; only they take up concurrency. */
type ForEachFrame = {
  readonly kind: 'forEach'
  readonly count: number
  readonly next: number
  readonly open: number
  readonly busy: number
}
type Frame = SequenceFrame | ForEachFrame

export type State = {
  readonly status: RunStatus
  /** How many leaves failed for good. A failure ends its forEach item; outside of one it ends the run. */
  readonly failures: number
  readonly waiting: ReadonlySet<string>
  readonly frames: ReadonlyMap<string, Frame>
}

export type Event =
  | { readonly kind: 'started' }
  | { readonly kind: 'completed'; readonly path: string }
  | { readonly kind: 'chosen'; readonly path: string; readonly to: string }
  | { readonly kind: 'expanded'; readonly path: string; readonly count: number }
  | { readonly kind: 'failed'; readonly path: string }
  | { readonly kind: 'waiting'; readonly path: string }
  | { readonly kind: 'woken'; readonly path: string }

/** `perform` runs a leaf, `choose` asks a branch which way, `expand` asks a forEach for its list, `end` ends the run. */
export type Command =
  | { readonly kind: 'perform'; readonly path: string }
  | { readonly kind: 'choose'; readonly path: string }
  | { readonly kind: 'expand'; readonly path: string }
  | { readonly kind: 'end'; readonly status: 'finished' | 'failed' }

export const newState: State = { status: 'new', failures: 0, waiting: new Set(), frames: new Map() }

export function advance(
  graph: Graph,
  state: State,
  event: Event,
): { readonly state: State; readonly commands: readonly Command[] } {
  assert(state.status === 'running' || (state.status === 'new' && event.kind === 'started'), 'only a running run advances')
  const draft = new Draft(graph, state)
  switch (event.kind) {
    case 'started':
      draft.status = 'running'
      draft.enter(rootPath(graph))
      break
    case 'completed':
      draft.leave(event.path)
      break
    case 'chosen':
      draft.enter(`${event.path}/${event.to}`)
      break
    case 'expanded':
      draft.expand(event.path, event.count)
      break
    case 'failed':
      draft.fail(event.path)
      break
    case 'waiting':
      draft.wait(event.path)
      break
    case 'woken':
      draft.wake(event.path)
      break
    default:
      return event satisfies never
  }
  return { state: draft.state(), commands: draft.commands }
}

export function rootPath(graph: Graph): string {
  return `${graph.name}/${graph.version}`
}

/** The commands that are open in a state: what a worker has to do that takes a run over. */
export function openCommands(graph: Graph, state: State): readonly Command[] {
  if (state.status !== 'running') return []
  const draft = new Draft(graph, state)
  for (const [path, frame] of state.frames) {
    if (frame.kind !== 'sequence') continue
    const node = sequenceAt(graph, path)[frame.at]
    assert(node !== undefined, 'an open sequence points at a node')
    const at = `${path}/${node.name}`
    const begun =
      node.kind === 'forEach'
        ? state.frames.has(at)
        : node.kind === 'branch' && Object.keys(node.cases).some((key) => state.frames.has(`${at}/${key}`))
    if (!begun && !state.waiting.has(at)) draft.commands.push(commandFor(node, at))
  }
  return draft.commands
}

/** The node that a path of a run names. */
export function nodeAt(graph: Graph, path: string): Node {
  const parent = parentPath(path)
  const name = path.slice(parent.length + 1)
  const found = sequenceAt(graph, parent).find((node) => node.name === name)
  assert(found !== undefined, 'a path of a run names a node of its graph')
  return found
}

/** The nodes of the sequence at a path: the root, an item `…/each[3]`, or a case `…/outcome/yes`. */
function sequenceAt(graph: Graph, path: string): readonly Node[] {
  const root = rootPath(graph)
  if (path === root) return graph.nodes
  const item = /^(.*)\[\d+\]$/.exec(path)
  if (item !== null) {
    const node = nodeAt(graph, item[1] ?? '')
    assert(node.kind === 'forEach', 'only a forEach has items')
    return node.body
  }
  const parent = parentPath(path)
  const node = nodeAt(graph, parent)
  assert(node.kind === 'branch', 'only a branch has cases')
  const inner = node.cases[path.slice(parent.length + 1)]
  assert(inner !== undefined, 'a chosen case is a case of the branch')
  return inner
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

function commandFor(node: Node, path: string): Command {
  if (isLeaf(node)) return { kind: 'perform', path }
  return node.kind === 'branch' ? { kind: 'choose', path } : { kind: 'expand', path }
}

// A state being changed: the frames are copied once for each event, never per frame.
class Draft {
  status: RunStatus
  failures: number
  readonly commands: Command[] = []
  readonly #graph: Graph
  readonly #waiting: Set<string>
  readonly #frames: Map<string, Frame>

  constructor(graph: Graph, state: State) {
    this.#graph = graph
    this.status = state.status
    this.failures = state.failures
    this.#waiting = new Set(state.waiting)
    this.#frames = new Map(state.frames)
  }

  state(): State {
    return { status: this.status, failures: this.failures, waiting: this.#waiting, frames: this.#frames }
  }

  /** Begins the sequence at a path; an empty one ends at once. */
  enter(path: string): void {
    this.#frames.set(path, { kind: 'sequence', at: -1 })
    this.#next(path)
  }

  /** A node ended well: its sequence goes on. */
  leave(path: string): void {
    if (this.#waiting.delete(path)) this.#resume(path)
    this.#next(parentPath(path))
  }

  expand(path: string, count: number): void {
    const node = nodeAt(this.#graph, path)
    assert(node.kind === 'forEach', 'only a forEach expands')
    if (count === 0) return this.#next(parentPath(path))
    this.#frames.set(path, { kind: 'forEach', count, next: 0, open: 0, busy: 0 })
    this.#begin(path, node)
  }

  fail(path: string): void {
    this.failures += 1
    const item = innermostItem(path)
    if (item === null) return this.#end('failed')
    for (const leaf of this.#waiting) {
      if (!leaf.startsWith(`${item}/`)) continue
      this.#waiting.delete(leaf)
      this.#resume(leaf)
    }
    for (const open of this.#frames.keys()) if (open === item || open.startsWith(`${item}/`)) this.#frames.delete(open)
    this.#itemEnded(item)
  }

  wait(path: string): void {
    this.#waiting.add(path)
    this.#pause(path)
  }

  wake(path: string): void {
    assert(this.#waiting.delete(path), 'only a waiting leaf wakes')
    this.#resume(path)
    this.commands.push({ kind: 'perform', path })
  }

  #next(path: string): void {
    const frame = this.#frames.get(path)
    assert(frame?.kind === 'sequence', 'a node ends inside an open sequence')
    const nodes = sequenceAt(this.#graph, path)
    const node = nodes[frame.at + 1]
    if (node !== undefined) {
      this.#frames.set(path, { kind: 'sequence', at: frame.at + 1 })
      this.commands.push(commandFor(node, `${path}/${node.name}`))
      return
    }
    this.#frames.delete(path)
    if (path === rootPath(this.#graph)) return this.#end(this.failures === 0 ? 'finished' : 'failed')
    if (path.endsWith(']')) return this.#itemEnded(path)
    // The sequence of a case has ended, and with it its branch.
    this.#next(parentPath(parentPath(path)))
  }

  #itemEnded(item: string): void {
    const path = item.slice(0, item.lastIndexOf('['))
    const frame = this.#frames.get(path)
    assert(frame?.kind === 'forEach', 'an item belongs to an open forEach')
    this.#frames.set(path, { ...frame, open: frame.open - 1, busy: frame.busy - 1 })
    const node = nodeAt(this.#graph, path)
    assert(node.kind === 'forEach', 'an item belongs to a forEach')
    this.#begin(path, node)
    this.#pauseAround(path)
  }

  // Begins items while there is room; ends the forEach when none is left.
  #begin(path: string, node: ForEachNode): void {
    for (;;) {
      const frame = this.#frames.get(path)
      assert(frame?.kind === 'forEach', 'items begin inside an open forEach')
      if (frame.next === frame.count) {
        if (frame.open === 0) {
          this.#frames.delete(path)
          this.#next(parentPath(path))
        }
        return
      }
      if (frame.busy >= node.concurrency) return
      this.#frames.set(path, { ...frame, next: frame.next + 1, open: frame.open + 1, busy: frame.busy + 1 })
      this.enter(`${path}[${frame.next}]`)
    }
  }

  // What waits for a person gives its place to the next item. A forEach whose items all wait waits itself, and so on outwards.
  #pause(path: string): void {
    const each = this.#shiftBusy(path, -1)
    if (each === null) return
    const node = nodeAt(this.#graph, each.path)
    assert(node.kind === 'forEach', 'an item belongs to a forEach')
    this.#begin(each.path, node)
    this.#pauseAround(each.path)
  }

  #pauseAround(eachPath: string): void {
    const frame = this.#frames.get(eachPath)
    if (frame?.kind === 'forEach' && frame.busy === 0) this.#pause(eachPath)
  }

  // What goes on takes its place back, also where that makes one more than the concurrency: a decision is not held up.
  #resume(path: string): void {
    const each = this.#shiftBusy(path, 1)
    if (each?.busy === 1) this.#resume(each.path)
  }

  #shiftBusy(path: string, by: 1 | -1): { readonly path: string; readonly busy: number } | null {
    const item = innermostItem(path)
    if (item === null) return null
    const each = item.slice(0, item.lastIndexOf('['))
    const frame = this.#frames.get(each)
    assert(frame?.kind === 'forEach', 'an item belongs to an open forEach')
    const busy = frame.busy + by
    this.#frames.set(each, { ...frame, busy })
    return { path: each, busy }
  }

  #end(status: 'finished' | 'failed'): void {
    this.status = status
    this.#frames.clear()
    this.#waiting.clear()
    this.commands.length = 0
    this.commands.push({ kind: 'end', status })
  }
}

/** The path of the innermost forEach item around a path, `…/each[3]`, or null. */
function innermostItem(path: string): string | null {
  const end = path.lastIndexOf('/')
  const close = path.lastIndexOf(']', end)
  return close === -1 ? null : path.slice(0, close + 1)
}
