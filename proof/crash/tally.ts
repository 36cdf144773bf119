// Counts what the cases of a proof came to, prints each, and says at the end whether the proof holds.

import { disagreements } from '../bill-pay/compare-with-key.ts'
import type { ProofSize, Proved } from '../prove.ts'
import { compare } from './compare.ts'
import { describeKill } from './kill.ts'
import { extent } from './plan.ts'
import type { Case, CaseResult } from './run-case.ts'

export class Tally {
  readonly #size: ProofSize
  readonly #undisturbed: CaseResult
  readonly #log: (line: string) => void
  readonly #boundaries = new Set<string>()
  readonly #counts = {
    cases: 0,
    randomKills: 0,
    boundaryKills: 0,
    serverKills: 0,
    starts: 0,
    payments: 0,
    lost: 0,
    doubled: 0,
    unverified: 0,
    disagreements: 0,
    mutants: 0,
    mutantsFound: 0,
  }

  constructor(size: ProofSize, undisturbed: CaseResult, log: (line: string) => void) {
    this.#size = size
    this.#undisturbed = undisturbed
    this.#log = log
  }

  randomKills(): number {
    return this.#counts.randomKills
  }

  /** What everything is compared with has to be right itself: as the key says, with what waits for a person approved. */
  judgeUndisturbed(key: Parameters<typeof disagreements>[0]): void {
    const approved = Object.entries(key).map(([file, entry]) =>
      entry.needsApproval ? [file, { ...entry, paid: true, needsApproval: false, reason: 'in-order' }] : [file, entry],
    )
    const { report, ledger, lasted } = this.#undisturbed
    const found = disagreements(Object.fromEntries(approved) as typeof key, report, ledger) // the same files, some entries changed
    this.#counts.disagreements += found.length
    const { unapproved, approved: rest } = lasted
    this.#log(
      `undisturbed: ${report.audit.entries} entries, ${ledger.length} payments, ${Math.round(unapproved)} + ${Math.round(rest)} ms`,
    )
    for (const each of found) this.#log(`  ${each}`)
  }

  judge(of: Case, result: CaseResult): void {
    const { lost, doubled, isVerified, differences } = compare(this.#undisturbed, result)
    const counts = this.#counts
    counts.starts += result.starts
    if (of.mutant !== null) {
      counts.mutants += 1
      if (lost + doubled > 0) counts.mutantsFound += 1
      this.#log(`mutant "${of.mutant}": ${lost} lost, ${doubled} doubled: ${lost + doubled > 0 ? 'found' : 'NOT FOUND'}`)
      return
    }
    counts.cases += 1
    counts.payments += result.ledger.length
    counts.lost += lost
    counts.doubled += doubled
    counts.unverified += isVerified ? 0 : 1
    counts.disagreements += differences.length
    for (const { moment, victims } of result.done) {
      if (moment.kind === 'clock') counts.randomKills += 1
      else counts.boundaryKills += 1
      if (moment.kind === 'entry') this.#boundaries.add(boundaryName(moment.entry, moment.side))
      if (victims.includes('server')) counts.serverKills += 1
    }
    this.#log(`${of.name}: ${result.done.length} kills, ${result.starts} starts, ${lost} lost, ${doubled} doubled`)
    if (differences.length > 0) this.#logFailed(of, differences)
  }

  broke(of: Case, error: unknown): void {
    this.#counts.disagreements += 1
    this.#log(`${of.name}: FAILED${of.mutant === null ? '' : ` (mutant "${of.mutant}")`}`)
    this.#logFailed(of, [error instanceof Error ? error.message : String(error)])
  }

  close(entries: number): Proved {
    const { lost, doubled, unverified, disagreements, mutants, mutantsFound, randomKills } = this.#counts
    const expected = this.#size === 'small' ? [] : Array.from({ length: entries }, (_, index) => ({ number: index + 1 }))
    const missed = expected
      .flatMap((entry) => [boundaryName(entry, 'before its commit'), boundaryName(entry, 'after its commit')])
      .filter((name) => !this.#boundaries.has(name))
    for (const name of missed) this.#log(`not reached: ${name}`)
    const passed =
      lost + doubled + unverified + disagreements + missed.length === 0 &&
      mutants === mutantsFound &&
      mutants === extent[this.#size].mutants &&
      randomKills >= extent[this.#size].randomKills
    return { passed, counts: { ...this.#counts, boundaries: this.#boundaries.size, boundariesMissed: missed.length } }
  }

  #logFailed({ kills }: Case, differences: readonly string[]): void {
    for (const each of differences) this.#log(`  ${each}`)
    this.#log(`  kills: ${kills.map(describeKill).join('; ')}`)
  }
}

function boundaryName(entry: { readonly number: number } | { readonly kind: string }, side: string): string {
  return `${'number' in entry ? entry.number : entry.kind} ${side}`
}
