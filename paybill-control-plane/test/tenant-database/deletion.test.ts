// The end of a tenant, for every model: last backup, verified; export; deletion; key destroyed; nothing left; certificate.

import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { databaseUrl, dropDatabase } from 'paybill/migrate'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import {
  loadRootKey,
  loadSigningKey,
  tenantKeyCreate,
  tenantKeyDestroy,
  tenantKeyFetch,
  tenantKeyFind,
} from '../../src/secret/index.ts'
import {
  backupRead,
  backupVerify,
  backupWrite,
  bridgeCreate,
  bridgeDrop,
  certificateSign,
  certificateVerify,
  type DatabasePlace,
  exportWrite,
  pooledCreate,
  pooledRetire,
  residueScan,
  siloDatabasePlace,
  siloDestroy,
  siloStart,
  tenantCount,
} from '../../src/tenant-database/index.ts'
import { memoryStore } from '../secret/scratch.ts'
import { newFolder, removeFolder } from './server.ts'
import { application, newName, secret, seedTenant } from './shop.ts'

const serverUrl = inject('serverUrl')
const cell = { serverUrl, name: `cell_${randomBytes(6).toString('hex')}` }
const folder = newFolder()
const silos = join(folder, 'silos')
const made: string[] = []

beforeAll(async () => {
  mkdirSync(silos, { mode: 0o755 })
  await pooledCreate({ ...cell, application, operation: 'op_cell', secret })
})
afterAll(async () => {
  await dropDatabase(cell)
  await removeFolder(silos, made)
  rmSync(folder, { recursive: true, force: true })
})

type Model = {
  readonly make: (name: string, operation: string) => Promise<DatabasePlace>
  readonly end: (name: string, tenant: string) => Promise<unknown>
}

const models: Readonly<Record<'pooled' | 'bridge' | 'silo', Model>> = {
  pooled: { make: async () => cell, end: (_, tenant) => pooledRetire({ ...cell, application, tenant }) },
  bridge: {
    make: async (name, operation) => {
      await bridgeCreate({ serverUrl, name, operation, application, secret, connectionLimit: 4 })
      return { serverUrl, name }
    },
    end: (name) => bridgeDrop({ serverUrl, name }),
  },
  silo: {
    make: async (name, operation) => {
      await siloStart({ folder: silos, name, operation, application, secret, connectionLimit: 4 })
      return siloDatabasePlace({ folder: silos, name })
    },
    end: (name) => siloDestroy({ folder: silos, name }),
  },
}

test.each(['pooled', 'bridge', 'silo'] as const)(
  'a %s tenant ends with nothing left, a backup that nobody can read, and a certificate',
  async (isolation) => {
    const tenant = `ten_${randomBytes(6).toString('hex')}`
    const [name, operation] = [newName(), `op_${tenant}`]
    made.push(name)
    const owner = { organization: 'org_1', tenant }
    const keys = { root: await loadRootKey(join(folder, 'root-key')), store: memoryStore() }
    const signing = await loadSigningKey(join(folder, 'signing-key'))
    await tenantKeyCreate(keys, owner)
    const key = await tenantKeyFetch(keys, owner)
    const place = { ...(await models[isolation].make(name, operation)), application, tenant }
    await seedTenant(databaseUrl(place), tenant, 10)
    const places = { serverUrls: [serverUrl], pooled: [cell], siloFolders: [silos], folders: [silos] }
    const scan = () => residueScan({ owner, names: [name], operations: [operation], ...places, keys })
    expect(await scan()).not.toEqual([])

    const rows = await tenantCount(place)
    const copy = { file: join(folder, `backup-${isolation}`), id: `bk_${isolation}`, key }
    const backup = await backupWrite({ ...place, ...copy })
    await backupVerify({ serverUrl, application, tenant, ...copy })
    await exportWrite({ ...place, folder: join(folder, `export-${isolation}`) })
    await models[isolation].end(name, tenant)
    await tenantKeyDestroy(keys, owner)

    const residue = await scan()
    const text = certificateSign(
      {
        ...owner,
        operation,
        isolation,
        rows,
        databases: isolation === 'bridge' ? [name] : [],
        servers: isolation === 'silo' ? [name] : [],
        backup: { id: backup.id, sha256: backup.sha256 },
        isKeyDestroyed: !(await tenantKeyFind(keys, owner)),
        residue,
        at: new Date('2026-03-01T12:00:00Z'),
      },
      signing,
    )
    expect(certificateVerify(text, new Map([[signing.keyId, signing.publicKey]]))).toMatchObject({
      tenant,
      rows: { order: 10 },
      residue: 0,
    })
    // Whoever comes now has another key, if any.
    await tenantKeyCreate(keys, owner)
    await expect(backupRead({ ...copy, key: await tenantKeyFetch(keys, owner) })).rejects.toMatchObject({ code: 'SEAL_INVALID' })
  },
)
