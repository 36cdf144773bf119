// Three companies, one for each way to live. What their operations make is counted in the catalogs of the servers, in the
// process table and on the disk, by nobody who took part.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openDatabase } from 'paybill/database'
import { serverProcesses } from 'paybill/embedded'
import { PaybillError } from 'paybill/lib'
import { dropDatabase, roleNames } from 'paybill/migrate'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { localCellsPrepare, localDatabaseUrl, localPlaces, type LocalProvider } from '../../src/local/index.ts'
import { isolations } from '../../src/placement/cell.ts'
import { loadRootKey, loadSigningKey, type SigningKey, tenantKeyCreate, tenantKeyDestroy } from '../../src/secret/index.ts'
import { certificateVerify } from '../../src/tenant-database/index.ts'
import { findTerraform, type TerraformBinary } from '../../src/terraform/index.ts'
import { type OpenPlane, openPlaneDatabase, type PlaneDatabase } from '../control-plane/plane.ts'
import { asAdmin, newFolder, removeFolder } from '../tenant-database/server.ts'
import { application, shop, shopRules } from '../tenant-database/shop.ts'

type Isolation = (typeof isolations)[number]

const serverUrl = inject('serverUrl')
const pooledDatabase = `pool_${process.pid}`
const silosFolder = newFolder()
const keysFolder = newFolder()
const plans = { pooled: 'starter', bridge: 'business', silo: 'enterprise' } as const

let shared: PlaneDatabase
let provider: LocalProvider
let signing: SigningKey
let terraform: TerraformBinary | null
let open: OpenPlane

beforeAll(async () => {
  shared = await openPlaneDatabase()
  const root = await loadRootKey(join(keysFolder, 'root-key'))
  signing = await loadSigningKey(join(keysFolder, 'signing-key'))
  terraform = await findTerraform(process.env)
  open = await shared.open({
    real: (organization, { store, control }) => {
      const cell = { serverUrl, pooledDatabase }
      provider = {
        organization,
        application,
        cells: { 'eu-1': cell, 'eu-2': cell },
        silosFolder,
        backupsFolder: join(keysFolder, 'backups'),
        namesKey: root.secret('database names'),
        secret: root.secret('database roles'),
        keys: { root, store },
        signing,
        connectionLimit: 5,
        terraform: {
          get binary() {
            return terraform
          },
          store: control,
          folder: join(keysFolder, 'terraform'),
        },
        now: () => new Date(),
      }
      return {
        places: localPlaces(provider),
        keys: {
          create: (of, tenant) => tenantKeyCreate({ root, store: of }, { organization, tenant }),
          destroy: (of, tenant) => tenantKeyDestroy({ root, store: of }, { organization, tenant }),
        },
      }
    },
  })
  await localCellsPrepare(provider)
})

afterAll(async () => {
  await shared.close()
  await dropDatabase({ serverUrl, name: pooledDatabase })
  await removeFolder(silosFolder, silos())
  await removeFolder(keysFolder, [])
})

const silos = () => readdirSync(silosFolder).filter((name) => name !== '.locks')

/** Signs a company up, pays what is asked for first, and works until it is active. */
async function companyOf(isolation: Isolation) {
  const { plane, order } = open
  const { id } = await plane.signUp('olga', order({ plan: plans[isolation] }))
  const [request] = await plane.paymentRequestList('olga', id)
  if (request !== undefined) await plane.paymentRequestPaid('olga', request.id)
  await plane.settle()
  const tenant = await plane.tenantShow('olga', id)
  expect(tenant).toMatchObject({ phase: 'active', access: 'full', isolation })
  return { id, cell: tenant.place?.cell ?? '', name: tenant.place?.database ?? null }
}

type Company = Awaited<ReturnType<typeof companyOf>>

