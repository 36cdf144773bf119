import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { auditSeal } from 'paybill/audit'
import { headsFile, loadKeys } from 'paybill/journal'
import { databaseUrl, dropDatabase } from 'paybill/migrate'
import { expect, inject, onTestFinished, test } from 'vitest'
import { localCellsPrepare } from '../../src/local/index.ts'
import { loadRootKey } from '../../src/secret/index.ts'
import { verifyAudit, verifyResidue } from '../../src/verify/index.ts'
import { openPlaneDatabase } from '../control-plane/plane.ts'
import { memoryStore, scratchFolder } from '../secret/scratch.ts'
import { asAdmin, newFolder, removeFolder } from '../tenant-database/server.ts'
import { application, seedTenant } from '../tenant-database/shop.ts'

test('what is left of a tenant is found in every place of the provider, and so are the controls', async () => {
  const serverUrl = inject('serverUrl')
  const pooledDatabase = `pool_residue_${randomBytes(4).toString('hex')}`
  const silosFolder = newFolder()
  const cell = { serverUrl, pooledDatabase }
  const provider = {
    organization: 'org_1',
    application,
    cells: { 'eu-1': cell, 'eu-2': cell },
    silosFolder,
    namesKey: new Uint8Array(32).fill(5),
    secret: new Uint8Array(32).fill(6),
    keys: { root: await loadRootKey(join(scratchFolder(), 'root-key')), store: memoryStore() },
  }
  await localCellsPrepare(provider)
  onTestFinished(async () => {
    await dropDatabase({ serverUrl, name: pooledDatabase })
    await removeFolder(silosFolder, [])
  })
  const tenantId = `ten_${randomBytes(10).toString('hex')}`
  const of = { provider, tenantId, operations: [] }
  const controls = { seeded: 3, found: 3, missed: [] }
  expect(await verifyResidue(of)).toEqual({ residue: [], controls })

  await seedTenant(databaseUrl({ serverUrl, name: pooledDatabase }), tenantId, 1)
  mkdirSync(join(silosFolder, tenantId))
  const { residue } = await verifyResidue(of)
  expect(new Set(residue.map(({ kind }) => kind))).toEqual(new Set(['rows', 'folder']))
})

test('the journal of the control database verifies with its controls, and a changed entry of it is found', async () => {
  const shared = await openPlaneDatabase()
  onTestFinished(() => shared.close())
  const { plane, order } = await shared.open()
  await plane.signUp('olga', order())
  await plane.settle()
  const folder = scratchFolder()
  const keys = await loadKeys(join(folder, 'keys'))
  const heads = headsFile(join(folder, 'heads.jsonl'))
  const using = { publicKey: keys.publicKey, heads, payloadKey: () => new Uint8Array(32).fill(2) }
  // A transaction that is writing anywhere on the server holds the sealer back.
  await expect
    .poll(
      async () => {
        await auditSeal(shared.database, { keys, heads })
        return (await verifyAudit(shared.database, using)).unsealed
      },
      { timeout: 30_000 },
    )
    .toBe(0)
  expect(await verifyAudit(shared.database, using)).toMatchObject({
    verified: true,
    findings: [],
    controls: { seeded: 5, found: 5, missed: [] },
  })
  await asAdmin(shared.adminUrl, `update paybill.entry set path = 'elsewhere' where number = 2`)
  const damaged = await verifyAudit(shared.database, using)
  expect(damaged.verified).toBe(false)
  expect(damaged.findings.map(({ kind }) => kind)).toContain('entry-changed')
})
