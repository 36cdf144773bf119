import { randomUUID } from 'node:crypto'
import * as fc from 'fast-check'
import { PaybillError } from 'paybill/lib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  advanceTo,
  type CustomerId,
  type PaymentRequestId,
  paymentRequestPaid,
  startSubscription,
  subscriptionAdvance,
  subscriptionApprove,
  subscriptionCancel,
  subscriptionCreate,
  subscriptionFetch,
  type SubscriptionId,
  subscriptionListDue,
  subscriptionListOfCustomer,
  subscriptionListOfTenant,
  type TenantId,
} from '../../src/billing/index.ts'
import { paymentRequestFields } from '../../src/billing/row.ts'
import { at, daysAfter, deeds, orders, perform, planOf, policies, policy, start } from './accounts.ts'
import { type BillingDatabase, openBillingDatabase } from './billing-database.ts'

let billing: BillingDatabase

beforeAll(async () => {
  billing = await openBillingDatabase()
})

afterAll(() => billing.close())

/** An organization of its own, so that tests do not meet. */
function organization() {
  return billing.session(`organization-${randomUUID()}`)
}

const id = 'sub-1' as SubscriptionId
const first = 'sub-1/1' as PaymentRequestId

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof PaybillError ? error.code : String(error)),
  )
}

test('whatever happens to an account, its rows say the same as the engine', async () => {
  await fc.assert(
    fc.asyncProperty(orders, policies, deeds, async (order, policy, deeds) => {
      const session = organization()
      let { account } = startSubscription(order)
      await session.transaction((tables) => subscriptionCreate(tables, account, policy))
      let now = order.at
      for (const deed of deeds) {
        now = daysAfter(now, deed.afterDays)
        const before = account
        const moment = { at: now, policy }
        account = perform(account, deed, moment).account
        const current = advanceTo(before, { now, policy }).account
        await session.transaction(async (tables) => {
          const { state } = current.subscription
          const open = current.requests.filter(({ payment }) => payment.status === 'open')
          const request = deed.kind === 'pay' ? open[deed.nth % Math.max(open.length, 1)] : undefined
          if (request !== undefined) await paymentRequestPaid(tables, { ...moment, requestId: request.id })
          else if (deed.kind === 'cancel') await subscriptionCancel(tables, { ...moment, id: order.id, when: deed.when })
          else if (deed.kind === 'approve' && state.status === 'incomplete' && state.waitsFor === 'approval')
            await subscriptionApprove(tables, { ...moment, id: order.id })
          else await subscriptionAdvance(tables, { ...moment, id: order.id })
        })
        expect(await subscriptionFetch(session, order.id)).toEqual(account)
      }
    }),
    { numRuns: 40 },
  )
})

test('a jump over several states is kept, although the database allows single moves only', async () => {
  const session = organization()
  await session.transaction((tables) => subscriptionCreate(tables, start({ planVersion: planOf({ trialDays: 14 }) }), policy))
  await session.transaction((tables) => subscriptionAdvance(tables, { id, at: at('2026-06-01'), policy }))
  expect((await subscriptionFetch(session, id)).subscription.state.status).toBe('unpaid')
  const back = session.subscription.update({ where: { id }, set: { status: 'trialing' } })
  expect(await codeOf(back)).toBe('CONFLICT')
})

test('two engines that advance the same account at once ask for a period once', async () => {
  const session = organization()
  await session.transaction((tables) => subscriptionCreate(tables, start({ paymentTermDays: 90 }), policy))
  const advance = () => session.transaction((tables) => subscriptionAdvance(tables, { id, at: at('2026-03-15'), policy }))
  const outcomes = await Promise.all(Array.from({ length: 6 }, () => codeOf(advance())))
  expect(
    outcomes.every((outcome) => outcome === 'done' || outcome === 'CONFLICT'),
    outcomes.join(),
  ).toBe(true)
  expect(outcomes).toContain('done')
  // Whoever lost looks again and finds nothing left to do.
  expect(await advance()).toEqual([])
  const { requests } = await subscriptionFetch(session, id)
  expect(requests.map(({ period }) => period.number)).toEqual([1, 2, 3])
})

