import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BoundedWindow } from '../../src/action/accepts.ts'
import { budgetLock, budgetSpend, type Reservation, reservation } from '../../src/invoke/budget.ts'
import { type Money, money } from '../../src/lib/money.ts'
import { type DeskDatabase, openDeskDatabase } from '../run/desk-database.ts'
import { nok } from '../run/desk.ts'

let desk: DeskDatabase

beforeAll(async () => {
  desk = await openDeskDatabase()
})

afterAll(() => desk.close())

const day = { name: 'day', key: [], window: 'day', max: [nok(1_000n)] } as const
const ever = { name: 'ever', key: [], window: 'ever', max: [nok(1_500n)] } as const

const total = (window: BoundedWindow, amount: Money, of: { readonly argument?: string; readonly key?: string } = {}) =>
  reservation({ action: 'a', argument: of.argument ?? 'amount', keyValues: [of.key ?? 'x'] }, window, amount)

/** As the door does: all of them, unless one would go over; `approved` also then. Answers the limits that would be gone over. */
function reserve(
  tenant: string,
  reservations: readonly Reservation[],
  spending: 'within' | 'approved' = 'within',
): Promise<readonly string[]> {
  return desk.client.transaction(async (tx) => {
    const over = await budgetLock(tx, tenant, reservations)
    if (over.length === 0 || spending === 'approved') await budgetSpend(tx, tenant, reservations)
    return over.map(({ limit }) => limit)
  })
}

async function spent(tenant: string): Promise<Readonly<Record<string, number>>> {
  const rows = await desk.sql('select key, spent from paybill.budget where tenant = $1', [tenant])
  return Object.fromEntries(
    rows.map((row) => [String((JSON.parse(String(row['key'])) as readonly unknown[])[2]), Number(row['spent'])]),
  )
}

test('50 reservations at once never go over the total, and use all of it', async () => {
  const tenant = randomUUID()
  const results = await Promise.all(Array.from({ length: 50 }, () => reserve(tenant, [total(day, nok(70n))])))
  expect(results.filter((over) => over.length === 0)).toHaveLength(14)
  expect(await spent(tenant)).toEqual({ day: 14 * 70 })
})

test('several totals are reserved together or not at all, whatever order they are asked in', async () => {
  const tenant = randomUUID()
  const both = [total(day, nok(300n)), total(ever, nok(300n))]
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) => reserve(tenant, index % 2 === 0 ? both : both.toReversed())),
  )
  expect(results.filter((over) => over.length === 0)).toHaveLength(3)
  expect(await spent(tenant)).toEqual({ day: 900, ever: 900 })
})

test('what a person approved is added also over the total, so that the next call is over it', async () => {
  const tenant = randomUUID()
  expect(await reserve(tenant, [total(day, nok(5_000n))], 'approved')).toEqual(['day'])
  expect(await reserve(tenant, [total(day, nok(1n))])).toEqual(['day'])
})

test('what was only looked at is not spent', async () => {
  const tenant = randomUUID()
  expect(await desk.client.transaction((tx) => budgetLock(tx, tenant, [total(day, nok(900n))]))).toEqual([])
  expect(await reserve(tenant, [total(day, nok(900n))])).toEqual([])
})

test('a transaction that is given up gives its reservation back', async () => {
  const tenant = randomUUID()
  const attempt = desk.client.transaction(async (tx) => {
    const whole = [total(day, nok(900n))]
    await budgetLock(tx, tenant, whole)
    await budgetSpend(tx, tenant, whole)
    throw new Error('the call was not made')
  })
  await expect(attempt).rejects.toThrow('the call was not made')
  expect(await reserve(tenant, [total(day, nok(900n))])).toEqual([])
})

test('a currency that has no limit is over it, and counts apart from the others', async () => {
  const tenant = randomUUID()
  expect(await reserve(tenant, [total(day, money(1n, 'XAU'))])).toEqual(['day'])
  expect(await reserve(tenant, [total(day, nok(1_000n))])).toEqual([])
})

test('two arguments whose limits have one name have a total each', async () => {
  const tenant = randomUUID()
  const both = [total(day, nok(600n), { argument: 'amount' }), total(day, nok(600n), { argument: 'fee' })]
  expect(await reserve(tenant, both)).toEqual([])
  expect(await reserve(tenant, [total(day, nok(400n), { argument: 'fee' })])).toEqual([])
  expect(await reserve(tenant, [total(day, nok(1n), { argument: 'fee' })])).toEqual(['day'])
})

test('each key and each tenant has a total of its own', async () => {
  const [one, other] = [randomUUID(), randomUUID()]
  const full = (key: string): readonly Reservation[] => [total(day, nok(1_000n), { key })]
  expect(await reserve(one, full('x'))).toEqual([])
  expect(await reserve(one, full('y'))).toEqual([])
  expect(await reserve(other, full('x'))).toEqual([])
  expect(await reserve(one, full('x'))).toEqual(['day'])
})

test('a day’s total begins anew on the next day, a total for ever does not', async () => {
  const tenant = randomUUID()
  const both = [total(day, nok(800n)), total(ever, nok(800n))]
  expect(await reserve(tenant, both)).toEqual([])
  await desk.sql(`update paybill.budget set day = day - 1 where tenant = $1 and key like '%"day"%'`, [tenant])
  expect(await reserve(tenant, both)).toEqual(['ever'])
  expect(await reserve(tenant, [total(day, nok(800n))])).toEqual([])
})
