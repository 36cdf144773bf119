import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addIntervals } from '../../src/billing/calendar.ts'
import { at } from './accounts.ts'

function months(anchor: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    addIntervals(at(anchor), { interval: 'month', count: index }).toISOString().slice(0, 10),
  )
}

test('the day of the anchor is kept over shorter months', () => {
  expect(months('2026-01-31', 4)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'])
})

test('a leap year has its day', () => {
  expect(months('2028-01-30', 3)).toEqual(['2028-01-30', '2028-02-29', '2028-03-30'])
  const years = [0, 1, 4].map((count) => addIntervals(at('2024-02-29'), { interval: 'year', count }).toISOString().slice(0, 10))
  expect(years).toEqual(['2024-02-29', '2025-02-28', '2028-02-29'])
})

test('the time of day is kept, in UTC, whatever clocks do elsewhere', () => {
  const anchor = at('2026-03-01T23:30:00.123Z')
  expect(addIntervals(anchor, { interval: 'month', count: 1 })).toEqual(at('2026-04-01T23:30:00.123Z'))
})

test('each period ends later than it begins, and where the next begins', () => {
  const moments = fc.date({ min: at('2000-01-01'), max: at('2080-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(moments, fc.constantFrom('month' as const, 'year' as const), fc.nat({ max: 200 }), (anchor, interval, count) => {
      const start = addIntervals(anchor, { interval, count })
      const end = addIntervals(anchor, { interval, count: count + 1 })
      const days = (end.getTime() - start.getTime()) / 86_400_000
      expect(days).toBeGreaterThanOrEqual(interval === 'month' ? 28 : 365)
      expect(days).toBeLessThanOrEqual(interval === 'month' ? 31 : 366)
    }),
  )
})
