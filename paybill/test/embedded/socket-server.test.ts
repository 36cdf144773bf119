// Servers that are reached through a socket alone and belong to their folder.

import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { acl } from '../../src/acl/index.ts'
import { openDatabase } from '../../src/database/index.ts'
import {
  serverProcesses,
  type SocketServerOptions,
  socketServerFind,
  socketServerRemove,
  socketServerStart,
  socketServerStop,
} from '../../src/embedded/index.ts'
import { folderOutside } from '../../src/embedded/home.ts'
import { prepareDatabase } from '../../src/migrate/index.ts'
import { schema, t, table } from '../../src/schema/index.ts'
import { kill, query } from './scratch.ts'

const small = { shared_buffers: '8MB', max_connections: 12 }

/** A folder for servers that every account can reach. The servers named are gone when the test has finished. */
function serversFolder(...names: readonly string[]): string {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'paybill-sockets-')))
  chmodSync(parent, 0o755)
  onTestFinished(async () => {
    for (const name of names) await socketServerRemove(join(parent, name))
    rmSync(parent, { recursive: true, force: true })
  })
  return parent
}

function startIn(folder: string, more: Partial<SocketServerOptions> = {}): ReturnType<typeof socketServerStart> {
  return socketServerStart({ folder, settings: small, environment: {}, ...more })
}

test('a server is reached through its socket alone, with the settings that it was given', async () => {
  const folder = join(serversFolder('one'), 'one')
  const server = await startIn(folder)
  const settings = await query<{ name: string; setting: string }>(
    server.url,
    `select name, setting from pg_settings where name in ('listen_addresses', 'fsync', 'max_connections', 'shared_buffers', 'unix_socket_directories')`,
  )
  const socket = join(folder, 'postgres-18', 'socket')
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    listen_addresses: '',
    max_connections: '12',
    shared_buffers: '1024',
    unix_socket_directories: socket,
  })
  expect(statSync(socket).mode & 0o777).toBe(0o700)
  const withoutPassword = new URL(server.url)
  withoutPassword.password = 'guessed'
  await expect(query(withoutPassword.href, 'select 1')).rejects.toThrow('password authentication failed')
})

test('a database is prepared and opened through a socket', async () => {
  const server = await startIn(join(serversFolder('one'), 'one'))
  const notes = schema({ note: table({ tenant: t.tenant(), id: t.uuid().defaultRandom() }, { primaryKey: ['tenant', 'id'] }) })
  const rules = acl(notes, {
    roles: ['clerk'],
    rules: ({ allow }) => [allow('clerk').create('note'), allow('clerk').read('note')],
  })
  const prepared = { serverUrl: server.url, name: 'notes', schema: notes, rules, secret: new Uint8Array(32) }
  const { url } = await prepareDatabase(prepared)
  const database = await openDatabase({ url, schema: notes, rules })
  const { note } = database.session({ principal: { id: 'a', tenant: 'one', roles: ['clerk'], claims: {} }, purpose: 'test' })
  await note.insert({})
  expect(await note.count()).toBe(1)
  await database.close()
})

test('a server outlives the kill -9 of who started it and is found again, once', async () => {
  const folder = join(serversFolder('one'), 'one')
  const program = `import { socketServerStart } from ${JSON.stringify(join(import.meta.dirname, '../../src/embedded/index.ts'))}
    const { pid } = await socketServerStart({ folder: ${JSON.stringify(folder)} })
    console.log(pid)
    setInterval(() => {}, 1_000_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [pid] = await Array.fromAsync(firstLine(child.stdout))
  await kill(child)
  expect(await startIn(folder)).toMatchObject({ pid: Number(pid), reused: true })
  expect(await socketServerFind(folder)).toMatchObject({ status: 'running', pid: Number(pid) })
})

async function* firstLine(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface(stream)) {
    yield line
    return
  }
}

test('a stopped server lets nobody in and keeps its rows for the next start', async () => {
  const folder = join(serversFolder('one'), 'one')
  const { url } = await startIn(folder)
  await query(url, 'create table kept as select 7 as seven')
  const busy = query(url, 'select pg_sleep(1000)').catch(() => 'ended')
  await socketServerStop(folder)
  await socketServerStop(folder)
  expect(await busy).toBe('ended')
  expect(await socketServerFind(folder)).toEqual({ status: 'stopped' })
  await expect(query(url, 'select 1')).rejects.toThrow(/ENOENT|ECONNREFUSED/)
  expect(await query((await startIn(folder)).url, 'select seven from kept')).toEqual([{ seven: 7 }])
})

test('a removed server leaves no process, folder or socket, and its neighbour lives', async () => {
  const parent = serversFolder('one', 'two')
  const [folder, neighbour] = [join(parent, 'one'), join(parent, 'two')]
  const [one, two] = [await startIn(folder), await startIn(neighbour)]
  expect(serverProcesses().map(({ dataFolder }) => dataFolder)).toEqual(expect.arrayContaining([one.dataFolder, two.dataFolder]))
  await socketServerRemove(folder)
  await socketServerRemove(folder)
  expect(await socketServerFind(folder)).toEqual({ status: 'absent' })
  expect(readdirSync(parent).toSorted()).toEqual(['.locks', 'two'])
  expect(serverProcesses().filter(({ dataFolder }) => dataFolder === one.dataFolder)).toEqual([])
  expect(await query(two.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('what a removal left that was killed is seen, is no server, and is removed by the next', async () => {
  const folder = join(serversFolder('one'), 'one')
  mkdirSync(`${folder}.removed`)
  writeFileSync(`${folder}.removed/part`, '')
  expect(await socketServerFind(folder)).toEqual({ status: 'unfinished' })
  await socketServerRemove(folder)
  expect(await socketServerFind(folder)).toEqual({ status: 'absent' })
  expect(existsSync(`${folder}.removed`)).toBe(false)
})

test('a path that is too long for a socket gets one elsewhere, which goes with the server', async () => {
  const name = 'a'.repeat(90)
  const folder = join(serversFolder(name), name)
  const server = await startIn(folder)
  const outside = folderOutside(folder)
  expect(decodeURIComponent(new URL(server.url).hostname)).toBe(join(outside, 'socket'))
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await socketServerRemove(folder)
  expect(existsSync(outside)).toBe(false)
})

test('with NODE_ENV=production a server is refused before anything is written', async () => {
  const folder = join(serversFolder(), 'one')
  await expect(startIn(folder, { environment: { NODE_ENV: 'production' } })).rejects.toMatchObject({
    code: 'DATABASE_PRODUCTION',
  })
  expect(existsSync(folder)).toBe(false)
})

test('three starts at the same moment give one server, and a server that was never made is absent', async () => {
  const folder = join(serversFolder('one'), 'one')
  expect(await socketServerFind(folder)).toEqual({ status: 'absent' })
  await socketServerStop(folder)
  const servers = await Promise.all([startIn(folder), startIn(folder), startIn(folder)])
  expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1)
  expect(servers.filter(({ reused }) => !reused)).toHaveLength(1)
})
