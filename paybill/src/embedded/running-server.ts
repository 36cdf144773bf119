// Recognises a server that already runs on our data: one that outlived the process that started it, or one that another
// process has started. The pid file alone proves nothing, for its process may be gone and its number given to another.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import { PaybillError } from '../lib/errors.ts'
import { ask } from './connect.ts'
import type { Home } from './home.ts'

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

/** What PostgreSQL wrote about itself: the process on line 1, its port on line 4, its state on line 8. */
export function readPidFile(home: Home): { readonly pid: number; readonly port: number; readonly ready: boolean } | null {
  const lines = readIfAllowed(pidFilePath(home))?.split('\n') ?? []
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
}

export function pidFilePath(home: Home): string {
  return join(home.data, 'postmaster.pid')
}

/** Whether that living process is a server on this home's data. A process that has ended has no command line. */
export function isServerOf(home: Home, pid: number): boolean {
  return ` ${commandLine(pid)} `.includes(` -D ${home.data} `)
}

/** How to connect as the server's own user, which may create databases and roles. */
function serverUrl(home: Home, port: number): string {
  if (!existsSync(home.password))
    throw new PaybillError(
      'DATABASE_START_FAILED',
      `\`${home.password}\` is missing, so nobody can connect: remove \`${home.path}\``,
    )
  return `postgres://postgres:${readFileSync(home.password, 'utf8')}@127.0.0.1:${port}/postgres`
}

const settleLimitMs = 60_000

async function recognise(
  home: Home,
  found: { readonly pid: number; readonly port: number },
): Promise<RunningServer | 'not yet' | null> {
  const url = serverUrl(home, found.port)
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

function commandLine(pid: number): string {
  if (process.platform === 'linux') return readIfAllowed(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? ''
  try {
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return '' // ps ends with 1 where there is no such process
  }
}

// Not there, ended while it was read, or of another user where the system hides the processes of others.
const notForUs = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

function readIfAllowed(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && notForUs.has(String(error.code))) return null
    throw error
  }
}
