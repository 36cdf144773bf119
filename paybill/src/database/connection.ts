// Connections to one database. The pool never leaves this file; what leaves is a way to run one statement, or several
// in one transaction, each under an identity. Not for deciding who may do what.

import { Pool, type PoolClient } from 'pg'
import type { SqlStatement } from '../lib/sql.ts'
import { connectFailure, isConnectionBroken, statementFailure } from './failure.ts'
import { prefixStatements, type Result, textOnly } from './identified-query.ts'
import { identityPrefix, send } from './send.ts'
import { type Line, openTransaction } from './open-transaction.ts'
import { wireStatement } from './wire-values.ts'

export type Connections = {
  /** Runs one statement in a transaction of its own. `identity` null is a statement of nobody: no policy lets it through. */
  run(statement: SqlStatement, identity: string | null): Promise<Result>
  /** Runs several statements on one connection, in the order asked for, and commits when `work` is done. */
  transaction<R>(work: (line: Line) => Promise<R>): Promise<R>
  close(): Promise<void>
}

const defaultConnections = 10
const connectTimeoutMs = 10_000
const statementTimeoutMs = 15_000
const idleInTransactionTimeoutMs = 30_000

export function openConnections(options: { readonly url: string; readonly maxConnections?: number | undefined }): Connections {
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections ?? defaultConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'paybill',
    types: textOnly,
    // pg waits for the promise, although its type says void.
    onConnect: prepareConnection as (client: object) => void,
  })
  // A broken connection is found out by the statement on it, or taken out by the pool where it was idle. Without a
  // listener the event would end the process.
  pool.on('error', ignoreBroken)
  pool.on('connect', (client) => client.on('error', ignoreBroken))
  // The pool calls itself ended when it has told its connections to go; who counts them waits until they are gone.
  const leaving = new Set<object>()
  pool.on('connect', (client) => leaving.add(client))
  const allGone = Promise.withResolvers<null>()
  pool.on('remove', (client) => {
    leaving.delete(client)
    if (pool.ended && leaving.size === 0) allGone.resolve(null)
  })

  const checkOut = async (): Promise<PoolClient> => {
    try {
      return await pool.connect()
    } catch (error) {
      throw connectFailure(error, options.url)
    }
  }

  return {
    run: async (statement, identity) => {
      const wired = wireStatement(statement)
      const client = await checkOut()
      try {
        const result = await send(client, wired, identity === null ? [] : [identityPrefix(identity)])
        client.release()
        return result
      } catch (error) {
        client.release(isConnectionBroken(error))
        throw statementFailure(error)
      }
    },
    transaction: async (work) => {
      const client = await checkOut()
      const transaction = openTransaction(client)
      try {
        const result = await work(transaction.line)
        await transaction.commit()
        client.release()
        return result
      } catch (error) {
        const isWhole = await transaction.rollback()
        client.release(!isWhole)
        throw error
      }
    },
    close: async () => {
      await pool.end()
      if (leaving.size > 0) await allGone.promise
    },
  }
}

// What decoding relies on, the limits, and the statements that are later bound by name in front of others.
async function prepareConnection(client: PoolClient): Promise<void> {
  await client.query({ name: 'paybill_begin', text: prefixStatements.paybill_begin })
  await client.query({ name: 'paybill_identity', text: prefixStatements.paybill_identity, values: [''] })
  await client.query(
    `select set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, YMD', false), set_config('search_path', 'public', false),
       set_config('statement_timeout', '${statementTimeoutMs}', false),
       set_config('idle_in_transaction_session_timeout', '${idleInTransactionTimeoutMs}', false)`,
  )
  await client.query('commit')
}

function ignoreBroken(): void {}
