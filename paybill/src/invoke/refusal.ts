// Why a call did not run, or not yet. A model is told one fixed sentence; people see the reason and where the value came from.

import type { ErrorCode } from '../lib/errors.ts'

export type Refusal = {
  readonly kind: 'refusal'
  readonly code: ErrorCode
  /** For people: which rule or declaration, and what it wanted. Holds no value of the call. */
  readonly reason: string
  readonly argument: string | null
  /** The cells that the refused value came from, as `table.field#key`. */
  readonly origins: readonly string[]
  readonly writers: readonly string[]
}

/** A reason why a person must be asked. */
export type Question = { readonly argument: string; readonly limit: string }

export function refusal(
  code: ErrorCode,
  reason: string,
  from?: { argument?: string; origins?: readonly string[]; writers?: readonly string[] },
): Refusal {
  return {
    kind: 'refusal',
    code,
    reason,
    argument: from?.argument ?? null,
    origins: from?.origins ?? [],
    writers: from?.writers ?? [],
  }
}
