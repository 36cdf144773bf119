import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Cell, isolations, offered } from '../../src/placement/cell.ts'
import { place, proposalText } from '../../src/placement/placer.ts'

const places = fc
  .record({ total: fc.nat(12), taken: fc.nat(12) })
  .map(({ total, taken }) => ({ total, taken: Math.min(total, taken) }))
const cell: fc.Arbitrary<Cell> = fc.record({
  id: fc.integer({ min: 1, max: 99 }).map((number) => `cell-${number}`),
  region: fc.constantFrom('eu', 'us'),
  state: fc.constantFrom('active', 'inactive', 'draining', 'decommissioned'),
  headroomPercent: fc.constantFrom(0, 0, 10, 50),
  places: fc.record({ pooled: places, bridge: places, silo: places }),
})
const cells = fc.uniqueArray(cell, { maxLength: 8, selector: ({ id }) => id })
const wish = fc.record({ isolation: fc.constantFrom(...isolations), region: fc.constantFrom('eu', 'us') })

test('a chosen cell is active, in the region, and has a place that is not kept free', () => {
  fc.assert(
    fc.property(cells, wish, (all, wanted) => {
      const proposal = place(all, wanted)
      if (proposal.kind === 'refused') return
      const chosen = all.find(({ id }) => id === proposal.cell)
      expect(chosen).toMatchObject({ state: 'active', region: wanted.region })
      if (chosen === undefined) return
      expect(chosen.places[wanted.isolation].taken).toBeLessThan(offered(chosen, wanted.isolation))
    }),
  )
})

test('a refusal means that no cell would do, and says of every cell why not', () => {
  fc.assert(
    fc.property(cells, wish, (all, wanted) => {
      const proposal = place(all, wanted)
      const isChosen = proposal.kind === 'placed' ? 1 : 0
      const fits = all.filter(
        (one) =>
          one.state === 'active' &&
          one.region === wanted.region &&
          one.places[wanted.isolation].taken < offered(one, wanted.isolation),
      )
      expect(fits.length > 0).toBe(proposal.kind === 'placed')
      expect(proposal.refused).toHaveLength(all.length - Math.max(fits.length, isChosen))
    }),
  )
})

test('the order in which cells are given does not matter', () => {
  fc.assert(
    fc.property(cells, wish, fc.integer(), (all, wanted, seed) => {
      const shuffled = all.toSorted((left, right) => ((left.id.length * 7919 + seed) % 13) - ((right.id.length * 104_729) % 13))
      expect(place(shuffled, wanted)).toEqual(place(all, wanted))
      expect(place(all.toReversed(), wanted)).toEqual(place(all, wanted))
    }),
  )
})

const full = { total: 10, taken: 10 }
const some = { total: 10, taken: 3 }
const none = { total: 0, taken: 0 }
const eu = (id: string, change: Partial<Cell> = {}): Cell => ({
  id,
  region: 'eu',
  state: 'active',
  headroomPercent: 0,
  places: { pooled: some, bridge: some, silo: none },
  ...change,
})

test('the answer is in words that an operator can act on', () => {
  const all = [
    eu('eu-1', { places: { pooled: full, bridge: full, silo: none } }),
    eu('eu-2'),
    eu('eu-3', { headroomPercent: 80, places: { pooled: some, bridge: some, silo: none } }),
    eu('eu-4', { state: 'draining' }),
    eu('us-1', { region: 'us' }),
  ]
  expect(proposalText(place(all, { isolation: 'bridge', region: 'eu' }))).toBe(
    'eu-2 chosen: 3 of 10 bridge places were taken; eu-1 refused: 10 of 10 bridge places are taken; ' +
      'eu-3 refused: 3 of 10 bridge places are taken, 8 are kept free; eu-4 refused: it is draining; ' +
      'us-1 refused: it lies in `us`, not in `eu`',
  )
  expect(proposalText(place([eu('eu-1')], { isolation: 'silo', region: 'eu' }))).toBe('eu-1 refused: it has no silo places')
  expect(proposalText(place([], { isolation: 'silo', region: 'eu' }))).toBe('there is no cell')
})

test('the fullest cell that has room is filled first, and a cell that was lost in a race is not asked again', () => {
  const all = [eu('eu-1'), eu('eu-2', { places: { pooled: some, bridge: { total: 10, taken: 9 }, silo: none } })]
  expect(place(all, { isolation: 'bridge', region: 'eu' })).toMatchObject({ cell: 'eu-2' })
  expect(place(all, { isolation: 'bridge', region: 'eu', except: ['eu-2'] })).toMatchObject({ cell: 'eu-1' })
  expect(place(all, { isolation: 'pooled', region: 'eu' })).toMatchObject({ cell: 'eu-1' })
})
