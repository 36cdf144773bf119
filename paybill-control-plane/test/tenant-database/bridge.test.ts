import { join } from 'node:path'
import { openDatabase } from 'paybill/database'
import { socketServerStart } from 'paybill/embedded'
import { applicationUrl, databaseUrl, prepareDatabase, roleNames } from 'paybill/migrate'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { bridgeCreate, bridgeDrop, bridgeFind, pooledCreate, tenantDatabaseName } from '../../src/tenant-database/index.ts'
import { asAdmin, newFolder, removeFolder } from './server.ts'
import { application, newName, secret, shop, shopRules } from './shop.ts'

const serverUrl = inject('serverUrl')
const made: string[] = []

function place(): { readonly serverUrl: string; readonly name: string } {
  const name = newName()
  made.push(name)
  return { serverUrl, name }
}

const rest = { application, secret, connectionLimit: 2, operation: 'op_1' }

afterAll(async () => {
  for (const name of made) await bridgeDrop({ serverUrl, name })
})

test('a created database is found with its operation and limit, can be used, and is created once', async () => {
  const own = place()
  expect(await bridgeFind(own)).toEqual({ status: 'absent' })
  const created = { status: 'present', operation: 'op_1', connectionLimit: 2 }
  expect(await bridgeCreate({ ...own, ...rest })).toEqual(created)
  expect(await bridgeCreate({ ...own, ...rest })).toEqual(created)
  expect(await bridgeFind(own)).toEqual(created)
  const database = await openDatabase({ url: applicationUrl({ ...own, secret }), schema: shop, rules: shopRules })
  const { customer } = database.session({
    principal: { id: 'a', tenant: 'ten_1', roles: ['clerk'], claims: {} },
    purpose: 'test',
  })
  await customer.insert({ name: 'first' })
  expect(await customer.count()).toBe(1)
  await database.close()
})

test('another operation is refused by a database that is there', async () => {
  const own = place()
  await bridgeCreate({ ...own, ...rest })
  await expect(bridgeCreate({ ...own, ...rest, operation: 'op_2' })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await bridgeFind(own)).toMatchObject({ operation: 'op_1' })
})

test('the role of one tenant can connect to its own database and to no other of ours', async () => {
  const [own, neighbour] = [place(), place()]
  await bridgeCreate({ ...own, ...rest })
  await bridgeCreate({ ...neighbour, ...rest })
  const url = applicationUrl({ ...own, secret })
  expect(await asAdmin(url, 'select 1 as one')).toEqual([{ one: 1 }])
  const there = new URL(url)
  there.pathname = `/${neighbour.name}`
  await expect(asAdmin(there.href, 'select 1')).rejects.toMatchObject({ code: '42501' })
  await expect(asAdmin(url, 'create temporary table mine (id int)')).rejects.toMatchObject({ code: '42501' })
})

test('more connections than the limit are refused', async () => {
  const own = place()
  await bridgeCreate({ ...own, ...rest })
  const url = applicationUrl({ ...own, secret })
  const results = await Promise.allSettled(Array.from({ length: 4 }, () => asAdmin(url, 'select pg_sleep(0.5)')))
  expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(2)
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
})

test('a dropped database is gone with its roles, whoever was connected, and its neighbour is there', async () => {
  const [own, neighbour] = [place(), place()]
  await bridgeCreate({ ...own, ...rest })
  await bridgeCreate({ ...neighbour, ...rest })
  const connected = asAdmin(applicationUrl({ ...own, secret }), 'select pg_sleep(1000)').catch(() => 'ended')
  await expect.poll(() => asAdmin(serverUrl, `select pid from pg_stat_activity where datname = '${own.name}'`)).toHaveLength(1)
  await bridgeDrop(own)
  await bridgeDrop(own)
  expect(await connected).toBe('ended')
  expect(await bridgeFind(own)).toEqual({ status: 'absent' })
  expect(
    await asAdmin(
      serverUrl,
      `select rolname from pg_roles where rolname in ('${Object.values(roleNames(own.name)).join("', '")}')`,
    ),
  ).toEqual([])
  expect(await bridgeFind(neighbour)).toMatchObject({ status: 'present' })
})

