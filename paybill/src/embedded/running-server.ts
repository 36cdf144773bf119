// Recognises a server that already runs on our data: one that outlived the process that started it, or one that another
// process has started. The pid file alone proves nothing, for its process may be gone and its number given to another.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import { PaybillError } from '../lib/errors.ts'
import { ask } from './connect.ts'
import type { Home } from './home.ts'
import { commandLine, readIfAllowed } from './processes.ts'

export type RunningServer = { readonly pid: number; readonly port: number; readonly version: string; readonly url: string }

/**
 * The server that runs on this home's data, or null. Waits for one that is starting up or shutting down.
 * Call it under the home's lock, or the answer is old when it arrives.
 */
export async function findRunningServer(home: Home): Promise<RunningServer | null> {
  const giveUpAt = performance.now() + settleLimitMs
  while (performance.now() < giveUpAt) {
    const pidFile = readPidFile(home)
    if (pidFile === null || !isServerOf(home, pidFile.pid)) return null
    const server = pidFile.ready ? await recognise(home, pidFile) : 'not yet'
    if (server !== 'not yet') return server
    await pause(20)
  }
  throw new PaybillError(
    'DATABASE_START_FAILED',
    `PostgreSQL runs on \`${home.data}\` but does not answer; its log is \`${home.log}\``,
  )
}

/** Waits until the process of a server that was told to shut down is gone. */
export async function serverEnd(home: Home, pid: number): Promise<void> {
  const giveUpAt = performance.now() + shutdownLimitMs
  while (isServerOf(home, pid)) {
    if (performance.now() > giveUpAt)
      throw new PaybillError(
        'DATABASE_FAILED',
        `PostgreSQL did not shut down in ${shutdownLimitMs / 1000} s; its log is \`${home.log}\``,
      )
    await pause(10)
  }
}

type PidFile = {
  readonly pid: number
  readonly port: number
  /** The folder of its socket, empty where it has none. */
  readonly socket: string
  readonly ready: boolean
}

/** What PostgreSQL wrote about itself: the process on line 1, its port on line 4, its socket on line 5, its state on line 8. */
export function readPidFile(home: Home): PidFile | null {
  const lines = readIfAllowed(pidFilePath(home))?.split('\n') ?? []
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  return { pid, port: Number(lines[3]), socket: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' }
}

export function pidFilePath(home: Home): string {
  return join(home.data, 'postmaster.pid')
}

/** Whether that living process is a server on this home's data. A process that has ended has no command line. */
export function isServerOf(home: Home, pid: number): boolean {
  return ` ${commandLine(pid)} `.includes(` -D ${home.data} `)
}

/** How to connect as the server's own user, which may create databases and roles. */
function serverUrl(home: Home, { port, socket }: PidFile): string {
  if (!existsSync(home.password))
    throw new PaybillError(
      'DATABASE_START_FAILED',
      `\`${home.password}\` is missing, so nobody can connect: remove \`${home.path}\``,
    )
  const host = socket === '' ? '127.0.0.1' : encodeURIComponent(socket)
  return `postgres://postgres:${readFileSync(home.password, 'utf8')}@${host}:${port}/postgres`
}

const settleLimitMs = 60_000
const shutdownLimitMs = 60_000

async function recognise(home: Home, found: PidFile): Promise<RunningServer | 'not yet' | null> {
  const url = serverUrl(home, found)
  try {
    const [answer] = await ask<{ folder: string; version: string }>(
      url,
      `select current_setting('data_directory') as folder, current_setting('server_version') as version`,
    )
    if (answer?.folder !== home.data) return null
    return { pid: found.pid, port: found.port, version: answer.version, url }
  } catch (error) {
    if (isRefusal(error)) throw error
    return 'not yet' // it starts up, shuts down, or closed its port just before its process ends
  }
}

/** Class 28 of SQLSTATE: the server is up and does not accept the user or password. Waiting does not change that. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof PaybillError ? error.cause : error
  return cause instanceof DatabaseError && cause.code?.startsWith('28') === true
}
