// A database is opened only where the second wall stands.

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { acl } from '../../src/acl/rules.ts'
import { asSystem, openDatabase } from '../../src/database/index.ts'
import { internals } from '../../src/database/database.ts'
import { temporaryDatabase } from '../../src/testing/index.ts'
import { bill, billRules, bills, member } from './bills.ts'
import { asAdmin, type PreparedDatabase, preparedDatabase } from './prepared.ts'

let prepared: PreparedDatabase

beforeAll(async () => {
  prepared = await preparedDatabase(billRules)
})

afterAll(() => prepared.drop())

async function openedAs(url: string): Promise<string> {
  try {
    await (await openDatabase({ url, schema: bills, rules: billRules })).close()
    return 'opened'
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${String(error.code)}: ${error.message}` : String(error)
  }
}

test('the prepared application role opens it', async () => {
  expect(await openedAs(prepared.url)).toBe('opened')
})

test('a superuser is refused', async () => {
  expect(await openedAs(prepared.adminUrl)).toMatch(/^DATABASE_ROLE_UNSAFE: .* is a superuser/)
})

test('a role that bypasses row level security, may make roles, or belongs to the owner is refused', async () => {
  const user = new URL(prepared.url).username
  const [owner] = await asAdmin(
    prepared.adminUrl,
    `select relowner::regrole::text as name from pg_class where relname = 'invoice'`,
  )
  for (const [give, take, message] of [
    [`alter role ${user} bypassrls`, `alter role ${user} nobypassrls`, /bypass row level security/],
    [`alter role ${user} createrole`, `alter role ${user} nocreaterole`, /make roles/],
    [`grant ${String(owner?.['name'])} to ${user}`, `revoke ${String(owner?.['name'])} from ${user}`, /owner of the tables/],
  ] as const) {
    await asAdmin(prepared.adminUrl, give)
    expect(await openedAs(prepared.url)).toMatch(/^DATABASE_ROLE_UNSAFE/)
    expect(await openedAs(prepared.url)).toMatch(message)
    await asAdmin(prepared.adminUrl, take)
  }
  expect(await openedAs(prepared.url)).toBe('opened')
})

test('a table without row level security, or with one that does not bind the owner, is refused', async () => {
  for (const [off, on] of [
    ['disable row level security', 'enable row level security'],
    ['no force row level security', 'force row level security'],
  ]) {
    await asAdmin(prepared.adminUrl, `alter table invoice ${off}`)
    expect(await openedAs(prepared.url)).toMatch(/^DATABASE_ROLE_UNSAFE: .*`invoice`/)
    await asAdmin(prepared.adminUrl, `alter table invoice ${on}`)
  }
})

test('a database that nobody prepared, or that lacks a table, is refused with what to do', async () => {
  const empty = await temporaryDatabase({ serverUrl: inject('serverUrl') })
  const user = `plain_${randomBytes(4).toString('hex')}`
  await asAdmin(empty.url, `create role ${user} login password 'pass'`)
  const url = new URL(empty.url)
  Object.assign(url, { username: user, password: 'pass' })
  expect(await openedAs(url.href)).toMatch(/^SCHEMA_INVALID: .*prepareDatabase first/)
  await empty.drop()
  await asAdmin(inject('serverUrl'), `drop role ${user}`)

  await asAdmin(prepared.adminUrl, 'alter table vendor rename to gone')
  expect(await openedAs(prepared.url)).toMatch(/^SCHEMA_INVALID: .*no table `vendor`/)
  await asAdmin(prepared.adminUrl, 'alter table gone rename to vendor')
})

test('the system is held by the rules like everybody else', async () => {
  const database = await openDatabase({ url: prepared.url, schema: bills, rules: billRules })
  const system = database.session({ principal: asSystem('nightly import', 'acme'), purpose: 'import' })
  await expect(system.invoice.insert(bill('A-1'))).rejects.toMatchObject({ code: 'DENIED' })
  await database.close()
})

test('a rule that ends while the database is open ends for the next call, also of a statement that was compiled', async () => {
  const until = new Date(Date.now() + 1_500)
  const rules = acl(bills, { roles: ['clerk'], rules: ({ allow }) => [allow('clerk').read('invoice').until(until)] })
  const shortLived = await preparedDatabase(rules)
  const database = await openDatabase({ url: shortLived.url, schema: bills, rules })
  const { invoice } = database.session(member('acme'))
  expect(await invoice.count()).toBe(0)
  await expect.poll(() => invoice.count().catch((error: unknown) => error), { timeout: 5_000 }).toMatchObject({ code: 'DENIED' })
  expect(Date.now()).toBeGreaterThanOrEqual(until.getTime())
  await database.close()
  await shortLived.drop()
})

test('equal requests of different people share one statement, and the number of statements is bounded', async () => {
  const database = await openDatabase({ url: prepared.url, schema: bills, rules: billRules, maxConnections: 1 })
  const counts = () => internals(database).statementCounts()
  for (const tenant of ['a', 'b', 'c']) await database.session(member(tenant)).invoice.count({ where: { number: tenant } })
  expect(counts()).toEqual({ hits: 2, misses: 1, size: 1 })
  const { invoice } = database.session(member('acme'))
  for (const length of [0, 1, 5, 100]) await invoice.count({ where: { number: { in: Array.from({ length }, String) } } })
  expect(counts()).toEqual({ hits: 5, misses: 2, size: 2 })
  await invoice.count({ where: { note: null } })
  await invoice.count({ where: { note: 'x' } })
  expect(counts()).toMatchObject({ misses: 4, size: 4 })
  for (let length = 1; length <= 150; length += 1)
    for (const verb of ['or', 'and', 'not'] as const) {
      const parts = Array.from({ length }, () => ({ number: 'x' }))
      await invoice.count({ where: verb === 'not' ? { not: { and: parts } } : { [verb]: parts } })
      await invoice.findFirst({ select: ['id'], where: verb === 'not' ? { not: { or: parts } } : { [verb]: parts } })
      await invoice.count({ where: { note: 'x', [verb === 'not' ? 'and' : verb]: parts } })
    }
  expect(counts().size).toBeLessThanOrEqual(1_000)
  expect(counts().misses).toBeGreaterThan(1_000)
  expect(await invoice.count({ where: { number: 'a' } })).toBe(0)
  await database.close()
})
