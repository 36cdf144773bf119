// What a node of a run can see: the results of the nodes before it, in its own sequence and in those around it.

import { join, type Label, systemLabel } from '../label/label.ts'
import type { Scope } from '../workflow/node.ts'
import { parentPath } from '../workflow/advance.ts'

export class Scopes {
  readonly #values = new Map<string, Record<string, unknown>>()
  readonly #control = new Map<string, Label>()
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

  /** Forgets what only the nodes below a path could see. */
  drop(path: string): void {
    for (const sequence of this.#values.keys())
      if (sequence === path || sequence.startsWith(`${path}/`)) this.#values.delete(sequence)
    for (const sequence of this.#control.keys())
      if (sequence === path || sequence.startsWith(`${path}/`)) this.#control.delete(sequence)
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
