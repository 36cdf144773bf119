// Databases for tests: clones of a template that is built once, and what earlier runs left.

import { randomBytes } from 'node:crypto'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { dropLeftovers, prepareTemplate, temporaryDatabase } from '../../src/testing/index.ts'
import { kill, query } from './scratch.ts'

const serverUrl = inject('serverUrl')

test('a clone has the rows of its template, and two clones do not see each other', async () => {
  const template = await prepareTemplate({ serverUrl, name: templateName(), build: withOneRow })
  const [left, right] = await Promise.all([
    temporaryDatabase({ serverUrl, template }),
    temporaryDatabase({ serverUrl, template }),
  ])
  await query(left.url, 'insert into invoice values (2)')
  expect(await query(left.url, 'select number from invoice order by number')).toEqual([{ number: 1 }, { number: 2 }])
  expect(await query(right.url, 'select number from invoice')).toEqual([{ number: 1 }])
})

test('a database without a template is empty', async () => {
  const { url } = await temporaryDatabase({ serverUrl })
  expect(await query(url, `select 1 from pg_tables where schemaname = 'public'`)).toEqual([])
})

test('a template is built once, however many ask for it at the same time', async () => {
  const name = templateName()
  let built = 0
  const build = async (url: string) => {
    built++
    await withOneRow(url)
  }
  await Promise.all([1, 2, 3].map(() => prepareTemplate({ serverUrl, name, build })))
  await prepareTemplate({ serverUrl, name, build })
  expect(built).toBe(1)
})

test('a template whose build failed is built again from nothing', async () => {
  const name = templateName()
  const build = async (url: string) => {
    await withOneRow(url)
    throw new Error('build failed')
  }
  await expect(prepareTemplate({ serverUrl, name, build })).rejects.toThrow('build failed')
  await expect(prepareTemplate({ serverUrl, name, build: withOneRow })).resolves.toBe(name)
})

test('a connection that the build forgot to close does not keep the template from being cloned', async () => {
  const name = templateName()
  const build = async (url: string) => {
    const forgotten = new Client({ connectionString: url })
    forgotten.on('error', () => {}) // its connection is ended, which is what this test is about
    await forgotten.connect()
    await forgotten.query('create table invoice (number int)')
  }
  const template = await prepareTemplate({ serverUrl, name, build })
  const { url } = await temporaryDatabase({ serverUrl, template })
  expect(await query(url, 'select number from invoice')).toEqual([])
})

test('nobody can connect to a finished template and change it', async () => {
  const template = await prepareTemplate({ serverUrl, name: templateName(), build: withOneRow })
  const url = Object.assign(new URL(serverUrl), { pathname: `/${template}` })
  await expect(query(url.href, 'select 1')).rejects.toThrow('not currently accepting connections')
})

test('a dropped database is gone, also while somebody is connected to it', async () => {
  const { url, name, drop } = await temporaryDatabase({ serverUrl })
  const connected = new Client({ connectionString: url })
  connected.on('error', () => {}) // its connection is ended, which is what this test is about
  await connected.connect()
  await drop()
  expect(await exists(name)).toBe(false)
  await drop()
})

test('what a killed run left is dropped, and what a living run holds stays', async () => {
  const prefix = unique('run')
  const living = await temporaryDatabase({ serverUrl, prefix })
  const { child, name } = await otherRun(prefix)
  expect(await dropLeftovers({ serverUrl, prefix })).not.toContain(name)
  await kill(child)
  await expect.poll(() => dropLeftovers({ serverUrl, prefix }), { timeout: 20_000 }).toContain(name)
  expect(await exists(name)).toBe(false)
  expect(await exists(living.name)).toBe(true)
})

