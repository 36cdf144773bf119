// Makes a database ready for sessions: the database, its two roles, tables, row level security and grants. Run at every
// start, by as many processes as start: what is there already is left alone. Not for changing a schema that has rows;
// a database made from another schema is refused.

import { PaybillError } from '../lib/errors.ts'
import { rowSecurityStatements } from '../acl/row-security.ts'
import type { Rules } from '../acl/rules.ts'
import { guardRemoval, guardStatements } from '../database/guards.ts'
import { rowSecurityHash, schemaHash, statementsHash, versionNames } from '../database/version.ts'
import { createStatements } from '../schema/ddl.ts'
import { quoteName, quoteText, tableName } from '../schema/names.ts'
import type { Schema } from '../schema/table.ts'
import { type AdminConnection, connectAsAdmin } from './admin-connection.ts'
import { rolePassword, scramVerifier } from './role-password.ts'
import { type RoleNames, roleNames } from './roles.ts'

/** Statements of another module that owns tables in the same database. Run once, as the owner; `:app` stands for the application role. */
export type StatementList = { readonly name: string; readonly statements: readonly string[] }

export type PrepareOptions = {
  /** Connects as a user that may create databases and roles. */
  readonly serverUrl: string
  /** The database, created where it is not there. */
  readonly name: string
  readonly schema: Schema
  readonly rules: Rules
  readonly statementLists?: readonly StatementList[]
  /** The password of the application role is derived from it. */
  readonly secret: Uint8Array
  /**
   * How many connections others than superusers may have to the database, and its application role to all databases of the
   * server; no limit where it is not given.
   */
  readonly connectionLimit?: number
  /**
   * What the comments of the database and its roles say. The database's is written in the commit that prepared it: a
   * database that carries it is whole.
   */
  readonly comment?: string
}

/**
 * Prepares the database and gives the URL for `openDatabase`. Throws SCHEMA_INVALID where the database was made from
 * another schema.
 *
 * @example const { url } = await prepareDatabase({ serverUrl, name: 'bills', schema, rules, secret })
 */
export async function prepareDatabase(options: PrepareOptions): Promise<{ readonly url: string }> {
  const { name, serverUrl, secret } = options
  if (!/^[a-z][a-z0-9_]{0,54}$/.test(name))
    throw new PaybillError(
      'ARGUMENT_INVALID',
      `database name \`${name.slice(0, 80)}\` is not made of a-z, 0-9 and _, or is longer than 55`,
    )
  const roles = roleNames(name)
  const password = rolePassword(secret, name)

  const server = await connectAsAdmin(serverUrl)
  try {
    await requireVersion(server)
    // INVARIANT: the lock is held until the tables are there. It belongs to the database that `serverUrl` names, so
    // processes that start together must name the same one.
    await lockPreparation(server, name)
    await server.transaction(() => prepareRoles(server, { ...options, roles, verifier: scramVerifier(secret, password) }))
    await createDatabase(server, name)
    const database = await connectAsAdmin(databaseUrl(options))
    try {
      await database.transaction(() => prepareInside(database, options, roles))
    } finally {
      await database.close()
    }
  } finally {
    await server.close()
  }
  return { url: applicationUrl(options) }
}

/** The URL that `prepareDatabase` gave for a database. Nothing is asked of the server. */
export function applicationUrl(of: { readonly serverUrl: string; readonly name: string; readonly secret: Uint8Array }): string {
  const url = new URL(databaseUrl(of))
  url.username = roleNames(of.name).application
  url.password = rolePassword(of.secret, of.name)
  return url.href
}

/** The URL of a database for the user of the server's URL. */
export function databaseUrl(of: { readonly serverUrl: string; readonly name: string }): string {
  const url = new URL(of.serverUrl)
  url.pathname = `/${of.name}`
  return url.href
}

/**
 * Waits until nobody prepares or drops the database, and keeps others from it until the connection closes. Whoever was
 * killed holds the lock for as long as his last statement still runs on the server.
 */
export async function lockPreparation(server: AdminConnection, name: string): Promise<void> {
  await server.query(`select pg_advisory_lock(hashtextextended($1, 0))`, [`paybill prepare ${name}`])
}

const oldestVersion = 160_000

async function requireVersion(server: AdminConnection): Promise<void> {
  const [found] = await server.query(
    `select current_setting('server_version_num')::int < ${oldestVersion} as old, current_setting('server_version') as version`,
  )
  if (found?.['old'] === 't') throw new PaybillError('DATABASE_TOO_OLD', `the server is PostgreSQL ${found['version'] ?? ''}`)
}

async function prepareRoles(
  server: AdminConnection,
  of: { readonly name: string; readonly comment?: string; readonly roles: RoleNames; readonly verifier: string },
): Promise<void> {
  const { name, comment, roles, verifier } = of
  const found = await server.query(`select rolname from pg_roles where rolname = any($1::text[])`, [
    [roles.owner, roles.application],
  ])
  const names = new Set(found.map((row) => row['rolname']))
  if (!names.has(roles.owner)) await server.query(`create role ${quoteName(roles.owner)} nologin`)
  if (!names.has(roles.application)) await server.query(`create role ${quoteName(roles.application)}`)
  // Also for a role that is there, so that a changed secret takes effect.
  await server.query(`alter role ${quoteName(roles.application)} login password ${quoteText(verifier)}`)
  for (const [role, what] of [
    [roles.owner, 'owner'],
    [roles.application, 'application role'],
  ] as const)
    await server.query(`comment on role ${quoteName(role)} is ${quoteText(comment ?? `Paybill: ${what} of database ${name}`)}`)
  // Who created the role may hand it to himself. A superuser may take any role, and needs no grant.
  await server.query(`do $$ begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
      execute format('grant %I to %I with set true, inherit false', ${quoteText(roles.owner)}, current_user);
    end if;
  end $$`)
}

