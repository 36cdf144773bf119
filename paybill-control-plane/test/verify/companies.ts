// Four companies that an operator signed up: two in a pool, one with a database and one with a server of its own. And
// somebody of another organization, who asks for them.

import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { acl } from 'paybill/acl'
import { databaseUrl, dropDatabase } from 'paybill/migrate'
import { inject } from 'vitest'
import { localCellsPrepare, localDatabasePlace, localPlaces, type LocalProvider } from '../../src/local/index.ts'
import { loadRootKey, loadSigningKey, tenantKeyCreate, tenantKeyDestroy } from '../../src/secret/index.ts'
import type { Application } from '../../src/tenant-database/index.ts'
import type { Attacker } from '../../src/verify/index.ts'
import { openPlaneDatabase } from '../control-plane/plane.ts'
import { asAdmin, newFolder, removeFolder } from '../tenant-database/server.ts'
import { application as shopApplication, seedTenant, shop } from '../tenant-database/shop.ts'

/** The shop with a clerk who may do everything, so that no rule of a role stands before the wall between tenants. */
export const application: Application = {
  ...shopApplication,
  rules: acl(shop, {
    roles: ['clerk'],
    rules: ({ allow }) =>
      (['customer', 'order', 'line'] as const).flatMap((table) => [
        allow('clerk').read(table),
        allow('clerk').create(table),
        allow('clerk').update(table),
        allow('clerk').delete(table),
      ]),
  }),
}

export const secret = new Uint8Array(32).fill(6)

export type Companies = Readonly<Record<'pooled' | 'neighbour' | 'bridge' | 'silo', Attacker>>

const plans = { pooled: 'starter', neighbour: 'starter', bridge: 'business', silo: 'enterprise' } as const
const isolations = { pooled: 'pooled', neighbour: 'pooled', bridge: 'bridge', silo: 'silo' } as const

export async function openCompanies(): Promise<{ readonly companies: Companies; close(): Promise<void> }> {
  const serverUrl = inject('serverUrl')
  const pooledDatabase = `pool_${process.pid}_${randomUUID().slice(0, 8)}`
  const silosFolder = newFolder()
  const keysFolder = newFolder()
  const root = await loadRootKey(join(keysFolder, 'root-key'))
  const signing = await loadSigningKey(join(keysFolder, 'signing-key'))
  const shared = await openPlaneDatabase()
  const opened: LocalProvider[] = []
  const { plane, order } = await shared.open({
    real: (organization, { store, control }) => {
      const cell = { serverUrl, pooledDatabase }
      const made: LocalProvider = {
        organization,
        application,
        cells: { 'eu-1': cell, 'eu-2': cell },
        silosFolder,
        backupsFolder: join(keysFolder, 'backups'),
        namesKey: new Uint8Array(32).fill(5),
        secret,
        keys: { root, store },
        signing,
        connectionLimit: 6,
        terraform: { binary: null, store: control, folder: join(keysFolder, 'terraform') },
        now: () => new Date(),
      }
      opened.push(made)
      return {
        places: localPlaces(made),
        keys: {
          create: (of, tenant) => tenantKeyCreate({ root, store: of }, { organization, tenant }),
          destroy: (of, tenant) => tenantKeyDestroy({ root, store: of }, { organization, tenant }),
        },
      }
    },
  })
  const stranger = await shared.open()
  const [provider] = opened
  if (provider === undefined) throw new Error('the control plane was given its places')
  await localCellsPrepare(provider)

  const calls = {
    tenantShow: (id: string) => stranger.plane.tenantShow('olga', id),
    tenantRoute: (id: string) => stranger.plane.tenantRoute('gate', id),
    tenantExplain: (id: string) => stranger.plane.tenantExplain('vera', id),
    tenantPreview: (id: string) => stranger.plane.tenantPreview('vera', id, new Date('2030-01-01T00:00:00Z')),
    tenantSuspend: (id: string) => stranger.plane.tenantSuspend('olga', id, 'operator'),
    tenantResume: (id: string) => stranger.plane.tenantResume('olga', id, 'operator'),
    tenantDelete: (id: string) => stranger.plane.tenantDelete('olga', id),
    paymentRequestList: (id: string) => stranger.plane.paymentRequestList('olga', id),
    paymentRequestPaid: (id: string) => stranger.plane.paymentRequestPaid('olga', id),
    tenantRuns: (id: string) => stranger.plane.tenantRuns('olga', id),
    tenantCertificate: (id: string) => stranger.plane.tenantCertificate('olga', id),
    tenantList: (id: string) => stranger.plane.tenantList('olga', { after: id, limit: 10 }),
  }
  const companyOf = async (kind: keyof Companies): Promise<Attacker> => {
    const customer = { name: `Fjord ${kind} ${randomUUID()}`, email: `${randomUUID()}@fjord.example` }
    const { id, name } = await plane.signUp('olga', order({ plan: plans[kind], customer }))
    for (const request of await plane.paymentRequestList('olga', id)) await plane.paymentRequestPaid('olga', request.id)
    await plane.settle()
    const tenant = await plane.tenantShow('olga', id)
    const isolation = isolations[kind]
    const place = await localDatabasePlace(provider, { tenantId: id, isolation, cell: tenant.place?.cell ?? '' })
    await seedTenant(databaseUrl(place), id, 3)
    await asAdmin(
      databaseUrl(place),
      `update paybill.payload set body = '{"of":"${randomUUID()}"}' where run_id in (select id from paybill.run where tenant = '${id}')`,
    )
    await asAdmin(databaseUrl(place), `update paybill.run set key = 'run/${randomUUID()}' where tenant = '${id}'`)
    await asAdmin(databaseUrl(place), `update customer set name = 'customer ' || id where tenant = '${id}'`)
    return { id, isolation, place, calls, names: [name, customer.name, customer.email] }
  }
  const companies = {
    pooled: await companyOf('pooled'),
    neighbour: await companyOf('neighbour'),
    bridge: await companyOf('bridge'),
    silo: await companyOf('silo'),
  }
  return {
    companies,
    close: async () => {
      for (const { id } of Object.values(companies)) await plane.tenantDelete('olga', id)
      await plane.settle()
      await shared.close()
      await dropDatabase({ serverUrl, name: pooledDatabase })
      await removeFolder(
        silosFolder,
        readdirSync(silosFolder).filter((name) => name !== '.locks'),
      )
      await removeFolder(keysFolder, [])
    },
  }
}
