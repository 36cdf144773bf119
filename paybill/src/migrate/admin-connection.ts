// One connection as the user that may create databases and roles. Only for preparing a database: it is bound by no rule.

import { Client, DatabaseError, type Submittable } from 'pg'
import { connectFailure, statementFailure } from '../database/failure.ts'
import { textOnly } from '../database/identified-query.ts'
import { PaybillError } from '../lib/errors.ts'

type AdminRow = Readonly<Record<string, string | null>>

/** A connection without a principal: for the inside of a server, never for an application's work. */
export type AdminConnection = {
  query(text: string, values?: readonly (string | readonly string[])[]): Promise<readonly AdminRow[]>
  transaction<R>(work: () => Promise<R>): Promise<R>
  /** Hands the driver something that speaks the protocol itself, such as a stream of COPY. */
  submit<T extends Submittable>(query: T): T
  close(): Promise<void>
}

const connectTimeoutMs = 10_000

/** Connects as the user of the URL. Throws DATABASE_UNREACHABLE. Every value of an answer is PostgreSQL's text. */
export async function connectAsAdmin(url: string): Promise<AdminConnection> {
  const client = new Client({
    connectionString: url,
    application_name: 'paybill prepare',
    connectionTimeoutMillis: connectTimeoutMs,
    types: textOnly,
  })
  // A connection that breaks is found out by the statement on it; without a listener the event would end the process.
  client.on('error', ignoreBroken)
  try {
    await client.connect()
  } catch (error) {
    throw connectFailure(error, url)
  }
  const query: AdminConnection['query'] = async (text, values) => {
    try {
      return (await client.query<AdminRow>(text, values === undefined ? undefined : [...values])).rows
    } catch (error) {
      throw preparationFailure(error)
    }
  }
  return {
    query,
    transaction: async (work) => {
      await query('begin')
      try {
        const result = await work()
        await query('commit')
        return result
      } catch (error) {
        // The first error is the one to report; where the connection broke there is nothing to roll back.
        await query('rollback').catch(ignoreBroken)
        throw error
      }
    },
    submit: (submitted) => client.query(submitted),
    close: () => client.end(),
  }
}

function preparationFailure(error: unknown): PaybillError {
  if (error instanceof DatabaseError && error.code === '42501')
    return new PaybillError('DATABASE_ROLE_INSUFFICIENT', 'the user of the server URL may not prepare this database', {
      cause: new Error(error.message),
    })
  return statementFailure(error)
}

function ignoreBroken(): void {}
