// Row level security alone: what it holds when a statement carries an identity and lost its predicate.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { acl } from '../../src/acl/index.ts'
import { identityText, rowSecurityStatements } from '../../src/acl/row-security.ts'
import { quoteText } from '../../src/schema/names.ts'
import { member, shop } from './shop.ts'
import { WalledDatabase } from './walls.ts'

const rules = acl(shop, {
  roles: ['clerk', 'auditor', 'writer', 'checker', 'temp', 'bot'],
  claims: { team: 'text', marks: 'text[]' },
  rules: ({ allow, deny }) => [
    // Somebody of a clerk's own team sees to it; he himself may not read who is in which team.
    allow('clerk')
      .read('order')
      .where(({ row, claim }) => row.one('person', 'person').team.eq(claim.team)),
    allow('clerk')
      .update('order')
      .where(({ row }) => row.status.eq('open'))
      .check(({ row }) => row.status.eq('held')),
    allow('clerk')
      .update('order')
      .where(({ row }) => row.status.eq('held'))
      .check(({ row, before }) => row.amount.eq(before.amount)),
    allow('auditor').read('order'),
    deny('auditor')
      .read('order')
      .where(({ row, claim }) => row.note.in(claim.marks)),
    allow('writer').create('order'),
    allow('checker')
      .read('order')
      .where(({ row }) => row.many('lines', 'line').every((line) => line.isChecked.eq(true))),
    allow('temp').read('order').until(new Date('2026-01-01T00:00:00Z')),
    allow('bot').read('order').fields('id'),
  ],
})

const rows = `
insert into person (tenant, id, team) values ('acme', 1, 'west'), ('acme', 2, 'east'), ('other', 1, 'west');
insert into "order" (tenant, id, person_id, status, amount_minor, amount_currency, note) values
  ('acme', 1, 1, 'open', 100, 'NOK', 'a'), ('acme', 2, 1, 'held', 100, 'NOK', null), ('acme', 3, 2, 'open', 100, 'NOK', 'b'),
  ('acme', 4, null, 'open', 100, 'NOK', 'c'), ('other', 5, 1, 'open', 100, 'NOK', 'a');
insert into line (tenant, id, order_id, is_checked) values
  ('acme', 1, 1, true), ('acme', 2, 2, true), ('acme', 3, 2, null), ('other', 4, 3, true);`

let database: WalledDatabase

beforeAll(async () => {
  database = await WalledDatabase.make(rules, rows)
})

afterAll(() => database.drop())

const all = 'select id from "order" order by id'
const west = member(['clerk'], { claims: { team: 'west' } })

test('without an identity there is no row, nor with an empty one or one that says nothing', async () => {
  const none = member(['clerk', 'auditor', 'writer', 'checker'])
  expect(
    await database.asIdentity(identityText(rules, { ...none, principal: { ...none.principal, claims: { marks: [] } } }), all),
  ).toHaveLength(4)
  for (const identity of [null, '', '{}', 'null', '[]', '{"tenant":"acme"}', '{"tenant":"acme","roles":["auditor"]}'])
    expect(await database.asIdentity(identity, all), `${identity}`).toEqual([])
})

test('nobody becomes an identity without a tenant, or with a claim of another type', () => {
  const invalid = expect.objectContaining({ code: 'ARGUMENT_INVALID' })
  const nowhere = { ...west, principal: { ...west.principal, tenant: '' } }
  expect(() => identityText(rules, nowhere)).toThrow(invalid)
  expect(() => identityText(rules, member(['clerk'], { claims: { team: ['west'] } }))).toThrow(invalid)
  expect(() => identityText(rules, member(['clerk'], { claims: { team: 'a\0' } }))).toThrow(invalid)
})

test('a name full of quotes and braces is a name in the identity too', async () => {
  const odd = member(['clerk'], { claims: { team: `"west'},\\{$1` } })
  expect(await database.as(odd, all)).toEqual([])
  expect(await database.as(member([`clerk","auditor`]), all)).toEqual([])
})

test('a condition reads related rows that the reader himself may not see, and gives none of them away', async () => {
  expect(await database.as(west, all)).toEqual(['1', '2'].map(Number))
  expect(await database.as(west, 'select id from person')).toEqual([])
  expect(await database.as(member(['clerk'], { claims: { team: 'east' } }), all)).toEqual([3])
  expect(await database.as(member(['clerk']), all)).toEqual([])
})

test('a deny counts where it is UNKNOWN, and a claim that is missing makes it so', async () => {
  const auditor = (marks?: readonly string[]) => member(['auditor'], marks === undefined ? {} : { claims: { marks } })
  expect(await database.as(auditor(['a']), all)).toEqual([3, 4])
  expect(await database.as(auditor([]), all)).toEqual([1, 2, 3, 4])
  expect(await database.as(auditor(), all)).toEqual([])
})

test('every over no rows, and over a row that nobody checked, opens nothing', async () => {
  expect(await database.as(member(['checker']), all)).toEqual([1])
})

test('a rule out of its window opens nothing', async () => {
  expect(await database.as(member(['temp']), all)).toEqual([])
})

