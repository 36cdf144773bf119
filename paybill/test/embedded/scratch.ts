// Folders and processes for these tests. Whatever a test makes here is gone when the test has finished, servers included.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Client, type QueryResultRow } from 'pg'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'
import { serverAccount } from '../../src/embedded/account.ts'
import { packagedBinaries } from '../../src/embedded/binaries.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../../src/embedded/index.ts'
import { type Home, openHome } from '../../src/embedded/home.ts'
import { isServerOf, readPidFile } from '../../src/embedded/running-server.ts'

export const asRoot = process.getuid?.() === 0

/** An empty folder that every account can reach, or with `mode` 0o700 only the one that made it. */
export function scratchFolder(mode = 0o755): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'paybill-embedded-')))
  chmodSync(folder, mode)
  onTestFinished(async () => {
    const home = await homeOf(folder)
    await endServer(home, 'SIGQUIT') // unlike SIGKILL it lets the server give its shared memory back
    rmSync(folder, { recursive: true, force: true })
    if (home.removable !== null) rmSync(home.removable, { recursive: true, force: true })
  })
  return folder
}

export async function homeOf(folder: string): Promise<Home> {
  return openHome({ folder, major: (await packagedBinaries()).major, account: serverAccount() })
}

/** Ends the server at once and returns when the process is gone. SIGKILL is what the kernel does when memory is short. */
export async function endServer(home: Home, signal: 'SIGKILL' | 'SIGQUIT'): Promise<void> {
  const pid = serverPid(home)
  if (pid === null) return
  process.kill(pid, signal)
  await expect.poll(() => isServerOf(home, pid), { timeout: 10_000 }).toBe(false)
}

export function serverPid(home: Home): number | null {
  const pid = readPidFile(home)?.pid
  return pid !== undefined && isServerOf(home, pid) ? pid : null
}

/** Starts in this process, with the progress lines that were shown. */
export async function start(
  folder: string,
  environment: Record<string, string> = {},
): Promise<EmbeddedDatabase & { readonly lines: string[] }> {
  const lines: string[] = []
  const database = await startEmbeddedDatabase({ folder, environment, onProgress: (line) => lines.push(line) })
  return { ...database, lines }
}

const started = z.object({
  url: z.string(),
  reused: z.boolean(),
  dataFolder: z.string(),
  lines: z.array(z.string()),
  outcome: z.enum(['stopped', 'left running']).nullable(),
})

/** Starts in a process of its own, that ends with the test at the latest. */
export function spawnStarter(
  folder: string,
  options: { readonly uid?: number; readonly gid?: number; readonly afterwards?: 'stop' } = {},
): ChildProcess & { readonly answer: Promise<z.infer<typeof started>> } {
  const { afterwards = 'wait', ...account } = options
  const child = spawn(process.execPath, [join(import.meta.dirname, 'starter.ts'), folder, afterwards], {
    ...account,
    cwd: '/',
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => kill(child))
  return Object.assign(child, { answer: readAnswer(child.stdout, child.stderr) })
}

async function readAnswer(output: Readable, complaint: Readable): Promise<z.infer<typeof started>> {
  for await (const line of createInterface(output)) return started.parse(JSON.parse(line))
  throw new Error(await text(complaint))
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

export async function query<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

export function readLog(home: Home): string {
  return readFileSync(home.log, 'utf8')
}
