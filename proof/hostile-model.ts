// Proves that a model which belongs to the attacker moves no money anywhere it should not go: over the invoices of the
// example and thousands of variations, with people who decide between the rounds, and on a second small company for what
// no invoice can reach. Then each guard is taken out in turn, in a copy of the product, and the same attacks must succeed.

import { availableParallelism } from 'node:os'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { databaseServer } from 'paybill/embedded'
import { dropPrepared } from '../paybill/test/run/outside.ts'
import { repositoryRoot, runProgram } from '../tools/repository.ts'
import { copiesFolder, copyWith } from './hostile-model/copy.ts'
import { type Mutant, mutants } from './hostile-model/mutants.ts'
import type { Part, Seen } from './hostile-model/part.ts'
import type { ProofJob, Proved } from './prove.ts'

export const description =
  'a model that always answers what the attacker wants pays nobody it should not, and does as soon as a guard is missing'

const attackLimitMs = 10 * 60_000

export async function prove({ size, seed, log }: ProofJob): Promise<Proved> {
  const server = await databaseServer({ folder: join(repositoryRoot, '.paybill', 'proof') })
  const ground: ServerGround = { serverUrl: server.url, run: `${process.pid}_${seed}` }
  try {
    const tasks = [...productTasks(size, seed), ...mutantTasks(size, seed)]
    const outcomes = await inParallel(tasks.map((task, index) => () => carryOut({ ...ground, index }, task, log)))
    return verdict(outcomes, log)
  } finally {
    await rm(join(copiesFolder, ground.run), { recursive: true, force: true })
    await server.stop()
  }
}

type ServerGround = { readonly serverUrl: string; readonly run: string }
type TaskGround = ServerGround & { readonly index: number }
type Task = { readonly name: string; readonly attack: Part; readonly mutant: Mutant | null }
type Outcome = { readonly task: Task; readonly seen: Seen }

function productTasks(size: ProofJob['size'], seed: number): readonly Task[] {
  // Inboxes of 50 in several programs, so that each has a database of its own and two can run at once.
  const inboxes = size === 'full' ? { programs: 6, batches: 8, size: 50 } : { programs: 1, batches: 2, size: 32 }
  const first: Task[] = [
    { name: 'the example’s own invoices', attack: { part: 'folder', seed }, mutant: null },
    { name: 'the desk', attack: { part: 'desk', names: null }, mutant: null },
  ]
  const more = Array.from({ length: inboxes.programs }, (_, program): Task => {
    const attack: Part = { part: 'inbox', seed: seed + 1000 * program, batches: inboxes.batches, size: inboxes.size }
    return { name: `inboxes ${program + 1}`, attack, mutant: null }
  })
  return [...first, ...more]
}

/** All of them, or in the small size some, another set for each seed. */
function mutantTasks(size: ProofJob['size'], seed: number): readonly Task[] {
  const some = size === 'full' ? mutants : mutants.filter((_, index) => (index + seed) % 9 === 0)
  return some.map((mutant) => ({ name: `without: ${mutant.name}`, attack: mutant.attack, mutant }))
}

async function carryOut(ground: TaskGround, task: Task, log: ProofJob['log']): Promise<Outcome> {
  const name = `hostile_${ground.run}_${ground.index}`
  const folder = join(copiesFolder, ground.run, String(ground.index))
  try {
    const root = task.mutant === null ? repositoryRoot : await copyWith(join(folder, 'copy'), task.mutant.edits)
    const order = JSON.stringify({
      ground: { serverUrl: ground.serverUrl, name, folder: join(folder, 'files') },
      part: task.attack,
    })
    const program = join(root, 'proof', 'hostile-model', 'attack.ts')
    const { status, stdout, output } = await runProgram([process.execPath, program, order], {
      cwd: root,
      timeoutMs: attackLimitMs,
    })
    if (status !== 0) throw new Error(`the attack \`${task.name}\` broke off:\n${output.slice(-4_000)}`)
    const seen = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Seen // the last line of our own program
    log(line(task, seen))
    return { task, seen }
  } finally {
    await dropPrepared(ground.serverUrl, name)
    await rm(folder, { recursive: true, force: true })
  }
}

function line({ name, mutant }: Task, { violations, counts }: Seen): string {
  const figures = Object.entries(counts).map(([key, count]) => `${key} ${count}`)
  if (mutant === null)
    return `${violations.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${figures.join(', ')}${listed(violations)}`
  return violations.length === 0 ? `FAILED ${name}: nobody noticed` : `ok     ${name}: ${violations[0]}`
}

function listed(violations: readonly string[]): string {
  return violations.map((violation) => `\n       ${violation}`).join('')
}

function verdict(outcomes: readonly Outcome[], log: ProofJob['log']): Proved {
  const product = outcomes.filter(({ task }) => task.mutant === null)
  const mutated = outcomes.filter(({ task }) => task.mutant !== null)
  const count = (name: string): number => product.reduce((sum, { seen }) => sum + (seen.counts[name] ?? 0), 0)
  const violations = product.reduce((sum, { seen }) => sum + seen.violations.length, 0)
  const killed = mutated.filter(({ seen }) => seen.violations.length > 0).length
  // Where nothing was paid, or nothing was asked, nothing was proved.
  const isVacuous = ['payments', 'approvedPayments', 'refusals', 'impostorsTurnedAway', 'deskPayments'].some(
    (name) => count(name) === 0,
  )
  if (isVacuous) log('FAILED nothing was paid, asked or refused: the attacks did not reach the product')
  if (count('unfinished') > 0) log(`FAILED ${count('unfinished')} runs did not come to their end`)
  return {
    passed: violations === 0 && killed === mutated.length && !isVacuous && count('unfinished') === 0,
    counts: {
      invoices: count('invoices'),
      variations: count('variations'),
      answers: count('answers'),
      payments: count('payments'),
      approvedPayments: count('approvedPayments'),
      refusals: count('refusals'),
      impostorsTurnedAway: count('impostorsTurnedAway'),
      deskAttacks: count('deskAttacks'),
      violations,
      mutants: mutated.length,
      mutantsKilled: killed,
    },
  }
}

/** As many at once as there are processors, in the order given. The first failure ends it. */
async function inParallel<R>(tasks: readonly (() => Promise<R>)[]): Promise<readonly R[]> {
  const results: R[] = []
  const queue = [...tasks.entries()]
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, task] = next
      try {
        results[index] = await task()
      } catch (error) {
        queue.length = 0
        throw error
      }
    }
  }
  const settled = await Promise.allSettled(Array.from({ length: Math.min(4, availableParallelism()) }, worker))
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return results
}
