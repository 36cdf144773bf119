import { randomBytes } from 'node:crypto'
import { type Database, type Identity, openDatabase } from 'paybill/database'
import { applicationUrl, dropDatabase } from 'paybill/migrate'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { type ConnectionBudget, connectionBudget, pooledCreate } from '../../src/tenant-database/index.ts'
import { asAdmin } from './server.ts'
import { application, secret, shop, shopRules } from './shop.ts'

const serverUrl = inject('serverUrl')
const cell = { serverUrl, name: `cell_${randomBytes(6).toString('hex')}`, application }
type TestPool = Database<typeof shop>

beforeAll(() => pooledCreate({ ...cell, operation: 'op_1', secret }))
afterAll(() => dropDatabase(cell))

let budget: ConnectionBudget<TestPool> | null = null
afterEach(async () => {
  await budget?.close()
  budget = null
})

function open(more: { readonly connections?: number; readonly idleMs?: number; readonly waitMs?: number } = {}): {
  readonly budget: ConnectionBudget<TestPool>
  readonly opened: string[]
} {
  const opened: string[] = []
  const made = connectionBudget<TestPool>({
    connections: 6,
    connectionsPerPool: 2,
    idleMs: 60_000,
    waitMs: 20_000,
    ...more,
    open: async (tenant) => {
      opened.push(tenant)
      return openDatabase({ url: applicationUrl({ ...cell, secret }), schema: shop, rules: shopRules, maxConnections: 2 })
    },
  })
  budget = made
  return { budget: made, opened }
}

async function count(pool: TestPool, tenant: string): Promise<number> {
  const identity: Identity = { principal: { id: 'a', tenant, roles: ['clerk'], claims: {} }, purpose: 'test' }
  return pool.session(identity).customer.count()
}

async function connections(): Promise<number> {
  const [row] = await asAdmin(serverUrl, `select count(*)::int as count from pg_stat_activity where datname = '${cell.name}'`)
  return Number(row?.['count'])
}

test('the server never sees more connections than the budget, however many tenants work', async () => {
  const { budget, opened } = open()
  const done = new AbortController()
  let most = 0
  const watching = (async () => {
    while (!done.signal.aborted) most = Math.max(most, await connections())
  })()
  const work = Array.from({ length: 120 }, (_, index) =>
    budget.use(`ten_${index % 12}`, (pool) => Promise.all([count(pool, 'ten_1'), count(pool, 'ten_1'), count(pool, 'ten_1')])),
  )
  await Promise.all(work)
  done.abort()
  await watching
  expect(most).toBeGreaterThan(2)
  expect(most).toBeLessThanOrEqual(6)
  expect(new Set(opened).size).toBe(12)
})

test('a pool is opened when it is asked for, used again, and closed when it was idle', async () => {
  const { budget, opened } = open({ idleMs: 50 })
  expect(await connections()).toBe(0)
  await budget.use('ten_1', (pool) => count(pool, 'ten_1'))
  await budget.use('ten_1', (pool) => count(pool, 'ten_1'))
  expect(opened).toEqual(['ten_1'])
  await expect.poll(connections, { timeout: 10_000 }).toBe(0)
  await budget.use('ten_1', (pool) => count(pool, 'ten_1'))
  expect(opened).toEqual(['ten_1', 'ten_1'])
})

test('a tenant with a thousand calls does not starve one with a single call', async () => {
  const { budget } = open({ connections: 2 })
  let greedy = 0
  const many = Array.from({ length: 1_000 }, () => budget.use('greedy', (pool) => count(pool, 'ten_1').then(() => (greedy += 1))))
  const seen = await budget.use('modest', async () => greedy)
  expect(seen).toBeLessThan(10)
  await Promise.all(many)
  expect(greedy).toBe(1_000)
})

test('tenants that wait are served in turn, one call each', async () => {
  const { budget } = open({ connections: 2 })
  const order: string[] = []
  const first = Promise.withResolvers<null>()
  const holding = budget.use('holder', () => first.promise)
  const calls = ['a', 'a', 'a', 'b', 'c'].map((tenant) => budget.use(tenant, async () => void order.push(tenant)))
  first.resolve(null)
  await Promise.all([holding, ...calls])
  expect(order).toEqual(['a', 'b', 'c', 'a', 'a'])
})

test('who has no turn in time is told DATABASE_BUSY, and the budget is whole afterwards', async () => {
  const { budget } = open({ connections: 2, waitMs: 100 })
  const held = Promise.withResolvers<null>()
  const holding = budget.use('holder', () => held.promise)
  await expect(budget.use('other', async () => 'served')).rejects.toMatchObject({ code: 'DATABASE_BUSY' })
  held.resolve(null)
  await holding
  expect(await budget.use('other', async () => 'served')).toBe('served')
})

test('a pool that cannot be opened takes nothing of the budget, and the error is the caller\u2019s', async () => {
  let fails = true
  const small = connectionBudget({
    connections: 2,
    connectionsPerPool: 2,
    idleMs: 1_000,
    waitMs: 5_000,
    open: async () => {
      if (fails) throw new Error('no server')
      return { close: async () => {} }
    },
  })
  await expect(small.use('a', async () => null)).rejects.toThrow('no server')
  await expect(small.use('b', async () => null)).rejects.toThrow('no server')
  fails = false
  expect(await small.use('a', async () => 'served')).toBe('served')
  await expect(small.use('a', () => Promise.reject(new Error('its own')))).rejects.toThrow('its own')
  expect(await small.use('b', async () => 'served')).toBe('served')
  await small.close()
})

test('a budget in which no pool fits is refused', () => {
  const attempt = () =>
    connectionBudget({
      connections: 1,
      connectionsPerPool: 2,
      idleMs: 1,
      waitMs: 1,
      open: async () => ({ close: async () => {} }),
    })
  expect(attempt).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})
