// What a node of a run can see: the results of the nodes before it, in its own sequence and in those around it.

import { assert } from '../lib/assert.ts'
import { join, type Label, systemLabel } from '../label/label.ts'
import type { Scope } from '../workflow/node.ts'
import { parentPath } from '../workflow/place.ts'

/** What a compensation gets: what its node saw, what the node answered, and the label of all that led to its being run. */
type Undo = { readonly scope: Scope; readonly produced: unknown; readonly control: Label }

export class Scopes {
  readonly #values = new Map<string, Record<string, unknown>>()
  readonly #control = new Map<string, Label>()
  readonly #undo = new Map<string, Undo>()
  readonly #failed = new Map<string, Label>()
  readonly #root: string

  constructor(root: string, input: unknown) {
    this.#root = root
    this.#values.set(root, { input })
  }

  /** Keeps what a node produced. */
  set(path: string, value: unknown): void {
    const sequence = parentPath(path)
    this.#sequence(sequence)[path.slice(sequence.length + 1)] = value
  }

  /** Keeps an item of a list under the name that its sequence knows it by. */
  setItem(itemPath: string, name: string, item: unknown): void {
    this.#sequence(itemPath)[name] = item
  }

  /** Keeps the label of the decision that led into a case. */
  setControl(casePath: string, label: Label): void {
    this.#control.set(casePath, label)
  }

  /** Everything that the node at a path can see. */
  at(path: string): Scope {
    return Object.assign({}, ...this.#around(path).map((sequence) => this.#values.get(sequence) ?? {})) as Scope
  }

  /** The label of all decisions that led to a path. */
  control(path: string): Label {
    return join(systemLabel, ...this.#around(path).flatMap((sequence) => this.#control.get(sequence) ?? []))
  }

  /**
   * Keeps what the compensation of a completed node will need: before what the node itself produced is set, and as it is
   * now, because a later node may have the name of an outer one. It outlives the node's item and case.
   */
  keepUndo(path: string, produced: unknown): void {
    this.#undo.set(path, { scope: this.at(path), produced, control: this.control(path) })
  }

  /** Keeps the label of the decisions that led to the failure of a scope. */
  setFailed(scope: string, path: string): void {
    this.#failed.set(scope, this.control(path))
  }

  /**
   * What the compensation of the node at a path gets. It is run because its node was, and because something failed: the
   * decisions that led to either count. Without the second, a model that chooses a case in which a step fails could have
   * an action called that nobody's text may bring about. That a step failed counts no bits by itself, as elsewhere.
   */
  undo(path: string): Undo {
    const kept = this.#undo.get(path)
    assert(kept !== undefined, 'what a compensation needs is kept until it is done')
    const failed = this.#around(path).flatMap((sequence) => this.#failed.get(sequence) ?? [])
    return { ...kept, control: join(kept.control, ...failed) }
  }

  dropUndo(path: string): void {
    this.#undo.delete(path)
  }

  /** Forgets what only the nodes below a path could see. */
  drop(path: string): void {
    for (const kept of [this.#values, this.#control, this.#failed])
      for (const sequence of kept.keys()) if (sequence === path || sequence.startsWith(`${path}/`)) kept.delete(sequence)
  }

  /** How many sequences, decisions and compensations something is kept of. */
  get size(): number {
    return this.#values.size + this.#control.size + this.#undo.size + this.#failed.size
  }

  #sequence(path: string): Record<string, unknown> {
    const existing = this.#values.get(path)
    if (existing !== undefined) return existing
    const made: Record<string, unknown> = {}
    this.#values.set(path, made)
    return made
  }

  /** The sequences around a path, outermost first. */
  #around(path: string): readonly string[] {
    const found: string[] = []
    for (let sequence = parentPath(path); sequence.length >= this.#root.length; sequence = parentPath(sequence))
      found.unshift(sequence)
    return found
  }
}
