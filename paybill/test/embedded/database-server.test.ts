// The choice of server: PAYBILL_DATABASE_URL where it is set and good, an error where it is bad, else the embedded one.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { databaseServer } from '../../src/embedded/index.ts'
import { query, scratchFolder } from './scratch.ts'

const serverUrl = inject('serverUrl')

test('PAYBILL_DATABASE_URL is used as it is, and its server is never stopped', async () => {
  const folder = join(scratchFolder(), 'never-made')
  const server = await databaseServer({ folder, environment: { PAYBILL_DATABASE_URL: serverUrl, NODE_ENV: 'production' } })
  expect(server).toMatchObject({ url: serverUrl, source: 'environment', version: expect.stringMatching(/^\d+\.\d+$/) })
  expect(await server.stop()).toBe('left running')
  expect(await query(serverUrl, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(existsSync(folder)).toBe(false)
})

test.each([{}, { PAYBILL_DATABASE_URL: '' }])('with %o the embedded server is used', async (environment) => {
  const server = await databaseServer({ folder: scratchFolder(), environment })
  expect(server.source).toBe('embedded')
  expect(await server.stop()).toBe('stopped')
})

test.each([
  ['localhost', 'is not a URL'],
  ['postgres://user:hunter/2@localhost/app', 'is not a URL'],
  ['mysql://user:hunter2@localhost/app', 'does not begin with `postgres://`'],
  ['postgres:///app', 'names no host'],
  ['postgres://user:hunter%2@localhost/app', 'has a `%` in its password'],
  ['postgres://user:hunter2@localhost/100%', 'has a `%` in its pathname'],
])('%s is refused with what is wrong, without the password', async (url, problem) => {
  const error = await failure(url)
  expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  expect(error.message).toContain(`PAYBILL_DATABASE_URL ${problem}`)
  expect(everythingIn(error)).not.toContain('hunter')
})

test('a server that is not there is reported with its address and the reason', async () => {
  const port = await listening((socket) => socket.destroy()).then(({ port, close }) => close().then(() => port))
  const error = await failure(`postgres://user:hunter2@localhost:${port}/app`)
  expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  expect(error.message).toContain(`no connection to \`user@localhost:${port}/app\`: `)
  expect(error.message).toContain('ECONNREFUSED')
  expect(everythingIn(error)).not.toContain('hunter2')
})

test('a wrong password is reported without the password', async () => {
  const url = new URL(serverUrl)
  url.password = 'hunter2'
  const error = await failure(url.href)
  expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  expect(error.message).toContain('password authentication failed')
  expect(everythingIn(error)).not.toContain('hunter2')
})

test('a server that accepts the connection and then says nothing is given up after fifteen seconds', async () => {
  const { port } = await listening(() => {})
  const began = performance.now()
  expect(await failure(`postgres://user:hunter2@127.0.0.1:${port}/app`)).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
  expect(performance.now() - began).toBeLessThan(20_000)
})

test('PostgreSQL 15 is refused with the version that was found', async () => {
  const { port } = await listening(answerAsPostgres15)
  const error = await failure(`postgres://user:hunter2@127.0.0.1:${port}/app`)
  expect(error).toMatchObject({ code: 'DATABASE_TOO_OLD' })
  expect(error.message).toContain('is PostgreSQL 15.14')
})

test('a user that may create databases and roles need be no superuser', async () => {
  const url = await userWith('createdb createrole')
  expect((await databaseServer({ folder: '', environment: { PAYBILL_DATABASE_URL: url } })).url).toBe(url)
})

test.each(['', 'createdb', 'createrole'])('a user with only `%s` is refused', async (attributes) => {
  expect(await failure(await userWith(attributes))).toMatchObject({ code: 'DATABASE_ROLE_INSUFFICIENT' })
})

async function userWith(attributes: string): Promise<string> {
  const username = `paybill_test_${randomBytes(6).toString('hex')}`
  await query(serverUrl, `create role ${username} login password 'hunter2' ${attributes}`)
  onTestFinished(async () => void (await query(serverUrl, `drop role ${username}`)))
  return Object.assign(new URL(serverUrl), { username, password: 'hunter2' }).href
}

async function failure(url: string): Promise<Error> {
  try {
    await databaseServer({ folder: '', environment: { PAYBILL_DATABASE_URL: url } })
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error(`\`${url}\` was accepted`)
}

/** All that a log could print of an error: its own fields and those of its causes, enumerable or not. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const fields = Object.getOwnPropertyNames(error).map((name) => String(Reflect.get(error, name)))
  return [...fields, everythingIn(error.cause)].join('\n')
}

async function listening(answer: (socket: Socket) => void): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    answer(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) await once(server.close(), 'close')
  }
  onTestFinished(close)
  // A server that listens on a port has an address with a port; the other forms are for pipes and closed servers.
  return { port: (server.address() as AddressInfo).port, close }
}

/**
 * FAKE: a server that lets everybody in and answers each query as PostgreSQL 15 would answer the question for its version.
 * It speaks version 3.0 of the wire protocol: https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
function answerAsPostgres15(socket: Socket): void {
  const ready = message('Z', Buffer.from('I'))
  const columns = ['number', 'version', 'may']
  const description = columns.map((name) => Buffer.concat([Buffer.from(`${name}\0`), Buffer.alloc(18)]))
  const row = ['150014', '15.14 (Debian 15.14-0+deb12u1)', 't'].map((value) =>
    Buffer.concat([uint32(value.length), Buffer.from(value)]),
  )
  const answer = [
    message('T', uint16(columns.length), ...description),
    message('D', uint16(columns.length), ...row),
    message('C', Buffer.from('SELECT 1\0')),
    ready,
  ]
  socket.once('data', () => {
    socket.write(Buffer.concat([message('R', uint32(0)), ready]))
    socket.on('data', (asked) => (asked[0] === 'Q'.charCodeAt(0) ? socket.write(Buffer.concat(answer)) : socket.end()))
  })
}

function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), uint32(body.length + 4), body])
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
