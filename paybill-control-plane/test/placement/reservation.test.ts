import { randomUUID } from 'node:crypto'
import { schema } from 'paybill/schema'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  cellList,
  reservationConfirm,
  reservationExpire,
  reservationFetch,
  reservationMake,
  reservationRelease,
} from '../../src/placement/reservation.ts'
import { placementTables } from '../../src/placement/tables.ts'
import { openTestDatabase, type TestDatabase } from '../test-database.ts'

const placementSchema = schema(placementTables)
let opened: TestDatabase<typeof placementSchema>
let organization: string

beforeAll(async () => {
  opened = await openTestDatabase(placementSchema, 20)
})

beforeEach(async () => {
  organization = randomUUID()
  const { cell } = opened.session(organization)
  await cell.insert({ id: 'eu-1', region: 'eu', state: 'active', pooledTotal: 6, bridgeTotal: 2, siloTotal: 0 })
  await cell.insert({ id: 'eu-2', region: 'eu', state: 'active', pooledTotal: 4, bridgeTotal: 1, siloTotal: 1 })
})

afterAll(() => opened.close())

const later = new Date(Date.now() + 3_600_000)
const session = () => opened.session(organization)

function reserve(tenantId: string, isolation: 'pooled' | 'bridge' | 'silo' = 'pooled', leasedUntil = later) {
  return session().transaction((tables) => reservationMake(tables, { tenantId, isolation, region: 'eu', leasedUntil }))
}

async function taken(isolation: 'pooled' | 'bridge' | 'silo' = 'pooled'): Promise<readonly number[]> {
  return (await cellList(session())).map(({ places }) => places[isolation].taken)
}

test('64 concurrent sign-ups on 10 free places: 10 placed, 54 refused with reason, none over', async () => {
  const results = await Promise.allSettled(Array.from({ length: 64 }, (_, index) => reserve(`tenant-${index}`)))
  const placed = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.cell] : []))
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  expect(placed.filter((cell) => cell === 'eu-1')).toHaveLength(6)
  expect(placed.filter((cell) => cell === 'eu-2')).toHaveLength(4)
  expect(refused).toEqual(
    Array<unknown>(54).fill(
      expect.objectContaining({
        code: 'CAPACITY_EXHAUSTED',
        message: 'eu-1 refused: 6 of 6 pooled places are taken; eu-2 refused: 4 of 4 pooled places are taken',
      }),
    ),
  )
  expect(await taken()).toEqual([6, 4])
  expect(await session().reservation.count()).toBe(10)
})

test('what does not fit into one cell spills into the next, and says why', async () => {
  const made = [await reserve('a', 'bridge'), await reserve('b', 'bridge'), await reserve('c', 'bridge')]
  expect(made.map(({ cell }) => cell)).toEqual(['eu-2', 'eu-1', 'eu-1'])
  expect(made[1]?.reason).toContain('eu-2 refused: 1 of 1 bridge places are taken')
  await expect(reserve('d', 'bridge')).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' })
})

test('asking again for the same tenant answers the place that it has', async () => {
  const first = await reserve('a')
  expect(await reserve('a')).toEqual(first)
  expect(await taken()).toEqual([0, 1])
})

test('a transaction that is given up gives its place back', async () => {
  const attempt = session().transaction(async (tables) => {
    await reservationMake(tables, { tenantId: 'a', isolation: 'pooled', region: 'eu', leasedUntil: later })
    throw new Error('the sign-up failed')
  })
  await expect(attempt).rejects.toThrow('the sign-up failed')
  expect(await taken()).toEqual([0, 0])
  expect(await reservationFetch(session(), 'a')).toBeNull()
})

test('a place is given back once, by whoever is first', async () => {
  await reserve('a')
  await reserve('b')
  await Promise.all(Array.from({ length: 10 }, () => session().transaction((tables) => reservationRelease(tables, 'a'))))
  expect(await taken()).toEqual([0, 1])
})

test('a place that nobody moved into in time falls back; one that somebody lives in does not', async () => {
  await reserve('late', 'pooled', new Date(Date.now() - 1000))
  await reserve('in-time', 'pooled')
  await reserve('lives-there', 'pooled', new Date(Date.now() - 1000))
  await reservationConfirm(session(), 'lives-there')
  const expired = await session().transaction((tables) => reservationExpire(tables, new Date()))
  expect(expired).toEqual(['late'])
  expect((await taken()).reduce((sum, each) => sum + each, 0)).toBe(2)
  await expect(reservationConfirm(session(), 'late')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('another organization has cells of its own', async () => {
  const elsewhere = opened.session(randomUUID())
  await expect(
    reservationMake(elsewhere, { tenantId: 'a', isolation: 'pooled', region: 'eu', leasedUntil: later }),
  ).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED', message: 'there is no cell' })
})
