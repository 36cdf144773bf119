// Everything that an asker gets to see of an answer, as one text: rows, counts, errors with all their fields, notices.

import { inspect } from 'node:util'
import { PaybillError } from 'paybill/lib'
import { DatabaseError } from 'pg'

/**
 * `unanswered` is no refusal: there was no time, no place or nobody to ask. `malformed` is one that says nothing: the question
 * was no SQL.
 */
export type Answer = { readonly kind: 'answered' | 'refused' | 'unanswered' | 'malformed'; readonly text: string }

/** Asks, and takes an error for an answer too. */
export async function answerOf(ask: () => Promise<unknown>): Promise<Answer> {
  try {
    return { kind: 'answered', text: plainText(await ask()) }
  } catch (error) {
    return refusal(error)
  }
}

export function refusal(error: unknown): Answer {
  return { kind: refusalKind(error), text: errorText(error) }
}

function refusalKind(error: unknown): Exclude<Answer['kind'], 'answered'> {
  if (error instanceof PaybillError) return noAnswer.has(error.code) ? 'unanswered' : 'refused'
  if (!(error instanceof DatabaseError)) return isNobodyThere(error) ? 'unanswered' : 'refused'
  if (error.code === syntaxError) return 'malformed'
  return /^(53|57|58|08)/.test(error.code ?? '') || error.code === lockTimeout ? 'unanswered' : 'refused'
}

const noAnswer: ReadonlySet<string> = new Set(['LIMIT_TIME', 'DATABASE_BUSY', 'DATABASE_LOST', 'DATABASE_UNREACHABLE'])
const syntaxError = '42601'
const lockTimeout = '55P03'

function isNobodyThere(error: unknown): boolean {
  return error instanceof Error && ('code' in error || error.message.includes('timeout'))
}

function errorText(error: unknown): string {
  if (error instanceof DatabaseError) {
    const { code, message, detail, hint, where, schema, table, column, constraint, internalQuery } = error
    return [code, message, detail, hint, where, schema, table, column, constraint, internalQuery].join('\n')
  }
  if (error instanceof PaybillError) return [error.code, error.message, error.shown, errorText(error.cause)].join('\n')
  return error instanceof Error ? error.message : String(error)
}

/** Text as it is, for a value that stands in it must be found; everything else in a form that shows all of it. */
function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  return inspect(value, {
    depth: null,
    maxArrayLength: null,
    maxStringLength: null,
    breakLength: Number.POSITIVE_INFINITY,
    sorted: true,
  })
}
