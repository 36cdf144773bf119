// A database of its own for each test file, cloned from a template that is built once. Not for production: a temporary
// database is dropped as soon as nobody remembers it.
//
// INVARIANT: whoever made a temporary database or asked for a template holds an advisory lock named after it for as long
// as its process lives. A database without its lock is a leftover, and only leftovers are dropped by anybody else.

import { randomBytes } from 'node:crypto'
import { type Client, DatabaseError } from 'pg'
import { connectTo, keepInBackground, leave } from '../embedded/connect.ts'
import { assert } from '../lib/assert.ts'
import { PaybillError } from '../lib/errors.ts'

export type TemporaryDatabase = {
  readonly url: string
  readonly name: string
  readonly drop: () => Promise<void>
}

/**
 * Makes a database, empty or as a clone of a template. Drop it where the test needs that; otherwise leave it to
 * `dropLeftovers` of the next run, which costs this run nothing.
 *
 * @example const database = await temporaryDatabase({ serverUrl: inject('serverUrl'), template })
 */
export async function temporaryDatabase(options: {
  readonly serverUrl: string
  readonly template?: string
  readonly prefix?: string
}): Promise<TemporaryDatabase> {
  const { serverUrl, template = 'template0', prefix = defaultPrefix } = options
  const name = `${checkName(prefix, longestPrefix)}_${randomBytes(6).toString('hex')}`
  checkName(template)
  const keeper = await connectTo(serverUrl, connection)
  try {
    assert(await tryLock(keeper, name), 'a random name is locked by nobody else')
    await keeper.query(`create database ${name} template ${template} strategy wal_log`)
  } catch (cause) {
    await leave(keeper)
    if (hasCode(cause, databaseMissing))
      throw new PaybillError('NOT_FOUND', `there is no template \`${template}\`: call prepareTemplate first`, { cause })
    throw cause
  }
  keepInBackground(keeper)
  const drop = async () => {
    const client = await connectTo(serverUrl, connection)
    try {
      await client.query(`drop database if exists ${name} with (force)`)
    } finally {
      await leave(client)
      await leave(keeper)
    }
  }
  return { url: withDatabase(serverUrl, name), name, drop }
}

/**
 * Builds a template unless it is there, however many processes ask at once. `name` must hold a hash of all that `build`
 * depends on, for a finished template is never built again. Returns the name, for `temporaryDatabase`.
 *
 * @example await prepareTemplate({ serverUrl, name: `invoices_${hash}`, build: (url) => migrate(url) })
 */
export async function prepareTemplate(template: {
  readonly serverUrl: string
  readonly name: string
  readonly build: (url: string) => Promise<void>
}): Promise<string> {
  const { serverUrl, build } = template
  const name = checkName(template.name)
  const keeper = await connectTo(serverUrl, connection)
  try {
    await keeper.query('select pg_advisory_lock(hashtextextended($1, 0))', [`build ${name}`])
    await keeper.query('select pg_advisory_lock_shared(hashtextextended($1, 0))', [name])
    if (!(await isTemplate(keeper, name)))
      await buildTemplate(keeper, { name, build: () => build(withDatabase(serverUrl, name)) })
    await keeper.query('select pg_advisory_unlock(hashtextextended($1, 0))', [`build ${name}`])
  } catch (error) {
    await leave(keeper)
    throw error
  }
  keepInBackground(keeper)
  return name
}

/**
 * Drops what earlier runs left: temporary databases that nobody holds, and templates that nobody holds but for the newest,
 * which the next run may find useful. What a run holds that is going on at the same time stays. Returns the names that were dropped.
 */
export async function dropLeftovers(options: { readonly serverUrl: string; readonly prefix?: string }): Promise<string[]> {
  const prefix = checkName(options.prefix ?? defaultPrefix, longestPrefix)
  const client = await connectTo(options.serverUrl, connection)
  try {
    const dropped: string[] = []
    for (const name of await leftovers(client, prefix)) {
      if (await tryDrop(client, name)) dropped.push(name)
    }
    return dropped
  } finally {
    await leave(client)
  }
}

// Creating and dropping databases may wait for checkpoints, and for others who do the same.
const connection = { name: 'paybill testing', queryLimitMs: 120_000 }
const defaultPrefix = 'paybill_test'
const templateMark = 'template made by paybill/testing'
// Each change of a schema leaves a template. Changing between a few branches needs no more than this many.
const templatesKept = 10
const nameLimit = 63
const longestPrefix = nameLimit - '_0123456789ab'.length

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const databaseMissing = '3D000'
const objectInUse = '55006'

/** Names go into SQL as they are, so they hold nothing that would need quotes. */
function checkName(name: string, limit: number = nameLimit): string {
  if (!/^[a-z][a-z0-9_]*$/.test(name) || name.length > limit)
    throw new PaybillError(
      'ARGUMENT_INVALID',
      `database name \`${name.slice(0, 80)}\` is not made of a-z, 0-9 and _, or is longer than ${limit}`,
    )
  return name
}

async function buildTemplate(client: Client, template: { name: string; build: () => Promise<void> }): Promise<void> {
  const { name, build } = template
  await client.query(`drop database if exists ${name} with (force)`) // what a build left that did not finish
  await client.query(`create database ${name} template template0 strategy wal_log`)
  await client.query(`comment on database ${name} is '${templateMark}'`)
  await build()
  // A template is cloned only while nobody is connected to it; from here on nobody can be.
  await client.query(`alter database ${name} with allow_connections false`)
  await client.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
    [name],
  )
  await client.query(`alter database ${name} with is_template true`)
}

async function leftovers(client: Client, prefix: string): Promise<string[]> {
  // A database that somebody is connected to is in use, whoever holds its lock.
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database
     where datname ~ $1 and not exists (select from pg_stat_activity a where a.datname = pg_database.datname)
     union all
     (select datname from pg_database
      where shobj_description(oid, 'pg_database') = $2 order by oid desc offset $3)`,
    [`^${prefix}_[0-9a-f]{12}$`, templateMark, templatesKept],
  )
  return rows.map((row) => row.name)
}

async function tryDrop(client: Client, name: string): Promise<boolean> {
  if (!(await tryLock(client, name))) return false
  try {
    if (await isTemplate(client, name)) await client.query(`alter database ${name} with is_template false`)
    await client.query(`drop database ${name}`)
    return true
  } catch (error) {
    // Another run dropped it first, or somebody has connected since.
    if (hasCode(error, databaseMissing, objectInUse)) return false
    throw error
  } finally {
    await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name])
  }
}

async function tryLock(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as locked', [
    name,
  ])
  return rows[0]?.locked === true
}

async function isTemplate(client: Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ ready: boolean }>('select datistemplate as ready from pg_database where datname = $1', [
    name,
  ])
  return rows[0]?.ready === true
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof DatabaseError && error.code !== undefined && codes.includes(error.code)
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
