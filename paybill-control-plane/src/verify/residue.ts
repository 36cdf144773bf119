// What is left of a tenant after its deletion, looked for in every place that the provider has. A stand-in that was never a
// tenant leaves something on purpose, which the same search must find.

import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { connectAsAdmin, roleNames } from 'paybill/migrate'
import { localPlaces, type LocalProvider } from '../local/index.ts'
import type { KeyRing } from '../secret/index.ts'
import { type Residue, type ResidueScan, residueScan } from '../tenant-database/index.ts'
import type { Controls } from './controls.ts'

export type ResidueVerification = { readonly residue: readonly Residue[]; readonly controls: Controls }

/**
 * Looks for what is left of a tenant of the control plane.
 *
 * @example const { residue, controls } = await verifyResidue({ provider, tenantId, operations, folders, keys })
 */
export async function verifyResidue(of: {
  readonly provider: LocalProvider
  readonly tenantId: string
  /** Every operation that made something for the tenant alone. */
  readonly operations: readonly string[]
  /** Folders in which files of tenants lie, beside those of the servers. */
  readonly folders: readonly string[]
  readonly keys: KeyRing
}): Promise<ResidueVerification> {
  return { residue: await residueScan(scanFor(of)), controls: await residueControls(of) }
}

type Of = Parameters<typeof verifyResidue>[0]

function scanFor({ provider, tenantId, operations, folders, keys }: Of): ResidueScan {
  const cells = [
    ...new Map(Object.values(provider.cells).map((cell) => [`${cell.serverUrl} ${cell.pooledDatabase}`, cell])).values(),
  ]
  return {
    owner: { organization: provider.organization, tenant: tenantId },
    names: [ownName(provider, tenantId)],
    operations,
    serverUrls: [...new Set(cells.map(({ serverUrl }) => serverUrl))],
    pooled: cells.map(({ serverUrl, pooledDatabase: name }) => ({ serverUrl, name })),
    siloFolders: [provider.silosFolder],
    folders,
    keys,
  }
}

// The same for a database and for a server of its own.
function ownName(provider: LocalProvider, tenantId: string): string {
  return localPlaces(provider).nameOf({ tenantId, isolation: 'bridge' }) ?? ''
}

async function residueControls(of: Of): Promise<Controls> {
  const standIn = { ...of, tenantId: `verify_${randomBytes(10).toString('hex')}`, operations: [] }
  const scan = scanFor(standIn)
  const [serverUrl = ''] = scan.serverUrls
  const name = ownName(of.provider, standIn.tenantId)
  const role = roleNames(name).owner
  const folder = join(of.provider.silosFolder, name)
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
