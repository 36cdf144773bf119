// Starts the server as a process of its own that outlives this one, also when this one is killed: the next start finds it
// again. Nothing here decides whether one is needed.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { PaybillError } from '../lib/errors.ts'
import type { ServerAccount } from './account.ts'
import { type Binaries, program } from './binaries.ts'
import type { Home } from './home.ts'
import { isServerOf, pidFilePath, readPidFile } from './running-server.ts'

const readyLimitMs = 60_000
// How long something that passes by itself is waited for: a child of a killed server may take its time to notice.
const passingLimitMs = 60_000

/**
 * Starts the server and returns when it accepts connections, or when another one turns out to be starting on the same
 * data. Call it under the home's lock, between two calls of `findRunningServer`.
 */
export async function launch(
  home: Home,
  run: {
    readonly binaries: Binaries
    readonly account: ServerAccount
    /** Asked before each try: a port may be taken after it was chosen. */
    readonly settings: () => Promise<ServerSettings>
  },
): Promise<void> {
  if (existsSync(home.log)) renameSync(home.log, `${home.log}.previous`)
  const giveUpAt = performance.now() + passingLimitMs
  while (performance.now() < giveUpAt) {
    // A starter that was killed a moment ago can leave a server that is only now writing its pid file.
    if (isServerStarting(home)) return
    // PostgreSQL itself would refuse where the number in a stale file now belongs to another process of its account.
    rmSync(pidFilePath(home), { force: true })
    if (await becomesReady(home, spawnServer(home, { ...run, settings: await run.settings() }))) return
    if (!passesByItself.test(readFileSync(home.log, 'utf8'))) break
    await pause(100)
  }
  const lines = readFileSync(home.log, 'utf8').trim().split('\n')
  const lastLine = lines.findLast((line) => line.includes('FATAL')) ?? lines.at(-1) ?? ''
  throw new PaybillError('DATABASE_START_FAILED', `PostgreSQL did not start: \`${lastLine}\`; its log is \`${home.log}\``)
}

/** Settings of PostgreSQL by name, as they would stand in its configuration file. */
export type ServerSettings = Readonly<Record<string, string | number>>

/** For a server that is reached at a free port of this machine alone, and has room for a developer's habits. */
export async function portSettings(choosePort: () => Promise<number> = freePort): Promise<ServerSettings> {
  return {
    listen_addresses: '127.0.0.1',
    port: await choosePort(),
    unix_socket_directories: '',
    max_connections: 200,
    // Development runs beside little disk; PostgreSQL would otherwise keep up to 1 GB of log.
    max_wal_size: '256MB',
  }
}

// Somebody took the port after it was chosen; children of a killed server have not noticed yet that it is gone; or the
// server of a starter that was killed a moment ago was faster.
const passesByItself = /could not create any TCP\/IP sockets|pre-existing shared memory block|lock file ".*" already exists/

function isServerStarting(home: Home): boolean {
  const pidFile = readPidFile(home)
  return pidFile !== null && isServerOf(home, pidFile.pid)
}

function spawnServer(
  home: Home,
  run: { readonly binaries: Binaries; readonly account: ServerAccount; readonly settings: ServerSettings },
): ChildProcess {
  const settings = {
    ...run.settings,
    // What is promised about a crash must hold here too.
    fsync: 'on',
    synchronous_commit: 'on',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(home.log, 'a', 0o600)
  try {
    const server = spawn(program(run.binaries, 'postgres'), ['-D', home.data, ...words], {
      ...run.account.switchTo,
      cwd: '/',
      detached: true,
      env: { LC_ALL: 'C', PATH: process.env['PATH'] },
      stdio: ['ignore', log, log],
    })
    server.unref()
    return server
  } finally {
    closeSync(log)
  }
}

async function becomesReady(home: Home, server: ChildProcess): Promise<boolean> {
  const ended = once(server, 'exit').then(
    () => true,
    () => true,
  )
  const giveUpAt = performance.now() + readyLimitMs
  while (performance.now() < giveUpAt) {
    const pidFile = readPidFile(home)
    if (pidFile?.pid === server.pid && pidFile?.ready) return true
    if (await Promise.race([ended, pause(10, false)])) return false
  }
  server.kill('SIGQUIT')
  return false
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new PaybillError('INTERNAL', 'a port that listens has no number')
  return address.port
}
