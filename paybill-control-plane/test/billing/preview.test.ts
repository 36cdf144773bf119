import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  advanceTo,
  type BillingAccount,
  cancel,
  type OverduePolicy,
  previewTimeline,
  standingOf,
  startSubscription,
  type SubscriptionId,
  type TimelineEntry,
} from '../../src/billing/index.ts'
import { at, dayMs, daysAfter, deeds, orders, pay, perform, planOf, policies, policy, start } from './accounts.ts'

function line(entry: TimelineEntry): string {
  const day = entry.at.toISOString().slice(0, 10)
  if (entry.kind === 'billing') return `${day} ${entry.event.kind}`
  return entry.kind === 'access' ? `${day} access ${entry.access} (${entry.reason})` : `${day} ${entry.kind}`
}

test('a preview tells with dates what non-payment will do', () => {
  const trial = start({ planVersion: planOf({ trialDays: 14 }) })
  const timeline = previewTimeline([trial], { policy, from: at('2026-01-05'), until: at('2026-12-31') })
  expect(timeline.map(line)).toEqual([
    '2026-01-05 access full (trialing)',
    '2026-01-15 activated',
    '2026-01-15 payment_requested',
    '2026-01-15 access full (in_good_standing)',
    '2026-01-25 payment_overdue',
    '2026-01-25 access grace (overdue)',
    '2026-02-02 access restricted (overdue)',
    '2026-02-09 declared_unpaid',
    '2026-02-09 access blocked (overdue)',
  ])
})

test('a preview of a tenant that leaves goes on until its data is gone', () => {
  const leaving = cancel(pay(start(), 1, at('2026-01-05')), { at: at('2026-01-10'), policy, when: 'period_end' }).account
  const timeline = previewTimeline([leaving], { policy, from: at('2026-01-10'), until: at('2026-12-31') })
  expect(timeline.map(line)).toEqual([
    '2026-01-10 access full (in_good_standing)',
    '2026-02-01 canceled',
    '2026-02-01 access blocked (canceled)',
    '2026-03-03 archive',
    '2026-05-02 purge',
  ])
})

test('a preview ends where it is told to, and is not asked for a century', () => {
  const range = { policy, from: at('2026-01-05'), until: at('2026-01-20') }
  expect(previewTimeline([start()], range).at(-1)).toMatchObject({ at: at('2026-01-19') })
  expect(() => previewTimeline([start()], { ...range, until: at('2126-01-01') })).toThrow('a timeline has at most 3660 days')
})

/** What an operator sees who looks once a day. */
function stepByDay(
  accounts: readonly BillingAccount[],
  range: { readonly policy: OverduePolicy; readonly from: Date; readonly until: Date },
): readonly string[] {
  const { policy, from, until } = range
  let current = accounts
  const seen: string[] = []
  let access = ''
  for (let now = from; now <= until; now = daysAfter(now, 1)) {
    const outcomes = current.map((account) => advanceTo(account, { now, policy }))
    current = outcomes.map(({ account }) => account)
    if (now > from)
      seen.push(...outcomes.flatMap(({ events }) => events.map((event) => line({ at: now, kind: 'billing', event }))))
    const subscriptions = current.map(({ subscription }) => subscription)
    const standing = standingOf({ subscriptions, requests: current.flatMap(({ requests }) => requests), policy, now })
    const next = line({ at: now, kind: 'access', access: standing.access, reason: standing.reason })
    if (next.slice(10) !== access) seen.push(next)
    access = next.slice(10)
    if (standing.access === 'unknown' || standing.retention === null || now === from) continue
    const { archiveAt, purgeAt } = standing.retention
    if (archiveAt.getTime() === now.getTime()) seen.push(line({ at: now, kind: 'archive' }))
    if (purgeAt.getTime() === now.getTime()) seen.push(line({ at: now, kind: 'purge' }))
  }
  return seen
}

test('what the preview says is what happens: stepping the engine day by day gives the same entries on the same dates', () => {
  const history = fc.tuple(orders, deeds)
  fc.assert(
    fc.property(fc.array(history, { minLength: 1, maxLength: 3 }), policies, fc.nat({ max: 500 }), (histories, policy, days) => {
      const accounts = histories.map(([order, deeds], index) => {
        let { account } = startSubscription({ ...order, id: `sub-${index}` as SubscriptionId, at: at('2026-01-01') })
        let now = at('2026-01-01')
        for (const deed of deeds.slice(0, 4)) {
          now = daysAfter(now, deed.afterDays % 10)
          account = perform(account, deed, { at: now, policy }).account
        }
        return account
      })
      const from = at('2026-02-10')
      const range = { policy, from, until: daysAfter(from, days) }
      expect(previewTimeline(accounts, range).map(line)).toEqual(stepByDay(accounts, range))
    }),
    { numRuns: 200 },
  )
})

test('the access of every moment is that of the preview, also between two midnights', () => {
  fc.assert(
    fc.property(orders, policies, fc.nat({ max: dayMs }), fc.nat({ max: 300 * dayMs }), (order, policy, shift, offset) => {
      const begin = new Date(order.at.getTime() + shift)
      const { account } = startSubscription({ ...order, at: begin })
      const now = new Date(begin.getTime() + offset)
      const said = previewTimeline([account], { policy, from: begin, until: now }).findLast(({ kind }) => kind === 'access')
      const { subscription, requests } = advanceTo(account, { now, policy }).account
      const { access, reason } = standingOf({ subscriptions: [subscription], requests, policy, now })
      expect(said).toMatchObject({ access, reason })
    }),
    { numRuns: 200 },
  )
})
