// Compares the entries of one segment with its leaves. What fits is forgotten at once; what is left on both sides is
// paired at the end: a leaf and an entry of the same place are a change, an entry that fits the leaf of another place was
// moved there, a leaf without an entry is a removal, an entry without a leaf was added.

import type { Leaf } from '../journal/segment.ts'
import { entryLineHash } from './entry-line-hash.ts'
import type { FindingList } from './finding.ts'
import type { EntryLine } from './line.ts'

export class SegmentContent {
  readonly #findings: FindingList
  /** Leaves that no entry has fitted yet, by run and number. */
  readonly #leaves: Map<string, OpenLeaf>
  readonly #strays: EntryLine[] = []

  constructor(leaves: readonly Leaf[], findings: FindingList) {
    this.#findings = findings
    this.#leaves = new Map(
      leaves.map(({ runId, number, hash }) => [
        key(runId, number),
        { run: runId, number, hash: Buffer.from(hash).toString('hex') },
      ]),
    )
  }

  /** Takes an entry. Answers whether it is the one that was sealed. */
  take(entry: EntryLine): boolean {
    const place = key(entry.run, entry.number)
    const hash = entryLineHash(entry)
    if (this.#leaves.get(place)?.hash !== hash) {
      // Past the limit only the count of findings matters, and the pairing would need too much memory.
      if (this.#strays.length < strayLimit) this.#strays.push(entry)
      else this.#findings.add('entry-changed', entry, `entry ${entry.number} is not what was sealed`)
      return false
    }
    this.#leaves.delete(place)
    if (hash !== entry.hash)
      this.#findings.add('entry-changed', entry, `the hash beside entry ${entry.number} is not the hash of that entry`)
    return true
  }

  /** Reports what does not fit. Answers the places whose entries are gone; whether their runs are gone too, others know. */
  close(): readonly MissingEntry[] {
    const leavesOf = Map.groupBy(this.#leaves.values(), (leaf) => leaf.run)
    const taken = new Set<OpenLeaf>()
    const unmoved: EntryLine[] = []
    for (const entry of this.#strays) {
      const leaf = (leavesOf.get(entry.run) ?? [])
        .slice(0, pairLimit)
        .find((leaf) => !taken.has(leaf) && entryLineHash(entry, leaf.number) === leaf.hash)
      if (leaf === undefined) {
        unmoved.push(entry)
        continue
      }
      taken.add(leaf)
      this.#findings.add('entry-reordered', entry, `what stands as entry ${entry.number} was sealed as entry ${leaf.number}`)
    }
    for (const entry of unmoved) {
      const leaf = this.#leaves.get(key(entry.run, entry.number))
      if (leaf === undefined) {
        this.#findings.add('entry-added', entry, `entry ${entry.number} stands among sealed entries and was not sealed with them`)
        continue
      }
      taken.add(leaf)
      this.#findings.add('entry-changed', entry, `entry ${entry.number} is not what was sealed`)
    }
    return [...this.#leaves.values()].filter((leaf) => !taken.has(leaf))
  }
}

/** The place of an entry that was sealed and is not there. */
export type MissingEntry = { readonly run: string; readonly number: number }

type OpenLeaf = MissingEntry & { readonly hash: string }

const strayLimit = 10_000
// Trying every entry at every place of a run grows with the square; an exchange is found among this many open places.
const pairLimit = 64

function key(run: string, number: number): string {
  return `${run}/${number}`
}
