// The chain of each tenant's segments: hashes, signatures, links, ranges, and the heads that were published outside.

import type { KeyObject } from 'node:crypto'
import type { Head } from '../journal/heads.ts'
import { isSignedBy, leavesRoot, noSegment, segmentHash } from '../journal/segment.ts'
import type { FindingList } from './finding.ts'
import type { SegmentLine } from './line.ts'

export class SegmentChain {
  readonly #publicKey: KeyObject
  readonly #heads: ReadonlyMap<string, Head>
  readonly #findings: FindingList
  readonly #ends = new Map<string, SegmentLine>()

  constructor(options: {
    readonly publicKey: KeyObject
    readonly heads: ReadonlyMap<string, Head>
    readonly findings: FindingList
  }) {
    this.#publicKey = options.publicKey
    this.#heads = options.heads
    this.#findings = options.findings
  }

  take(segment: SegmentLine): void {
    const isSealed = this.#checkSeal(segment)
    this.#checkLinks(segment)
    const head = this.#heads.get(segment.tenant)
    if (isSealed && head?.number === segment.number && head.hash !== segment.hash)
      this.#add('rolled-back', segment, 'is not the one that was published: the database was put back and written on')
    this.#ends.set(segment.tenant, segment)
  }

  /** Compares the ends of the chains with the heads, once all segments were seen. */
  close(): void {
    for (const { tenant, number } of this.#heads.values()) {
      const end = this.#ends.get(tenant)?.number ?? 0
      if (end < number)
        this.#findings.add(
          'rolled-back',
          { tenant },
          `segment ${number} was published and the last one here is ${end === 0 ? 'none' : end}: this is an earlier state`,
        )
    }
    for (const { tenant, number } of this.#ends.values()) {
      // A crash between a commit and its head leaves one segment without; the next one would have waited for it.
      if (number > 1 && !this.#heads.has(tenant))
        this.#findings.add('head-missing', { tenant }, `${number} segments were sealed and no head of them is known outside`)
    }
  }

  #checkSeal(segment: SegmentLine): boolean {
    const leaves = Buffer.from(segment.leaves, 'hex')
    if (segmentHash(segment) !== segment.hash) {
      this.#add('segment-changed', segment, 'does not say what its hash was made of')
      return false
    }
    if (!isSignedBy(this.#publicKey, segment)) {
      this.#add('signature-invalid', segment, `is not signed with the given key; it names key ${segment.keyId}`)
      return false
    }
    if (leavesRoot(leaves) !== segment.root)
      this.#add('segment-changed', segment, 'does not have the leaves that it was signed with')
    return true
  }

  #checkLinks(segment: SegmentLine): void {
    const before = this.#ends.get(segment.tenant)
    const expected = (before?.number ?? 0) + 1
    if (segment.number !== expected) {
      const missing = segment.number - expected
      this.#add(
        'segment-changed',
        segment,
        missing === 1 ? `comes without segment ${expected}` : `comes after segment ${expected - 1}`,
      )
      return
    }
    if (segment.previous !== (before?.hash ?? noSegment))
      this.#add('segment-changed', segment, 'is not linked to the one before it')
    if (segment.low !== (before?.high ?? '0'))
      this.#add('segment-changed', segment, 'does not begin where the one before it ends')
  }

  #add(kind: 'segment-changed' | 'signature-invalid' | 'rolled-back', segment: SegmentLine, what: string): void {
    this.#findings.add(kind, { tenant: segment.tenant }, `segment ${segment.number} ${what}`)
  }
}
