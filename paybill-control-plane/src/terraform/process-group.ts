// A group of processes that is ended as a whole: Terraform, its providers, and the programs that they started.

import { execFile } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** How long each step may take before the next, harder one. */
export type EndingTerms = { readonly interruptMs: number; readonly terminateMs: number }

const killMs = 2_000
const lookEveryMs = 20

/** Ends a group by SIGINT, at which Terraform saves its state, then SIGTERM, then SIGKILL. Answers whether it is gone. */
export async function endGroup(group: number, { interruptMs, terminateMs }: EndingTerms): Promise<boolean> {
  for (const [signal, ms] of [
    ['SIGINT', interruptMs],
    ['SIGTERM', terminateMs],
    ['SIGKILL', killMs],
  ] as const) {
    if (ms > 0) signalGroup(group, signal)
    const deadline = performance.now() + ms
    while (isThere(group) && performance.now() < deadline) await wait(lookEveryMs)
    if (!isThere(group)) return true
  }
  // What is dead and was not yet reaped by its parent still counts as there.
  const left = await groupMembers(group)
  return left.length === 0
}

export type ProcessLine = { readonly id: number; readonly group: number; readonly command: string }

/** The living processes of a group. */
export async function groupMembers(group: number): Promise<readonly ProcessLine[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,pgid=,stat=,args='], {
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout.split('\n').flatMap((line) => {
    const [, id, pgid, status = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    return Number(pgid) === group && !status.startsWith('Z') ? [{ id: Number(id), group, command }] : []
  })
}

function isThere(group: number): boolean {
  return signalGroup(group, 0)
}

function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return true // somebody else's processes are in it
    throw error
  }
}
