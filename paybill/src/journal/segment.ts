// A segment: entries of one tenant sealed together, by a signature over their Merkle root and over the hash of the
// segment before. Not for deciding which entries those are: the sealer does.

import { type KeyObject, verify } from 'node:crypto'
import { encodeCanonical } from '../lib/canonical.ts'
import { sha256 } from '../lib/hash.ts'
import type { Keys } from './keys.ts'
import { merkleRoot } from './merkle.ts'

/** What a segment says of an entry: where it stands and what it hashes to. */
export type Leaf = { readonly runId: string; readonly number: number; readonly hash: Uint8Array }

/** What is signed. Hashes are hexadecimal; transaction ids are decimal. */
export type SegmentContent = {
  readonly tenant: string
  /** Counts a tenant's segments from 1. */
  readonly number: number
  /** Entries of transactions from `low` on, below `high`. The next segment begins where this one ends. */
  readonly low: string
  readonly high: string
  readonly entries: number
  readonly root: string
  /** The hash of the segment before; zeros for the first. */
  readonly previous: string
  readonly keyId: string
  /** When it was sealed, ISO 8601. */
  readonly at: string
}

export type Segment = SegmentContent & {
  /** The leaves in order, as `leavesEncode` writes them. The root vouches for them; they say which entry is the wrong one. */
  readonly leaves: Buffer
  readonly hash: string
  readonly signature: string
}

export const noSegment = '00'.repeat(32)

/** Seals the leaves, which are in the order of (run, number), behind the segment before. */
export function segmentSeal(
  keys: Keys,
  content: Omit<SegmentContent, 'entries' | 'root' | 'keyId'> & { readonly leaves: readonly Leaf[] },
): Segment {
  const { tenant, number, low, high, previous, at } = content
  const leaves = leavesEncode(content.leaves)
  const root = leavesRoot(leaves)
  const sealed = { tenant, number, low, high, entries: content.leaves.length, root, previous, keyId: keys.keyId, at }
  const hash = segmentHash(sealed)
  return { ...sealed, leaves, hash, signature: keys.sign(Buffer.from(hash, 'hex')).toString('hex') }
}

/** SHA-256 over the content as canonical JSON. `format` keeps it apart from everything else that is ever signed. */
export function segmentHash(content: SegmentContent): string {
  const { tenant, number, low, high, entries, root, previous, keyId, at } = content
  return sha256(
    encodeCanonical({ format: 'paybill segment 1', tenant, number, low, high, entries, root, previous, keyId, at }),
  ).toString('hex')
}

/** Whether the segment's hash was signed with the key that belongs to the public one. */
export function isSignedBy(publicKey: KeyObject, segment: { readonly hash: string; readonly signature: string }): boolean {
  return verify(null, Buffer.from(segment.hash, 'hex'), publicKey, Buffer.from(segment.signature, 'hex'))
}

// The run's id, the number in the run, the entry's hash.
const runBytes = 16
const numberBytes = 4
const leafBytes = runBytes + numberBytes + 32

export function leavesEncode(leaves: readonly Leaf[]): Buffer {
  return Buffer.concat(
    leaves.map(({ runId, number, hash }) => {
      const leaf = Buffer.alloc(leafBytes)
      leaf.write(runId.replaceAll('-', ''), 'hex')
      leaf.writeUInt32BE(number, runBytes)
      leaf.set(hash, runBytes + numberBytes)
      return leaf
    }),
  )
}

/** Reads leaves back. What is left over at the end is no leaf, and changes the root. */
export function leavesDecode(leaves: Buffer): Leaf[] {
  return leavesCut(leaves)
    .filter((leaf) => leaf.length === leafBytes)
    .map((leaf) => ({
      runId: leaf.toString('hex', 0, runBytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      number: leaf.readUInt32BE(runBytes),
      hash: leaf.subarray(runBytes + numberBytes),
    }))
}

export function leavesRoot(leaves: Buffer): string {
  return merkleRoot(leavesCut(leaves)).toString('hex')
}

function leavesCut(leaves: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(leaves.length / leafBytes) }, (_, index) =>
    leaves.subarray(index * leafBytes, (index + 1) * leafBytes),
  )
}
