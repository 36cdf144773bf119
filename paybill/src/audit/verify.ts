// Verifies a journal from its export, the public key and the heads that were published, without a database. It believes
// nothing that it can compute: every hash, root, link and signature is made again.
//
// What it finds: whatever was changed, removed, moved, added or put back after it was sealed, also by somebody who makes
// all hashes anew but has not the signing key. What it cannot find: a change before sealing that fits its own hash.

import type { KeyObject } from 'node:crypto'
import { payloadHmac } from '../journal/entry.ts'
import type { Head } from '../journal/heads.ts'
import { leavesDecode } from '../journal/segment.ts'
import { entryLineHash } from './entry-line-hash.ts'
import { type Finding, FindingList } from './finding.ts'
import type { EntryLine, ExportLine, ExportLines, SegmentLine } from './line.ts'
import { RunRegister } from './run-register.ts'
import { SegmentChain } from './segment-chain.ts'
import { SegmentContent } from './segment-content.ts'

export type VerifyWith = {
  readonly publicKey: KeyObject
  /** The newest head of each tenant, read before the export was made. A journal that is further is no finding; one that is behind is. */
  readonly heads: ReadonlyMap<string, Head>
  /** The key of a tenant's payloads. Where it is not at hand, payloads are not compared. */
  readonly payloadKey?: (tenant: string) => Uint8Array | null
}

export type Verification = {
  /** Whether nothing was found. */
  readonly verified: boolean
  readonly entries: number
  readonly segments: number
  /** Entries that no segment holds yet: they fit their own hash, and more is not promised of them. */
  readonly unsealed: number
  /** Entries whose payload was erased: the chain holds without it. */
  readonly erased: number
  /** How many findings there were; at most 1,000 are listed. */
  readonly found: number
  readonly findings: readonly Finding[]
}

/**
 * Verifies the lines of an export. Memory grows with what is open at a time, not with the length of the journal.
 *
 * @example const { verified, findings } = await verifyExport(lines, { publicKey, heads: await heads.newest() })
 */
export async function verifyExport(lines: ExportLines, using: VerifyWith): Promise<Verification> {
  const verifier = new Verifier(using)
  for await (const line of lines) verifier.take(line)
  return verifier.close()
}

class Verifier {
  readonly #payloads: PayloadCheck
  readonly #findings = new FindingList()
  readonly #chain: SegmentChain
  readonly #runs: RunRegister
  #open: { readonly segment: SegmentLine; readonly content: SegmentContent } | null = null
  #entries = 0
  #segments = 0
  #unsealed = 0

  constructor(using: VerifyWith) {
    this.#chain = new SegmentChain({ ...using, findings: this.#findings })
    this.#runs = new RunRegister(this.#findings)
    this.#payloads = new PayloadCheck(using.payloadKey ?? (() => null), this.#findings)
  }

  take(line: ExportLine): void {
    switch (line.line) {
      case 'header':
      case 'end':
        return
      case 'segment':
        this.#closeSegment()
        this.#segments += 1
        this.#chain.take(line)
        this.#open = {
          segment: line,
          content: new SegmentContent(leavesDecode(Buffer.from(line.leaves, 'hex')), this.#findings),
        }
        return
      case 'run':
        this.#runs.run(line)
        return
      case 'entry':
        this.#entry(line)
        return
      default:
        line satisfies never
    }
  }

  close(): Verification {
    this.#closeSegment()
    this.#chain.close()
    this.#runs.close()
    const { count, listed } = this.#findings
    return {
      verified: count === 0,
      entries: this.#entries,
      segments: this.#segments,
      unsealed: this.#unsealed,
      erased: this.#payloads.erased,
      found: count,
      findings: listed,
    }
  }

  #entry(entry: EntryLine): void {
    this.#entries += 1
    const isIntact = this.#contentOf(entry)?.take(entry) ?? this.#unsealedEntry(entry)
    this.#runs.entry(entry, { isIntact })
    // What the payload is bound to has to be right before the payload can be wrong.
    if (isIntact) this.#payloads.check(entry)
  }

  #contentOf(entry: EntryLine): SegmentContent | null {
    if (this.#open?.segment.tenant !== entry.tenant || this.#open.segment.number !== entry.segment) return null
    return this.#open.content
  }

  #unsealedEntry(entry: EntryLine): boolean {
    this.#unsealed += 1
    if (entryLineHash(entry) === entry.hash) return true
    const from = numbersAround(entry.number).find((number) => entryLineHash(entry, number) === entry.hash)
    if (from === undefined) this.#findings.add('entry-changed', entry, `entry ${entry.number} does not fit its hash`)
    else this.#findings.add('entry-reordered', entry, `what stands as entry ${entry.number} was written as entry ${from}`)
    return false
  }

  #closeSegment(): void {
    if (this.#open === null) return
    this.#runs.missing(this.#open.segment.tenant, this.#open.content.close())
    this.#open = null
  }
}

/** Compares payloads with the HMAC in their entries, where the key is at hand. */
class PayloadCheck {
  readonly #keyOf: (tenant: string) => Uint8Array | null
  readonly #findings: FindingList
  #tenant: string | null = null
  #key: Uint8Array | null = null
  erased = 0

  constructor(keyOf: (tenant: string) => Uint8Array | null, findings: FindingList) {
    this.#keyOf = keyOf
    this.#findings = findings
  }

  check(entry: EntryLine): void {
    const { payload, run: runId, number } = entry
    if (payload === null) this.erased += 1
    if (payload === null || payload === undefined) return
    const key = this.#keyFor(entry.tenant)
    if (key === null || payloadHmac(key, { runId, number }, payload).toString('hex') === entry.payloadHmac) return
    this.#findings.add('payload-changed', entry, `the payload of entry ${number} is not the one that was written`)
  }

  // Tenants come one after another; their keys are derived once for each.
  #keyFor(tenant: string): Uint8Array | null {
    if (this.#tenant !== tenant) this.#key = this.#keyOf(tenant)
    this.#tenant = tenant
    return this.#key
  }
}

const reach = 32

function numbersAround(number: number): readonly number[] {
  return Array.from({ length: 2 * reach + 1 }, (_, index) => number - reach + index).filter((near) => near > 0)
}
