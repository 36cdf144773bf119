import { expect, test } from 'vitest'
import { merkleRoot } from '../../src/journal/merkle.ts'
import { sha256 } from '../../src/lib/hash.ts'

/** As RFC 9162 section 2.1.1 writes it: split at the largest power of two below the count. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves
  if (only === undefined) return sha256('')
  if (leaves.length === 1) return sha256(Buffer.concat([Buffer.of(0), only]))
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1))
  return sha256(Buffer.concat([Buffer.of(1), rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split))]))
}

const leaves = Array.from({ length: 70 }, (_, index) => Buffer.from(`leaf ${index}`))

test('the root is that of RFC 9162 for every number of leaves', () => {
  for (let count = 0; count <= leaves.length; count += 1)
    expect(merkleRoot(leaves.slice(0, count))).toEqual(rootByDefinition(leaves.slice(0, count)))
})

test('two leaves in another order have another root', () => {
  const [first, second, ...others] = leaves
  expect(merkleRoot([second, first, ...others].filter((leaf) => leaf !== undefined))).not.toEqual(merkleRoot(leaves))
})

test('an inner node does not pass for a leaf', () => {
  const [first = Buffer.of(), second = Buffer.of()] = leaves
  const inner = Buffer.concat([sha256(Buffer.concat([Buffer.of(0), first])), sha256(Buffer.concat([Buffer.of(0), second]))])
  expect(merkleRoot([inner])).not.toEqual(merkleRoot([first, second]))
})
