// One case: the job of one folder, killed as the case says and started again until it ends; what waits for a person is
// approved in between. Answers with what came of it, and decides nothing about whether that is right.

import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stateName } from '../../examples/bill-pay/src/app/state-name.ts'
import { readLedger } from '../../examples/bill-pay/src/fake-bank/ledger.ts'
import type { Payment } from '../../examples/bill-pay/src/fake-bank/payment.ts'
import type { MadeFolder } from '../../examples/bill-pay/src/make-invoices/make-folder.ts'
import { runProgram } from '../../tools/repository.ts'
import { type EndedJob, type JobReport, type RunningJob, startJob } from '../bill-pay/job.ts'
import type { ScratchHome } from '../bill-pay/scratch-home.ts'
import { Hold } from './hold.ts'
import type { Kill, Moment, Stage } from './kill.ts'

export type Case = {
  readonly name: string
  readonly kills: readonly Kill[]
  /** The mutant to run, or null for the product as it is. */
  readonly mutant: string | null
}

export type CaseResult = {
  readonly report: JobReport
  /** The bank's own count, read from its file. */
  readonly ledger: readonly Payment[]
  /** The kills that took place; a moment may come after the end of the job. */
  readonly done: readonly Kill[]
  readonly starts: number
  /** How long the last start of each stage took. */
  readonly lasted: Readonly<Record<Stage, number>>
}

/** Throws where a start that nobody killed does not end with 0. */
export async function runCase(home: ScratchHome, folder: MadeFolder, { name, kills, mutant }: Case): Promise<CaseResult> {
  const needsHold = kills.some(({ moment }) => moment.kind === 'entry')
  const start = (input: string): RunningJob =>
    mutant === null
      ? startJob(home, input)
      : startJob(home, input, { PROOF_MUTANT: mutant }, ['--import', join(import.meta.dirname, 'mutate.ts')])
  await home.leaveServer()
  const input = needsHold ? await heldInput(home, folder, name) : home.inputFolder(name, folder.files)
  const database = `bill_pay_${await stateName(input)}`

  const queue = [...kills]
  const done: Kill[] = []
  const lasted = { unapproved: 0, approved: 0 }
  let stage: Stage = 'unapproved'
  for (let starts = 1; ; starts += 1) {
    while (queue[0] !== undefined && queue[0].stage !== 'any' && queue[0].stage !== stage) queue.shift()
    const kill = queue[0]
    const ended = await startAndKill(home, { database, start: () => start(input) }, kill ?? null)
    if (ended === 'killed' && kill !== undefined) {
      done.push(kill)
      queue.shift()
      continue
    }
    const report = requireEnded(ended)
    lasted[stage] = ended === 'killed' ? 0 : ended.ms
    // A moment on the clock that came too late is over; an entry may still be written in the next stage.
    if (kill?.moment.kind === 'clock') queue.shift()
    if (stage === 'unapproved' && report.approvals.length > 0) {
      stage = 'approved'
      await approve(home, input)
    } else if (kill?.moment.kind !== 'clock') {
      return { report, ledger: readLedger(await home.ledgerFile(input)).payments, done, starts, lasted }
    }
  }
}

type Startable = { readonly database: string; readonly start: () => RunningJob }

async function startAndKill(home: ScratchHome, job: Startable, kill: Kill | null): Promise<EndedJob | 'killed'> {
  if (kill === null) return job.start().ended
  return kill.moment.kind === 'clock' ? killByClock(home, job, kill, kill.moment.ms) : killAtEntry(home, job, kill, kill.moment)
}

async function killByClock(home: ScratchHome, job: Startable, kill: Kill, ms: number): Promise<EndedJob | 'killed'> {
  const running = job.start()
  await Promise.race([pause(ms), running.ended])
  if (!running.isRunning()) return running.ended
  await carryOut(home, running, kill)
  return 'killed'
}

async function killAtEntry(
  home: ScratchHome,
  job: Startable,
  kill: Kill,
  moment: Extract<Moment, { kind: 'entry' }>,
): Promise<EndedJob | 'killed'> {
  await using hold = await Hold.arm((await home.server()).url, job.database, moment)
  const running = job.start()
  if (!(await hold.isHeld(() => !running.isRunning()))) return await running.ended
  await carryOut(home, running, kill)
  return 'killed'
}

async function carryOut(home: ScratchHome, running: RunningJob, { victims }: Kill): Promise<void> {
  if (victims !== 'server') running.kill(victims === 'job' ? 'job' : 'group')
  if (victims === 'server' || victims === 'job, bank, model and server') home.killServer()
  // A job that lost its database ends by itself, however it ends; the time limit of the job sees to one that hangs.
  const { status, log } = await running.ended
  if (victims === 'server' && status === null) throw new Error(`the job hung after its server was killed:\n${log}`)
}

// The tables have to be there before the trigger can be: a first start on the folder without its invoices makes them.
async function heldInput(home: ScratchHome, folder: MadeFolder, name: string): Promise<string> {
  const isTrusted = ([file]: readonly [string, Uint8Array]) => file === 'company.json' || file === 'vendors.csv'
  const input = home.inputFolder(name, [...folder.files].filter(isTrusted))
  // No invoice is there to be decided, so that the mutants can share this.
  requireEnded(await startJob(home, input).ended)
  await Hold.install((await home.server()).url, `bill_pay_${await stateName(input)}`)
  return home.inputFolder(name, folder.files)
}

async function approve(home: ScratchHome, input: string): Promise<void> {
  const words = [process.execPath, join(import.meta.dirname, 'approve.ts'), input] as const
  const { status, output } = await runProgram(words, { cwd: home.folder, timeoutMs: 60_000, env: home.environment })
  if (status !== 0) throw new Error(`approving failed:\n${output}`)
}

function requireEnded(ended: EndedJob | 'killed'): JobReport {
  if (ended === 'killed' || ended.status !== 0 || ended.report === null)
    throw new Error(
      ended === 'killed' ? 'killed without a kill' : `a start ended with ${ended.status ?? 'no code: it hung'}:\n${ended.log}`,
    )
  return ended.report
}
