import { randomUUID } from 'node:crypto'
import { schema } from 'paybill/schema'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { placementTables } from '../../src/placement/tables.ts'
import {
  operationBegin,
  operationEnd,
  suspensionAdd,
  suspensionList,
  suspensionRemove,
  tenantFacts,
  tenantFetch,
  tenantList,
} from '../../src/tenant/store.ts'
import { tenantTables } from '../../src/tenant/tables.ts'
import { openTestDatabase, type TestDatabase } from '../test-database.ts'
import { noon } from './facts.ts'

const tenantSchema = schema({ ...placementTables, ...tenantTables })
let opened: TestDatabase<typeof tenantSchema>
let organization: string

beforeAll(async () => {
  opened = await openTestDatabase(tenantSchema)
})

afterAll(() => opened.close())

const session = () => opened.session(organization)
const tenantId = 'ten_00000000000000000001'
const customer = 'cus_00000000000000000001'

beforeEach(async () => {
  organization = randomUUID()
  await session().customer.insert({ id: customer, name: 'Fjord Drift AS', email: 'post@fjord.example' })
  await session().tenant.insert(draft(tenantId, 'fjord'))
})

function draft(id: string, name: string) {
  return { id, name, customer, product: 'bill-pay', isolation: 'bridge', region: 'eu', phase: 'pending' } as const
}

function begin(id: string, phase: 'pending' | 'suspended' = 'pending') {
  const operation = { id, tenantId, kind: 'provision', phase, because: 'it may begin' } as const
  return session().transaction((tables) => operationBegin(tables, operation))
}

const running = async () => 'the first step'

test('of 20 who decide at once exactly one puts an operation to work', async () => {
  const ids = Array.from({ length: 20 }, () => randomUUID())
  const results = await Promise.all(ids.map((id) => begin(id)))
  expect(results.filter(Boolean)).toHaveLength(1)
  const { operation } = await tenantFetch(session(), tenantId)
  expect(operation).toBe(ids[results.indexOf(true)])
  expect(await session().operation.count()).toBe(1)
})

test('a decision that was made on another phase puts nothing to work', async () => {
  expect(await begin(randomUUID(), 'suspended')).toBe(false)
  expect(await session().operation.count()).toBe(0)
})

test('an operation that ends frees its tenant, and counts as failed until one succeeds', async () => {
  const [first, second, third] = [randomUUID(), randomUUID(), randomUUID()]
  for (const [id, times] of [
    [first, 1],
    [second, 2],
  ] as const) {
    expect(await begin(id)).toBe(true)
    await operationEnd(session(), {
      id,
      tenantId,
      kind: 'provision',
      now: noon,
      status: 'failed',
      phase: 'pending',
      reason: 'no answer',
    })
    expect(await tenantFacts(session(), tenantId, running)).toMatchObject({
      operation: null,
      failure: { times, reason: 'no answer', at: noon },
    })
  }
  await begin(third)
  await operationEnd(session(), { id: third, tenantId, kind: 'provision', now: noon, status: 'succeeded', phase: 'provisioning' })
  expect(await tenantFacts(session(), tenantId, running)).toMatchObject({ phase: 'provisioning', failure: null })
  expect((await session().operation.findMany({ select: ['status'] })).map(({ status }) => status).toSorted()).toEqual([
    'failed',
    'failed',
    'succeeded',
  ])
})

test('an operation that is not at work on a tenant cannot end there', async () => {
  await begin(randomUUID())
  await expect(
    operationEnd(session(), { id: randomUUID(), tenantId, kind: 'provision', now: noon, status: 'succeeded', phase: 'active' }),
  ).rejects.toMatchObject({ code: 'CONFLICT' })
})

test('the database refuses a move that is not in the table', async () => {
  const move = session().tenant.update({ where: { id: tenantId }, set: { phase: 'active' } })
  await expect(move).rejects.toMatchObject({ code: expect.stringMatching(/^(CONFLICT|ARGUMENT_INVALID|DENIED)$/) })
  expect(await tenantFetch(session(), tenantId)).toMatchObject({ phase: 'pending' })
})

test('suspensions are a set: each reason is there once, and goes alone', async () => {
  expect(await suspensionAdd(session(), { tenantId, reason: 'operator', by: 'olga' })).toBe(true)
  expect(await suspensionAdd(session(), { tenantId, reason: 'operator', by: 'otto' })).toBe(false)
  expect(await suspensionAdd(session(), { tenantId, reason: 'payment', by: 'billing' })).toBe(true)
  expect(await suspensionRemove(session(), { tenantId, reason: 'payment' })).toBe(true)
  expect(await suspensionRemove(session(), { tenantId, reason: 'payment' })).toBe(false)
  expect(await suspensionList(session(), tenantId)).toMatchObject([{ reason: 'operator', by: 'olga' }])
})

test('a running operation says what it waits for', async () => {
  const id = randomUUID()
  await begin(id)
  expect(await tenantFacts(session(), tenantId, async (operation) => `step of ${operation.id}`)).toMatchObject({
    operation: { id, kind: 'provision', waitsFor: `step of ${id}` },
  })
})

test('a taken name is refused, and a foreign tenant cannot be told from one that is not there', async () => {
  await expect(session().tenant.insert(draft('ten_00000000000000000002', 'fjord'))).rejects.toMatchObject({ code: 'CONFLICT' })
  const elsewhere = opened.session(randomUUID())
  const refusalOf = (id: string) => tenantFetch(elsewhere, id).catch((error: unknown) => String(error).replace(id, 'ID'))
  expect(await refusalOf(tenantId)).toEqual(await refusalOf('ten_99999999999999999999'))
  await expect(tenantFetch(elsewhere, tenantId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('the list goes on after a page', async () => {
  await session().tenant.insert(draft('ten_00000000000000000002', 'two'))
  await session().tenant.insert(draft('ten_00000000000000000003', 'three'))
  const first = await tenantList(session(), { limit: 2 })
  const after = first.at(-1)?.id ?? ''
  expect([...first, ...(await tenantList(session(), { limit: 2, after }))].map(({ name }) => name)).toEqual([
    'fjord',
    'two',
    'three',
  ])
})
