// What happens next: a pure function from the graph, the state and one event to the next state and the commands that
// follow. It reads no clock, no database and no value of the run, so that replaying a history always gives the same state.
//
// The state is a set of open frames, one for each sequence and each forEach that has begun and not ended.
//
// A leaf that fails for good ends the innermost scope around it: an item of a forEach, or the run. Before a scope ends so,
// the completed nodes in it are compensated one after the other, the last one first. A compensation that does not succeed
// parks the run: from there on nothing is begun, and what is still under way elsewhere only gets its event taken in.

import { assert } from '../lib/assert.ts'
import { compensatedPath, compensationPath, hasCompensation } from './compensation.ts'
import { isLeaf } from './workflow.ts'
import type { ForEachNode, Node } from './node.ts'
import { type Graph, innermostItem, nodeAt, parentPath, rootPath, scopeOf, sequenceAt } from './place.ts'
import { joinTrails, newestFirst, type Trail } from './trail.ts'

export type RunStatus = 'new' | 'running' | 'finished' | 'failed' | 'parked'

type SequenceFrame = { readonly kind: 'sequence'; readonly at: number }
/** `busy` counts items that have not ended and can go on without a person; only they take up concurrency. */
type ForEachFrame = {
  readonly kind: 'forEach'
  readonly count: number
  readonly next: number
  readonly open: number
  readonly busy: number
}
/** Stands where the sequence of a failed scope stood: the nodes to be compensated, in order, and which of them is. */
type UndoFrame = { readonly kind: 'undo'; readonly paths: readonly string[]; readonly at: number }
type Frame = SequenceFrame | ForEachFrame | UndoFrame

export type State = {
  readonly status: RunStatus
  /** How many leaves failed for good, compensations apart. A failure ends its forEach item; outside of one it ends the run. */
  readonly failures: number
  /** How many nodes were completed that have a compensation. */
  readonly compensable: number
  /** What was completed and has a compensation, by open scope. Items that ended well have left theirs to the scope around. */
  readonly trails: ReadonlyMap<string, Trail>
  readonly waiting: ReadonlySet<string>
  readonly frames: ReadonlyMap<string, Frame>
}

/** `refused` ends an action without an effect: its sequence goes on, and there is nothing to compensate. */
export type Event =
  | { readonly kind: 'started' }
  | { readonly kind: 'completed'; readonly path: string }
  | { readonly kind: 'refused'; readonly path: string }
  | { readonly kind: 'chosen'; readonly path: string; readonly to: string }
  | { readonly kind: 'expanded'; readonly path: string; readonly count: number }
  | { readonly kind: 'failed'; readonly path: string }
  | { readonly kind: 'waiting'; readonly path: string }
  | { readonly kind: 'woken'; readonly path: string }

/** `perform` runs a leaf or a compensation, `choose` asks a branch which way, `expand` asks a forEach for its list, `end` ends the run. */
export type Command =
  | { readonly kind: 'perform'; readonly path: string }
  | { readonly kind: 'choose'; readonly path: string }
  | { readonly kind: 'expand'; readonly path: string }
  | { readonly kind: 'end'; readonly status: 'finished' | 'failed' | 'parked' }

export const newState: State = {
  status: 'new',
  failures: 0,
  compensable: 0,
  trails: new Map(),
  waiting: new Set(),
  frames: new Map(),
}

