// The life of one embedded server: first start, use, second start, shutdown.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { canReach, serverAccount } from '../../src/embedded/account.ts'
import { pidFilePath } from '../../src/embedded/running-server.ts'
import { asRoot, endServer, homeOf, kill, query, scratchFolder, serverPid, spawnStarter, start } from './scratch.ts'

test('a first start gives a server whose user may create databases and roles', async () => {
  const folder = scratchFolder()
  const database = await start(folder)
  expect(database.reused).toBe(false)
  expect(database.dataFolder).toBe(join(folder, 'postgres-18', 'data'))
  await query(database.url, 'create database made')
  await query(database.url, 'create role made')
  expect(database.lines).toEqual([
    expect.stringMatching(/^starting PostgreSQL 18\.\d+ …$/),
    expect.stringMatching(/^PostgreSQL 18\.\d+ ready on 127\.0\.0\.1:\d+ \(\d+\.\d s\)$/),
  ])
})

test('the server is durable, listens on 127.0.0.1 alone and lets nobody in without the password', async () => {
  const database = await start(scratchFolder())
  const settings = await query<{ name: string; setting: string }>(
    database.url,
    `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit',
       'listen_addresses', 'unix_socket_directories', 'password_encryption', 'max_connections')`,
  )
  expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    max_connections: '200',
  })
  const [template] = await query(database.url, `select datlocprovider, datlocale from pg_database where datname = 'template1'`)
  expect(template).toEqual({ datlocprovider: 'b', datlocale: 'C.UTF-8' })
  const withoutPassword = new URL(database.url)
  withoutPassword.password = 'guessed'
  await expect(query(withoutPassword.href, 'select 1')).rejects.toThrow('password authentication failed')
})

test('the password lies in a file that nobody else can read', async () => {
  const folder = scratchFolder()
  const database = await start(folder)
  const { password } = await homeOf(folder)
  expect(statSync(password).mode & 0o777).toBe(0o600)
  expect(readFileSync(password, 'utf8')).toBe(new URL(database.url).password)
})

test('a stopped server keeps its rows and its password for the next start', async () => {
  const folder = scratchFolder()
  const first = await start(folder)
  await query(first.url, 'create table kept as select 7 as seven')
  expect(await first.stop()).toBe('stopped')
  expect(serverPid(await homeOf(folder))).toBeNull()
  const second = await start(folder)
  expect(second.reused).toBe(false)
  expect(await query(second.url, 'select seven from kept')).toEqual([{ seven: 7 }])
})

test('stop leaves the server running for another process that uses it, and the last one stops it', async () => {
  const folder = scratchFolder()
  const ours = await start(folder)
  const other = spawnStarter(folder)
  expect(await other.answer).toMatchObject({ reused: true, url: ours.url })
  expect(await ours.stop()).toBe('left running')
  expect(await query(ours.url, 'select 1 as one')).toEqual([{ one: 1 }])
  await kill(other)
  expect(await ours.stop()).toBe('stopped')
  expect(await ours.stop()).toBe('stopped')
})

