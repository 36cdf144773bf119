// Showing labelled values to the person who read them. The rules let this person read the cells, so nothing is lowered
// that he may not see; an agent or a step reads for somebody else, and may not use it.

import { Labeled, reveal } from '../label/labeled.ts'
import { PaybillError } from '../lib/errors.ts'
import type { Identity } from './identity.ts'

/** A value as a person sees it: the same, with nothing labelled in it. */
export type Disclosed<T> =
  T extends Labeled<infer Inner>
    ? Inner
    : T extends Date | Uint8Array
      ? T
      : T extends object
        ? { [K in keyof T]: Disclosed<T[K]> }
        : T

/** The plain value of what a session of this identity read. Throws DENIED for an agent or a step. */
export function discloseTo<T>(identity: Identity, value: T): Disclosed<T>
export function discloseTo(identity: Identity, value: unknown): unknown {
  if (identity.agent !== undefined || identity.grant !== undefined)
    throw new PaybillError(
      'DENIED',
      `\`${identity.principal.id}\` does not read for himself here: only a person is shown labelled values`,
    )
  return plain(value)
}

function plain(value: unknown): unknown {
  if (value instanceof Labeled) return plain(reveal(value))
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}
