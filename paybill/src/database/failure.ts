// From what PostgreSQL and the network say to errors with a code. Texts of the database stay out of messages, for they can
// hold values that the caller may not see: `invalid input syntax for type integer: "…"` prints a cell.

import { DatabaseError } from 'pg'
import { PaybillError } from '../lib/errors.ts'
import { changedTooMany, checkFailed } from './guards.ts'

/** What a failed statement means to its caller. */
export function statementFailure(error: unknown): PaybillError {
  if (error instanceof PaybillError) return error
  if (!(error instanceof DatabaseError) || error.code === undefined || isConnectionLost(error))
    return new PaybillError('DATABASE_LOST', 'the connection to the database broke inside a statement', { cause: causeOf(error) })
  const options = { cause: causeOf(error) }
  switch (error.code) {
    case checkFailed:
      return new PaybillError('DENIED', 'no rule allows the new values of the row', options)
    case '42501':
      return new PaybillError('DENIED', 'row level security does not allow the new values of the row', options)
    case changedTooMany:
      return new PaybillError('LIMIT_ROWS_CHANGED', 'the condition meets more rows than may be changed at once', options)
    case '23505':
    case '23P01':
      return new PaybillError('CONFLICT', 'a row with this key is already there', options)
    case '23503':
      return new PaybillError('CONFLICT', 'the row refers to one that is not there, or another row refers to it', options)
    case '23514':
      return new PaybillError('CONFLICT', 'the database does not allow this value, or this move of a state', options)
    case '40001':
    case '40P01':
      return new PaybillError('CONFLICT', 'another transaction changed the same rows at the same time', options)
    case '57014':
    case '55P03':
      return new PaybillError('LIMIT_TIME', 'the statement was stopped at its time limit', options)
    default:
      return new PaybillError('DATABASE_FAILED', `the database refused a statement with SQLSTATE ${error.code}`, options)
  }
}

/** What a failed connection means: nobody there, not let in, or all connections in use. */
export function connectFailure(error: unknown, url: string): PaybillError {
  const options = { cause: causeOf(error) }
  if (error instanceof Error && error.message === 'timeout exceeded when trying to connect')
    return new PaybillError('DATABASE_BUSY', 'no connection became free in time', options)
  return new PaybillError('DATABASE_UNREACHABLE', `no connection to ${addressOf(url)}: ${reasonOf(error)}`, options)
}

/** Whether the connection can not be used again. Only errors that the server sent for one statement leave it whole. */
export function isConnectionBroken(error: unknown): boolean {
  if (error instanceof PaybillError) return error.code === 'DATABASE_LOST'
  return !(error instanceof DatabaseError) || isConnectionLost(error)
}

function isConnectionLost(error: DatabaseError): boolean {
  return error.severity === 'FATAL' || error.severity === 'PANIC'
}

// Classes of SQLSTATE whose texts speak of names, memory and settings; all others may quote a value.
const textsWithoutValues = /^(08|28|3D|42|53|54|55|57|58)/

function causeOf(error: unknown): Error {
  if (!(error instanceof DatabaseError)) return new Error(reasonOf(error))
  const { code = 'unknown', constraint, table, message } = error
  const place = `${table === undefined ? '' : ` on table ${table}`}${constraint === undefined ? '' : `, constraint ${constraint}`}`
  return new Error(`SQLSTATE ${code}${place}${textsWithoutValues.test(code) ? `: ${message}` : ''}`)
}

function reasonOf(error: unknown): string {
  // `localhost` is tried on every address it has, which gives one error without a text of its own.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : 'unknown'
}

/** The text that may be shown of a URL: never the password. */
function addressOf(url: string): string {
  if (!URL.canParse(url)) return 'an address that is not a URL'
  const { hostname, port, username, pathname } = new URL(url)
  return `\`${username === '' ? '' : `${username}@`}${hostname}${port === '' ? '' : `:${port}`}${pathname}\``
}
