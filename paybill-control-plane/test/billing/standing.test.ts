import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  advanceTo,
  type BillingAccount,
  cancel,
  overduePolicy,
  requestPaid,
  type Standing,
  standingOf,
  startSubscription,
  type SubscriptionId,
  type SubscriptionState,
} from '../../src/billing/index.ts'
import { advance, at, daysAfter, deeds, orders, pay, perform, planOf, policies, policy, start } from './accounts.ts'

function standing(accounts: readonly BillingAccount[], now: Date, by = policy): Standing {
  return standingOf({
    subscriptions: accounts.map(({ subscription }) => subscription),
    requests: accounts.flatMap(({ requests }) => requests),
    policy: by,
    now,
  })
}

function withState(account: BillingAccount, state: SubscriptionState): BillingAccount {
  return { ...account, subscription: { ...account.subscription, state } }
}

const second = (more: Parameters<typeof start>[0] = {}) => start({ id: 'sub-2' as SubscriptionId, ...more })

test('a debt is graced for eight days, restricted for seven more, then it blocks', () => {
  const accessAt = (moment: string) => standing([advance(start(), at(moment))], at(moment)).access
  expect(accessAt('2026-01-10T23:59:59.999Z')).toBe('full')
  expect(accessAt('2026-01-11')).toBe('grace')
  expect(accessAt('2026-01-18T23:59:59.999Z')).toBe('grace')
  expect(accessAt('2026-01-19')).toBe('restricted')
  expect(accessAt('2026-01-25T23:59:59.999Z')).toBe('restricted')
  expect(accessAt('2026-01-26')).toBe('blocked')
})

test('a standing says since when it holds and what comes next', () => {
  expect(standing([start()], at('2026-01-02'))).toEqual({
    access: 'full',
    reason: 'in_good_standing',
    since: at('2026-01-01'),
    next: { at: at('2026-01-11'), access: 'grace' },
    retention: null,
  })
  expect(standing([start()], at('2026-01-20'))).toMatchObject({
    reason: 'overdue',
    since: at('2026-01-19'),
    next: { at: at('2026-01-26'), access: 'blocked' },
  })
  expect(standing([start()], at('2026-03-01'))).toMatchObject({ access: 'blocked', since: at('2026-01-26'), next: null })
})

test('who pays late stands well again from the day of his payment', () => {
  const paid = pay(start(), 1, at('2026-01-20'))
  expect(standing([paid], at('2026-01-21'))).toMatchObject({ access: 'full', since: at('2026-01-20'), next: null })
})

test('who pays the newer of two requests has as old a debt as before', () => {
  const steps = [
    { fromDay: 0, access: 'grace' },
    { fromDay: 60, access: 'blocked' },
  ] as const
  const patient = overduePolicy({ id: 'patient', version: 1, steps, archiveAfterDays: 1, purgeAfterDays: 2 })
  const both = advanceTo(start(), { now: at('2026-02-20'), policy: patient }).account
  const newer = both.requests[1]?.id ?? both.requests[0]?.id
  expect(both.requests).toHaveLength(2)
  if (newer === undefined) throw new Error('no request')
  const paid = requestPaid(both, { requestId: newer, at: at('2026-02-20'), policy: patient }).account
  expect(standing([paid], at('2026-02-20'), patient)).toEqual(standing([both], at('2026-02-20'), patient))
})

test('a status that flaps does not make a debt younger', () => {
  const unpaid = advance(start(), at('2026-01-26'))
  const { state } = unpaid.subscription
  if (!('period' in state)) throw new Error('a subscription that is unpaid has a period')
  for (const status of ['active', 'past_due', 'unpaid'] as const) {
    const flapped = withState(unpaid, { ...state, status, since: at('2026-01-26') })
    expect(standing([flapped], at('2026-01-27'))).toEqual(standing([unpaid], at('2026-01-27')))
  }
})

test('no subscription is not a debt: nothing is known, and nothing is to be done', () => {
  expect(standing([], at('2026-01-27'))).toEqual({ access: 'unknown', reason: 'no_subscription' })
})