export function advance(
  graph: Graph,
  state: State,
  event: Event,
): { readonly state: State; readonly commands: readonly Command[] } {
  const isOpen = state.status === 'running' || state.status === 'parked'
  assert(isOpen || (state.status === 'new' && event.kind === 'started'), 'only a running run advances')
  const draft = new Draft(graph, state)
  switch (event.kind) {
    case 'started':
      draft.status = 'running'
      draft.enter(rootPath(graph))
      break
    case 'completed':
      draft.complete(event.path)
      break
    case 'refused':
      draft.refuse(event.path)
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
  return { state: draft.state(), commands: state.status === 'parked' ? [] : draft.commands }
}

/** The commands that are open in a state: what a worker has to do that takes a run over. */
export function openCommands(graph: Graph, state: State): readonly Command[] {
  if (state.status !== 'running') return []
  const draft = new Draft(graph, state)
  for (const [path, frame] of state.frames) {
    if (frame.kind === 'undo') {
      const undo = undoPath(frame)
      if (!state.waiting.has(undo)) draft.commands.push({ kind: 'perform', path: undo })
    }
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

function undoPath({ paths, at }: UndoFrame): string {
  const path = paths[at]
  assert(path !== undefined, 'a scope is undone while something is left to undo')
  return compensationPath(path)
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
  #compensable: number
  readonly #graph: Graph
  readonly #trails: Map<string, Trail>
  readonly #waiting: Set<string>
  readonly #frames: Map<string, Frame>

  constructor(graph: Graph, state: State) {
    this.#graph = graph
    this.status = state.status
    this.failures = state.failures
    this.#compensable = state.compensable
    this.#trails = new Map(state.trails)
    this.#waiting = new Set(state.waiting)
    this.#frames = new Map(state.frames)
  }

  state(): State {
    return {
      status: this.status,
      failures: this.failures,
      compensable: this.#compensable,
      trails: this.#trails,
      waiting: this.#waiting,
      frames: this.#frames,
    }
  }

  /** Begins the sequence at a path; an empty one ends at once. */
  enter(path: string): void {
    this.#frames.set(path, { kind: 'sequence', at: -1 })
    this.#next(path)
  }

  /** A leaf was done: its sequence goes on, or the next in line is undone. */
  complete(path: string): void {
    if (this.#waiting.delete(path)) this.#resume(path)
    if (compensatedPath(path) !== null) return this.#undone(path)
    if (hasCompensation(nodeAt(this.#graph, path))) {
      this.#compensable += 1
      this.#follow(scopeOf(this.#graph, path), { path, turn: this.#compensable })
    }
    this.#next(parentPath(path))
  }

  /** An action had no effect: its sequence goes on all the same. Where it was to undo another, that one stays done. */
  refuse(path: string): void {
    if (compensatedPath(path) !== null) return this.#park(path)
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
    if (compensatedPath(path) !== null) return this.#park(path)
    this.failures += 1
    const scope = scopeOf(this.#graph, path)
    for (const leaf of this.#waiting) {
      if (!leaf.startsWith(`${scope}/`)) continue
      this.#waiting.delete(leaf)
      this.#resume(leaf)
    }
    for (const open of this.#frames.keys()) if (open === scope || open.startsWith(`${scope}/`)) this.#frames.delete(open)
    const paths = newestFirst(this.#trails.get(scope))
    this.#trails.delete(scope)
    this.#undo(scope, { kind: 'undo', paths, at: 0 })
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

  // Undoes what is next in line, or ends the scope as failed where nothing is left.
  #undo(scope: string, frame: UndoFrame): void {
    if (frame.at < frame.paths.length) {
      this.#frames.set(scope, frame)
      this.commands.push({ kind: 'perform', path: undoPath(frame) })
      return
    }
    this.#frames.delete(scope)
    if (scope === rootPath(this.#graph)) return this.#end('failed')
    this.#itemEnded(scope)
  }

  #undone(path: string): void {
    const scope = this.#undoing(path)
    const frame = this.#frames.get(scope)
    assert(frame?.kind === 'undo' && undoPath(frame) === path, 'one node of a scope is undone at a time')
    this.#undo(scope, { ...frame, at: frame.at + 1 })
  }

  // The scope that a compensation is a part of: not always that of its node, whose item may have ended well long ago.
  #undoing(path: string): string {
    for (let scope = scopeOf(this.#graph, path); ; scope = scopeOf(this.#graph, scope)) {
      if (this.#frames.get(scope)?.kind === 'undo') return scope
      assert(scope !== rootPath(this.#graph), 'a compensation is a part of a scope that failed')
    }
  }

  #park(path: string): void {
    this.#undoing(path)
    if (this.#waiting.delete(path)) this.#resume(path)
    this.status = 'parked'
    this.commands.length = 0
    this.commands.push({ kind: 'end', status: 'parked' })
  }

  #follow(scope: string, trail: Trail): void {
    this.#trails.set(scope, joinTrails(this.#trails.get(scope), trail))
  }

  #itemEnded(item: string): void {
    const path = item.slice(0, item.lastIndexOf('['))
    const trail = this.#trails.get(item)
    if (trail !== undefined) {
      this.#trails.delete(item)
      this.#follow(scopeOf(this.#graph, path), trail)
    }
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
    const item = this.#itemAround(path)
    if (item === null) return null
    const each = item.slice(0, item.lastIndexOf('['))
    const frame = this.#frames.get(each)
    assert(frame?.kind === 'forEach', 'an item belongs to an open forEach')
    const busy = frame.busy + by
    this.#frames.set(each, { ...frame, busy })
    return { path: each, busy }
  }

  // A compensation takes up the place of the item that is undone, which may lie further out than that of its node.
  #itemAround(path: string): string | null {
    if (compensatedPath(path) === null) return innermostItem(path)
    const scope = this.#undoing(path)
    return scope === rootPath(this.#graph) ? null : scope
  }

  #end(status: 'finished' | 'failed'): void {
    this.status = status
    this.#trails.clear()
    this.#frames.clear()
    this.#waiting.clear()
    this.commands.length = 0
    this.commands.push({ kind: 'end', status })
  }
}
