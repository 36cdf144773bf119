// The Merkle tree of RFC 9162: leaves and inner nodes are hashed with different first bytes, so that none can pose as the
// other. A root stands for a list; a path of hashes would show that one entry is in it without showing the others.

import { sha256 } from '../lib/hash.ts'

const leafMark = Buffer.of(0)
const nodeMark = Buffer.of(1)

/** The root over leaves in the given order. The root of no leaves is the hash of nothing. */
export function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  let level = leaves.map((leaf) => sha256(Buffer.concat([leafMark, leaf])))
  while (level.length > 1) level = joinPairs(level)
  return level[0] ?? sha256('')
}

// A node without a neighbour rises as it is. That gives the tree of the RFC, whose left part is always full.
function joinPairs(level: readonly Buffer[]): Buffer[] {
  const above: Buffer[] = []
  for (let index = 0; index < level.length; index += 2) {
    const pair = level.slice(index, index + 2)
    above.push(pair.length === 2 ? sha256(Buffer.concat([nodeMark, ...pair])) : Buffer.concat(pair))
  }
  return above
}
