import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { databaseUrl, dropDatabase, roleNames } from 'paybill/migrate'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type KeyRing, loadRootKey, tenantKeyCreate, tenantKeyDestroy } from '../../src/secret/index.ts'
import {
  bridgeCreate,
  bridgeDrop,
  pooledCreate,
  pooledRetire,
  type ResidueScan,
  residueScan,
  siloDestroy,
  siloStart,
  siloStop,
} from '../../src/tenant-database/index.ts'
import { memoryStore } from '../secret/scratch.ts'
import { asAdmin, newFolder, removeFolder } from './server.ts'
import { application, newName, secret, seedTenant } from './shop.ts'

const serverUrl = inject('serverUrl')
const suffix = randomBytes(6).toString('hex')
const tenant = `ten_${suffix}`
const name = newName()
const cell = { serverUrl, name: `cell_${suffix}`, application }
const url = databaseUrl(cell)
const folder = newFolder()
const [silos, files] = [join(folder, 'silos'), join(folder, 'files')]
const owner = { organization: 'org_1', tenant }
let keys: KeyRing
let scan: ResidueScan

beforeAll(async () => {
  for (const made of [silos, files]) mkdirSync(made, { mode: 0o755 })
  keys = { root: await loadRootKey(join(folder, 'root-key')), store: memoryStore() }
  scan = {
    owner,
    names: [name],
    operations: [`op_${suffix}`],
    serverUrls: [serverUrl],
    pooled: [cell],
    siloFolders: [silos],
    folders: [files],
    keys,
  }
  await pooledCreate({ ...cell, operation: 'op_cell', secret })
  await seedTenant(url, `${tenant}2`, 2) // whose id begins with that of the tenant
  mkdirSync(join(files, `${tenant}2`))
})

afterAll(async () => {
  await dropDatabase(cell)
  await removeFolder(folder, [])
  await removeFolder(silos, [name])
})

test('of a tenant that was never there, or whose neighbours are, nothing is found', async () => {
  expect(await residueScan(scan)).toEqual([])
})

const role = roleNames(name)
type Planted = { readonly plant: () => unknown; readonly remove: () => unknown; readonly finds: object }
const sql = (plant: string, remove: string, at: () => string = () => serverUrl) => ({
  plant: () => asAdmin(at(), plant),
  remove: () => asAdmin(at(), remove),
})

const planted: Readonly<Record<string, Planted>> = {
  'a database with a name of his': {
    ...sql(`create database ${name}`, `drop database ${name}`),
    finds: { kind: 'database', what: name },
  },
  'a database with his id in its name': {
    ...sql(`create database "old ${tenant}"`, `drop database "old ${tenant}"`),
    finds: { kind: 'database', what: `old ${tenant}` },
  },
  'a role of a database of his': {
    ...sql(`create role ${role.application}`, `drop role ${role.application}`),
    finds: { kind: 'role', what: role.application },
  },
  'a role that an operation of his made': {
    plant: async () => {
      await asAdmin(serverUrl, `create role other_${suffix}x`)
      await asAdmin(serverUrl, `comment on role other_${suffix}x is 'paybill op_${suffix}'`)
    },
    remove: () => asAdmin(serverUrl, `drop role other_${suffix}x`),
    finds: { kind: 'role', what: `other_${suffix}x` },
  },
  'a schema in a shared database': {
    ...sql(`create schema ${tenant}`, `drop schema ${tenant}`, () => url),
    finds: { kind: 'schema', where: cell.name, what: tenant },
  },
  'a row in a table of the application': {
    ...sql(
      `insert into customer (tenant, name) values ('${tenant}', 'x')`,
      `delete from customer where tenant = '${tenant}'`,
      () => url,
    ),
    finds: { kind: 'rows', where: cell.name, what: '1 of public.customer' },
  },
  'a row in a journal': {
    ...sql(
      `insert into paybill.budget values ('${tenant}', 'k', now(), 1)`,
      `delete from paybill.budget where tenant = '${tenant}'`,
      () => url,
    ),
    finds: { kind: 'rows', what: '1 of paybill.budget' },
  },
  'a row in a table that nobody declared': {
    plant: async () => {
      await asAdmin(url, `create table copies as select '${tenant}'::text as tenant`)
      await asAdmin(url, 'grant select on copies to public')
    },
    remove: () => asAdmin(url, 'drop table copies'),
    finds: { kind: 'rows', what: '1 of public.copies' },
  },
  'a folder of a server that was not removed whole': {
    plant: () => mkdirSync(join(silos, `${name}.removed`)),
    remove: () => rmSync(join(silos, `${name}.removed`), { recursive: true }),
    finds: { kind: 'folder', where: join(silos, `${name}.removed`) },
  },
  'a file of a backup': {
    plant: () => {
      mkdirSync(join(files, 'a', 'b'), { recursive: true })
      writeFileSync(join(files, 'a', 'b', `backup-${tenant}.part`), '')
    },
    remove: () => rmSync(join(files, 'a'), { recursive: true }),
    finds: { kind: 'folder', where: join(files, 'a', 'b', `backup-${tenant}.part`) },
  },
  'a key': {
    plant: () => tenantKeyCreate(keys, owner),
    remove: () => tenantKeyDestroy(keys, owner),
    finds: { kind: 'key', what: tenant },
  },
}