async function createDatabase(server: AdminConnection, name: string): Promise<void> {
  const found = await server.query(`select from pg_database where datname = $1`, [name])
  // Collation C compares by code point, which is what conditions decided in memory do; the same on every platform.
  if (found.length === 0)
    await server.query(`create database ${quoteName(name)} template template0 encoding 'UTF8' locale_provider libc locale 'C'`)
}

async function prepareInside(database: AdminConnection, options: PrepareOptions, roles: RoleNames): Promise<void> {
  const owner = quoteName(roles.owner)
  const application = quoteName(roles.application)
  const name = quoteName(options.name)
  await runAll(database, [
    `revoke all on database ${name} from public`,
    `grant connect on database ${name} to ${owner}, ${application}`,
    `grant create, temporary on database ${name} to ${owner}`,
    ...databaseFacts(options),
    `revoke all on schema public from public`,
    `grant usage, create on schema public to ${owner}`,
    `grant usage on schema public to ${application}`,
    `set local role ${owner}`,
    `set local search_path to public`,
    `create schema if not exists paybill`,
    `revoke all on schema paybill from public`,
    `grant usage on schema paybill to ${application}`,
    `create table if not exists paybill.schema_version (name text primary key, hash text not null, at timestamptz not null default now())`,
    `grant select on paybill.schema_version to ${application}`,
  ])
  const rows = await database.query(`select name, hash from paybill.schema_version`)
  const present = new Map(rows.map((row) => [row['name'], row['hash']]))
  for (const part of parts(options)) {
    const found = present.get(part.name)
    if (found === part.hash) continue
    if (found !== undefined && part.removal === null) throw madeFromAnother(part.name, options.name)
    const statements = found === undefined ? part.statements : [...(part.removal ?? []), ...part.statements]
    await runAll(
      database,
      statements.map((statement) => statement.replaceAll(/(?<!:):app\b/g, () => application)),
    )
    await database.query(
      `insert into paybill.schema_version (name, hash) values ($1, $2) on conflict (name) do update set hash = excluded.hash, at = now()`,
      [part.name, part.hash],
    )
  }
}

function databaseFacts({ name, connectionLimit, comment }: PrepareOptions): readonly string[] {
  if (connectionLimit !== undefined && !(Number.isInteger(connectionLimit) && connectionLimit >= 0))
    throw new PaybillError('ARGUMENT_INVALID', `connection limit \`${connectionLimit}\` is no whole number from 0 on`)
  // The role's own limit also counts where PUBLIC is let in, as into the database `postgres`.
  const limit = [`database ${quoteName(name)}`, `role ${quoteName(roleNames(name).application)}`].flatMap((what) =>
    connectionLimit === undefined ? [] : [`alter ${what} connection limit ${connectionLimit}`],
  )
  return comment === undefined ? limit : [...limit, `comment on database ${quoteName(name)} is ${quoteText(comment)}`]
}

/** `removal` takes away what an earlier version made, null where rows could be lost. */
type Part = StatementList & { readonly hash: string; readonly removal: readonly string[] | null }

function parts(options: PrepareOptions): readonly Part[] {
  const { schema, rules } = options
  const tables = Object.keys(schema.tables).map((table) => quoteName(tableName(table)))
  const grants = tables.map((table) => `grant select, insert, update, delete on ${table} to :app`)
  return [
    { name: versionNames.guards, hash: statementsHash(guardStatements), statements: guardStatements, removal: guardRemoval },
    { name: versionNames.schema, hash: schemaHash(schema), statements: [...createStatements(schema), ...grants], removal: null },
    {
      name: versionNames.rowSecurity,
      hash: rowSecurityHash(rules),
      statements: rowSecurityStatements(rules),
      removal: rowSecurityRemoval,
    },
    ...(options.statementLists ?? []).map(({ name, statements }) => ({
      name,
      statements,
      hash: statementsHash(statements),
      removal: null,
    })),
  ]
}

// Policies first, for they call the functions.
const rowSecurityRemoval: readonly string[] = [
  `do $$ declare policy record; begin
    for policy in select policyname, tablename from pg_policies where schemaname = 'public' loop
      execute format('drop policy %I on public.%I', policy.policyname, policy.tablename);
    end loop;
  end $$`,
  `do $$ declare related record; begin
    for related in select oid from pg_proc where pronamespace = 'public'::regnamespace and proname like 'paybill\\_related\\_%' loop
      execute format('drop function %s', related.oid::regprocedure);
    end loop;
  end $$`,
]

function madeFromAnother(part: string, database: string): PaybillError {
  return new PaybillError(
    'SCHEMA_INVALID',
    `database \`${database}\` was made from another version of \`${part}\`: use a new database name, or drop it if its rows are not needed`,
  )
}

async function runAll(database: AdminConnection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await database.query(statement)
}
