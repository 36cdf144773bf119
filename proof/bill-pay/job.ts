// Starts the job of an input folder as people do, `start.ts --once --json`, as a process that can be killed.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Report } from '../../examples/bill-pay/src/app/report.ts'
import { repositoryRoot } from '../../tools/repository.ts'
import { endGroup, type ScratchHome } from './scratch-home.ts'

/** The JSON object of `--json`: the last line that the job prints. */
export type JobReport = Omit<Report, 'unsettled'> & {
  readonly audit: { readonly entries: number; readonly verified: boolean }
  readonly failures: readonly string[]
}

export type EndedJob = {
  /** Null where it was killed. */
  readonly status: number | null
  readonly report: JobReport | null
  readonly ms: number
  /** What it wrote for people, for a proof that failed. */
  readonly log: string
}

export type RunningJob = {
  readonly ended: Promise<EndedJob>
  isRunning(): boolean
  /** kill -9 of the job alone, or of its bank and its model in the same moment. */
  kill(victims: 'job' | 'group'): void
}

const timeLimitMs = 90_000
const startFile = join(repositoryRoot, 'examples/bill-pay/src/start.ts')

/** Starts the job. One that has not ended after a minute and a half is killed, and counts as failed. */
export function startJob(
  home: ScratchHome,
  input: string,
  environment: NodeJS.ProcessEnv = {},
  words: readonly string[] = [],
): RunningJob {
  const began = performance.now()
  const child = spawn(process.execPath, [...words, startFile, '--once', '--json', '--input', input], {
    detached: true, // a process group of its own, so that all of it can be killed at once
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...home.environment, ...environment },
  })
  const { pid } = child
  if (pid === undefined) throw new Error('no process could be started')
  home.ownGroup(pid)
  const limit = setTimeout(() => endGroup(pid), timeLimitMs)
  const closed = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const ended = Promise.all([closed, text(child.stdout), text(child.stderr)]).then(([status, out, log]): EndedJob => {
    clearTimeout(limit)
    const ms = performance.now() - began
    return { status, report: status === null ? null : readReport(out), ms, log: `${log}\n${out.slice(-500)}`.trim() }
  })
  return {
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: (victims) => (victims === 'group' ? endGroup(pid) : void child.kill('SIGKILL')),
  }
}

function readReport(out: string): JobReport | null {
  const line = out.trimEnd().split('\n').at(-1) ?? ''
  // Written by the example itself from this very type; every field that is used is compared with what must stand there.
  return line.startsWith('{') ? (JSON.parse(line) as JobReport) : null
}
