// From the entries of a run to what its worker knows: the state of the graph, the values that nodes can see, and what is
// known of leaves that have begun and not ended. The same function serves a run that goes on and one that is taken over.

import { assert } from '../lib/assert.ts'
import { influenceBits, isCounted, type Label, systemLabel } from '../label/label.ts'
import { Labeled } from '../label/labeled.ts'
import type { Entry } from '../journal/entry.ts'
import { advance, type Command, type Event, newState, type State } from '../workflow/advance.ts'
import { compensatedPath, compensationOf, hasCompensation } from '../workflow/compensation.ts'
import type { LeafNode, Scope } from '../workflow/node.ts'
import { nodeAt, rootPath, scopeOf } from '../workflow/place.ts'
import { isLeaf, type Workflow } from '../workflow/workflow.ts'
import { Scopes } from './scope.ts'

/** A leaf or a compensation as it is performed: what it can see, and the label of the decisions that led to it. */
type Performed = { readonly node: LeafNode; readonly scope: Scope; readonly control: Label }

/**
 * What a run has reached. `open` holds the entries of leaves that have begun and not ended, by path; `stuck` says why the
 * run is parked, where a compensation did not succeed.
 */
export class Progress {
  readonly workflow: Workflow
  scopes: Scopes
  state: State = newState
  stuck: string | null = null
  readonly open = new Map<string, Entry[]>()

  constructor(workflow: Workflow) {
    this.workflow = workflow
    this.scopes = new Scopes(rootPath(workflow), undefined)
  }

  /** Takes in one entry and answers what is to be done next because of it. */
  apply(entry: Entry): readonly Command[] {
    const event = this.#take(entry)
    if (event === null) return []
    const before = this.state
    const { state, commands } = advance(this.workflow, this.state, event)
    this.state = state
    if (state.status === 'parked') this.stuck ??= stuckText(entry)
    this.#forget(before)
    return commands
  }

  /** What is to be performed at a path. */
  leaf(path: string): Performed {
    const undone = compensatedPath(path)
    if (undone !== null) {
      const { scope, control, produced } = this.scopes.undo(undone)
      return { node: compensationOf(nodeAt(this.workflow, undone), produced), scope, control }
    }
    const node = nodeAt(this.workflow, path)
    assert(isLeaf(node), 'only leaves are performed')
    return { node, scope: this.scopes.at(path), control: this.scopes.control(path) }
  }

  #take(entry: Entry): Event | null {
    const { path, payload } = entry
    switch (entry.kind) {
      case 'run.started':
        this.scopes = new Scopes(rootPath(this.workflow), payload['input'])
        return { kind: 'started' }
      case 'step.done':
        return this.#completed(path, payload['result'])
      case 'decide.done':
        return this.#completed(path, payload['answer'])
      case 'approval.done':
        return this.#completed(path, payload['outcome'])
      case 'action.done':
        return this.#completed(path, { outcome: 'done', result: payload['result'] })
      case 'action.refused':
        this.#ended(path, { outcome: 'refused', code: payload['code'] })
        return { kind: 'refused', path }
      case 'branch.chosen': {
        const to = String(payload['to'])
        this.scopes.setControl(`${path}/${to}`, labelOf(payload['control']))
        return { kind: 'chosen', path, to }
      }
      case 'each.expanded': {
        const { items } = payload
        assert(Array.isArray(items), 'an expansion lists its items')
        const node = nodeAt(this.workflow, path)
        assert(node.kind === 'forEach', 'only a forEach expands')
        items.forEach((item, index) => this.scopes.setItem(`${path}[${index}]`, node.as, item))
        return { kind: 'expanded', path, count: items.length }
      }
      case 'leaf.failed':
        this.open.delete(path)
        if (compensatedPath(path) === null) this.scopes.setFailed(scopeOf(this.workflow, path), path)
        return { kind: 'failed', path }
      case 'action.asked':
      case 'approval.asked':
        this.#keep(entry)
        return { kind: 'waiting', path }
      case 'approval.decided':
        this.#keep(entry)
        return { kind: 'woken', path }
      case 'action.intent':
      case 'decide.asked':
      case 'decide.failed':
        this.#keep(entry)
        return null
      case 'run.ended':
        return null
      default:
        return entry.kind satisfies never
    }
  }

  #completed(path: string, value: unknown): Event {
    const undone = compensatedPath(path)
    if (undone !== null) this.scopes.dropUndo(undone)
    else if (hasCompensation(nodeAt(this.workflow, path))) this.scopes.keepUndo(path, value)
    this.#ended(path, value)
    return { kind: 'completed', path }
  }

  // What a compensation answers is for nobody to see.
  #ended(path: string, value: unknown): void {
    this.open.delete(path)
    if (compensatedPath(path) === null) this.scopes.set(path, value)
  }

  #keep(entry: Entry): void {
    const kept = this.open.get(entry.path)
    if (kept === undefined) this.open.set(entry.path, [entry])
    else kept.push(entry)
  }

  // What only an ended item or case could see is forgotten, so that memory follows what is open and not what was done;
  // and, where a workflow declares compensations, what was done and may have to be undone.
  #forget(before: State): void {
    for (const path of before.frames.keys()) if (!this.state.frames.has(path)) this.scopes.drop(path)
  }
}

/** The label that a branch puts on everything inside, from the value that it chose by. */
export function controlOf(value: unknown, path: string, cases: number): Label {
  if (!(value instanceof Labeled)) return systemLabel
  const { label } = value
  // However a value came about, a choice among so many cases says no more than so many bits. Decisions that are counted
  // with fewer keep their names, so that the same decision is not counted again further in.
  const mostBits = Math.log2(Math.max(cases, 2))
  return isCounted(label) && influenceBits(label) <= mostBits ? label : { ...label, influence: { [path]: mostBits } }
}

function stuckText({ kind, path, payload }: Entry): string {
  const how = kind === 'action.refused' ? 'was refused' : 'failed'
  return `\`${path}\` ${how} (${String(payload['code'])}): what it was to undo, and what was done before that, is still done`
}

function labelOf(stored: unknown): Label {
  // Written by `controlOf` above; the entry's hash was checked when it was read.
  return stored as Label
}
