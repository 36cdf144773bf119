import * as fc from 'fast-check'
import { money } from 'paybill/lib'
import { expect, test } from 'vitest'
import { advanceTo, type BillingEvent, cancel, startSubscription, subscriptionMoves } from '../../src/billing/index.ts'
import { advance, at, daysAfter, deeds, order, orders, pay, perform, planOf, policies, policy, start } from './accounts.ts'

/** Day and kind of what happens until a day if nobody does anything. */
function story(more: Parameters<typeof start>[0], until: string): readonly string[] {
  const begun = startSubscription(order(more))
  const { events } = advanceTo(begun.account, { now: at(until), policy })
  return [...begun.events, ...events].map(line)
}

function line({ at, kind, status }: BillingEvent): string {
  return `${at.toISOString().slice(0, 10)} ${kind} ${status}`
}

test('who does not pay is past due after the payment term, and unpaid when the policy blocks', () => {
  expect(story({}, '2026-06-01')).toEqual([
    '2026-01-01 activated active',
    '2026-01-01 payment_requested active',
    '2026-01-11 payment_overdue past_due',
    '2026-01-26 declared_unpaid unpaid',
  ])
})

test('a trial ends with the first payment request, and nothing is asked for before', () => {
  expect(story({ planVersion: planOf({ trialDays: 14 }) }, '2026-01-20')).toEqual([
    '2026-01-01 trial_started trialing',
    '2026-01-15 activated active',
    '2026-01-15 payment_requested active',
  ])
})

test('who has not paid is renewed until he is cut off, and not billed on after that', () => {
  const events = story({ paymentTermDays: 40 }, '2027-01-01')
  expect(events.filter((event) => event.includes('payment_requested'))).toHaveLength(2)
  expect(events.at(-1)).toBe('2026-02-25 declared_unpaid unpaid')
})

test('who is cut off on the day on which his period ends is not billed for the next one', () => {
  expect(story({ paymentTermDays: 16 }, '2026-03-01')).toEqual([
    '2026-01-01 activated active',
    '2026-01-01 payment_requested active',
    '2026-01-17 payment_overdue past_due',
    '2026-02-01 declared_unpaid unpaid',
  ])
})

test('who leaves on the day on which his payment is due is not called overdue', () => {
  const leaving = cancel(start({ paymentTermDays: 31 }), { at: at('2026-01-10'), policy, when: 'period_end' })
  const { events } = advanceTo(leaving.account, { now: at('2026-03-01'), policy })
  expect(events.map(line)).toEqual(['2026-02-01 canceled canceled'])
})

test('a plan that waits for a payment begins incomplete, and expires at its time-out with nothing owed', () => {
  const planVersion = planOf({ activation: { kind: 'on_payment', timeoutHours: 72 } })
  expect(story({ planVersion }, '2026-02-01')).toEqual([
    '2026-01-01 activation_awaited incomplete',
    '2026-01-01 payment_requested incomplete',
    '2026-01-04 activation_expired incomplete_expired',
  ])
  const expired = advance(start({ planVersion }), at('2026-02-01'))
  expect(expired.requests.map(({ payment }) => payment.status)).toEqual(['void'])
})

test('a payment within the time-out activates, for the period that began with the order', () => {
  const planVersion = planOf({ activation: { kind: 'on_payment', timeoutHours: 72 } })
  const { state } = pay(start({ planVersion }), 1, at('2026-01-03')).subscription
  expect(state).toMatchObject({ status: 'active', since: at('2026-01-03'), period: { start: at('2026-01-01'), number: 1 } })
})

test('a free plan is renewed each month and asks for nothing', () => {
  const events = story({ planVersion: planOf({ prices: 'free' }), price: 'free' }, '2026-03-15')
  expect(events).toEqual(['2026-01-01 activated active', '2026-02-01 renewed active', '2026-03-01 renewed active'])
})

test('an amount is the flat price and that of each seat, and large ones lose nothing', () => {
  expect(start().requests[0]?.amount).toEqual(money(7600n, 'EUR'))
  const prices = [{ currency: 'EUR', interval: 'month', flat: '0.01', perSeat: '9007199254.01' }] as const
  const [request] = start({ planVersion: planOf({ prices }), seats: 1_000_000 }).requests
  expect(request?.amount.minor).toBe(900_719_925_401_000_001n)
})

test('a price that the plan does not have is refused with those that it has', () => {
  const norwegian = { currency: 'NOK', interval: 'month' } as const
  expect(() => start({ price: norwegian })).toThrow('no price `NOK for a month`; there is EUR for a month, EUR for a year')
  expect(() => start({ price: 'free' })).toThrow('no price `free`; there is EUR')
  expect(() => start({ seats: 0 })).toThrow('`seats` must be a whole number from 1')
  expect(() => start({ seats: 1.5 })).toThrow('`seats` must be a whole number from 1')
})

test('periods are measured from the anchor: the last of January, of February, of March', () => {
  let account = start({ at: at('2026-01-31') })
  for (const period of [1, 2, 3]) {
    account = pay(account, period, account.requests.at(-1)?.period.start ?? at('2026-01-31'))
    account = advance(account, account.requests.at(-1)?.period.end ?? at('2026-01-31'))
  }
  const starts = account.requests.map(({ period }) => period.start.toISOString().slice(0, 10))
  expect(starts).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'])
})

test('to advance in one jump and in many small steps is the same, to the last event', () => {
  fc.assert(
    fc.property(orders, policies, fc.array(fc.nat({ max: 90 }), { maxLength: 20 }), (order, policy, steps) => {
      const { account } = startSubscription(order)
      const days = steps.reduce((sum, step) => sum + step, 0)
      const jump = advanceTo(account, { now: daysAfter(order.at, days), policy })
      let current = account
      let now = order.at
      const events: BillingEvent[] = []
      for (const step of steps) {
        now = daysAfter(now, step)
        const next = advanceTo(current, { now, policy })
        current = next.account
        events.push(...next.events)
      }
      expect({ account: current, events }).toEqual(jump)
    }),
    { numRuns: 300 },
  )
})

test('whatever people do, time goes forward, moves are legal, and no period is asked for twice', () => {
  fc.assert(
    fc.property(orders, policies, deeds, (order, policy, deeds) => {
      const begun = startSubscription(order)
      let { account } = begun
      const events = [...begun.events]
      let now = order.at
      for (const deed of deeds) {
        now = daysAfter(now, deed.afterDays)
        const next = perform(account, deed, { at: now, policy })
        account = next.account
        events.push(...next.events)
      }
      for (const [index, event] of events.entries()) {
        const before = events[index - 1]
        if (before === undefined) continue
        expect(event.at.getTime()).toBeGreaterThanOrEqual(before.at.getTime())
        const legal: readonly string[] = [before.status, ...subscriptionMoves[before.status]]
        expect(legal).toContain(event.status)
      }
      const numbers = account.requests.map(({ period }) => period.number)
      expect(new Set(numbers).size).toBe(numbers.length)
      const gaps = account.requests.map(
        ({ period }, index) => period.start.getTime() - (account.requests[index - 1]?.period.end ?? period.start).getTime(),
      )
      expect(gaps.every((gap) => gap >= 0)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
