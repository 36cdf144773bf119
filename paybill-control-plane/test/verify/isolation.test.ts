import { databaseUrl, roleNames } from 'paybill/migrate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { attack } from '../../src/verify/attack.ts'
import type { Method } from '../../src/verify/attempt.ts'
import { verifyIsolation } from '../../src/verify/index.ts'
import { withScratch } from '../../src/verify/scratch.ts'
import { asAdmin } from '../tenant-database/server.ts'
import { application, type Companies, openCompanies, secret } from './companies.ts'

let opened: Awaited<ReturnType<typeof openCompanies>>

beforeAll(async () => {
  opened = await openCompanies()
})

afterAll(() => opened.close())

type Kind = keyof Companies

const between = (from: Kind, to: Kind) => ({
  application,
  secret,
  attacker: opened.companies[from],
  victim: opened.companies[to],
})

// The controls are planted beside the attacker, so one pair for each model that he may have.
const pairs: readonly (readonly [from: Kind, to: Kind, plant: boolean])[] = [
  ['pooled', 'neighbour', true],
  ['neighbour', 'pooled', false],
  ['pooled', 'bridge', false],
  ['pooled', 'silo', false],
  ['bridge', 'pooled', true],
  ['bridge', 'silo', false],
  ['silo', 'pooled', true],
  ['silo', 'bridge', false],
]

test.each(pairs)('a %s company learns nothing of a %s one in more than two hundred attempts', async (from, to, plant) => {
  const result = await verifyIsolation({ ...between(from, to), plant })
  expect(result.leaks).toEqual([])
  expect(result.notTried).toEqual([expect.stringContaining('`paybill.approval.shown`')])
  expect(result.attempts).toBeGreaterThanOrEqual(200)
  const seeded = plant ? 15 : 0
  expect(result.controls).toEqual({ seeded, found: seeded, missed: [] })
})

test('what is not promised is listed with its reason, and shown to be so', async () => {
  const { outOfPromise, leaks } = await attack(between('pooled', 'neighbour'))
  const seen = (text: string) => outOfPromise.filter(({ attempt }) => attempt.includes(text)).map(({ seen }) => seen)
  expect(seen(`set_config('paybill.identity'`)).toContain('the marker of `customer.id`')
  expect(seen('from paybill.payload')).toEqual(['the marker of `paybill.payload.body`'])
  expect(seen('pg_stat_activity')).toContain('the marker of a statement of the tenant')
  expect(outOfPromise.every(({ reason }) => reason.length > 20)).toBe(true)
  expect(leaks).toEqual([])
})

test('a verification leaves every row of both tenants as it was, and no database or role behind', async () => {
  const { pooled, bridge } = opened.companies
  const rows = async (kind: Kind) => {
    const { place, id } = opened.companies[kind]
    const url = databaseUrl(place)
    const tables = await asAdmin(
      url,
      `select table_schema || '."' || table_name || '"' as name from information_schema.columns where column_name = 'tenant' and table_schema in ('public', 'paybill') order by 1`,
    )
    const texts = tables.map(({ name }) =>
      asAdmin(url, `select r::text as row from ${String(name)} r where tenant = '${id}' order by 1`),
    )
    return Promise.all(texts)
  }
  const left = () =>
    asAdmin(
      pooled.place.serverUrl,
      `select datname from pg_database where datname ~ '^paybill_verify_' union all select rolname from pg_roles where rolname ~ '^verify'`,
    )
  const before = [await rows('pooled'), await rows('bridge')]
  await attack({ application, secret, attacker: pooled, victim: bridge })
  await attack({ application, secret, attacker: bridge, victim: pooled })
  expect([await rows('pooled'), await rows('bridge')]).toEqual(before)
  expect(await left()).toEqual([])
})

test('scratch databases are gone when what was done in them fails, and so are those that a killed verifier left', async () => {
  const { serverUrl } = opened.companies.pooled.place
  const scratchNames = () => asAdmin(serverUrl, `select datname from pg_database where datname ~ '^paybill_verify_'`)
  await asAdmin(serverUrl, 'create database paybill_verify_own_0123456789ab template template0')
  const failing = withScratch(serverUrl, async () => {
    expect(await scratchNames()).toHaveLength(2)
    throw new Error('the work failed')
  })
  await expect(failing).rejects.toThrow('the work failed')
  expect(await scratchNames()).toEqual([])
})

/** Real weaknesses of the companies' own databases, one of each class, and the method that must see them. */
type Weakness = {
  readonly from: Kind
  readonly to: Kind
  readonly method: Method
  readonly at: Kind
  readonly plant: (roles: Roles) => readonly string[]
  readonly remove: (roles: Roles) => readonly string[]
}
type Roles = {
  readonly own: string
  readonly owner: string
  readonly theirs: string
  readonly database: string
  readonly tenant: string
}

const inPool = { from: 'pooled', to: 'neighbour', at: 'pooled' } as const
const beside = { from: 'bridge', to: 'pooled', at: 'bridge' } as const

