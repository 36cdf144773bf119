// What somebody tries who has one credential: to be let in somewhere else with it, or as somebody else.

import { roleNames } from 'paybill/migrate'
import { quoteText } from 'paybill/schema'
import type { ClientConfig } from 'pg'
import { type Answer, refusal } from './answer.ts'
import { type AttackLine, attackLine, connectionAnswer } from './attack-line.ts'
import type { Attempt, Promised } from './attempt.ts'
import type { Attacker, TenantUnderTest } from './tenant.ts'

export async function connectionAttempts(of: {
  readonly attacker: Attacker
  readonly victim: TenantUnderTest
  /** The attacker's own credential. */
  readonly url: string
  readonly line: AttackLine
}): Promise<readonly Attempt[]> {
  const { attacker, victim, url } = of
  const isNeighbour = attacker.place.serverUrl === victim.place.serverUrl
  const own = credentialOf(url)
  const theirs = { ...serverOf(victim.place.serverUrl), database: victim.place.name }
  const isSame = isNeighbour && attacker.place.name === victim.place.name
  return [
    ...(isSame
      ? []
      : [attempt('the own role on the other’s database', { ...theirs, user: own.user, password: own.password }, refused)]),
    ...guesses(victim, own).map(({ name, user, password }) => attempt(name, { ...theirs, user, password }, refused)),
    ...(await otherDatabases(of, own)),
    ...(isNeighbour && !isSame ? [preparationLock(of)] : []),
    ...startOptions(victim).flatMap(([option, promise]) => [
      attempt(`the own database with \`${option.name}\``, { ...own, options: option.text }, promise),
      ...(isSame
        ? []
        : [
            attempt(
              `the other’s database with \`${option.name}\``,
              { ...theirs, ...roleOnly(own), options: option.text },
              refused,
            ),
          ]),
    ]),
    ...['database', 'true'].flatMap((replication) => [
      attempt(`replication \`${replication}\` of the own server`, { ...own, replication }, refused),
      attempt(`replication \`${replication}\` of the other’s server`, { ...theirs, ...roleOnly(own), replication }, refused),
    ]),
  ]
}

const refused: Promised = { kind: 'refused' }
const nothing: Promised = { kind: 'nothing-seen' }

type Credential = {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string
}
// The driver sends it when a connection begins, and its types do not say so.
type Replication = { readonly replication?: string }

function attempt(name: string, config: ClientConfig & Replication, promise: Promised): Attempt {
  const sent = [config.database, config.user, config.password, config.options].filter((value) => typeof value === 'string')
  return { method: 'connection', attempt: `connect to ${name}`, sent, promise, ask: () => connectionAnswer(config) }
}

function credentialOf(url: string): Credential {
  const parsed = new URL(url)
  return {
    ...serverOf(url),
    database: parsed.pathname.slice(1),
    user: decodeURIComponent(parsed.username),
    password: decodeURIComponent(parsed.password),
  }
}

function serverOf(url: string): Pick<Credential, 'host' | 'port'> {
  const { hostname, port } = new URL(url)
  return { host: decodeURIComponent(hostname), port: port === '' ? 5432 : Number(port) }
}

function roleOnly({ user, password }: Credential): Pick<Credential, 'user' | 'password'> {
  return { user, password }
}

function guesses(
  victim: TenantUnderTest,
  own: Credential,
): readonly { readonly name: string; readonly user: string; readonly password: string }[] {
  const { owner, application } = roleNames(victim.place.name)
  const admin = decodeURIComponent(new URL(victim.place.serverUrl).username)
  const users = {
    'the other’s application role': application,
    'the other’s owner': owner,
    'the user of the server': admin,
    postgres: 'postgres',
  }
  const passwords = ['postgres', 'password', 'paybill', 'admin', 'secret', victim.place.name, victim.id, own.password]
  return Object.entries(users).flatMap(([name, user]) =>
    // Its own role, with its own password, is the one that it may use.
    [user, ...passwords]
      .filter((password) => user !== own.user || password !== own.password)
      .map((password, index) => ({ name: `the other’s database as ${name} with guess ${index + 1}`, user, password })),
  )
}

const mostDatabases = 12

// Databases that the server has beside the own one, as everybody can list them.
async function otherDatabases(
  { victim, line }: { readonly victim: TenantUnderTest; readonly line: AttackLine },
  own: Credential,
): Promise<readonly Attempt[]> {
  const found =
    await line.rows(`select datname as name, coalesce(shobj_description(oid, 'pg_database'), '') as comment, datistemplate as template
from pg_database where datname <> current_database() and datname <> ${quoteText(victim.place.name)}
order by datname not in ('postgres', 'template0', 'template1'), not starts_with(coalesce(shobj_description(oid, 'pg_database'), ''), 'paybill '), datname
limit ${mostDatabases}`)
  return found.map(({ name, comment }) => {
    const database = name ?? ''
    const isOurs = comment?.startsWith('paybill ') === true || database === 'template0'
    const what = isOurs ? 'a database of ours' : 'a database that is nobody’s of ours'
    return attempt(`${what} on the own server`, { ...own, database }, isOurs ? refused : openToAll)
  })
}

const openToAll: Promised = {
  kind: 'none',
  reason:
    'PostgreSQL lets every role into a database such as `postgres` until its operator revokes CONNECT from PUBLIC there; no row of a tenant lies in it, and connections to it count for the limit of the tenant’s role',
}

// The lock is taken in the database that the server's URL names, by whoever makes or drops a database.
function preparationLock({ url, victim }: { readonly url: string; readonly victim: TenantUnderTest }): Attempt {
  const maintenance = new URL(url)
  maintenance.pathname = new URL(victim.place.serverUrl).pathname
  return {
    method: 'connection',
    attempt: 'hold the lock under which the other’s database is made and dropped',
    sent: [victim.place.name],
    promise: {
      kind: 'none',
      reason:
        'who may connect to the database that the server’s URL names may hold up operations on a neighbour: nothing is learned, and the operation says what it waits for; revoke CONNECT there from PUBLIC',
    },
    ask: () => lockAnswer(maintenance.href, `paybill prepare ${victim.place.name}`),
  }
}

async function lockAnswer(url: string, lock: string): Promise<Answer> {
  let line: AttackLine
  try {
    line = await attackLine(url)
  } catch (error) {
    return refusal(error)
  }
  try {
    return await line.ask(`select 1 / (pg_try_advisory_xact_lock(hashtextextended(${quoteText(lock)}, 0)))::int`)
  } finally {
    await line.close()
  }
}

type Option = { readonly name: string; readonly text: string }

function startOptions(victim: TenantUnderTest): readonly (readonly [Option, Promised])[] {
  const { owner, application } = roleNames(victim.place.name)
  const option = (name: string, value: string): Option => ({ name: `-c ${name}`, text: `-c ${name}=${value}` })
  return [
    [option('role', owner), refused],
    [option('role', application), victim.isolation === 'pooled' ? nothing : refused],
    [option('session_authorization', owner), refused],
    [option('allow_system_table_mods', 'on'), refused],
    [option('session_preload_libraries', 'nothing'), refused],
    [option('session_replication_role', 'replica'), refused],
    [option('ignore_checksum_failure', 'on'), refused],
    [option('row_security', 'off'), nothing],
    [option('search_path', 'pg_temp,paybill'), nothing],
  ]
}
