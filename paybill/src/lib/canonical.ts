// One JSON text per value, and back, exactly: what is hashed, journalled and compared. Object keys are sorted; values
// that JSON lacks are written as an object with a single key that begins with `$`. An own key that begins with `$` gets
// one more `$`, so that no input can pose as such a value.

import { PaybillError } from './errors.ts'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** A kind of value that another module adds, such as labelled values. `encode` answers undefined for values that are not of the kind. */
export type CanonicalExtension = {
  readonly tag: string
  encode(value: object): unknown
  decode(body: unknown): unknown
}

/** Writes a value as canonical JSON. Throws ARGUMENT_INVALID for functions, symbols, class instances, NaN and cycles. */
export function encodeCanonical(value: unknown, extensions: readonly CanonicalExtension[] = []): string {
  return JSON.stringify(toJson(value, extensions, 0))
}

/** Reads what `encodeCanonical` wrote. */
export function decodeCanonical(text: string, extensions: readonly CanonicalExtension[] = []): unknown {
  return fromJson(JSON.parse(text), extensions)
}

const maxDepth = 64

function toJson(value: unknown, extensions: readonly CanonicalExtension[], depth: number): Json {
  if (depth > maxDepth)
    throw new PaybillError('ARGUMENT_INVALID', `a value is nested deeper than ${maxDepth} levels, or contains itself`)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new PaybillError('ARGUMENT_INVALID', `\`${value}\` cannot be written as JSON`)
    return value
  }
  if (typeof value === 'bigint') return { $bigint: value.toString() }
  if (typeof value !== 'object') throw new PaybillError('ARGUMENT_INVALID', `a ${typeof value} cannot be written as JSON`)
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new PaybillError('ARGUMENT_INVALID', 'a date that is none cannot be written as JSON')
    return { $date: value.toISOString() }
  }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map((item: unknown) => (item === undefined ? null : toJson(item, extensions, depth + 1)))
  for (const extension of extensions) {
    const body = extension.encode(value)
    if (body !== undefined) return { [`$${extension.tag}`]: toJson(body, extensions, depth + 1) }
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    throw new PaybillError('ARGUMENT_INVALID', `an instance of \`${value.constructor.name}\` cannot be written as JSON`)
  const written = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(byKey)
    .map(([key, item]) => [key.startsWith('$') ? `$${key}` : key, toJson(item, extensions, depth + 1)] as const)
  // `fromEntries` and not assignment: a key named `__proto__` is a key like any other.
  return Object.fromEntries(written)
}

function byKey([left]: [string, unknown], [right]: [string, unknown]): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

function fromJson(json: unknown, extensions: readonly CanonicalExtension[]): unknown {
  if (json === null || typeof json !== 'object') return json
  if (Array.isArray(json)) return json.map((item) => fromJson(item, extensions))
  const entries = Object.entries(json)
  const [only] = entries
  if (entries.length === 1 && only !== undefined && /^\$[^$]/.test(only[0])) return special(only[0].slice(1), only[1], extensions)
  return Object.fromEntries(entries.map(([key, item]) => [key.startsWith('$$') ? key.slice(1) : key, fromJson(item, extensions)]))
}

function special(tag: string, body: unknown, extensions: readonly CanonicalExtension[]): unknown {
  if (tag === 'bigint' && typeof body === 'string') return BigInt(body)
  if (tag === 'date' && typeof body === 'string') return new Date(body)
  if (tag === 'bytes' && typeof body === 'string') return new Uint8Array(Buffer.from(body, 'base64'))
  const extension = extensions.find((candidate) => candidate.tag === tag)
  if (extension === undefined) throw new PaybillError('ARGUMENT_INVALID', `the value kind \`$${tag}\` is not known`)
  return extension.decode(fromJson(body, extensions))
}
