// Row level security holds by itself: these statements carry an identity and no woven predicate, as if a compiler had
// dropped it.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identityText } from '../../src/acl/row-security.ts'
import { type Connections, openConnections } from '../../src/database/connection.ts'
import { type Database, type Identity, openDatabase } from '../../src/database/index.ts'
import { internals } from '../../src/database/database.ts'
import { reveal } from '../../src/label/labeled.ts'
import { PaybillError } from '../../src/lib/errors.ts'
import { bill, type Bills, billRules, bills, member } from './bills.ts'
import { type PreparedDatabase, preparedDatabase } from './prepared.ts'

let prepared: PreparedDatabase
let database: Database<Bills>
let connections: Connections

beforeAll(async () => {
  prepared = await preparedDatabase(billRules)
  database = await openDatabase({ url: prepared.url, schema: bills, rules: billRules })
  connections = openConnections({ url: prepared.url })
  for (const tenant of ['acme', 'other'])
    for (const status of ['received', 'held'] as const)
      await database.session(member(tenant)).invoice.insert(bill(`${tenant}-${status}`, { status }))
})

afterAll(async () => {
  await connections.close()
  await database.close()
  await prepared.drop()
})

function identity(of: Identity): string {
  return identityText(billRules, { principal: of.principal, agent: of.agent ?? null, grant: of.grant ?? null })
}

/** Runs a statement under an identity, undoes it, and gives the rows it returned or the code of its error. */
async function underRowSecurity(of: Identity | null, text: string): Promise<unknown> {
  const undone = { rows: [] as readonly (readonly (string | null)[])[] }
  const error = await connections
    .transaction(async (line) => {
      undone.rows = (await line.run({ text }, of === null ? null : identity(of))).rows
      throw new Error('undo')
    })
    .catch((reason: unknown) => reason)
  return error instanceof Error && 'code' in error ? error.code : undone.rows.flat()
}

test('a statement of nobody sees and changes no row', async () => {
  expect(await underRowSecurity(null, 'select number from invoice')).toEqual([])
  expect(await underRowSecurity(null, `update invoice set note = 'x' returning number`)).toEqual([])
  expect(await underRowSecurity(null, 'delete from invoice returning number')).toEqual([])
  expect(
    await underRowSecurity(
      null,
      `insert into invoice (tenant, number, amount_minor, amount_currency) values ('acme', 'x', 1, 'NOK')`,
    ),
  ).toBe('DENIED')
})

test('an identity sees and changes rows of its own tenant only, whatever the statement asks for', async () => {
  const clerk = member('acme')
  expect(await underRowSecurity(clerk, 'select number from invoice order by number')).toEqual(['acme-held', 'acme-received'])
  expect(await underRowSecurity(clerk, `select number from invoice where tenant = 'other'`)).toEqual([])
  expect(await underRowSecurity(clerk, `update invoice set note = 'x' where tenant = 'other' returning number`)).toEqual([])
  expect(await underRowSecurity(clerk, `delete from invoice where tenant = 'other' returning number`)).toEqual([])
  expect(await underRowSecurity(clerk, `update invoice set tenant = 'other'`)).toBe('DENIED')
  expect(
    await underRowSecurity(
      clerk,
      `insert into invoice (tenant, number, amount_minor, amount_currency) values ('other', 'x', 1, 'NOK')`,
    ),
  ).toBe('DENIED')
})

test('a role without a rule for the verb sees and changes nothing', async () => {
  const reader = member('acme', 'reader')
  expect(await underRowSecurity(reader, 'select number from invoice')).toHaveLength(2)
  expect(await underRowSecurity(reader, `update invoice set note = 'x' returning number`)).toEqual([])
  expect(await underRowSecurity(reader, 'delete from invoice returning number')).toEqual([])
  expect(await underRowSecurity(reader, 'select number from vendor')).toEqual([])
  expect(await underRowSecurity(member('acme', 'nobody'), 'select number from invoice')).toEqual([])
})

test('conditions on rows hold for changing, removing and for new values', async () => {
  const junior = member('acme', 'junior')
  expect(await underRowSecurity(junior, `update invoice set status = 'held' returning number`)).toEqual(['acme-received'])
  expect(await underRowSecurity(junior, `update invoice set status = 'paid' where status = 'received'`)).toBe('DENIED')
  expect(await underRowSecurity(junior, `delete from invoice returning number`)).toEqual(['acme-held'])
  expect(
    await underRowSecurity(
      junior,
      `insert into invoice (tenant, number, amount_minor, amount_currency, status) values ('acme', 'x', 1, 'NOK', 'paid')`,
    ),
  ).toBe('DENIED')
})

test('an agent and a grant narrow the second wall too', async () => {
  const agent = { ...member('acme'), agent: { id: 'bot', roles: ['reader'] } }
  expect(await underRowSecurity(agent, 'delete from invoice returning number')).toEqual([])
  const step = { ...member('acme'), grant: { vendor: { read: ['id'] } } }
  expect(await underRowSecurity(step, 'select number from invoice')).toEqual([])
})

test('several identities and the runtime share one transaction, and each sees its own', async () => {
  const id = randomUUID()
  const attempt = internals(database).transaction(async (tx) => {
    const acme = tx.session(member('acme'))
    const other = tx.session(member('other'))
    await acme.invoice?.insert({ id, ...bill('shared') })
    expect(await other.invoice?.count()).toBe(2)
    expect(await tx.query({ text: 'select count(*) as n from invoice' })).toMatchObject({ rows: [{ n: '0' }] })
    const counts = await Promise.all([acme.invoice?.count(), other.invoice?.count(), acme.invoice?.count({ where: { id } })])
    expect(counts).toEqual([3, 2, 1])
    throw new Error('undo')
  })
  await expect(attempt).rejects.toThrow('undo')
  expect(await database.session(member('acme')).invoice.count()).toBe(2)
})

test('500 calls of mixed people at the same time each get their own rows', async () => {
  const people = [
    { who: member('acme'), sees: ['acme-held'] },
    { who: member('other'), sees: ['other-held'] },
    { who: member('acme', 'reader'), sees: ['acme-held'] },
    { who: member('empty', 'reader'), sees: [] },
  ]
  const calls = Array.from({ length: 125 }, () => people).flat()
  const wrong = await Promise.all(
    calls.map(async ({ who, sees }, index) => {
      const { invoice } = database.session(who)
      // A key that is taken, or a right that is missing: an error between the others.
      const refusal: unknown =
        index % 7 === 0 ? await invoice.insert(bill(`${who.principal.tenant}-held`)).catch((reason: unknown) => reason) : null
      const rows = await invoice.findMany({ select: ['number'], where: { number: { in: ['acme-held', 'other-held'] } } })
      const seen = rows.map((row) => reveal(row.number))
      return seen.join() === sees.join() && (refusal === null || refusal instanceof PaybillError) ? [] : [{ seen, sees, refusal }]
    }),
  )
  expect(wrong.flat()).toEqual([])
})
