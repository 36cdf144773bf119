// A database opened for sessions, and the inner door through which the runtime shares transactions with them.

import type { Rules } from '../acl/rules.ts'
import { assert } from '../lib/assert.ts'
import type { SqlClient } from '../lib/sql.ts'
import type { Schema } from '../schema/table.ts'
import { choiceNames } from './choice.ts'
import { discloseTo } from './disclose.ts'
import { type Connections, openConnections } from './connection.ts'
import type { Identity } from './identity.ts'
import { checkDatabase } from './self-test.ts'
import { type Session, type SessionGround, type SessionTables, sessionTables } from './session.ts'
import type { Compiled } from './statement.ts'
import { type CacheCounts, StatementCache } from './statement-cache.ts'
import { plainResult, type Transaction, transactionOn } from './transaction.ts'

export type Database<S extends Schema = Schema> = {
  readonly schema: S
  readonly rules: Rules<S>
  /** The only way to a row: everything asked of the session is asked as this identity. */
  session(identity: Identity): Session<S>
  close(): Promise<void>
}

const maxStatements = 1_000

/**
 * Connects as the application role, and refuses to where that role could go round the rules. `maxConnections` is 10 where
 * it is not given. Throws DATABASE_UNREACHABLE, DATABASE_ROLE_UNSAFE or SCHEMA_INVALID.
 *
 * @example const database = await openDatabase({ url, schema, rules })
 */
export async function openDatabase<S extends Schema>(options: {
  readonly url: string
  readonly schema: S
  readonly rules: Rules<S>
  readonly maxConnections?: number
}): Promise<Database<S>> {
  const { schema, rules } = options
  const connections = openConnections(options)
  try {
    await checkDatabase(connections, { schema, rules })
  } catch (error) {
    await connections.close()
    throw error
  }
  const ground: SessionGround = {
    schema,
    rules,
    cache: new StatementCache<Compiled>(maxStatements),
    choices: choiceNames(),
    stretchOf: stretches(rules),
  }
  const database: Database<S> = {
    schema,
    rules,
    session: (identity) => sessionOn<S>(ground, connections, identity),
    close: () => connections.close(),
  }
  opened.set(database, { ground, connections })
  return database
}

// A session of the ground's schema, which is S: the run-time schema and its type are one value.
function sessionOn<S extends Schema>(ground: SessionGround, connections: Connections, identity: Identity): Session<S> {
  const tables = sessionTables(ground, identity, (statement, who) => connections.run(statement, who))
  return {
    ...tables,
    disclose: <T>(value: T) => discloseTo(identity, value),
    transaction: <R>(work: (tables: SessionTables<S>) => Promise<R>): Promise<R> =>
      connections.transaction((line) => work(transactionOn(ground, line).session(identity) as SessionTables<S>)),
  } as Session<S>
}

/** What the runtime has beyond sessions. INTERNAL: not exported by the package. */
export type Internals<S extends Schema = Schema> = SqlClient & {
  transaction<R>(work: (tx: Transaction<S>) => Promise<R>): Promise<R>
  statementCounts(): CacheCounts
}

type Opened = { readonly ground: SessionGround; readonly connections: Connections }

const opened = new WeakMap<object, Opened>()

export function internals<S extends Schema>(database: Database<S>): Internals<S> {
  const found = opened.get(database)
  assert(found !== undefined, 'a database is made by openDatabase and nothing else')
  const { ground, connections } = found
  return {
    query: async (statement) => plainResult(await connections.run(statement, null)),
    // The transaction is over the database's own schema, which is S.
    transaction: (work) => connections.transaction((line) => work(transactionOn(ground, line) as Transaction<S>)),
    statementCounts: () => ground.cache.counts(),
  }
}

// Between two moments at which a rule begins or ends, equal requests have equal answers of the static part.
function stretches(rules: Rules): (now: Date) => number {
  const moments = rules.rules
    .flatMap((rule) => [rule.from, rule.until])
    .filter((moment) => moment !== null)
    .map((moment) => moment.getTime())
  return (now) => moments.filter((moment) => moment <= now.getTime()).length
}
