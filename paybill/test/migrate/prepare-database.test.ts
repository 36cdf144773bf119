import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, expect, inject, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/database/index.ts'
import { internals } from '../../src/database/database.ts'
import { money } from '../../src/lib/money.ts'
import { applicationUrl, databaseUrl, dropDatabase, prepareDatabase, type PrepareOptions } from '../../src/migrate/index.ts'
import { roleNames } from '../../src/migrate/roles.ts'
import { acl, type Rules } from '../../src/acl/rules.ts'
import { schema, t, table } from '../../src/schema/index.ts'
import { billRules, bills, member } from '../database/bills.ts'
import { asAdmin, dropRoles, secret } from '../database/prepared.ts'

const serverUrl = inject('serverUrl')
const made: string[] = []

function newName(): string {
  const name = `prepare_${randomBytes(6).toString('hex')}`
  made.push(name)
  return name
}

function options(name: string, more: Partial<PrepareOptions> = {}): PrepareOptions {
  return { serverUrl, name, schema: bills, rules: billRules, secret, ...more }
}

afterAll(async () => {
  for (const name of made) {
    await asAdmin(serverUrl, `drop database if exists ${name} with (force)`)
    await dropRoles(serverUrl, name)
  }
})

async function insertAndCount(url: string): Promise<number> {
  const database = await openDatabase({ url, schema: bills, rules: billRules })
  try {
    const { invoice } = database.session(member('acme'))
    await invoice.insert({ number: randomBytes(4).toString('hex'), amount: money(1n, 'NOK') })
    return await invoice.count()
  } finally {
    await database.close()
  }
}

async function codeOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )
}

test('a database is made once, and a second start leaves it and its rows alone', async () => {
  const name = newName()
  const first = await prepareDatabase(options(name))
  expect(await insertAndCount(first.url)).toBe(1)
  const second = await prepareDatabase(options(name))
  expect(second.url).toBe(first.url)
  expect(await insertAndCount(second.url)).toBe(2)
})

test('six processes that start at once make one database, and all can use it', async () => {
  const name = newName()
  const urls = await Promise.all(Array.from({ length: 6 }, async () => (await prepareDatabase(options(name))).url))
  expect(new Set(urls).size).toBe(1)
  expect(await insertAndCount(urls[0] ?? '')).toBe(1)
})

