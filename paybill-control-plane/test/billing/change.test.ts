import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  advanceTo,
  approve,
  type BillingAccount,
  cancel,
  overduePolicy,
  type PaymentRequestId,
  requestPaid,
  startSubscription,
} from '../../src/billing/index.ts'
import { advance, at, daysAfter, deeds, orders, pay, perform, planOf, policies, policy, start } from './accounts.ts'

const first = 'sub-1/1' as PaymentRequestId
const onApproval = planOf({ activation: { kind: 'on_approval', timeoutHours: 72 } })

test('a payment noted twice counts once', () => {
  const once = requestPaid(start(), { requestId: first, at: at('2026-01-05'), policy })
  const twice = requestPaid(once.account, { requestId: first, at: at('2026-01-06'), policy })
  expect(once.events.map(({ kind }) => kind)).toEqual(['payment_received'])
  expect(twice).toEqual({ account: once.account, events: [] })
})

test('a payment for nothing that was asked is refused, and so is one for a request that is void', () => {
  expect(() => requestPaid(start(), { requestId: 'x' as PaymentRequestId, at: at('2026-01-05'), policy })).toThrow(
    'there is no payment request `x`',
  )
  const expired = start({ planVersion: planOf({ activation: { kind: 'on_payment', timeoutHours: 24 } }) })
  expect(() => requestPaid(expired, { requestId: first, at: at('2026-01-05'), policy })).toThrow('is void')
})

test('who pays while past due is active again, in the same period', () => {
  const { state } = pay(start(), 1, at('2026-01-20')).subscription
  expect(state).toMatchObject({ status: 'active', since: at('2026-01-20'), period: { number: 1, end: at('2026-02-01') } })
})

const patient = overduePolicy({
  id: 'patient',
  version: 1,
  steps: [
    { fromDay: 0, access: 'grace' },
    { fromDay: 60, access: 'blocked' },
  ],
  archiveAfterDays: 1,
  purgeAfterDays: 2,
})

function payPatiently(account: BillingAccount, period: number, moment: string): BillingAccount {
  const requestId = `sub-1/${period}` as PaymentRequestId
  return requestPaid(account, { requestId, at: at(moment), policy: patient }).account
}

test('who pays one of two overdue requests is still past due', () => {
  const paid = payPatiently(start(), 1, '2026-02-20')
  expect(paid.requests.map(({ payment }) => payment.status)).toEqual(['paid', 'open'])
  expect(paid.subscription.state).toMatchObject({ status: 'past_due', since: at('2026-01-11') })
})

test('who was cut off and pays his oldest debt is only past due, if what is left is young enough', () => {
  const soon = payPatiently(start(), 1, '2026-03-13')
  expect(soon.subscription.state).toMatchObject({ status: 'past_due', since: at('2026-03-13'), period: { number: 3 } })
  const late = payPatiently(start(), 1, '2026-05-01')
  expect(late.subscription.state).toMatchObject({ status: 'unpaid', since: at('2026-03-12') })
  const later = payPatiently(late, 2, '2026-05-01')
  expect(later.subscription.state).toMatchObject({ status: 'past_due', period: { number: 4, start: at('2026-05-01') } })
})

test('who was cut off beyond the end of his period begins a new one with his payment, and pays nothing for the time between', () => {
  const account = pay(start(), 1, at('2026-05-17'))
  expect(account.subscription.state).toMatchObject({
    status: 'active',
    period: { number: 2, start: at('2026-05-17'), end: at('2026-06-17') },
  })
  expect(account.requests.map(({ dueAt }) => dueAt)).toEqual([at('2026-01-11'), at('2026-05-27')])
})

test('a subscription that waits for an approval begins with it, and without it expires', () => {
  const approved = approve(start({ planVersion: onApproval }), { at: at('2026-01-03'), policy }).account
  expect(approved.subscription.state).toMatchObject({ status: 'active', period: { start: at('2026-01-03') } })
  expect(() => approve(start({ planVersion: onApproval }), { at: at('2026-01-04'), policy })).toThrow('it is incomplete_expired')
  expect(() => approve(start(), { at: at('2026-01-03'), policy })).toThrow('does not wait for an approval: it is active')
})

test('who cancels at the end of the period is served until then, and is not asked to pay again', () => {
  const paid = pay(start(), 1, at('2026-01-05'))
  const leaving = cancel(paid, { at: at('2026-01-10'), policy, when: 'period_end' }).account
  expect(advance(leaving, at('2026-01-31')).subscription.state.status).toBe('active')
  const gone = advance(leaving, at('2026-06-01'))
  expect(gone.subscription.state).toEqual({ status: 'canceled', since: at('2026-02-01') })
  expect(gone.requests).toHaveLength(1)
})

test('who cancels in his trial never gets a request', () => {
  const trial = start({ planVersion: planOf({ trialDays: 14 }) })
  const leaving = cancel(trial, { at: at('2026-01-10'), policy, when: 'period_end' }).account
  const gone = advance(leaving, at('2026-03-01'))
  expect(gone.subscription.state).toEqual({ status: 'canceled', since: at('2026-01-15') })
  expect(gone.requests).toEqual([])
})

test('a cancellation of what never began expires it, and of what was cut off takes effect at once', () => {
  const never = cancel(start({ planVersion: onApproval }), { at: at('2026-01-02'), policy, when: 'period_end' })
  expect(never.account.subscription.state.status).toBe('incomplete_expired')
  const unpaid = cancel(start(), { at: at('2026-04-01'), policy, when: 'period_end' })
  expect(unpaid.account.subscription.state).toEqual({ status: 'canceled', since: at('2026-04-01') })
  expect(unpaid.account.requests.map(({ payment }) => payment.status)).toEqual(['open'])
})

test('a machine whose clock lags does not date a change before the one that it follows', () => {
  const overdue = advance(start(), at('2026-01-11'))
  const paid = requestPaid(overdue, { requestId: first, at: at('2026-01-10T23:59:59Z'), policy })
  expect(paid.account.subscription.state).toMatchObject({ status: 'active', since: at('2026-01-11') })
})

test('it does not matter whether the engine was on time when somebody does something', () => {
  fc.assert(
    fc.property(orders, policies, deeds, (order, policy, deeds) => {
      let late = startSubscription(order).account
      let punctual = late
      let now = order.at
      for (const deed of deeds) {
        for (let day = 0; day < deed.afterDays; day += 1) {
          now = daysAfter(now, 1)
          punctual = advanceTo(punctual, { now, policy }).account
        }
        late = perform(late, deed, { at: now, policy }).account
        punctual = perform(punctual, deed, { at: now, policy }).account
        expect(late).toEqual(punctual)
      }
    }),
    { numRuns: 100 },
  )
})
