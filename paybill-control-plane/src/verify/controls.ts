// Controls: real weaknesses, planted one at a time in scratch databases, which the attack must find. A verifier that says
// "no leaks" is only worth something where it is seen to say otherwise.

import { connectAsAdmin, databaseUrl, roleNames } from 'paybill/migrate'
import { quoteText } from 'paybill/schema'
import type { DatabasePlace } from '../tenant-database/index.ts'
import { type Attack, attackOn } from './attack.ts'
import type { Method } from './attempt.ts'
import { type Canaries, withCanaries } from './canaries.ts'
import { type Scratch, withScratch } from './scratch.ts'

export type Controls = {
  readonly seeded: number
  readonly found: number
  /** Names of the controls that the attack did not find. */
  readonly missed: readonly string[]
}

/** What is wrong, where it is planted, and by which method it must be found. */
type Control = {
  readonly name: string
  readonly model: keyof Scratch
  readonly method: Method
  readonly plant: (roles: Roles) => readonly string[]
  readonly remove: (roles: Roles) => readonly string[]
}

type Roles = {
  readonly own: { readonly owner: string; readonly application: string }
  readonly theirs: { readonly owner: string; readonly application: string; readonly name: string; readonly tenant: string }
}

/**
 * Plants each control on the server and attacks with the method that should see it. Where the untouched scratch leaks
 * already, nothing counts as found, for what is seen could be that.
 */
export async function isolationControls(serverUrl: string): Promise<Controls> {
  return withScratch(serverUrl, async (scratch) => {
    const { application, secret, victim } = scratch.pooled
    const bystander = scratch.bridge.attacker
    return withCanaries({ schema: application.schema, secret, tenant: victim, bystander }, async (canaries) => {
      const missed: string[] = []
      for (const model of ['pooled', 'bridge'] as const) {
        const planted = controls.filter((control) => control.model === model)
        const by = [...new Set(planted.map(({ method }) => method))]
        const { leaks } = await attackOn(canaries, scratch[model], { by, untilLeak: true })
        for (const control of planted)
          if (leaks.length > 0 || !(await isFound(canaries, scratch[model], control))) missed.push(control.name)
      }
      return { seeded: controls.length, found: controls.length - missed.length, missed }
    })
  })
}

async function isFound(canaries: Canaries, of: Attack, { method, plant, remove }: Control): Promise<boolean> {
  const { attacker, victim } = of
  const own = roleNames(attacker.place.name)
  const theirs = { ...roleNames(victim.place.name), name: victim.place.name, tenant: victim.id }
  await inDatabase(attacker.place, plant({ own, theirs }))
  try {
    const { leaks } = await attackOn(canaries, of, { by: [method], untilLeak: true })
    return leaks.length > 0
  } finally {
    await inDatabase(attacker.place, remove({ own, theirs }))
  }
}

async function inDatabase(place: DatabasePlace, statements: readonly string[]): Promise<void> {
  const database = await connectAsAdmin(databaseUrl(place))
  try {
    for (const statement of statements) await database.query(statement)
  } finally {
    await database.close()
  }
}

const controls: readonly Control[] = [
  {
    name: 'row level security switched off on a table',
    model: 'pooled',
    method: 'row-security',
    plant: () => ['alter table customer disable row level security'],
    remove: () => ['alter table customer enable row level security'],
  },
  {
    name: 'a policy that was replaced by one without the tenant',
    model: 'pooled',
    method: 'row-security',
    plant: ({ own }) => [`create policy wide on customer for select to ${own.application} using (true)`],
    remove: () => ['drop policy wide on customer'],
  },
  {
    name: 'a connection as the owner of tables on which row level security is not forced',
    model: 'pooled',
    method: 'row-security',
    plant: ({ own }) => [
      'alter table customer no force row level security',
      `grant ${own.owner} to ${own.application} with inherit true, set true`,
    ],
    remove: ({ own }) => ['alter table customer force row level security', `revoke ${own.owner} from ${own.application}`],
  },
  {
    name: 'a role that bypasses row level security',
    model: 'pooled',
    method: 'row-security',
    plant: ({ own }) => [`alter role ${own.application} bypassrls`],
    remove: ({ own }) => [`alter role ${own.application} nobypassrls`],
  },
  {
    name: 'a view with the rights of its owner',
    model: 'pooled',
    method: 'row-security',
    plant: ({ own }) => ['create view seen as select * from customer', `grant select on seen to ${own.application}`],
    remove: () => ['drop view seen'],
  },
  {
    name: 'a function with the rights of its owner',
    model: 'pooled',
    method: 'row-security',
    plant: () => [
      `create function names_of_all() returns setof text language sql security definer as 'select name from public.customer'`,
      // PUBLIC may use no schema of ours, and the application's role may use this one.
      'grant execute on function names_of_all() to public',
    ],
    remove: () => ['drop function names_of_all()'],
  },
  {
    name: 'a unique key wider than a tenant',
    model: 'pooled',
    method: 'session',
    plant: () => ['create unique index wide on customer (reference)'],
    remove: () => ['drop index wide'],
  },
  {
    name: 'an error text that carries a value',
    model: 'pooled',
    method: 'row-security',
    plant: () => [
      `create function refuse_some() returns trigger language plpgsql security definer as $$ begin
         raise exception 'not beside %', (select string_agg(name, ', ') from public.customer); end $$`,
      'create trigger refuse_some before insert on customer for each row execute function refuse_some()',
    ],
    remove: () => ['drop trigger refuse_some on customer', 'drop function refuse_some()'],
  },
  {
    name: 'a sequence that tenants share',
    model: 'pooled',
    method: 'row-security',
    plant: ({ own }) => [
      'create sequence counted',
      `grant usage on sequence counted to public`,
      `alter table customer add column number bigint default nextval('counted')`,
      `grant select on sequence counted to ${own.application}`,
    ],
    remove: () => ['alter table customer drop column number', 'drop sequence counted'],
  },
  {
    name: 'a database that everybody may connect to',
    model: 'bridge',
    method: 'connection',
    plant: ({ theirs }) => [`grant connect on database ${theirs.name} to public`],
    remove: ({ theirs }) => [`revoke connect on database ${theirs.name} from public`],
  },
  {
    name: 'a password that can be guessed',
    model: 'bridge',
    method: 'connection',
    plant: ({ theirs }) => [`alter role ${theirs.owner} login password 'paybill'`],
    remove: ({ theirs }) => [`alter role ${theirs.owner} nologin password null`],
  },
  {
    name: 'a role that may become the other one’s',
    model: 'bridge',
    method: 'sql',
    plant: ({ own, theirs }) => [`grant ${theirs.application} to ${own.application}`],
    remove: ({ own, theirs }) => [`revoke ${theirs.application} from ${own.application}`],
  },
  {
    name: 'a role that may read files of the server',
    model: 'bridge',
    method: 'sql',
    plant: ({ own }) => [`grant pg_read_server_files to ${own.application}`],
    remove: ({ own }) => [`revoke pg_read_server_files from ${own.application}`],
  },
  {
    name: 'a role that sees the statements of others',
    model: 'bridge',
    method: 'statistics',
    plant: ({ own }) => [`grant pg_read_all_stats to ${own.application}`],
    remove: ({ own }) => [`revoke pg_read_all_stats from ${own.application}`],
  },
  {
    name: 'a comment that tells whose a database is',
    model: 'bridge',
    method: 'statistics',
    plant: ({ theirs }) => [`comment on database ${theirs.name} is ${quoteText(`of ${theirs.tenant}`)}`],
    remove: ({ theirs }) => [`comment on database ${theirs.name} is null`],
  },
]