test('the application role owns nothing, holds no power, and cannot make or change tables', async () => {
  const { url } = await prepareDatabase(options(newName()))
  const [role] = await asAdmin(
    url,
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit,
    (select count(*)::int from pg_auth_members where member = pg_roles.oid) as memberships,
    (select count(*)::int from pg_class where relowner = pg_roles.oid) as owned
    from pg_roles where rolname = current_user`,
  )
  expect(role).toMatchObject({
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    memberships: 0,
    owned: 0,
  })
  for (const text of [
    'create table public.mine (id int)',
    'create table paybill.mine (id int)',
    'create temporary table mine (id int)',
    'create schema mine',
    'alter table invoice disable row level security',
    'drop table invoice',
    'truncate invoice',
    'create policy open on invoice using (true)',
    `update paybill.schema_version set hash = ''`,
    'select * from pg_authid',
  ])
    expect([text, await codeOf(asAdmin(url, text))]).toEqual([text, '42501'])
})

test('nobody can log in as the owner, and no other role of the server can connect', async () => {
  const name = newName()
  await prepareDatabase(options(name))
  const { owner } = roleNames(name)
  expect(await asAdmin(serverUrl, `select rolcanlogin, rolsuper from pg_roles where rolname = '${owner}'`)).toEqual([
    { rolcanlogin: false, rolsuper: false },
  ])
  const other = `stranger_${randomBytes(4).toString('hex')}`
  await asAdmin(serverUrl, `create role ${other} login password 'pass'`)
  const url = new URL(serverUrl)
  Object.assign(url, { username: other, password: 'pass', pathname: `/${name}` })
  expect(await codeOf(asAdmin(url.href, 'select 1'))).toBe('42501')
  await asAdmin(serverUrl, `drop role ${other}`)
})

test('another secret gives another password, and takes the old one away', async () => {
  const name = newName()
  const before = await prepareDatabase(options(name))
  const after = await prepareDatabase(options(name, { secret: new Uint8Array(32).fill(8) }))
  expect(after.url).not.toBe(before.url)
  expect(await codeOf(asAdmin(before.url, 'select 1'))).toBe('28P01')
  expect(await codeOf(asAdmin(after.url, 'select 1'))).toBe('done')
})

test('a server user that may only create databases and roles is enough', async () => {
  const user = `maker_${randomBytes(4).toString('hex')}`
  await asAdmin(serverUrl, `create role ${user} login createdb createrole password 'pass'`)
  const url = new URL(serverUrl)
  Object.assign(url, { username: user, password: 'pass' })
  const name = newName()
  const statementLists = [
    { name: 'journal', statements: ['create table paybill.entry (id int)', 'grant insert on paybill.entry to :app'] },
  ]
  await prepareDatabase(options(name, { serverUrl: url.href, statementLists }))
  const again = await prepareDatabase(options(name, { serverUrl: url.href, statementLists }))
  expect(await insertAndCount(again.url)).toBe(1)
  await asAdmin(serverUrl, `drop database ${name} with (force)`)
  await dropRoles(serverUrl, name)
  await asAdmin(serverUrl, `drop role ${user}`)
})

test('a server user that may not is told which right is missing', async () => {
  const user = `weak_${randomBytes(4).toString('hex')}`
  await asAdmin(serverUrl, `create role ${user} login password 'pass'`)
  const url = new URL(serverUrl)
  Object.assign(url, { username: user, password: 'pass' })
  expect(await codeOf(prepareDatabase(options(newName(), { serverUrl: url.href })))).toBe('DATABASE_ROLE_INSUFFICIENT')
  await asAdmin(serverUrl, `drop role ${user}`)
})

test('a changed schema is refused, with what to do, and nothing is changed', async () => {
  const name = newName()
  const { url } = await prepareDatabase(options(name))
  const changed = schema({
    ...bills.tables,
    extra: table({ tenant: t.tenant(), id: t.uuid() }, { primaryKey: ['tenant', 'id'] }),
  })
  const rules = acl(changed, { roles: ['clerk'], rules: ({ allow }) => [allow('clerk').read('extra')] })
  const attempt = prepareDatabase(options(name, { schema: changed, rules }))
  await expect(attempt).rejects.toMatchObject({
    code: 'SCHEMA_INVALID',
    message: expect.stringContaining('use a new database name'),
  })
  await expect(openDatabase({ url, schema: changed, rules })).rejects.toMatchObject({ code: 'SCHEMA_INVALID' })
  expect(await insertAndCount(url)).toBe(1)
})

test('changed rules replace row level security, and a program with the old ones is refused', async () => {
  const name = newName()
  const { url } = await prepareDatabase(options(name))
  const stricter: Rules<typeof bills> = acl(bills, {
    roles: ['clerk'],
    rules: ({ allow }) => [
      allow('clerk')
        .read('invoice')
        .where(({ row }) => row.status.eq('paid')),
    ],
  })
  await prepareDatabase(options(name, { rules: stricter }))
  await expect(openDatabase({ url, schema: bills, rules: billRules })).rejects.toMatchObject({
    code: 'SCHEMA_INVALID',
    message: expect.stringContaining('other rules'),
  })
  const database = await openDatabase({ url, schema: bills, rules: stricter })
  expect(await database.session(member('acme')).invoice.count()).toBe(0)
  await database.close()
})

test('statements of other modules run once as the owner, and `:app` is the application role', async () => {
  const name = newName()
  const list = {
    name: 'journal',
    statements: [
      'create table paybill.entry (id int, at text default now()::text)',
      'grant insert on paybill.entry to :app',
      `insert into paybill.entry values (1, 'x'::text || ':apple')`,
    ],
  }
  const { url } = await prepareDatabase(options(name, { statementLists: [list] }))
  await prepareDatabase(options(name, { statementLists: [list] }))
  expect(await codeOf(asAdmin(url, 'insert into paybill.entry values (2)'))).toBe('done')
  expect(await codeOf(asAdmin(url, 'select * from paybill.entry'))).toBe('42501')
  const admin = new URL(serverUrl)
  admin.pathname = `/${name}`
  expect(await asAdmin(admin.href, 'select at from paybill.entry where id = 1')).toEqual([{ at: 'x:apple' }])
  const changed = { ...list, statements: [...list.statements, 'select 1'] }
  expect(await codeOf(prepareDatabase(options(name, { statementLists: [changed] })))).toBe('SCHEMA_INVALID')
})

test('a preparation that fails half-way leaves a database that can be prepared', async () => {
  const name = newName()
  const broken = { name: 'broken', statements: ['create table paybill.half (id int)', 'select no_such_function()'] }
  expect(await codeOf(prepareDatabase(options(name, { statementLists: [broken] })))).toBe('DATABASE_FAILED')
  const { url } = await prepareDatabase(options(name))
  expect(await insertAndCount(url)).toBe(1)
})

test('a name that is no plain database name is refused', async () => {
  for (const name of ['', 'Upper', 'a"b', 'a b', '1a', 'a'.repeat(60)])
    expect(await codeOf(prepareDatabase(options(name)))).toBe('ARGUMENT_INVALID')
})

test('the password is never sent to the server, not even to be set', async () => {
  const { url } = await prepareDatabase(options(newName()))
  const password = new URL(url).password
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  const { rows } = await client.query<{ rolpassword: string }>('select rolpassword from pg_authid where rolname = $1', [
    new URL(url).username,
  ])
  await client.end()
  expect(rows[0]?.rolpassword).toMatch(/^SCRAM-SHA-256\$4096:/)
  expect(rows[0]?.rolpassword).not.toContain(password)
})

test('what the runtime writes is seen by no identity, and goes through the same connections', async () => {
  const { url } = await prepareDatabase(
    options(newName(), {
      statementLists: [
        { name: 'journal', statements: ['create table paybill.entry (id int)', 'grant select, insert on paybill.entry to :app'] },
      ],
    }),
  )
  const database = await openDatabase({ url, schema: bills, rules: billRules })
  await internals(database).query({ text: 'insert into paybill.entry values ($1::int)', values: [1] })
  expect(await internals(database).query({ text: 'select id from paybill.entry' })).toEqual({ rows: [{ id: '1' }], count: 1 })
  expect(await internals(database).query({ text: 'select count(*) as n from invoice' })).toMatchObject({ rows: [{ n: '0' }] })
  await database.close()
})

test('comment and connection limit are set in the commit that prepares, so a database that carries its comment is whole', async () => {
  const name = newName()
  const facts = { comment: `paybill it's \\ op_1`, connectionLimit: 3 }
  const broken = { name: 'broken', statements: ['select no_such_function()'] }
  expect(await codeOf(prepareDatabase(options(name, { ...facts, statementLists: [broken] })))).toBe('DATABASE_FAILED')
  const described = `select datconnlimit as limit, shobj_description(oid, 'pg_database') as comment,
    (select array_agg(shobj_description(r.oid, 'pg_authid')) from pg_roles r
     where rolname in ('${roleNames(name).owner}', '${roleNames(name).application}')) as roles from pg_database where datname = '${name}'`
  expect(await asAdmin(serverUrl, described)).toEqual([{ limit: -1, comment: null, roles: [facts.comment, facts.comment] }])
  const { url } = await prepareDatabase(options(name, facts))
  expect(await asAdmin(serverUrl, described)).toEqual([
    { limit: 3, comment: facts.comment, roles: [facts.comment, facts.comment] },
  ])
  expect(applicationUrl(options(name))).toBe(url)
  expect(await codeOf(prepareDatabase(options(newName(), { connectionLimit: 1.5 })))).toBe('ARGUMENT_INVALID')
})

test('the connection limit holds for the application role wherever on the server it connects', async () => {
  const { url } = await prepareDatabase(options(newName(), { connectionLimit: 2 }))
  const elsewhere = Object.assign(new URL(url), { pathname: new URL(serverUrl).pathname }).href
  for (const allowed of [url, elsewhere]) {
    const client = new Client(allowed)
    onTestFinished(() => client.end())
    await client.connect()
  }
  await expect(new Client(elsewhere).connect()).rejects.toThrow('too many connections for role')
})

test.each(['superuser', 'createdb createrole'])(
  'a dropped database is gone with its roles for a %s, whoever was connected',
  async (attributes) => {
    const user = `dropper_${randomBytes(4).toString('hex')}`
    await asAdmin(serverUrl, `create role ${user} login ${attributes} password 'pass'`)
    const asUser = Object.assign(new URL(serverUrl), { username: user, password: 'pass' }).href
    const name = newName()
    const { url } = await prepareDatabase(options(name, { serverUrl: asUser }))
    const neighbour = newName()
    await prepareDatabase(options(neighbour, { serverUrl: asUser }))
    const connected = asAdmin(url, 'select pg_sleep(1000)').catch(() => 'ended')
    await expect.poll(() => asAdmin(serverUrl, `select pid from pg_stat_activity where datname = '${name}'`)).toHaveLength(1)
    await dropDatabase({ serverUrl: asUser, name })
    await dropDatabase({ serverUrl: asUser, name })
    expect(await connected).toBe('ended')
    const left = (database: string) =>
      asAdmin(
        serverUrl,
        `select datname::text from pg_database where datname = '${database}' union all
       select rolname::text from pg_roles where rolname in ('${roleNames(database).owner}', '${roleNames(database).application}')`,
      )
    expect(await left(name)).toEqual([])
    expect(await left(neighbour)).toHaveLength(3)
    await dropDatabase({ serverUrl: asUser, name: neighbour })
    await asAdmin(serverUrl, `drop role ${user}`)
  },
)

test('who is no superuser waits for a session of one that goes, and is refused by one that stays', async () => {
  const user = `dropper_${randomBytes(4).toString('hex')}`
  await asAdmin(serverUrl, `create role ${user} login createdb createrole password 'pass'`)
  const asUser = Object.assign(new URL(serverUrl), { username: user, password: 'pass' }).href
  const name = newName()
  await prepareDatabase(options(name, { serverUrl: asUser }))
  const there = databaseUrl({ serverUrl, name })
  const sessions = () => asAdmin(serverUrl, `select pid from pg_stat_activity where datname = '${name}'`)
  const stays = asAdmin(there, 'select pg_sleep(1000)').catch(() => 'ended')
  await expect.poll(sessions).toHaveLength(1)
  expect(await codeOf(dropDatabase({ serverUrl: asUser, name }))).toBe('DATABASE_ROLE_INSUFFICIENT')
  const goes = asAdmin(serverUrl, `select pg_sleep(1), pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`)
  await dropDatabase({ serverUrl: asUser, name })
  expect(await stays).toBe('ended')
  await goes
  expect(await asAdmin(serverUrl, `select 1 from pg_database where datname = '${name}'`)).toEqual([])
  await asAdmin(serverUrl, `drop role ${user}`)
})
