// What was seen of each run: its row, the numbers of its entries, its end. A run that is whole is forgotten, so memory
// grows with the runs that are open or damaged, not with the journal.

import type { FindingList } from './finding.ts'
import type { EntryLine, RunLine } from './line.ts'
import { NumberSet } from './number-set.ts'
import type { MissingEntry } from './segment-content.ts'

export class RunRegister {
  readonly #findings: FindingList
  readonly #runs = new Map<string, RunSeen>()
  /** Sealed entries that are gone, by run. */
  readonly #missing = new Map<string, MissingFromRun>()

  constructor(findings: FindingList) {
    this.#findings = findings
  }

  run(line: RunLine): void {
    this.#seen(line.id, line.tenant).row = line
  }

  entry(entry: EntryLine, options: { readonly isIntact: boolean }): void {
    const run = this.#seen(entry.run, entry.tenant)
    run.numbers.add(entry.number)
    run.isIntact &&= options.isIntact
    if (entry.kind === 'run.ended') run.end = entry.number
    if (entry.number === 1 && run.row !== null) this.#compare(run.row, entry)
    if (run.isIntact && run.row !== null && run.end !== null && run.numbers.isFilledTo(run.end)) this.#runs.delete(entry.run)
  }

  missing(tenant: string, places: readonly MissingEntry[]): void {
    for (const { run, number } of places) {
      const known = this.#missing.get(run) ?? { tenant, numbers: [] }
      known.numbers.push(number)
      this.#missing.set(run, known)
    }
  }

  /** Reports what is missing, once everything was seen. */
  close(): void {
    for (const [run, { tenant, numbers }] of this.#missing) {
      const isThere = this.#runs.has(run)
      if (!isThere)
        this.#findings.add(
          'run-removed',
          { tenant, run },
          `the run with its ${counted(numbers.length)} was sealed and is not there`,
        )
      else
        for (const number of numbers)
          this.#findings.add('entry-removed', { tenant, run, number }, `entry ${number} was sealed and is not there`)
    }
    for (const [id, run] of this.#runs) this.#checkGaps(id, run)
  }

  #checkGaps(id: string, run: RunSeen): void {
    const reported = new Set(this.#missing.get(id)?.numbers)
    const { tenant } = run
    if (run.row === null)
      this.#findings.add('run-removed', { tenant, run: id }, 'the row of the run is not there, though entries of it are')
    for (const [from, to] of run.numbers.gaps()) {
      if (reported.has(from)) continue
      const what = from === to ? `entry ${from} is` : `entries ${from} to ${to} are`
      this.#findings.add('entry-removed', { tenant, run: id, number: from }, `${what} not there, though later ones are`)
    }
    const next = run.numbers.highest + 1
    const mustHaveNext = run.numbers.highest === 0 || (run.end === null && endedStates.has(run.row?.state ?? ''))
    if (mustHaveNext && !reported.has(next))
      this.#findings.add(
        'entry-removed',
        { tenant, run: id, number: next },
        run.numbers.highest === 0
          ? 'the run has no entries'
          : `the run has ended, and the entries after entry ${run.numbers.highest} are not there`,
      )
  }

  // The row of a run changes as it goes on; what it is a run of does not.
  #compare(row: RunLine, first: EntryLine): void {
    const said = `${row.workflow}/${row.version}`
    if (row.tenant !== first.tenant || said !== first.path)
      this.#findings.add(
        'run-changed',
        first,
        `the row says run of \`${said}\` of tenant \`${row.tenant}\`, the first entry says \`${first.path}\` of tenant \`${first.tenant}\``,
      )
  }

  #seen(id: string, tenant: string): RunSeen {
    const known = this.#runs.get(id)
    if (known !== undefined) return known
    const run: RunSeen = { tenant, row: null, numbers: new NumberSet(), end: null, isIntact: true }
    this.#runs.set(id, run)
    return run
  }
}

type RunSeen = {
  readonly tenant: string
  row: RunLine | null
  readonly numbers: NumberSet
  /** The number of the entry `run.ended`. */
  end: number | null
  isIntact: boolean
}

type MissingFromRun = { readonly tenant: string; readonly numbers: number[] }

const endedStates: ReadonlySet<string> = new Set(['finished', 'failed'])

function counted(entries: number): string {
  return entries === 1 ? 'one entry' : `${entries} entries`
}
