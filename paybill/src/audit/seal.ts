// Seals the journal of a database. A process that serves an application does it every second; one that does a single job
// does it at its end.

import { type Database, internals } from '../database/database.ts'
import type { Heads } from '../journal/heads.ts'
import type { Keys } from '../journal/keys.ts'
import { type InTransaction, type SealPass, sealPass } from '../journal/sealer.ts'
import { type Sealer, startSealer } from '../journal/sealer-loop.ts'
import type { Schema } from '../schema/table.ts'

/** What sealing needs from outside the database. */
export type SealWith = { readonly keys: Keys; readonly heads: Heads }

/**
 * Seals all entries that can no longer change, and publishes the new heads.
 *
 * @example await auditSeal(database, { keys, heads: headsFile('heads.jsonl') })
 */
export async function auditSeal<S extends Schema>(database: Database<S>, using: SealWith): Promise<SealPass> {
  const inTransaction = transactionsOf(database)
  let total = await sealPass(inTransaction, using)
  while (total.isFull) {
    const pass = await sealPass(inTransaction, using)
    total = { ...pass, segments: total.segments + pass.segments, entries: total.entries + pass.entries }
  }
  return total
}

/**
 * Seals every `everyMs` milliseconds until it is stopped.
 *
 * @example const sealer = startSealing(database, { keys, heads, everyMs: 1_000, onLag: warn, onFailure: report })
 */
export function startSealing<S extends Schema>(
  database: Database<S>,
  using: SealWith & {
    readonly everyMs: number
    readonly onLag: (lagMs: number) => void
    readonly onFailure: (error: unknown) => void
  },
): Sealer {
  return startSealer({ ...using, inTransaction: transactionsOf(database) })
}

function transactionsOf<S extends Schema>(database: Database<S>): InTransaction {
  const inner = internals(database)
  return (work) => inner.transaction(work)
}