async function using<R>(
  { id, cell }: Company,
  isolation: Isolation,
  work: (database: Database<typeof shop>) => Promise<R>,
): Promise<R> {
  const url = await localDatabaseUrl(provider, { tenantId: id, isolation, cell })
  const database = await openDatabase({ url, schema: shop, rules: shopRules, maxConnections: 2 })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** What somebody is told who connects as the application of a tenant. */
async function connecting(where: { readonly tenantId: string; readonly isolation: Isolation; readonly cell: string }) {
  try {
    const url = await localDatabaseUrl(provider, where)
    await (await openDatabase({ url, schema: shop, rules: shopRules })).close()
    return 'let in'
  } catch (error) {
    return error instanceof PaybillError ? error.code : error
  }
}

const clerkOf = (tenant: string) => ({ principal: { id: 'clerk', tenant, roles: ['clerk'], claims: {} }, purpose: 'test' })

/** What servers, processes and disk hold of a company. */
async function leftOf({ id, name }: Company) {
  const { owner, application: role } = roleNames(name ?? 'none')
  const rows = (table: string) => asAdmin(databaseUrlOfPool(), `select from ${table} where tenant = '${id}'`)
  return {
    databases: (await asAdmin(serverUrl, `select from pg_database where datname = '${name ?? ''}'`)).length,
    roles: (await asAdmin(serverUrl, `select from pg_roles where rolname in ('${owner}', '${role}')`)).length,
    rows: (await rows('customer')).length + (await rows('paybill.run')).length,
    processes: serverProcesses().filter(({ dataFolder }) => dataFolder.includes(name ?? 'none')).length,
    folders: silos().filter((folder) => folder === name).length,
  }
}

function databaseUrlOfPool(): string {
  const url = new URL(serverUrl)
  url.pathname = `/${pooledDatabase}`
  return url.href
}

const nothing = { databases: 0, roles: 0, rows: 0, processes: 0, folders: 0 }
const standing: Readonly<Record<Isolation, typeof nothing>> = {
  pooled: { ...nothing, rows: 1 },
  bridge: { ...nothing, databases: 1, roles: 2 },
  silo: { ...nothing, processes: 1, folders: 1 },
}

test.each(isolations)(
  'a %s company works in the place of its plan, is kept out, let in again and taken away whole',
  async (isolation) => {
    const company = await companyOf(isolation)
    const address = { tenantId: company.id, isolation, cell: company.cell }
    await using(company, isolation, (database) => database.session(clerkOf(company.id)).customer.insert({ name: 'first' }))
    expect(await leftOf(company)).toEqual(standing[isolation])

    await open.plane.tenantSuspend('olga', company.id, 'operator')
    expect(await open.plane.tenantRoute('gate', company.id)).toMatchObject({ access: 'blocked' })
    await open.plane.settle()
    // In a pool the route is the wall: there is one role for all, and no tenant has a credential.
    expect(await connecting(address)).toBe(isolation === 'pooled' ? 'let in' : 'DATABASE_UNREACHABLE')

    await open.plane.tenantResume('olga', company.id, 'operator')
    await open.plane.settle()
    expect(await open.plane.tenantRoute('gate', company.id)).toMatchObject({ access: 'full' })
    expect(await using(company, isolation, (database) => database.session(clerkOf(company.id)).customer.count())).toBe(1)

    await open.plane.tenantDelete('olga', company.id)
    await open.plane.settle()
    expect(await open.plane.tenantShow('olga', company.id)).toMatchObject({ phase: 'deleted', place: null })
    expect(await leftOf(company)).toEqual(nothing)
    // Whoever asks gets what was signed, and can check it with the public key alone.
    const certificate = await open.plane.tenantCertificate('olga', company.id)
    expect(certificateVerify(certificate, new Map([[signing.keyId, signing.publicKey]]))).toMatchObject({
      tenant: company.id,
      isolation,
      rows: { customer: 1 },
      residue: 0,
      keyDestroyed: true,
    })
  },
)

test('the server of a silo company is made and removed by runs of Terraform, each of which kept its plan', async () => {
  const company = await companyOf('silo')
  const runs = await open.plane.tenantRuns('vera', company.id)
  // Where no Terraform is found there is no run, and the company lives in its place all the same.
  const made = { kind: 'apply', state: 'applied', planHash: expect.stringMatching(/^[0-9a-f]{64}$/) }
  expect(runs).toMatchObject(terraform === null ? [] : [made])
  expect(await leftOf(company)).toEqual(standing.silo)
  await open.plane.tenantDelete('olga', company.id)
  await open.plane.settle()
  expect((await open.plane.tenantRuns('vera', company.id)).slice(1)).toMatchObject(
    terraform === null ? [] : [{ ...made, kind: 'destroy' }],
  )
  expect(await leftOf(company)).toEqual(nothing)
})

test('companies side by side see their own rows and nobody else’s, and one that goes takes none of the others along', async () => {
  const companies = new Map<Isolation, Company>()
  const two = [await companyOf('pooled'), await companyOf('pooled')] as const
  for (const isolation of isolations) companies.set(isolation, isolation === 'pooled' ? two[0] : await companyOf(isolation))
  for (const [isolation, company] of [...companies, ['pooled', two[1]] as const])
    await using(company, isolation, (database) => database.session(clerkOf(company.id)).customer.insert({ name: 'own' }))
  await using(two[0], 'pooled', async (database) => {
    expect(await database.session(clerkOf(two[0].id)).customer.count()).toBe(1)
    expect(await database.session(clerkOf('ten_00000000000000000000')).customer.count()).toBe(0)
  })

  await open.plane.tenantDelete('olga', two[0].id)
  await open.plane.settle()
  expect(await leftOf(two[0])).toEqual(nothing)
  expect(await using(two[1], 'pooled', (database) => database.session(clerkOf(two[1].id)).customer.count())).toBe(1)
  for (const isolation of ['bridge', 'silo'] as const) {
    const company = companies.get(isolation) ?? two[1]
    expect(await using(company, isolation, (database) => database.session(clerkOf(company.id)).customer.count())).toBe(1)
    await open.plane.tenantDelete('olga', company.id)
  }
  await open.plane.tenantDelete('olga', two[1].id)
  await open.plane.settle()
  expect(await leftOf(two[1])).toEqual(nothing)
})

test('where no Terraform is found a silo company gets its server all the same', async () => {
  terraform = null
  const company = await companyOf('silo')
  expect(await open.plane.tenantRuns('vera', company.id)).toEqual([])
  expect(await leftOf(company)).toEqual(standing.silo)
  await open.plane.tenantDelete('olga', company.id)
  await open.plane.settle()
  expect(await leftOf(company)).toEqual(nothing)
})
