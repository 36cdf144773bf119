// The control plane of Bill Pay on this machine: its own database, two small cells on one server, keys in files, and the local
// provider. Everything is kept in one folder, so that a second start goes on where the first one ended.

import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Principal } from 'paybill/acl'
import { type Database, openDatabase } from 'paybill/database'
import { databaseServer } from 'paybill/embedded'
import { journalTables, loadKeys } from 'paybill/journal'
import { connectAsAdmin, prepareDatabase } from 'paybill/migrate'
import { controlRules, controlSchema, createControlPlane, type ControlPlane } from 'paybill-control-plane/control-plane'
import { createApi, createApiKeys, createIdempotency } from 'paybill-control-plane/http'
import { localCellsPrepare, localPlaces, type LocalProvider, localServersRestart } from 'paybill-control-plane/local'
import { loadRootKey, loadSigningKey, tenantKeyCreate, tenantKeyDestroy } from 'paybill-control-plane/secret'
import { keyStore } from 'paybill-control-plane/tenant'
import { findTerraform } from 'paybill-control-plane/terraform'
import { billPayRules } from '../app/rules.ts'
import { billPaySchema } from '../app/schema.ts'
import { offer } from './offer.ts'
import { type IsolationReport, verifyIsolationOfAll } from './verify-isolation.ts'

export type OpenControlPlane = {
  readonly plane: ControlPlane
  readonly api: ReturnType<typeof createApi>
  /** Makes a new API key for the operator, good for a day. */
  readonly operatorKey: () => Promise<string>
  /** Tries what tenants could learn of each other. */
  readonly verifyIsolation: () => Promise<IsolationReport>
  close(): Promise<void>
}

const organization = 'bill-pay'
const operator = 'operator'

/** Small, so that refusal and spill are soon seen. */
const cells = {
  'eu-1': { pooledTotal: 10, bridgeTotal: 2, siloTotal: 0 },
  'eu-2': { pooledTotal: 10, bridgeTotal: 10, siloTotal: 2 },
} as const

export async function openControlPlane(folder: string, onProgress: (line: string) => void): Promise<OpenControlPlane> {
  await mkdir(folder, { recursive: true })
  const keys = await loadKeys(join(folder, 'keys'))
  const root = await loadRootKey(join(folder, 'root-key'))
  const server = await databaseServer({ folder, onProgress })
  if (server.source === 'embedded') await closeMaintenanceDatabases(server.url)
  const control = {
    serverUrl: server.url,
    name: 'bill_pay_control',
    schema: controlSchema,
    rules: controlRules,
    statementLists: [{ name: 'journal', statements: journalTables }],
    secret: keys.secret('database role'),
  }
  const { url } = await prepareDatabase(control)
  const database = await openDatabase({ url, schema: controlSchema, rules: controlRules })
  await furnish(database)

  const system = database.session({ principal: person('reconciler', 'reconciler'), purpose: 'provider' })
  const provider: LocalProvider = {
    organization,
    application: { schema: billPaySchema, rules: billPayRules, statementLists: control.statementLists },
    cells: {
      'eu-1': { serverUrl: server.url, pooledDatabase: 'bill_pay_pool_eu_1' },
      'eu-2': { serverUrl: server.url, pooledDatabase: 'bill_pay_pool_eu_2' },
    },
    silosFolder: join(folder, 'silos'),
    backupsFolder: join(folder, 'backups'),
    namesKey: root.secret('database names'),
    secret: root.secret('database roles'),
    keys: { root, store: keyStore(system) },
    signing: await loadSigningKey(join(folder, 'signing-key')),
    connectionLimit: 10,
    terraform: { binary: await findTerraform(process.env), store: system, folder: join(folder, 'terraform') },
    now: () => new Date(),
  }
  await mkdir(provider.silosFolder, { recursive: true, mode: 0o755 })
  await localCellsPrepare(provider)
  const running = await system.tenant.findMany({ where: { isolation: 'silo', phase: 'active' }, select: ['id'] })
  const started = await localServersRestart(
    provider,
    running.map(({ id }) => id),
  )
  if (started > 0) onProgress(`${started} ${started === 1 ? 'server' : 'servers'} of tenants had ended, and run again`)

  const principal = async (id: string): Promise<Principal | null> => (id === operator ? person(operator, 'operator') : null)
  const plane = createControlPlane({
    organization,
    database,
    offer,
    principal,
    places: localPlaces(provider),
    keys: {
      create: (store, tenant) => tenantKeyCreate({ root, store }, { organization, tenant }),
      destroy: (store, tenant) => tenantKeyDestroy({ root, store }, { organization, tenant }),
    },
    invitationHash: (tenantId) => root.secret(`invitation of ${tenantId}`).toString('hex'),
    payloadKey: () => keys.payloadKey(organization),
    newId: (prefix) => `${prefix}_${randomBytes(10).toString('hex')}`,
    newOperationId: randomUUID,
    now: () => new Date(),
    leaseMs: 3_000,
  })
  const apiKeys = createApiKeys({ organization, database, principal, now: () => new Date() })
  const api = createApi({
    plane,
    keys: apiKeys,
    idempotency: createIdempotency({ organization, database, now: () => new Date() }),
    onError: (error, { id }) => onProgress(`request ${id}: ${String(error)}`),
  })
  return {
    plane,
    api,
    operatorKey: () => apiKeys.make(operator, { name: 'start', days: 1 }),
    verifyIsolation: () => verifyIsolationOfAll({ provider, tables: system }, onProgress),
    close: async () => {
      await api.close()
      await database.close()
      await server.stop()
    },
  }
}

function person(id: string, role: string): Principal {
  return { id, tenant: organization, roles: [role], claims: {} }
}

/**
 * PostgreSQL lets every role into these two. Nothing lies in them, but a tenant's role would hold connections and locks there
 * that no limit of its own database counts.
 */
async function closeMaintenanceDatabases(serverUrl: string): Promise<void> {
  const server = await connectAsAdmin(serverUrl)
  try {
    await server.query('revoke connect, temporary on database postgres, template1 from public')
  } finally {
    await server.close()
  }
}

/** The organization and its cells, made at the first start. */
async function furnish(database: Database<typeof controlSchema>): Promise<void> {
  const session = database.session({ principal: person(operator, 'operator'), purpose: 'first start' })
  if ((await session.organization.count()) === 0) await session.organization.insert({ name: 'Bill Pay', isSandbox: true })
  for (const [id, places] of Object.entries(cells))
    if ((await session.cell.count({ where: { id } })) === 0)
      await session.cell.insert({ id, region: 'eu', state: 'active', ...places })
}