test('a database that somebody is connected to is no leftover', async () => {
  const prefix = unique('run')
  const { child, name, url } = await otherRun(prefix)
  const connected = new Client({ connectionString: url })
  await connected.connect()
  await kill(child)
  expect(await dropLeftovers({ serverUrl, prefix })).not.toContain(name)
  await connected.end()
  await expect.poll(() => dropLeftovers({ serverUrl, prefix }), { timeout: 20_000 }).toContain(name)
})

test('of the templates that nobody holds the newest stay, and one that somebody holds stays however old it is', async () => {
  const held = await prepareTemplate({ serverUrl, name: templateName(), build: withOneRow })
  const names = Array.from({ length: 12 }, templateName)
  const child = spawnRun(`
    for (const name of ${JSON.stringify(names)}) await testing.prepareTemplate({ serverUrl, name, build: async () => {} })
    process.send('ready')`)
  await once(child, 'message')
  await kill(child)
  const prefix = unique('run')
  const oldestIsThere = async () => {
    await dropLeftovers({ serverUrl, prefix })
    return exists(names[0] ?? '')
  }
  await expect.poll(oldestIsThere, { timeout: 20_000 }).toBe(false)
  expect(await exists(names.at(-1) ?? '')).toBe(true)
  expect(await exists(held)).toBe(true)
})

test('dropping leftovers touches only names of its own form', async () => {
  const prefix = unique('run')
  const similar = `${prefix}_invoices`
  await query(serverUrl, `create database ${similar}`)
  onTestFinished(async () => void (await query(serverUrl, `drop database ${similar}`)))
  await dropLeftovers({ serverUrl, prefix })
  expect(await exists(similar)).toBe(true)
})

test('a template that was not prepared is reported by its name', async () => {
  const refusal = temporaryDatabase({ serverUrl, template: 'never_prepared' })
  await expect(refusal).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(refusal).rejects.toThrow('`never_prepared`')
})

test.each(['', 'Invoices', '1st', 'a b', 'a"; drop database b; --', 'a'.repeat(64)])('the name `%s` is refused', async (name) => {
  const code = 'ARGUMENT_INVALID'
  await expect(temporaryDatabase({ serverUrl, prefix: name })).rejects.toMatchObject({ code })
  await expect(temporaryDatabase({ serverUrl, template: name })).rejects.toMatchObject({ code })
  await expect(prepareTemplate({ serverUrl, name, build: withOneRow })).rejects.toMatchObject({ code })
  await expect(dropLeftovers({ serverUrl, prefix: name })).rejects.toMatchObject({ code })
})

async function withOneRow(url: string): Promise<void> {
  await query(url, 'create table invoice as select 1 as number')
}

/** A template of the test's own, dropped when the test has finished. */
function templateName(): string {
  const name = unique('template')
  onTestFinished(async () => {
    if (await exists(name)) await query(serverUrl, `alter database ${name} with is_template false`)
    await query(serverUrl, `drop database if exists ${name} with (force)`)
  })
  return name
}

function unique(stem: string): string {
  return `paybill_test_${stem}_${randomBytes(4).toString('hex')}`
}

async function exists(name: string): Promise<boolean> {
  return (await query(serverUrl, `select 1 from pg_database where datname = '${name}'`)).length === 1
}

/** Another run of tests: a process of its own with a database of its own. */
async function otherRun(prefix: string) {
  const child = spawnRun(`const { name, url } = await testing.temporaryDatabase({ serverUrl, prefix: '${prefix}' })
    process.send({ name, url })`)
  const [{ name, url }] = await once(child, 'message')
  return { child, name: String(name), url: String(url) }
}

/** Runs the program in a process of its own that then waits to be killed. */
function spawnRun(program: string): ChildProcess {
  const module = JSON.stringify(join(import.meta.dirname, '../../src/testing/index.ts'))
  const lines = `import * as testing from ${module}
    const serverUrl = ${JSON.stringify(serverUrl)}
    ${program}
    setInterval(() => {}, 1_000_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', lines], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  onTestFinished(() => kill(child))
  return child
}