test('a database or a role alone is unfinished, and both creating and dropping finish it', async () => {
  for (const finish of ['create', 'drop'] as const)
    for (const half of ['role', 'database'] as const) {
      const own = place()
      await asAdmin(serverUrl, half === 'role' ? `create role ${roleNames(own.name).owner}` : `create database ${own.name}`)
      expect(await bridgeFind(own)).toEqual({ status: 'unfinished' })
      if (finish === 'create') await bridgeCreate({ ...own, ...rest })
      else await bridgeDrop(own)
      expect(await bridgeFind(own)).toMatchObject({ status: finish === 'create' ? 'present' : 'absent' })
    }
})

test('a name tells nothing of the tenant, fits everywhere, and comes for one generation only', () => {
  const of = { key: secret, organization: 'org_1', tenant: 'ten_1'.repeat(100), generation: 'op_1' }
  const name = tenantDatabaseName(of)
  expect(name).toMatch(/^paybill_t_[0-9a-f]{32}$/)
  expect(tenantDatabaseName({ ...of })).toBe(name)
  const others = [
    { ...of, generation: 'op_2' },
    { ...of, organization: 'org_2' },
    { ...of, tenant: 'ten_1' },
    { ...of, key: new Uint8Array(32) },
    { ...of, organization: 'org_1ten_1', tenant: 'ten_1'.repeat(99) },
  ].map(tenantDatabaseName)
  expect(new Set([name, ...others]).size).toBe(6)
})

test('a name that is no tenant database is refused before anything is dropped or made', async () => {
  for (const name of ['postgres', 'cell_1', 'paybill_t_1', `paybill_t_${'0'.repeat(31)}G`]) {
    await expect(bridgeDrop({ serverUrl, name })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
    await expect(bridgeCreate({ serverUrl, name, ...rest })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  }
  await expect(bridgeCreate({ ...place(), ...rest, operation: `x' or` })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
})

test('no error says a password', async () => {
  const wrong = Object.assign(new URL(serverUrl), { password: 'hunter2' }).href
  const error: unknown = await bridgeCreate({ ...place(), serverUrl: wrong, ...rest }).catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2')
})

let folder = ''
let own = ''
beforeAll(async () => {
  folder = newFolder()
  own = (await socketServerStart({ folder: join(folder, 'server'), settings: { max_connections: 30 } })).url
})
afterAll(() => removeFolder(folder, ['server']))

test.each(['connect', 'temporary'])(
  'a server that lets PUBLIC %s to a database of ours is refused with its name',
  async (right) => {
    const neighbour = newName()
    await bridgeCreate({ serverUrl: own, name: neighbour, ...rest })
    await asAdmin(own, `grant ${right} on database ${neighbour} to public`)
    const refused = { code: 'DATABASE_OPEN_TO_ALL', message: expect.stringContaining(neighbour) }
    await expect(bridgeCreate({ serverUrl: own, name: newName(), ...rest })).rejects.toMatchObject(refused)
    await expect(pooledCreate({ serverUrl: own, name: 'cell_1', ...rest })).rejects.toMatchObject(refused)
    expect(await asAdmin(own, `select datname from pg_database where datname ~ '^(paybill_t_|cell)'`)).toEqual([
      { datname: neighbour },
    ])
    // Preparing it again closes it.
    await prepareDatabase({ serverUrl: own, name: neighbour, ...application, secret })
    await bridgeCreate({ serverUrl: own, name: neighbour, ...rest })
    await bridgeDrop({ serverUrl: own, name: neighbour })
  },
)

test('a database of somebody else is not ours to judge', async () => {
  await asAdmin(own, 'create database others')
  const name = newName()
  await bridgeCreate({ serverUrl: own, name, ...rest })
  expect(await asAdmin(databaseUrl({ serverUrl: own, name }), 'select 1 as one')).toEqual([{ one: 1 }])
})
