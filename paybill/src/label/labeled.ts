// A value that untrusted text could have shaped, held so that code cannot use it by accident: it is no string, cannot be
// concatenated, printed or sent, and only a few named operations look inside. What those return is labelled again.

import type { CanonicalExtension } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import { join, type Label } from './label.ts'

let revealValue: <T>(labeled: Labeled<T>) => T

/** A value together with its label. Pass it on to an action, a decide or a column; the runtime looks inside, code does not. */
export class Labeled<T> {
  readonly #value: T
  readonly label: Label

  constructor(value: T, label: Label) {
    this.#value = value
    this.label = label
  }

  static {
    revealValue = (labeled) => labeled.#value
  }

  toString(): never {
    return refuse(this.label, 'turned into text')
  }

  toJSON(): never {
    return refuse(this.label, 'written as JSON')
  }

  valueOf(): never {
    return refuse(this.label, 'used as a plain value')
  }

  [Symbol.toPrimitive](): never {
    return refuse(this.label, 'used as a plain value')
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return describe(this.#value, this.label)
  }
}

function refuse(label: Label, how: string): never {
  throw new PaybillError('LABELED_VALUE_USED', `a labelled value${from(label)} was ${how}`)
}

function describe(value: unknown, label: Label): string {
  const kind = typeof value === 'string' ? 'text' : value === null ? 'nothing' : typeof value
  return `[labelled ${kind}${from(label)}]`
}

function from(label: Label): string {
  const fields = [...new Set(label.origins.map((origin) => origin.slice(0, origin.indexOf('#'))))]
  return fields.length === 0 ? '' : `, from ${fields.join(', ')}`
}

/** INTERNAL to the runtime (not exported by the package): the value inside. */
export function reveal<T>(labeled: Labeled<T>): T {
  return revealValue(labeled)
}

/** A value that may carry a label. */
export type MaybeLabeled<T> = T | Labeled<T>

/** INTERNAL: the plain value and the label of a value that may carry one; labels of the parts of an object are joined. */
export function unwrap(value: unknown, base: Label): { readonly value: unknown; readonly label: Label } {
  if (value instanceof Labeled) return { value: reveal(value), label: value.label }
  if (Array.isArray(value)) {
    const parts = value.map((item) => unwrap(item, base))
    return { value: parts.map((part) => part.value), label: join(base, ...parts.map((part) => part.label)) }
  }
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const parts = Object.entries(value).map(([key, item]) => [key, unwrap(item, base)] as const)
    return {
      value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
      label: join(base, ...parts.map(([, part]) => part.label)),
    }
  }
  return { value, label: base }
}

/** Applies a pure function. A function that answers yes or no is refused by the type: code would branch on it unseen. */
export function map<T, U>(labeled: Labeled<T>, pure: (value: T) => U): U extends boolean ? never : Labeled<U>
export function map<T, U>(labeled: Labeled<T>, pure: (value: T) => U): Labeled<U> {
  const result = pure(reveal(labeled))
  if (typeof result === 'boolean') throw new PaybillError('LABELED_VALUE_USED', 'map over a labelled value answered a boolean')
  return new Labeled(result, labeled.label)
}

/** One property of a labelled object. */
export function pick<T extends object, K extends keyof T>(labeled: Labeled<T>, key: K): Labeled<T[K]> {
  return new Labeled(reveal(labeled)[key], labeled.label)
}

/** Several labelled values as one object under all their labels, for a `map` that compares them. */
export function combine<T extends object>(parts: { readonly [K in keyof T]: Labeled<T[K]> }): Labeled<T> {
  const named = Object.entries<Labeled<unknown>>(parts)
  const value = Object.fromEntries(named.map(([name, part]) => [name, reveal(part)])) as T // of each part, what is inside
  return new Labeled(value, join(...named.map(([, part]) => part.label)))
}

/** The value where there is one. Throws ARGUMENT_INVALID where it is null. */
export function present<T>(labeled: Labeled<T | null>): Labeled<T> {
  const value = reveal(labeled)
  if (value === null) throw new PaybillError('ARGUMENT_INVALID', `a labelled value${from(labeled.label)} is missing`)
  return new Labeled(value, labeled.label)
}

/** Fills a template with values, labelled or not: `` format`invoice ${number}` ``. */
export function format(
  template: TemplateStringsArray,
  ...parts: readonly MaybeLabeled<string | number | bigint>[]
): Labeled<string> {
  const text = template.reduce((filled, fixed, index) => {
    const part = parts[index]
    return filled + fixed + (part === undefined ? '' : String(part instanceof Labeled ? reveal(part) : part))
  }, '')
  const labels = parts.flatMap((part) => (part instanceof Labeled ? [part.label] : []))
  return new Labeled(text, join(...labels))
}

/** How long a labelled text is, in UTF-16 units. */
export function size(labeled: Labeled<string>): Labeled<number> {
  return new Labeled(reveal(labeled).length, labeled.label)
}

/** How labelled values are written in the journal: the value and the label together, so that no restart forgets one. */
export const labeledExtension: CanonicalExtension = {
  tag: 'labeled',
  encode: (value) => (value instanceof Labeled ? { value: reveal<unknown>(value), label: value.label } : undefined),
  decode: (body) => {
    // Written by `encode` above, and the entry's hash was checked before it is read.
    const { value, label } = body as { value: unknown; label: Label }
    return new Labeled(value, label)
  },
}
