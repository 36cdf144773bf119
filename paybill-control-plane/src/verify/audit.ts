// Verifies the journal of a database, of the control plane's own or of a tenant's: exports it as of one moment, verifies the
// export against the key and the heads outside, and plants damage in copies of it that must be found.

import { auditExport, tamperControls, type TamperControls, type Verification, verifyExport, type VerifyWith } from 'paybill/audit'
import type { Database } from 'paybill/database'
import type { Heads } from 'paybill/journal'
import type { Schema } from 'paybill/schema'

export type AuditVerification = Verification & { readonly controls: TamperControls }

/**
 * Reads the whole journal into memory, for the controls need it as often as there are some.
 *
 * @example const { verified, controls } = await verifyAudit(database, { publicKey, heads: headsFile('heads.jsonl') })
 */
export async function verifyAudit<S extends Schema>(
  database: Database<S>,
  of: Omit<VerifyWith, 'heads'> & { readonly heads: Heads },
): Promise<AuditVerification> {
  // Before the export: the journal that is read is then at least as long.
  const using = { ...of, heads: await of.heads.newest() }
  const lines = await auditExport(database, (lines) => Array.fromAsync(lines))
  return { ...(await verifyExport(lines, using)), controls: await tamperControls(lines, using) }
}