test.each(Object.entries(planted))('%s is found, and nothing else', async (_, { plant, remove, finds }) => {
  await plant()
  try {
    expect(await residueScan(scan)).toEqual([expect.objectContaining(finds)])
  } finally {
    await remove()
  }
  expect(await residueScan(scan)).toEqual([])
})

test('a socket on which somebody listens for him is found, also where its folder is gone', async () => {
  const path = join(files, `${name}.sock`)
  const listening = createServer().listen(path)
  await once(listening, 'listening')
  try {
    expect((await residueScan(scan)).map(({ kind }) => kind).toSorted()).toEqual(
      process.platform === 'linux' ? ['folder', 'socket'] : ['folder'],
    )
  } finally {
    listening.close()
    await once(listening, 'close')
  }
})

test('a server of his own is found as process, folder and socket while it runs, and as folder when it is stopped', async () => {
  const own = { folder: silos, name }
  await siloStart({ ...own, application, secret, connectionLimit: 2, operation: `op_${suffix}` })
  const kinds = async () => [...new Set((await residueScan(scan)).map(({ kind }) => kind))].toSorted()
  expect(await kinds()).toEqual(process.platform === 'linux' ? ['folder', 'process', 'socket'] : ['folder', 'process'])
  await siloStop(own)
  expect(await kinds()).toEqual(['folder'])
  await siloDestroy(own)
  expect(await residueScan(scan)).toEqual([])
})

test('after everything was made for a tenant and taken away again, nothing is found', async () => {
  const own = { serverUrl, name }
  await tenantKeyCreate(keys, owner)
  await bridgeCreate({ ...own, application, secret, connectionLimit: 2, operation: `op_${suffix}` })
  await seedTenant(url, tenant, 3)
  expect((await residueScan(scan)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['database', 'role', 'rows', 'key']))
  await pooledRetire({ ...cell, tenant })
  await bridgeDrop(own)
  await tenantKeyDestroy(keys, owner)
  expect(await residueScan(scan)).toEqual([])
})

test('a place that cannot be looked at is an error, not an empty list', async () => {
  const gone = { ...cell, name: `gone_${suffix}` }
  await expect(residueScan({ ...scan, pooled: [gone] })).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  await expect(residueScan({ ...scan, serverUrls: ['postgres://u:p@127.0.0.1:1/x'] })).rejects.toMatchObject({
    code: 'DATABASE_UNREACHABLE',
  })
})
