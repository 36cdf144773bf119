// Proves that access rules mean one thing: decided in memory, woven into SQL, held by row level security, and read by a naive
// evaluator, over generated schemas, rules, people and statements. Then it breaks the readers, one way after the other, and
// shows that the same cases find each break.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { databaseServer } from 'paybill/embedded'
import { answersOf, disagreement } from '../paybill/test/acl/compare.ts'
import { type Readers, readers } from '../paybill/test/acl/readers.ts'
import { repositoryRoot } from '../tools/repository.ts'
import { countOperators } from './acl/count.ts'
import { describeRow, describeStatic } from './acl/describe.ts'
import { type Ground, makeGround, makeQuestion } from './acl/ground.ts'
import { MutantCopies } from './acl/mutant-copies.ts'
import { commonMutants, type Mutant, mutants } from './acl/mutants.ts'
import { Random } from './acl/random.ts'
import { now } from './acl/values.ts'
import type { ProofJob, ProofSize, Proved } from './prove.ts'

export const description =
  'memory, SQL, row level security and a naive evaluator agree on generated rules; broken copies are found'

type Extent = { readonly grounds: number; readonly rulesPerGround: number; readonly askers: number }

/** A question has ten cases. Cases = 10 × grounds × rules × askers. */
const extents: Readonly<Record<ProofSize, Extent>> = {
  small: { grounds: 2, rulesPerGround: 4, askers: 4 },
  full: { grounds: 12, rulesPerGround: 16, askers: 6 },
}

/** A mutant that this many sets of rules do not find was not found. */
const rulesPerMutant = 400
/** Mutants are looked for in as many lanes, each with grounds of its own. */
const mutantLanes = 2
const shownDisagreements = 5

export async function prove({ size, seed, log }: ProofJob): Promise<Proved> {
  const extent = extents[size]
  const parent = join(repositoryRoot, '.paybill')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'proof-acl-'))
  const server = await databaseServer({ folder: join(folder, 'database') })
  const grounds: Ground[] = []
  try {
    for (let index = 0; index < extent.grounds; index += 1) grounds.push(await makeGround(server.url, { seed, index }))
    const tally = new Tally(log)
    await inLanes(grounds, async (ground) => {
      for (let rules = 0; rules < extent.rulesPerGround; rules += 1)
        for await (const found of ask(readers, ground, { rules, askers: extent.askers })) tally.take(found)
    })
    tally.log()

    const copies = new MutantCopies(join(folder, 'mutants'))
    const tried = mutantsTried(size, seed)
    const waiting = [...tried]
    const missed: string[] = []
    const shares = Array.from({ length: mutantLanes }, (_, lane) => grounds.filter((_, index) => index % mutantLanes === lane))
    await inLanes(shares, async (share) => {
      for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
        const after = await findMutant(await copies.readersOf(mutant), share)
        log(`mutant ${after === null ? 'MISSED' : `found after ${String(after).padStart(4)} cases`}: ${mutant.name}`)
        if (after === null) missed.push(mutant.name)
      }
    })
    return {
      passed: tally.disagreements === 0 && missed.length === 0,
      counts: { ...tally.counts(), mutants: tried.length, mutantsFound: tried.length - missed.length },
    }
  } finally {
    for (const ground of grounds) await ground.scratch.drop()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** All of them, or a few of those that show soon: others with each seed. */
function mutantsTried(size: ProofSize, seed: number): readonly Mutant[] {
  if (size === 'full') return mutants
  const random = new Random(seed)
  return [...new Set(random.times(3, 3, () => random.pick(commonMutants)))]
}

type Found = {
  readonly operators: ReadonlyMap<string, number>
  readonly cases: number
  readonly rows: number
  readonly allowed: number
  readonly disagreements: readonly string[]
}

/** Asks all readers one question after the other. */
async function* ask(
  subject: Readers,
  ground: Ground,
  of: { readonly rules: number; readonly askers: number },
): AsyncGenerator<Found> {
  const { rules, asked } = makeQuestion(ground, of)
  await ground.scratch.install(subject, rules, now)
  const operators = new Map<string, number>()
  countOperators(rules, operators)
  for (const [asker, each] of asked.entries()) {
    const where = `seed ${ground.seed}, ground ${ground.index}, rules ${of.rules}, asker ${asker}`
    const disagreements: string[] = []
    let rows = 0
    let allowed = 0
    for (const answers of await answersOf(ground.scratch, subject, each)) {
      const found = { where, asked: each, answers }
      if (answers.static.naive !== answers.static.memory) disagreements.push(describeStatic(found))
      for (const row of answers.rows) {
        rows += 1
        if (row.naive) allowed += 1
        const what = disagreement(row)
        if (what !== null) disagreements.push(describeRow(found, row, what))
      }
    }
    yield { operators: asker === 0 ? operators : new Map(), cases: each.statements.length, rows, allowed, disagreements }
  }
}

/** How many cases it took until a broken copy gave another answer; null where it never did. */
async function findMutant(broken: Readers, grounds: readonly Ground[]): Promise<number | null> {
  let cases = 0
  for (let rules = 0; rules < rulesPerMutant; rules += 1)
    for (const ground of grounds)
      for await (const found of ask(broken, ground, { rules: 1_000 + rules, askers: 2 })) {
        cases += found.cases
        if (found.disagreements.length > 0) return cases
      }
  return null
}

/** Works at several places at the same time. All have come to rest when it ends, also where one of them failed. */
async function inLanes<T>(places: readonly T[], work: (place: T) => Promise<void>): Promise<void> {
  const lanes = await Promise.allSettled(places.map(work))
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason
}

class Tally {
  readonly #log: (line: string) => void
  readonly #operators = new Map<string, number>()
  readonly #counts = { cases: 0, rows: 0, allowed: 0, disagreements: 0 }

  constructor(log: (line: string) => void) {
    this.#log = log
  }

  get disagreements(): number {
    return this.#counts.disagreements
  }

  take({ operators, cases, rows, allowed, disagreements }: Found): void {
    for (const [name, count] of operators) this.#operators.set(name, (this.#operators.get(name) ?? 0) + count)
    for (const each of disagreements) {
      if (this.#counts.disagreements < shownDisagreements) this.#log(each)
      this.#counts.disagreements += 1
    }
    this.#counts.cases += cases
    this.#counts.rows += rows
    this.#counts.allowed += allowed
  }

  log(): void {
    const { cases, rows, allowed, disagreements } = this.#counts
    this.#log(`${cases} cases, ${rows} rows, ${allowed} of them allowed; ${disagreements} disagreements`)
    const operators = [...this.#operators].toSorted(([, one], [, other]) => other - one)
    this.#log(`asked: ${operators.map(([name, count]) => `${name} ${count}`).join(', ')}`)
  }

  counts(): Readonly<Record<string, number>> {
    return { ...this.#counts, ...Object.fromEntries([...this.#operators].map(([name, count]) => [`operator ${name}`, count])) }
  }
}
