// The lattice of labels: where a value came from, who could have written it, and how many bits untrusted text chose in
// it. This file knows nothing of tables, rules or workflows; it joins and compares.

import { sha256Hex } from '../lib/hash.ts'

/**
 * `origins`: cells as `table.field#key`, or a whole statement as `table.field#*`; who may read the value follows from them.
 * `writers`: who could have set the value: `system`, `principal:…`, `approver:…`, `role:…`, `model:…`, `ext:…`.
 * `influence`: decisions over untrusted text that chose among values, with the bits that each could choose. A set, so
 * that combining a value with itself adds nothing.
 */
export type Label = {
  readonly origins: readonly string[]
  readonly writers: readonly string[]
  readonly influence: Readonly<Record<string, number>>
}

/** A constant of the program: no origin, written by the system, influenced by nobody. */
export const systemLabel: Label = { origins: [], writers: ['system'], influence: {} }

const maxInfluences = 16
const maxOriginsPerField = 64

/** Combines labels: every set is united. `join()` of nothing is the label of a constant. */
export function join(...labels: readonly Label[]): Label {
  const [first = systemLabel, ...others] = labels
  return others.reduce(joinTwo, first)
}

function joinTwo(left: Label, right: Label): Label {
  if (left === right) return left
  return {
    origins: widen(unite(left.origins, right.origins)),
    writers: unite(left.writers, right.writers),
    influence: collapse(uniteInfluence(left.influence, right.influence)),
  }
}

function unite(left: readonly string[], right: readonly string[]): readonly string[] {
  if (right.every((item) => left.includes(item))) return left
  return [...new Set([...left, ...right])].toSorted()
}

// A sound widening: whoever may read every row of a field may read any of them, so single cells beside it say nothing more.
function widen(origins: readonly string[]): readonly string[] {
  if (origins.length <= maxOriginsPerField && !origins.some((origin) => origin.endsWith('#*'))) return origins
  const byField = Map.groupBy(origins, (origin) => origin.slice(0, origin.indexOf('#')))
  return [...byField].flatMap(([field, cells]) => {
    const isWhole = cells.length > maxOriginsPerField || cells.includes(`${field}#*`)
    return isWhole ? [`${field}#*`] : cells
  })
}

function uniteInfluence(left: Label['influence'], right: Label['influence']): Record<string, number> {
  const united: Record<string, number> = { ...left }
  for (const [decision, bits] of Object.entries(right)) united[decision] = Math.max(united[decision] ?? 0, bits)
  return united
}

// Above 16 decisions the set is replaced by its sum, under a name that equal sets share: an upper bound that can only be
// too careful. INVARIANT: two different sets never get one name, or the bits of one of them would not be counted.
function collapse(influence: Record<string, number>): Record<string, number> {
  const decisions = Object.keys(influence)
  if (decisions.length <= maxInfluences) return influence
  const name = `*${sha256Hex(JSON.stringify(decisions.toSorted()))}`
  return { [name]: Object.values(influence).reduce((sum, each) => sum + each, 0) }
}

/** How many bits untrusted text chose in the value, at most. */
export function influenceBits(label: Label): number {
  return Object.values(label.influence).reduce((sum, bits) => sum + bits, 0)
}

/** Whether only the system, the principal or an approver can have written the value. */
export function isTrusted(label: Label): boolean {
  return label.writers.every(isTrustedWriter)
}

/**
 * Whether the influence counts all that untrusted text could choose in the value. It does where nobody else wrote it than
 * models whose decisions are counted; what a stranger wrote himself is as much as its text can say.
 */
export function isCounted(label: Label): boolean {
  if (isTrusted(label)) return true
  const areCountedWriters = label.writers.every((writer) => isTrustedWriter(writer) || writer.startsWith('model:'))
  return areCountedWriters && influenceBits(label) > 0
}

function isTrustedWriter(writer: string): boolean {
  return writer === 'system' || writer.startsWith('principal:') || writer.startsWith('approver:')
}

/** Adds what a decision could choose, in bits. */
export function withInfluence(label: Label, decision: string, bits: number): Label {
  return { ...label, influence: collapse(uniteInfluence(label.influence, { [decision]: bits })) }
}
