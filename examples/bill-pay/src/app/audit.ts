// Seals and verifies the journal of a job, and shows that the verifier can see: damage of five kinds is planted in copies
// of the exported journal and must be found.

import { auditExport, auditSeal, type ExportLine, type Finding, tamperControls, verifyExport } from 'paybill/audit'
import type { State } from './open-state.ts'

export type AuditReport = {
  readonly entries: number
  readonly verified: boolean
  readonly tamperControls: { readonly seeded: number; readonly found: number }
  readonly findings: readonly Finding[]
}

export async function auditJob(state: State): Promise<AuditReport> {
  const { database, keys, heads } = state
  await auditSeal(database, { keys, heads })
  const using = {
    publicKey: keys.publicKey,
    heads: await heads.newest(),
    payloadKey: (tenant: string) => keys.payloadKey(tenant),
  }
  return auditExport(database, async (stream) => {
    const lines: ExportLine[] = await Array.fromAsync(stream)
    const { entries, verified, findings } = await verifyExport(lines, using)
    const { seeded, found } = await tamperControls(lines, using)
    return { entries, verified, tamperControls: { seeded, found }, findings }
  })
}
