// Verifies the journal of a live database, while it is written to.

import type { Heads } from '../journal/heads.ts'
import type { SqlClient } from '../lib/sql.ts'
import { journalLines } from './export.ts'
import { type Verification, verifyExport, type VerifyWith } from './verify.ts'

/** Verifies the journal in a transaction in which nothing was asked yet. The heads are read first, so that none can be newer than what is verified. */
export async function verifyJournal(
  client: SqlClient,
  using: Omit<VerifyWith, 'heads'> & { readonly heads: Heads },
): Promise<Verification> {
  const heads = await using.heads.newest()
  return verifyExport(journalLines(client, { payloads: true }), { ...using, heads })
}