const weaknesses: Readonly<Record<string, Weakness>> = {
  'a table without row level security': {
    ...inPool,
    method: 'row-security',
    plant: () => ['alter table line disable row level security'],
    remove: () => ['alter table line enable row level security'],
  },
  'a policy without the tenant': {
    ...inPool,
    method: 'row-security',
    plant: ({ own }) => [`create policy wide on "order" for select to ${own} using (true)`],
    remove: () => ['drop policy wide on "order"'],
  },
  'a view with the rights of its owner': {
    ...inPool,
    method: 'row-security',
    plant: ({ own }) => [`create view seen as select note from "order"`, `grant select on seen to ${own}`],
    remove: () => ['drop view seen'],
  },
  'a function with the rights of its owner': {
    ...inPool,
    method: 'row-security',
    plant: () => [
      `create function notes(text) returns setof text language sql security definer as 'select text from public.line where tenant = $1'`,
    ],
    remove: () => ['drop function notes(text)'],
  },
  'a role that bypasses row level security': {
    ...inPool,
    method: 'row-security',
    plant: ({ own }) => [`alter role ${own} bypassrls`],
    remove: ({ own }) => [`alter role ${own} nobypassrls`],
  },
  'a role that belongs to the owner': {
    ...inPool,
    method: 'row-security',
    plant: ({ own, owner }) => [`grant ${owner} to ${own}`],
    remove: ({ own, owner }) => [`revoke ${owner} from ${own}`],
  },
  'an error that quotes a row': {
    ...inPool,
    method: 'row-security',
    plant: () => [
      `create function quote_some() returns trigger language plpgsql security definer as $$ begin
         if coalesce(current_setting('paybill.identity', true), '') = '' then return new; end if;
         raise exception 'see %', (select string_agg(note, ' ') from public."order"); end $$`,
      'create trigger quote_some before insert on customer for each row execute function quote_some()',
    ],
    remove: () => ['drop function quote_some() cascade'],
  },
  'a unique key wider than the tenant': {
    ...inPool,
    method: 'session',
    plant: () => ['create unique index wide on customer (name)'],
    remove: () => ['drop index wide'],
  },
  'a sequence that tenants share': {
    ...inPool,
    method: 'row-security',
    plant: ({ own }) => [
      'create sequence counted',
      `alter table line add number bigint default nextval('counted')`,
      `grant select on sequence counted to ${own}`,
      'grant usage on sequence counted to public',
    ],
    remove: () => ['alter table line drop number', 'drop sequence counted'],
  },
  'a database that everybody may connect to': {
    ...beside,
    method: 'connection',
    plant: ({ database }) => [`grant connect on database ${database} to public`],
    remove: ({ database }) => [`revoke connect on database ${database} from public`],
  },
  'a role that may act as another tenant’s': {
    ...beside,
    method: 'sql',
    plant: ({ own, theirs }) => [`grant ${theirs} to ${own}`],
    remove: ({ own, theirs }) => [`revoke ${theirs} from ${own}`],
  },
  'a role that may read files of its server': {
    from: 'silo',
    to: 'bridge',
    at: 'silo',
    method: 'sql',
    plant: ({ own }) => [`grant pg_read_server_files to ${own}`],
    remove: ({ own }) => [`revoke pg_read_server_files from ${own}`],
  },
  'a role that sees statements of others': {
    ...beside,
    method: 'statistics',
    plant: ({ own }) => [`grant pg_read_all_stats to ${own}`],
    remove: ({ own }) => [`revoke pg_read_all_stats from ${own}`],
  },
  'a comment that says who lives in a database': {
    from: 'bridge',
    to: 'pooled',
    at: 'pooled',
    method: 'statistics',
    plant: ({ database, tenant }) => [`comment on database ${database} is 'paybill ${tenant}'`],
    remove: ({ database }) => [`comment on database ${database} is 'paybill cell'`],
  },
}

test.each(Object.entries(weaknesses))('%s is found as a leak, by the method that can see it', async (_name, weakness) => {
  const { from, to, at, method, plant, remove } = weakness
  const pair = between(from, to)
  const { application: own, owner } = roleNames(pair.attacker.place.name)
  const { application: theirs } = roleNames(pair.victim.place.name)
  const roles = { own, owner, theirs, database: pair.victim.place.name, tenant: pair.victim.id }
  const url = databaseUrl(opened.companies[at].place)
  for (const statement of plant(roles)) await asAdmin(url, statement)
  try {
    const { leaks } = await attack(pair, [method])
    expect(leaks.map((leak) => leak.method)).toContain(method)
  } finally {
    for (const statement of remove(roles)) await asAdmin(url, statement)
  }
  expect((await attack(pair, [method])).leaks).toEqual([])
})

test('a control plane that answers for a stranger’s tenant is found as a leak', async () => {
  const pair = between('bridge', 'silo')
  const calls = { isTaken: async (id: string) => id === pair.victim.id }
  const { leaks } = await attack({ ...pair, attacker: { ...pair.attacker, calls } }, ['control-plane'])
  expect(leaks).toEqual([
    { method: 'control-plane', attempt: 'isTaken of the other tenant', seen: 'another answer than for what nobody has' },
  ])
})
