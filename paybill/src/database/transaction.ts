// One transaction in which several people and the runtime itself may act. INTERNAL: application code gets sessions only.

import type { SqlClient, SqlStatement } from '../lib/sql.ts'
import type { Schema } from '../schema/table.ts'
import type { Result } from './identified-query.ts'
import type { Identity } from './identity.ts'
import { type SessionGround, type SessionTables, sessionTables } from './session.ts'
import type { Line } from './open-transaction.ts'

/** `query` runs statements of the runtime, which no identity sees; `session` runs those of an identity. All commit together. */
export type Transaction<S extends Schema = Schema> = SqlClient & { session(identity: Identity): SessionTables<S> }

export function transactionOn(ground: SessionGround, line: Line): Transaction {
  return {
    query: async (statement) => plainResult(await line.run(statement, null)),
    session: (identity) => sessionTables(ground, identity, (statement: SqlStatement, who: string) => line.run(statement, who)),
  }
}

/** Rows by column name, for those who write SQL. */
export function plainResult(result: Result): Awaited<ReturnType<SqlClient['query']>> {
  const { columns, count } = result
  const rows = result.rows.map((texts) => Object.fromEntries(columns.map((column, index) => [column, texts[index] ?? null])))
  return { rows, count }
}
