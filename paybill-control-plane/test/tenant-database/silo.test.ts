import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from 'paybill/database'
import { serverProcesses } from 'paybill/embedded'
import { applicationUrl, databaseUrl } from 'paybill/migrate'
import { afterAll, expect, test } from 'vitest'
import {
  pooledRetire,
  siloDatabasePlace,
  siloDestroy,
  siloFind,
  siloStart,
  siloStop,
  tenantCount,
} from '../../src/tenant-database/index.ts'
import { asAdmin, newFolder, removeFolder } from './server.ts'
import { application, newName, secret, seedTenant, shop, shopRules } from './shop.ts'
import { spawnTask } from './task.ts'

const folder = newFolder()
const made: string[] = []
const rest = { application, secret, connectionLimit: 4, operation: 'op_1' }

function place(): { readonly folder: string; readonly name: string } {
  const name = newName()
  made.push(name)
  return { folder, name }
}

afterAll(() => removeFolder(folder, made))

test('a server is started, found with its operation, used through its socket, stopped with its rows kept, and started again', async () => {
  const own = place()
  expect(await siloFind(own)).toEqual({ status: 'absent' })
  const started = await siloStart({ ...own, ...rest })
  expect(started).toEqual({ status: 'running', operation: 'op_1', pid: expect.any(Number) })
  expect(await siloFind(own)).toEqual(started)
  const there = await siloDatabasePlace(own)
  expect(
    await asAdmin(
      there.serverUrl,
      `select current_setting('cluster_name') as name, current_setting('listen_addresses') as listens, inet_server_port() as port`,
    ),
  ).toEqual([{ name: 'paybill op_1', listens: '', port: null }])
  const url = applicationUrl({ ...there, secret })
  const database = await openDatabase({ url, schema: shop, rules: shopRules })
  const { customer } = database.session({
    principal: { id: 'a', tenant: 'ten_1', roles: ['clerk'], claims: {} },
    purpose: 'test',
  })
  await customer.insert({ name: 'first' })
  await database.close()

  await siloStop(own)
  await siloStop(own)
  expect(await siloFind(own)).toEqual({ status: 'stopped' })
  await expect(asAdmin(url, 'select 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/)
  await expect(siloDatabasePlace(own)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' })

  const again = await siloStart({ ...own, ...rest, operation: 'op_2' })
  expect(again.operation).toBe('op_1')
  expect(await asAdmin(databaseUrl(await siloDatabasePlace(own)), 'select name from customer')).toEqual([{ name: 'first' }])
})

test('a destroyed server leaves no process, folder or socket, and its neighbour lives', async () => {
  const [own, neighbour] = [place(), place()]
  await siloStart({ ...own, ...rest })
  const alive = await siloStart({ ...neighbour, ...rest })
  await siloDestroy(own)
  await siloDestroy(own)
  expect(await siloFind(own)).toEqual({ status: 'absent' })
  expect(readdirSync(folder).filter((name) => name.includes(own.name))).toEqual([])
  expect(serverProcesses().filter(({ dataFolder }) => dataFolder.includes(own.name))).toEqual([])
  expect(await siloFind(neighbour)).toEqual(alive)
  expect(existsSync(join(folder, neighbour.name))).toBe(true)
})

test('a server outlives the kill -9 of its starter and is adopted with its process and rows', async () => {
  const own = place()
  const starter = spawnTask('siloStart', { ...own, operation: 'op_1', connectionLimit: 4 })
  const { pid } = await starter.answer<{ pid: number }>()
  await starter.kill()
  await seedTenant(databaseUrl(await siloDatabasePlace(own)), 'ten_1', 3)
  expect(await siloStart({ ...own, ...rest })).toMatchObject({ status: 'running', operation: 'op_1', pid })
  expect(await tenantCount({ ...(await siloDatabasePlace(own)), application, tenant: 'ten_1' })).toMatchObject({ order: 3 })
})

test('rows are deleted from a server of its own too', async () => {
  const own = place()
  await siloStart({ ...own, ...rest })
  const there = { ...(await siloDatabasePlace(own)), application, tenant: 'ten_1' }
  await seedTenant(databaseUrl(there), 'ten_1', 3)
  await pooledRetire(there)
  expect(await tenantCount(there)).toEqual({})
})

test('a name that is no server of a tenant is refused', async () => {
  for (const name of ['..', '', 'x', '.locks']) {
    await expect(siloDestroy({ folder, name })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
    await expect(siloStart({ folder, name, ...rest })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  }
})

test('a process that names the folder and is no server is left alone', async () => {
  const own = place()
  const { pid } = await siloStart({ ...own, ...rest })
  const words = ['-e', 'setInterval(() => {}, 1_000_000)', '--', '-D', join(folder, own.name, 'postgres-18', 'data')]
  const bystander = spawn(process.execPath, words, { stdio: 'ignore' })
  await siloStop(own)
  expect(bystander.exitCode).toBeNull()
  bystander.kill('SIGKILL')
  expect(serverProcesses().some((process) => process.pid === pid)).toBe(false)
})
