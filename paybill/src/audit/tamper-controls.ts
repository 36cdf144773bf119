// Controls: damage of known kinds, planted one at a time in an exported copy of the journal, which the verifier must find.
// A verifier that says "verified" is only worth something where it is seen to say otherwise. The planted damage is that of
// somebody who can write every row and makes all hashes anew, and only lacks the key.

import { entryLineHash } from './entry-line-hash.ts'
import type { FindingKind } from './finding.ts'
import type { EntryLine, ExportLine, RunLine } from './line.ts'
import { verifyExport, type VerifyWith } from './verify.ts'

export type TamperControls = {
  readonly seeded: number
  readonly found: number
  /** Names of the controls that the verifier did not find. */
  readonly missed: readonly string[]
}

/**
 * Plants each control in the given export, one at a time, and verifies. Found is only what is reported as what it is. What
 * the journal is too short for is not planted: it takes a run with two sealed entries. Where the export does not verify by
 * itself nothing counts as found, for the finding could be an old one.
 *
 * @example const { seeded, found } = await tamperControls(await Array.fromAsync(lines), { publicKey, heads })
 */
export async function tamperControls(lines: readonly ExportLine[], using: VerifyWith): Promise<TamperControls> {
  const untouched = await verifyExport(lines, using)
  const missed: string[] = []
  let seeded = 0
  for (const control of controls) {
    const damaged = control.plant(lines, using)
    if (damaged === null) continue
    seeded += 1
    const { findings } = await verifyExport(damaged, using)
    const isFound = untouched.verified && findings.some((finding) => finding.kind === control.expects)
    if (!isFound) missed.push(control.name)
  }
  return { seeded, found: seeded - missed.length, missed }
}

type Control = {
  readonly name: string
  readonly expects: FindingKind
  /** Answers null where the journal is too short. */
  readonly plant: (lines: readonly ExportLine[], using: VerifyWith) => Iterable<ExportLine> | null
}

const controls: readonly Control[] = [
  { name: 'a changed entry', expects: 'entry-changed', plant: changeEntry },
  { name: 'a removed entry', expects: 'entry-removed', plant: removeEntry },
  { name: 'two entries exchanged', expects: 'entry-reordered', plant: exchangeEntries },
  { name: 'a removed run', expects: 'run-removed', plant: removeRun },
  { name: 'a database put back', expects: 'rolled-back', plant: putBack },
]

function changeEntry(lines: readonly ExportLine[]): Iterable<ExportLine> | null {
  const [, entry] = sealedRun(lines)
  if (entry === undefined) return null
  return lines.map((line) => (line === entry ? rehashed({ ...entry, path: `${entry.path}/elsewhere` }) : line))
}

// The last one, which leaves no gap in the numbers.
function removeEntry(lines: readonly ExportLine[]): Iterable<ExportLine> | null {
  const entries = sealedRun(lines)
  return entries.length === 0 ? null : lines.filter((line) => line !== entries.at(-1))
}

function exchangeEntries(lines: readonly ExportLine[]): Iterable<ExportLine> | null {
  const [first, second] = sealedRun(lines).slice(-2)
  if (first === undefined || second === undefined) return null
  return lines.map((line) => {
    if (line === first) return rehashed({ ...second, number: first.number, segment: first.segment })
    return line === second ? rehashed({ ...first, number: second.number, segment: second.segment }) : line
  })
}

function removeRun(lines: readonly ExportLine[]): Iterable<ExportLine> | null {
  const [entry] = sealedRun(lines)
  if (entry === undefined) return null
  return lines.filter(
    (line) => !(line.line === 'run' && line.id === entry.run) && !(line.line === 'entry' && line.run === entry.run),
  )
}

// As an older backup would be: without the newest published segment, its entries, and everything later.
function putBack(lines: readonly ExportLine[], using: VerifyWith): Iterable<ExportLine> | null {
  const head = using.heads.values().next().value
  if (head === undefined) return null
  const isLater = (line: ExportLine): boolean =>
    (line.line === 'segment' && line.tenant === head.tenant && line.number >= head.number) ||
    (line.line === 'entry' && line.tenant === head.tenant && (line.segment ?? head.number) >= head.number)
  const kept = lines.filter((line) => !isLater(line))
  const runs = new Set(kept.map((line) => (line.line === 'entry' ? line.run : null)))
  return kept
    .filter((line) => line.line !== 'run' || line.tenant !== head.tenant || runs.has(line.id))
    .map((line) => (line.line === 'run' && line.tenant === head.tenant ? stillAlive(line) : line))
}

function stillAlive(run: RunLine): RunLine {
  return { ...run, state: 'alive' }
}

/** The sealed entries of the run that has most of them, at least two, in the order of their numbers; none where there is no such run. */
function sealedRun(lines: readonly ExportLine[]): readonly EntryLine[] {
  const sealed = lines.filter((line): line is EntryLine => line.line === 'entry' && line.segment !== null)
  let longest: readonly EntryLine[] = []
  for (const entries of Map.groupBy(sealed, (entry) => entry.run).values()) if (entries.length > longest.length) longest = entries
  return longest.length < 2 ? [] : longest.toSorted((left, right) => left.number - right.number)
}

function rehashed(entry: EntryLine): EntryLine {
  return { ...entry, hash: entryLineHash(entry) }
}
