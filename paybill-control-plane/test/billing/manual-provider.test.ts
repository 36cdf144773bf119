import { randomUUID } from 'node:crypto'
import { money } from 'paybill/lib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CustomerId, manualProvider, type SubscriptionChange, type TenantId } from '../../src/billing/index.ts'
import { catalog, type PlanVersionDeclaration } from '../../src/catalog/index.ts'
import { at } from './accounts.ts'
import { type BillingDatabase, openBillingDatabase } from './billing-database.ts'

let billing: BillingDatabase

beforeAll(async () => {
  billing = await openBillingDatabase()
})

afterAll(() => billing.close())

const team: PlanVersionDeclaration = {
  version: 1,
  name: 'Team',
  isolation: 'pooled',
  prices: [{ currency: 'EUR', interval: 'month', flat: '49.00' }],
  activation: 'immediate',
}

function providerOf(more: Partial<PlanVersionDeclaration> = {}) {
  const session = billing.session(`organization-${randomUUID()}`)
  const clock = { time: at('2026-01-01'), now: () => clock.time }
  const sold = catalog({ products: { crm: { name: 'CRM', plans: { team: { versions: [{ ...team, ...more }] } } } } })
  return { clock, provider: manualProvider({ session, catalog: sold, policies: [], clock }) }
}

const customerId = 'customer-1' as CustomerId
const change: SubscriptionChange = {
  kind: 'start',
  customerId,
  tenantId: 'tenant-1' as TenantId,
  plan: { product: 'crm', plan: 'team', version: 1 },
  price: { currency: 'EUR', interval: 'month' },
  seats: 1,
  paymentTermDays: 10,
}

test('a preview names the first payment and changes nothing', async () => {
  const { provider } = providerOf()
  expect(await provider.preview(change)).toEqual({ firstPayment: { amount: money(4900n, 'EUR'), dueAt: at('2026-01-11') } })
  expect(await provider.fetchSubscriptions(customerId)).toEqual([])
})

test('a preview looks beyond a trial and an approval', async () => {
  const activation = { kind: 'on_approval', timeoutHours: 24 } as const
  const trial = await providerOf({ trialDays: 14, activation }).provider.preview(change)
  expect(trial.firstPayment?.dueAt).toEqual(at('2026-01-25'))
  const free = providerOf({ prices: 'free' }).provider
  expect(await free.preview({ ...change, price: 'free' })).toEqual({ firstPayment: null })
})

test('what is applied is what was previewed', async () => {
  const { provider } = providerOf()
  const { firstPayment } = await provider.preview(change)
  const { requests } = await provider.apply(change, { key: 'order-1' })
  expect(requests.map(({ amount, dueAt }) => ({ amount, dueAt }))).toEqual([firstPayment])
})

test('a change is made once for each key, also when it is asked many times at once and later', async () => {
  const { provider, clock } = providerOf()
  await Promise.all(Array.from({ length: 5 }, () => provider.apply(change, { key: 'order-1' })))
  clock.time = at('2026-01-05')
  const again = await provider.apply(change, { key: 'order-1' })
  expect(again.subscription.terms.startedAt).toEqual(at('2026-01-01'))
  expect(await provider.fetchSubscriptions(customerId)).toHaveLength(1)
})

test('another change under the same key is refused', async () => {
  const { provider } = providerOf()
  await provider.apply(change, { key: 'order-1' })
  await expect(provider.apply({ ...change, seats: 2 }, { key: 'order-1' })).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('an answer is true now, although nobody has advanced the rows', async () => {
  const { provider, clock } = providerOf()
  await provider.apply(change, { key: 'order-1' })
  clock.time = at('2026-01-11')
  const [account] = await provider.fetchSubscriptions(customerId)
  expect(account?.subscription.state.status).toBe('past_due')
})

test('a cancellation is safe to repeat, and one of nothing is refused', async () => {
  const { provider, clock } = providerOf()
  const { subscription } = await provider.apply(change, { key: 'order-1' })
  clock.time = at('2026-01-05')
  const once = await provider.cancel(subscription.terms.id, { when: 'now' })
  clock.time = at('2026-01-06')
  const twice = await provider.cancel(subscription.terms.id, { when: 'now' })
  expect(once.subscription.state).toEqual({ status: 'canceled', since: at('2026-01-05') })
  expect(twice).toEqual(once)
  const nothing = { ...subscription.terms, id: 'x' as typeof subscription.terms.id }
  await expect(provider.cancel(nothing.id, { when: 'now' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