test('a status that speaks of a debt which is not shown is not believed', () => {
  const overdue = advance(start(), at('2026-01-20'))
  const hidden = { ...overdue, requests: [] }
  expect(standing([hidden], at('2026-01-20'))).toEqual({ access: 'unknown', reason: 'debt_not_shown' })
  expect(standing([hidden, second()], at('2026-01-02'))).toEqual({ access: 'unknown', reason: 'debt_not_shown' })
})

test('one subscription in good standing does not excuse the debt of another', () => {
  const paid = pay(second(), 1, at('2026-01-05'))
  expect(standing([paid, advance(start(), at('2026-01-20'))], at('2026-01-20')).access).toBe('restricted')
})

test('an ended subscription, with or without a debt, does not touch one that is served', () => {
  const ended = cancel(start(), { at: at('2026-01-20'), policy, when: 'now' }).account
  const served = pay(second(), 1, at('2026-01-05'))
  expect(standing([ended], at('2026-01-21')).access).toBe('blocked')
  expect(standing([ended, served], at('2026-01-21'))).toMatchObject({ access: 'full', reason: 'in_good_standing' })
})

test('a cancellation blocks at once and says when the tenant is archived and purged', () => {
  const ended = cancel(start(), { at: at('2026-01-20'), policy, when: 'now' }).account
  expect(standing([ended], at('2026-01-20'))).toEqual({
    access: 'blocked',
    reason: 'canceled',
    since: at('2026-01-20'),
    next: null,
    retention: { archiveAt: at('2026-02-19'), purgeAt: at('2026-04-20') },
  })
})

test('a tenant whose new subscription only waits for its activation is blocked, and is not taken apart', () => {
  const ended = cancel(start(), { at: at('2026-01-20'), policy, when: 'now' }).account
  const waiting = second({ planVersion: planOf({ activation: { kind: 'on_payment', timeoutHours: 72 } }), at: at('2026-03-01') })
  expect(standing([waiting, ended], at('2026-03-02'))).toMatchObject({ reason: 'not_activated', retention: null })
  const expired = advance(waiting, at('2026-04-01'))
  expect(standing([expired], at('2026-04-01'))).toMatchObject({ reason: 'activation_expired', retention: null })
  expect(standing([expired, ended], at('2026-04-01'))).toMatchObject({ reason: 'canceled', since: at('2026-01-20') })
})

test('trials have full access, and paused subscriptions none', () => {
  const trial = start({ planVersion: planOf({ trialDays: 14 }) })
  expect(standing([trial], at('2026-01-02'))).toMatchObject({ access: 'full', reason: 'trialing', next: null })
  const paused = withState(trial, { status: 'paused', since: at('2026-01-15') })
  expect(standing([paused], at('2026-01-16'))).toMatchObject({ access: 'blocked', reason: 'paused', retention: null })
})

test('the order of the answers does not matter, and what is said to come next comes', () => {
  const account = fc.tuple(orders, deeds)
  fc.assert(
    fc.property(account, account, policies, fc.nat({ max: 400 }), (one, other, policy, days) => {
      const now = daysAfter(at('2026-01-01'), days)
      const accounts = [one, other].map(([order, deeds], index) => {
        const id = `sub-${index}` as SubscriptionId
        let { account } = startSubscription({ ...order, id, at: at('2026-01-01') })
        let moment = at('2026-01-01')
        for (const deed of deeds) {
          moment = daysAfter(moment, deed.afterDays)
          if (moment <= now) account = perform(account, deed, { at: moment, policy }).account
        }
        return advanceTo(account, { now, policy }).account
      })
      const found = standing(accounts, now, policy)
      expect(standing(accounts.toReversed(), now, policy)).toEqual(found)
      if (found.access === 'unknown') throw new Error('the engine shows every debt')
      expect(found.since.getTime()).toBeLessThanOrEqual(now.getTime())
      if (found.next === null) return
      expect(found.next.at.getTime()).toBeGreaterThan(now.getTime())
      // Of what is open now: the same truth, looked at later.
      const justBefore = new Date(found.next.at.getTime() - 1)
      expect(standing(accounts, justBefore, policy).access).toBe(found.access)
      expect(standing(accounts, found.next.at, policy).access).toBe(found.next.access)
    }),
    { numRuns: 200 },
  )
})
