// The processes of PostgreSQL on this machine, by the data folder in their command line: servers, and initdb while it makes
// one. Processes of other accounts are seen where the system shows them.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export type ServerProcess = { readonly pid: number; readonly dataFolder: string }

/** Every process of this machine that works on a data folder of PostgreSQL. */
export function serverProcesses(): readonly ServerProcess[] {
  return commandLines().flatMap(({ pid, line }) => {
    const dataFolder = / -D (.+?)(?= -|$)/.exec(line)?.[1]
    return dataFolder === undefined || !/\/(?:postgres|initdb) /.test(line) ? [] : [{ pid, dataFolder }]
  })
}

/** The command line of a process, empty where it has ended or is hidden. */
export function commandLine(pid: number): string {
  if (process.platform === 'linux') return readIfAllowed(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? ''
  try {
    return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return '' // ps ends with 1 where there is no such process
  }
}

/** Reads a file, or answers null where it is gone or not for us. */
export function readIfAllowed(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && notForUs.has(String(error.code))) return null
    throw error
  }
}

// Not there, ended while it was read, or of another user where the system hides the processes of others.
const notForUs = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

function commandLines(): readonly { readonly pid: number; readonly line: string }[] {
  if (process.platform === 'linux')
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), line: commandLine(Number(name)) }))
  return execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((text) => {
      const [, pid = '', line = ''] = /^\s*(\d+)\s+(.*)$/.exec(text) ?? []
      return pid === '' ? [] : [{ pid: Number(pid), line }]
    })
}