test('the database itself refuses a second request for a period', async () => {
  const session = organization()
  const account = start()
  await session.transaction((tables) => subscriptionCreate(tables, account, policy))
  const [request] = account.requests
  if (request === undefined) throw new Error('no request')
  const again = { ...paymentRequestFields(request), id: 'another' }
  expect(await codeOf(session.paymentRequest.insert(again))).toBe('CONFLICT')
})

test('a change by somebody who knows an older state is refused as a whole', async () => {
  const session = organization()
  await session.transaction((tables) => subscriptionCreate(tables, start({ paymentTermDays: 90 }), policy))
  const stale = await session.transaction(async (tables) => {
    await subscriptionAdvance(tables, { id, at: at('2026-02-15'), policy })
    // It has read the state before this transaction, and waits for the row that this transaction has changed.
    const cancellation = { id, at: at('2026-01-10'), policy, when: 'now' } as const
    const work = codeOf(session.transaction((others) => subscriptionCancel(others, cancellation)))
    await billing.untilSomebodyWaits()
    return { work }
  })
  expect(await stale.work).toBe('CONFLICT')
  const { subscription, requests } = await subscriptionFetch(session, id)
  expect(subscription.state.status).toBe('active')
  expect(requests).toHaveLength(2)
})

test('a payment is noted once, and one for nothing is refused', async () => {
  const session = organization()
  await session.transaction((tables) => subscriptionCreate(tables, start(), policy))
  const pay = (requestId: PaymentRequestId) =>
    session.transaction((tables) => paymentRequestPaid(tables, { requestId, at: at('2026-01-05'), policy }))
  expect((await pay(first)).map(({ kind }) => kind)).toEqual(['payment_received'])
  expect(await pay(first)).toEqual([])
  expect(await codeOf(pay('sub-1/2' as PaymentRequestId))).toBe('NOT_FOUND')
  expect(await codeOf(pay('sub-2/1' as PaymentRequestId))).toBe('NOT_FOUND')
  expect(await codeOf(pay('sub-1' as PaymentRequestId))).toBe('NOT_FOUND')
})

test('a request that time has made can be paid, although nobody has advanced the rows', async () => {
  const session = organization()
  await session.transaction((tables) => subscriptionCreate(tables, start({ paymentTermDays: 60 }), policy))
  const requestId = 'sub-1/2' as PaymentRequestId
  await session.transaction((tables) => paymentRequestPaid(tables, { requestId, at: at('2026-02-05'), policy }))
  const { requests } = await subscriptionFetch(session, id)
  expect(requests.map(({ payment }) => payment.status)).toEqual(['open', 'paid'])
})

test('a subscription is found by its tenant and its customer, and not by another organization', async () => {
  const session = organization()
  const other = start({ id: 'sub-2' as SubscriptionId, tenantId: 'tenant-2' as TenantId })
  await session.transaction((tables) => subscriptionCreate(tables, start(), policy))
  await session.transaction((tables) => subscriptionCreate(tables, other, policy))
  expect(await subscriptionListOfTenant(session, 'tenant-1' as TenantId)).toEqual([start()])
  expect(await subscriptionListOfCustomer(session, 'customer-1' as CustomerId)).toEqual([start(), other])
  const stranger = organization()
  expect(await subscriptionListOfTenant(stranger, 'tenant-1' as TenantId)).toEqual([])
  expect(await codeOf(subscriptionFetch(stranger, id))).toBe('NOT_FOUND')
})

test('what time has changed is found, and what it has not is left alone', async () => {
  const session = organization()
  await session.transaction((tables) => subscriptionCreate(tables, start(), policy))
  const due = (now: string) => subscriptionListDue(session, { now: at(now), limit: 10 })
  expect(await due('2026-01-10')).toEqual([])
  expect(await due('2026-01-11')).toEqual([{ id: 'sub-1', tenantId: 'tenant-1' }])
  await session.transaction((tables) => subscriptionAdvance(tables, { id, at: at('2026-01-11'), policy }))
  expect(await due('2026-01-11')).toEqual([])
  expect(await due('2026-01-26')).toHaveLength(1)
})

test('an id is taken once', async () => {
  const session = organization()
  const create = () => session.transaction((tables) => subscriptionCreate(tables, start(), policy))
  expect(await codeOf(create())).toBe('done')
  expect(await codeOf(create())).toBe('CONFLICT')
})
