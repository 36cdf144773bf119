import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { influenceBits, isTrusted, join, type Label, systemLabel, withInfluence } from '../../src/label/label.ts'

const cell = fc
  .tuple(fc.constantFrom('invoice.note', 'slip.memo', 'vendor.name'), fc.nat(40))
  .map(([field, key]) => `${field}#${key}`)
const writer = fc.constantFrom('system', 'principal:ann', 'approver:bo', 'role:clerk', 'model:m', 'ext:invoice.note')
const decision = fc.nat(30).map((number) => `run/1/d${number}`)

const labels: fc.Arbitrary<Label> = fc.record({
  origins: fc.uniqueArray(cell, { maxLength: 20 }).map((origins) => origins.toSorted()),
  writers: fc.uniqueArray(writer, { minLength: 1, maxLength: 4 }).map((writers) => writers.toSorted()),
  // A decision has one number of bits, whoever speaks of it.
  influence: fc
    .uniqueArray(decision, { maxLength: 12 })
    .map((decisions) => Object.fromEntries(decisions.map((one) => [one, 1 + (one.length % 3)]))),
})

/** Labels as the sets that they are. */
function asSets(label: Label) {
  return { origins: new Set(label.origins), writers: new Set(label.writers), influence: label.influence }
}

const isCollapsed = (label: Label): boolean => Object.keys(label.influence).some((decision) => decision.startsWith('*'))

test('joining a label with itself adds nothing', () => {
  fc.assert(
    fc.property(labels, (label) => {
      expect(asSets(join(label, structuredClone(label)))).toEqual(asSets(label))
    }),
  )
})

test('joining once more adds nothing, also after the influence was collapsed', () => {
  fc.assert(
    fc.property(labels, labels, labels, (a, b, c) => {
      const joined = join(a, b, c)
      expect(asSets(join(joined, structuredClone(joined)))).toEqual(asSets(joined))
    }),
  )
})

test('the order of joining does not matter', () => {
  fc.assert(
    fc.property(labels, labels, (a, b) => {
      expect(asSets(join(a, b))).toEqual(asSets(join(b, a)))
    }),
  )
})

test('the grouping of joins does not matter, as long as nothing was collapsed', () => {
  fc.assert(
    fc.property(labels, labels, labels, (a, b, c) => {
      const [left, right] = [join(join(a, b), c), join(a, join(b, c))]
      expect(asSets(left).origins).toEqual(asSets(right).origins)
      expect(asSets(left).writers).toEqual(asSets(right).writers)
      // A sum under a name depends on what was summed up first.
      const isComparable = !isCollapsed(left) && !isCollapsed(right)
      expect(isComparable ? left.influence : {}).toEqual(isComparable ? right.influence : {})
    }),
  )
})

test('a join never lowers: no writer is lost, no trust is won, no bit is forgotten', () => {
  fc.assert(
    fc.property(labels, labels, labels, (a, b, c) => {
      const joined = join(join(a, b), c)
      const bits: Record<string, number> = { ...a.influence, ...b.influence, ...c.influence }
      const total = Object.values(bits).reduce((sum, each) => sum + each, 0)
      expect(influenceBits(joined)).toBeGreaterThanOrEqual(total)
      for (const part of [a, b, c]) {
        expect(new Set(joined.writers)).toEqual(new Set([...joined.writers, ...part.writers]))
        expect(isTrusted(joined) && !isTrusted(part)).toBe(false)
        for (const origin of part.origins) expect(covers(joined, origin)).toBe(true)
      }
    }),
  )
})

// A cell is covered by itself, or by all rows of its field.
function covers(label: Label, origin: string): boolean {
  return label.origins.includes(origin) || label.origins.includes(`${origin.slice(0, origin.indexOf('#'))}#*`)
}

const decisions = (from: number, count: number): Label =>
  Array.from({ length: count }, (_, index) => `d${from + index}`).reduce(
    (label, one) => withInfluence(label, one, 2),
    systemLabel,
  )

test('two sets of decisions that were both collapsed are both counted', () => {
  expect(influenceBits(join(decisions(0, 20), decisions(100, 20)))).toBeGreaterThanOrEqual(80)
})

test('many cells of one field become the whole field, and cells of others stay what they are', () => {
  const many: Label = { ...systemLabel, origins: Array.from({ length: 70 }, (_, index) => `slip.memo#${index}`) }
  const one: Label = { ...systemLabel, origins: ['invoice.note#7'] }
  expect(join(many, one).origins).toEqual(['invoice.note#7', 'slip.memo#*'])
  const more: Label = { ...systemLabel, origins: ['slip.memo#71'] }
  expect(join(more, join(one, many)).origins).toEqual(['invoice.note#7', 'slip.memo#*'])
})

test('only what the system, the principal or an approver wrote is trusted', () => {
  const by = (...writers: readonly string[]): boolean => isTrusted({ ...systemLabel, writers })
  expect(by('system', 'principal:ann', 'approver:bo')).toBe(true)
  for (const other of ['role:clerk', 'model:m', 'ext:slip.memo', 'principals:ann', '']) expect(by('system', other)).toBe(false)
})
