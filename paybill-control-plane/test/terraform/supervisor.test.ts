// The supervisor with programs of the test in the place of Terraform, and a backend that answers as the test says.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { groupMembers } from '../../src/terraform/process-group.ts'
import {
  type CommandEnd,
  endLeftGroup,
  openSupervisor,
  type SupervisorMessage,
  type SupervisorOrder,
} from '../../src/terraform/supervise.ts'

let folder: string
let lease: Awaited<ReturnType<typeof openLease>>

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'paybill-supervisor-')))
  lease = await openLease()
})
afterEach(async () => {
  await lease.close()
  await rm(folder, { recursive: true })
})

/** Answers each renewal with `status`. */
async function openLease() {
  const seen: string[] = []
  const answer = { status: 200 }
  const server = createServer((request, response) => {
    seen.push(`${request.method ?? ''} ${request.headers.authorization ?? ''}`)
    response.writeHead(answer.status).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a server that listens on a port has an address of this kind
  return {
    url: `http://127.0.0.1:${port}/lease`,
    seen,
    answer,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

type Supervised = {
  readonly script: string
  readonly timeoutMs?: number
  readonly interruptMs?: number
  readonly termMs?: number
}

async function supervise({ script, timeoutMs = 20_000, interruptMs = 300, termMs = 3_000 }: Supervised): Promise<CommandEnd> {
  const supervisor = openSupervisor({
    folder,
    groupFile: join(folder, 'process-group'),
    secretFiles: [],
    lease: { url: lease.url, user: 'run', termMs },
    ending: { interruptMs, terminateMs: 300 },
  })
  const environment = { PATH: process.env['PATH'] ?? '', GIVEN: 'yes' }
  // The folder is an argument, as it is of Terraform.
  const command = { binary: '/bin/sh', arguments: ['-c', `cd '${folder}'; ${script}`, folder], environment, token: 'token' }
  const end = await supervisor.run(command, { timeoutMs, onLine: () => undefined })
  await supervisor.close()
  return end
}

async function processesNaming(words: string): Promise<readonly { readonly id: number }[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,args='], { maxBuffer: 64 * 1024 * 1024 })
  return stdout.split('\n').flatMap((line) => (line.includes(words) ? [{ id: Number.parseInt(line, 10) }] : []))
}

async function groupOf(): Promise<number> {
  await expect
    .poll(
      async () =>
        access(join(folder, 'started')).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true)
  return Number(await readFile(join(folder, 'process-group'), 'utf8'))
}

test('a command runs to its end with the environment given, and its output and code come back', async () => {
  const end = await supervise({ script: 'echo "$GIVEN $HOME"; echo oh >&2; exit 3' })
  expect(end).toMatchObject({ because: 'itself', code: 3, isGone: true, out: ['yes '] })
  expect(end.lastLines).toContain('oh')
  await expect(access(join(folder, 'process-group'))).rejects.toThrow('ENOENT')
})

test('the lease is renewed before the command starts and while it runs, with the token', async () => {
  await supervise({ script: 'sleep 1.5', termMs: 1_200 })
  expect(lease.seen.length).toBeGreaterThanOrEqual(4)
  expect(new Set(lease.seen)).toEqual(new Set([`POST Basic ${Buffer.from('run:token').toString('base64')}`]))
})

test('without the lease the command is never started', async () => {
  lease.answer.status = 409
  expect(await supervise({ script: 'touch started' })).toMatchObject({ because: 'lease-lost', code: null })
  await expect(access(join(folder, 'started'))).rejects.toThrow('ENOENT')
})

test('a claim that became another’s ends the command at once, long before the term', async () => {
  const running = supervise({ script: 'touch started; sleep 61', termMs: 18_000 })
  const group = await groupOf()
  lease.answer.status = 409
  const lostAt = performance.now()
  expect(await running).toMatchObject({ because: 'lease-lost', isGone: true })
  expect(performance.now() - lostAt).toBeLessThan(9_000) // It asks every 3 s; silence would be borne for 12.
  expect(await groupMembers(group)).toEqual([])
})

test('a backend that does not answer ends the command after two thirds of the term, and a short silence does not', async () => {
  const running = supervise({ script: 'touch started; sleep 62' })
  await groupOf()
  lease.answer.status = 503
  await wait(1_000)
  lease.answer.status = 200
  const again = lease.seen.length + 3
  await expect.poll(() => lease.seen.length, { timeout: 10_000 }).toBeGreaterThan(again)
  lease.answer.status = 503
  const silentSince = performance.now()
  expect(await running).toMatchObject({ because: 'lease-lost', isGone: true })
  // 2 of 3 s after the last renewal, which was up to half a second before.
  expect(performance.now() - silentSince).toBeGreaterThan(1_000)
})

test('a command that takes too long is interrupted first, and may save what it has', async () => {
  const end = await supervise({
    script: `trap 'echo saved; exit 1' INT; touch started; sleep 63 & wait`,
    timeoutMs: 2_500,
    interruptMs: 5_000,
  })
  expect(end).toMatchObject({ because: 'timed-out', code: 1, isGone: true })
  expect(end.out).toEqual(['saved'])
})

test('what ignores SIGINT and SIGTERM is killed, with all that it started', async () => {
  const running = supervise({
    script: `trap '' INT TERM; touch started; sleep 64 & while true; do sleep 0.1; done`,
    timeoutMs: 2_500,
  })
  const group = await groupOf()
  expect((await groupMembers(group)).length).toBeGreaterThan(1)
  expect(await running).toMatchObject({ because: 'timed-out', signal: 'SIGKILL', isGone: true })
  expect(await groupMembers(group)).toEqual([])
})

test('a killed command takes with it what it had started', async () => {
  const running = supervise({ script: 'sleep 65 & touch started; wait' })
  const group = await groupOf()
  process.kill(group, 'SIGKILL')
  expect(await running).toMatchObject({ because: 'itself', code: null, signal: 'SIGKILL', isGone: true })
  expect(await groupMembers(group)).toEqual([])
})

test('where the supervisor itself is killed, what it had started is ended', async () => {
  const running = supervise({ script: 'sleep 67 & touch started; wait' })
  const group = await groupOf()
  for (const { id } of await processesNaming(`supervisor-process.ts ${folder}`)) process.kill(id, 'SIGKILL')
  expect(await running).toMatchObject({ because: 'supervisor-gone', isGone: true })
  expect(await groupMembers(group)).toEqual([])
})

test('where the process that wanted it is gone, the command ends, with its secret files, while its lease still runs', async () => {
  const secret = join(folder, 'secret')
  await writeFile(secret, 'x')
  const file = join(import.meta.dirname, '../../src/terraform/supervisor-process.ts')
  const child = spawn(process.execPath, [file, folder], { stdio: ['pipe', 'ignore', 'inherit'] })
  const order: SupervisorOrder = {
    folder,
    groupFile: join(folder, 'process-group'),
    secretFiles: [secret],
    lease: { url: lease.url, user: 'run', termMs: 600_000 },
    ending: { interruptMs: 300, terminateMs: 300 },
  }
  const script = `cd '${folder}'; sleep 68 & touch started; wait`
  const command = {
    binary: '/bin/sh',
    arguments: ['-c', script, folder],
    environment: { PATH: process.env['PATH'] ?? '' },
    token: 'token',
  }
  const messages: readonly SupervisorMessage[] = [
    { kind: 'open', order },
    { kind: 'run', command },
  ]
  for (const message of messages) child.stdin.write(`${JSON.stringify(message)}\n`)
  const group = await groupOf()
  child.stdin.end()
  await once(child, 'exit')
  expect(await groupMembers(group)).toEqual([])
  await expect(access(secret)).rejects.toThrow('ENOENT')
})

test('a number on record that now belongs to a process of somebody else is left alone', async () => {
  const other = spawn('sleep', ['66'], { detached: true, stdio: 'ignore' })
  await once(other, 'spawn')
  const groupFile = join(folder, 'process-group')
  await writeFile(groupFile, String(other.pid))
  expect(await endLeftGroup({ folder, groupFile, ending: { interruptMs: 100, terminateMs: 100 } })).toBe(true)
  expect(other.exitCode ?? other.signalCode).toBeNull()
  other.kill('SIGKILL')
  await once(other, 'exit')
})

test('a record that is empty, or speaks of no group, ends nothing', async () => {
  const groupFile = join(folder, 'process-group')
  for (const text of ['', '1', '0', '-1', 'x', ' 2'])
    expect(
      await writeFile(groupFile, text).then(async () =>
        endLeftGroup({ folder, groupFile, ending: { interruptMs: 1, terminateMs: 1 } }),
      ),
    ).toBe(true)
})