test('where and check of two rules are never mixed, and check knows what the row was', async () => {
  const update = (id: number, set: string) => database.as(west, `update "order" set ${set} where id = ${id} returning id`)
  expect(await update(1, `status = 'held'`)).toEqual([1])
  expect(await update(1, `status = 'paid'`)).toBe('42501')
  expect(await update(2, `status = 'paid'`)).toEqual([2])
  expect(await update(2, `amount_minor = 101`)).toBe('42501')
  expect(await update(3, `status = 'held'`)).toEqual([])
})

test('an update may not hide its own row, nor move it to another tenant', async () => {
  const update = (set: string) => database.as(west, `update "order" set status = 'held', ${set} where id = 1`)
  expect(await update(`note = 'x'`)).toEqual([])
  expect(await update('person_id = 2')).toBe('42501')
  expect(await update(`tenant = 'other'`)).toBe('42501')
})

test('who may write may do so without reading, and only in his own tenant', async () => {
  const insert = (tenant: string, more = '') =>
    database.as(member(['writer']), `insert into "order" (tenant, id, status) values ('${tenant}', 9, 'open')${more}`)
  expect(await insert('acme')).toEqual([])
  expect(await insert('acme', ' returning id')).toBe('42501')
  expect(await insert('other')).toBe('42501')
})

test('a text in a rule is a text, also where it looks like the application role or holds quotes and backslashes', async () => {
  const odd = `it's \\ :app "x" ::app`
  const oddRules = acl(shop, {
    roles: [':app'],
    rules: ({ allow }) => [
      allow(':app')
        .read('person')
        .where(({ row }) => row.team.eq(odd)),
    ],
  })
  const oddDatabase = await WalledDatabase.make(
    oddRules,
    `insert into person (tenant, id, team) values ('acme', 1, ${quoteText(odd)}), ('acme', 2, 'app')`,
  )
  expect(await oddDatabase.as(member([':app']), 'select id from person')).toEqual([1])
  expect(await oddDatabase.as(member(['app']), 'select id from person')).toEqual([])
  await oddDatabase.drop()
})

test('an agent and a grant narrow what the principal has', async () => {
  const through = (roles: readonly string[]) => ({ ...west, agent: { id: 'agent', roles } })
  expect(await database.as(through(['bot']), all)).toEqual([1, 2])
  expect(await database.as(through(['writer']), all)).toEqual([])
  expect(await database.as(through([]), all)).toEqual([])
  expect(await database.as({ ...west, grant: { order: { read: ['id'] } } }, all)).toEqual([1, 2])
  expect(await database.as({ ...west, grant: { order: { update: ['status'] } } }, all)).toEqual([])
  expect(await database.as({ ...west, grant: {} }, all)).toEqual([])
})

test('the functions that read related rows give only named columns of the own tenant, and to the application only', async () => {
  const functions = await database.asAdmin(`
    select p.oid::regprocedure::text as signature, pg_get_function_result(p.oid) as gives, prosecdef as definer, proconfig::text as settings,
      has_function_privilege('public', p.oid, 'execute') as public
    from pg_proc p where pronamespace = 'paybill'::regnamespace and proname like 'related%' order by 2`)
  expect(functions.map(({ gives, definer, settings, public: isPublic }) => ({ gives, definer, settings, isPublic }))).toEqual([
    { gives: 'TABLE(is_checked boolean)', definer: true, settings: '{"search_path=pg_catalog, pg_temp"}', isPublic: false },
    { gives: 'TABLE(team text)', definer: true, settings: '{"search_path=pg_catalog, pg_temp"}', isPublic: false },
  ])
  const name = String(functions[1]?.['signature']).replace('(integer)', '')
  expect(await database.as(west, `select team from ${name}(1)`)).toEqual(['west'])
  expect(await database.as(west, `select team from ${name}(3)`)).toEqual([])
  expect(await database.as(null, `select team from ${name}(1)`)).toEqual([])
})

test('rules can be put in the place of others, and take away what those left', async () => {
  const narrower = acl(shop, { roles: ['clerk'], rules: ({ allow }) => [allow('clerk').read('person')] })
  const owner = await database.asAdmin(`select tableowner as name from pg_tables where tablename = 'order'`)
  const application = (await database.as(null, 'select current_user'))[0]
  const install = (statements: readonly string[]) =>
    database.asAdmin(
      ['begin', `set local role "${String(owner[0]?.['name'])}"`, ...statements, 'commit']
        .map((text) => text.replaceAll(/(?<!:):app\b/g, () => `"${String(application)}"`))
        .join(';\n'),
    )
  await install(rowSecurityStatements(narrower))
  expect(await database.as(west, all)).toEqual([])
  expect(await database.as(west, 'select id from person order by id')).toEqual([1, 2])
  expect(
    await database.asAdmin(
      `select proname from pg_proc where pronamespace = 'paybill'::regnamespace and proname ~ '^(related|change)'`,
    ),
  ).toEqual([])
  await install(rowSecurityStatements(rules))
  await install(rowSecurityStatements(rules))
  expect(await database.as(west, all)).toEqual([1, 2])
})
