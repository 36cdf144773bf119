// One statement to one connection, as a promise.

import type { ClientBase } from 'pg'
import { IdentifiedQuery, type Prefix, type Result, type WireStatement } from './identified-query.ts'

/** Rejects with what pg gives: an error of the server, or anything else where the connection broke. */
export function send(client: ClientBase, statement: WireStatement, prefixes: readonly Prefix[]): Promise<Result> {
  return new Promise((resolve, reject) => {
    client.query(
      new IdentifiedQuery(statement, prefixes, (error, result) => {
        if (error === null) resolve(result)
        else reject(error)
      }),
    )
  })
}

/** Sets who acts, until the end of the transaction or the next identity. */
export function identityPrefix(identity: string): Prefix {
  return { statement: 'paybill_identity', values: [identity] }
}

export const beginPrefix: Prefix = { statement: 'paybill_begin', values: [] }
