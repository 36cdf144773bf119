// What is left of a tenant after its deletion, looked for in every place that the provider has. A stand-in that was never a
// tenant leaves something on purpose, which the same search must find.

import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsAdmin, roleNames } from 'paybill/migrate'
import { localResidueScan, type ScannedProvider } from '../local/index.ts'
import { type Residue, residueScan } from '../tenant-database/index.ts'
import type { Controls } from './controls.ts'

export type ResidueVerification = { readonly residue: readonly Residue[]; readonly controls: Controls }

/**
 * Looks for what is left of a tenant of the control plane. `operations` are those that made something for the tenant alone.
 *
 * @example const { residue, controls } = await verifyResidue({ provider, tenantId, operations })
 */
export async function verifyResidue(of: Of): Promise<ResidueVerification> {
  return { residue: await residueScan(localResidueScan(of.provider, of)), controls: await residueControls(of.provider) }
}

type Of = {
  readonly provider: ScannedProvider
  readonly tenantId: string
  readonly operations: readonly string[]
}

async function residueControls(provider: ScannedProvider): Promise<Controls> {
  const scan = localResidueScan(provider, { tenantId: `verify_${randomBytes(10).toString('hex')}`, operations: [] })
  const [serverUrl = ''] = scan.serverUrls
  const [name = ''] = scan.names
  const role = roleNames(name).owner
  const folder = join(provider.silosFolder, name)
  const planted = [
    {
      kind: 'role',
      plant: () => onServer(serverUrl, `create role ${role}`),
      remove: () => onServer(serverUrl, `drop role if exists ${role}`),
    },
    {
      kind: 'database',
      plant: () => onServer(serverUrl, `create database ${name} template template0`),
      remove: () => onServer(serverUrl, `drop database if exists ${name}`),
    },
    { kind: 'folder', plant: () => mkdir(folder), remove: () => rm(folder, { recursive: true, force: true }) },
  ] as const
  const quiet = (await residueScan(scan)).length === 0
  const missed: string[] = []
  for (const { kind, plant, remove } of planted) {
    try {
      await plant()
      const found = await residueScan(scan)
      if (!quiet || !found.some((residue) => residue.kind === kind)) missed.push(`a ${kind}`)
    } finally {
      await remove()
    }
  }
  return { seeded: planted.length, found: planted.length - missed.length, missed }
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const server = await connectAsAdmin(serverUrl)
  try {
    await server.query(statement)
  } finally {
    await server.close()
  }
}
