import { randomBytes } from 'node:crypto'
import { journalTables } from 'paybill/journal'
import { databaseUrl, dropDatabase } from 'paybill/migrate'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { journalRows } from '../../src/tenant-database/journal-rows.ts'
import { pooledCreate, pooledRetire, tenantCount } from '../../src/tenant-database/index.ts'
import { asAdmin } from './server.ts'
import { application, rowsOf, secret, seedTenant } from './shop.ts'

const serverUrl = inject('serverUrl')
const name = `cell_${randomBytes(6).toString('hex')}`
const url = databaseUrl({ serverUrl, name })
const cell = { serverUrl, name, application }

beforeAll(() => pooledCreate({ ...cell, operation: 'op_1', secret }))
afterAll(() => dropDatabase(cell))

test('a retired tenant has no row left in any table, counted by another session, and its neighbours keep every row', async () => {
  await Promise.all(['ten_a', 'ten_b', 'ten_a2'].map((tenant) => seedTenant(url, tenant)))
  const before = { b: await rowsOf(url, 'ten_b'), a2: await rowsOf(url, 'ten_a2') }
  const counts = await tenantCount({ ...cell, tenant: 'ten_a' })
  const { deleted } = await pooledRetire({ ...cell, tenant: 'ten_a' })
  expect(deleted).toEqual(counts)
  expect(deleted).toEqual({
    customer: 2,
    order: 20,
    line: 20,
    'paybill.run': 1,
    'paybill.lease': 1,
    'paybill.entry': 5,
    'paybill.payload': 5,
    'paybill.segment': 1,
    'paybill.attempt': 1,
    'paybill.budget': 1,
    'paybill.approval': 1,
  })
  expect(Object.values(await rowsOf(url, 'ten_a')).flat()).toEqual([])
  expect({ b: await rowsOf(url, 'ten_b'), a2: await rowsOf(url, 'ten_a2') }).toEqual(before)
  expect(await tenantCount({ ...cell, tenant: 'ten_a' })).toEqual({})
  expect(await pooledRetire({ ...cell, tenant: 'ten_a' })).toEqual({ deleted: {} })
  expect(await asAdmin(url, 'select count(*)::int as shared from country')).toEqual([{ shared: 2 }])
})

test('more rows than fit one batch are all deleted', async () => {
  await seedTenant(url, 'ten_large', 3)
  await asAdmin(
    url,
    `insert into line (tenant, order_id, text) select tenant, id, 'more' from "order", generate_series(1, 8000) where tenant = 'ten_large'`,
  )
  expect((await pooledRetire({ ...cell, tenant: 'ten_large' })).deleted).toMatchObject({ line: 24_003 })
  expect(await tenantCount({ ...cell, tenant: 'ten_large' })).toEqual({})
})

test('rows that keep coming are not taken for deleted', async () => {
  await seedTenant(url, 'ten_busy', 1)
  await asAdmin(
    url,
    `create function keeps_coming() returns trigger language plpgsql security definer as $keeps$ begin
       insert into customer (tenant, name) values ('ten_busy', 'again'); return null; end $keeps$`,
  )
  await asAdmin(
    url,
    'create trigger keeps_coming after delete on paybill.budget for each statement execute function keeps_coming()',
  )
  await expect(pooledRetire({ ...cell, tenant: 'ten_busy' })).rejects.toMatchObject({ code: 'CONFLICT' })
  await asAdmin(url, 'drop function keeps_coming cascade')
  expect((await pooledRetire({ ...cell, tenant: 'ten_busy' })).deleted).toEqual({ customer: 1 })
})

test.each([
  ['create table extra (tenant text, id int)', 'table `public.extra`', 'drop table extra'],
  ['create table paybill.extra (id int)', 'table `paybill.extra`', 'drop table paybill.extra'],
  ['create schema other create table hidden (id int)', 'table `other.hidden`', 'drop schema other cascade'],
  ['create materialized view seen as select * from line', 'materialized view `public.seen`', 'drop materialized view seen'],
  ['create sequence counted', 'sequence `public.counted`', 'drop sequence counted'],
  ['alter table line add column extra text', 'column `public.line.extra`', 'alter table line drop column extra'],
  ['select lo_create(4711)', 'large object `4711`', 'select lo_unlink(4711)'],
])('what the application does not declare is refused by name and nothing is deleted: %s', async (plant, named, remove) => {
  await asAdmin(url, plant)
  try {
    const attempt = pooledRetire({ ...cell, tenant: 'ten_b' })
    await expect(attempt).rejects.toMatchObject({ code: 'OBJECT_UNKNOWN', message: expect.stringContaining(named) })
  } finally {
    await asAdmin(url, remove)
  }
  expect(Object.keys(await tenantCount({ ...cell, tenant: 'ten_b' }))).not.toEqual([])
})

test.each([
  ['drop policy paybill_owner on line', `create policy paybill_owner on line to "OWNER" using (true) with check (true)`],
  ['create policy narrow on line as restrictive using (false)', 'drop policy narrow on line'],
])('a policy that hides rows from the owner is refused, not taken for an empty table: %s', async (plant, remove) => {
  const [owner] = await asAdmin(url, `select tableowner::text as name from pg_tables where tablename = 'line'`)
  await asAdmin(url, plant)
  try {
    await expect(tenantCount({ ...cell, tenant: 'ten_b' })).rejects.toMatchObject({ code: 'DATABASE_ROLE_UNSAFE' })
    await expect(pooledRetire({ ...cell, tenant: 'ten_b' })).rejects.toThrow('`line`')
  } finally {
    await asAdmin(url, remove.replace('OWNER', String(owner?.['name'])))
  }
})

test('every table of the journal is known', () => {
  const made = journalTables.flatMap((statement) => /create table (paybill\.\w+)/.exec(statement)?.[1] ?? [])
  expect([...journalRows.keys()].toSorted()).toEqual(made.toSorted())
})

test('a user that is no superuser retires a tenant too', async () => {
  const user = `retirer_${randomBytes(4).toString('hex')}`
  await asAdmin(serverUrl, `create role ${user} login createdb createrole password 'pass'`)
  const own = {
    ...cell,
    serverUrl: Object.assign(new URL(serverUrl), { username: user, password: 'pass' }).href,
    name: `${name}_own`,
  }
  await pooledCreate({ ...own, operation: 'op_2', secret })
  await seedTenant(databaseUrl({ serverUrl, name: own.name }), 'ten_a')
  expect((await pooledRetire({ ...own, tenant: 'ten_a' })).deleted).toMatchObject({ order: 20, 'paybill.entry': 5 })
  await dropDatabase(own)
  await asAdmin(serverUrl, `drop role ${user}`)
})