test('a process that uses the server and forgets to stop it can still end', async () => {
  const folder = scratchFolder()
  const program = `import { startEmbeddedDatabase } from ${JSON.stringify(join(import.meta.dirname, '../../src/embedded/index.ts'))}
    await startEmbeddedDatabase({ folder: ${JSON.stringify(folder)} })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
  onTestFinished(() => kill(child))
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a server that outlived the kill -9 of its starter is found again', async () => {
  const folder = scratchFolder()
  const starter = spawnStarter(folder)
  const { url } = await starter.answer
  await kill(starter)
  const database = await start(folder)
  expect(database).toMatchObject({ reused: true, url })
  expect(database.lines).toEqual([expect.stringContaining('was running')])
  expect(await database.stop()).toBe('stopped')
})

test('rows that were committed survive the kill -9 of the server', async () => {
  const folder = scratchFolder()
  const home = await homeOf(folder)
  const before = await start(folder)
  await query(before.url, 'create table kept as select generate_series(1, 1000) as number')
  await endServer(home, 'SIGKILL')
  const after = await start(folder)
  expect(after.reused).toBe(false)
  expect(await query(after.url, 'select count(*)::int from kept')).toEqual([{ count: 1000 }])
  expect(await before.stop()).toBe('left running') // the one who lost its connection sees who came after it
})

test.each(['a process that has ended', 'a living process of another user', 'a living process of the same user'])(
  'a stale pid file that names %s does not hinder the start',
  async (named) => {
    const folder = scratchFolder()
    const home = await homeOf(folder)
    const first = await start(folder)
    await query(first.url, 'create table kept as select 7 as seven')
    const pidFile = readFileSync(pidFilePath(home), 'utf8')
    await first.stop()
    const account = named === 'a living process of the same user' ? serverAccount().switchTo : null
    const foreign = spawn('/bin/sleep', ['1000'], { ...account, stdio: 'ignore' })
    onTestFinished(() => kill(foreign))
    if (named === 'a process that has ended') await kill(foreign)
    writeFileSync(pidFilePath(home), pidFile.replace(/^\d+/, String(foreign.pid)))

    const second = await start(folder)
    expect(second.reused).toBe(false)
    expect(await query(second.url, 'select seven from kept')).toEqual([{ seven: 7 }])
    expect(foreign.exitCode).toBeNull()
  },
)

test('a stale pid file that names the server of another folder does not lead there', async () => {
  const [folder, elsewhere] = [scratchFolder(), scratchFolder()]
  const home = await homeOf(folder)
  const other = await start(elsewhere)
  await (await start(folder)).stop()
  writeFileSync(pidFilePath(home), readFileSync(pidFilePath(await homeOf(elsewhere))))
  const database = await start(folder)
  expect(database.url).not.toBe(other.url)
  expect(await query(database.url, 'show data_directory')).toEqual([{ data_directory: home.data }])
  expect(await query(other.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('two starts at the same moment create one database and use one server', async () => {
  const folder = scratchFolder()
  const answers = await Promise.all(
    [spawnStarter(folder), spawnStarter(folder), spawnStarter(folder)].map((child) => child.answer),
  )
  expect(new Set(answers.map(({ url }) => url)).size).toBe(1)
  expect(answers.filter(({ reused }) => !reused)).toHaveLength(1)
})

test('starts and stops of many processes at once never leave one of them without its server', async () => {
  const folder = scratchFolder()
  const answers = await Promise.all(Array.from({ length: 6 }, () => spawnStarter(folder, { afterwards: 'stop' }).answer))
  expect(answers.map(({ outcome }) => outcome)).toContain('stopped')
  expect(serverPid(await homeOf(folder))).toBeNull()
})

test('a start that was killed while the server came up is taken over', async () => {
  const folder = scratchFolder()
  const home = await homeOf(folder)
  await (await start(folder)).stop()
  const starter = spawnStarter(folder)
  starter.answer.catch(() => {}) // it is killed before it can answer
  const nextInLine = spawnStarter(folder)
  await expect.poll(() => existsSync(pidFilePath(home)), { interval: 1, timeout: 20_000 }).toBe(true)
  await kill(starter)
  const { url } = await nextInLine.answer
  expect(await query(url, 'show data_directory')).toEqual([{ data_directory: home.data }])
})

test('an initdb that was killed in the middle is done again', async () => {
  const folder = scratchFolder()
  const home = await homeOf(folder)
  const unfinished = () => readdirSync(home.path).filter((name) => name.startsWith('data.new-'))
  const starter = spawnStarter(folder)
  starter.answer.catch(() => {}) // it is killed before it can answer
  await expect.poll(unfinished, { interval: 1, timeout: 20_000 }).toHaveLength(1)
  await kill(starter)
  expect(existsSync(home.data)).toBe(false)

  const database = await start(folder)
  expect(await query(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
  // The killed starter's initdb may have written on for a moment; the start after this one clears that up.
  await database.stop()
  await start(folder)
  expect(unfinished()).toEqual([])
})

test.runIf(asRoot)('data of another account is refused with the way out', async () => {
  const folder = scratchFolder()
  const home = await homeOf(folder)
  await (await start(folder)).stop()
  chownSync(home.data, 1, 1)
  const refusal = start(folder)
  await expect(refusal).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' })
  await expect(refusal).rejects.toThrow(`\`${home.data}\` belongs to user 1`)
  chownSync(home.data, serverAccount().uid, 1)
})

const nobody = asRoot ? serverAccount() : null
const reachesThisCode =
  nobody !== null && [import.meta.dirname, dirname(process.execPath)].every((folder) => canReach(nobody, { folder }))
test.runIf(reachesThisCode)('an ordinary user starts the server as itself', async () => {
  const folder = scratchFolder()
  chownSync(folder, 1000, 1000)
  const starter = spawnStarter(folder, { uid: 1000, gid: 1000 })
  const { url, dataFolder } = await starter.answer
  expect(dataFolder).toBe(join(folder, 'postgres-18', 'data'))
  expect(statSync(dataFolder).uid).toBe(1000)
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
})
