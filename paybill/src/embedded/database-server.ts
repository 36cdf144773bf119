// Which PostgreSQL to use: the one that PAYBILL_DATABASE_URL names, else the embedded one.

import { PaybillError } from '../lib/errors.ts'
import { addressOf, ask } from './connect.ts'
import { type EmbeddedOptions, startEmbeddedDatabase, type StopOutcome } from './embedded-database.ts'

export type DatabaseServer = {
  /** Connects as a user that may create databases and roles. */
  readonly url: string
  readonly source: 'embedded' | 'environment'
  readonly version: string
  /** Stops an embedded server that nobody else uses; a server out of the environment is never stopped. */
  readonly stop: () => Promise<StopOutcome>
}

/**
 * Finds or starts the server to use. Throws DATABASE_UNREACHABLE, DATABASE_TOO_OLD or DATABASE_ROLE_INSUFFICIENT where
 * the one in PAYBILL_DATABASE_URL does not serve; there is no falling back to the embedded one.
 *
 * @example const server = await databaseServer({ folder: '.paybill', onProgress: console.log })
 */
export async function databaseServer(options: EmbeddedOptions): Promise<DatabaseServer> {
  const setting = (options.environment ?? process.env)['PAYBILL_DATABASE_URL']
  if (setting !== undefined && setting !== '') return serverFromEnvironment(setting)
  const { url, version, stop } = await startEmbeddedDatabase(options)
  return { url, source: 'embedded', version, stop }
}

const oldestVersion = 160_000

async function serverFromEnvironment(setting: string): Promise<DatabaseServer> {
  const url = parseDatabaseUrl(setting)
  const [found] = await ask<{ number: number; version: string; may: boolean }>(
    url,
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
       (select rolsuper or rolcreatedb and rolcreaterole from pg_roles where rolname = current_user) as may`,
  )
  if (found === undefined) throw new PaybillError('DATABASE_UNREACHABLE', `no answer from ${addressOf(url)}`)
  if (found.number < oldestVersion) throw new PaybillError('DATABASE_TOO_OLD', `${addressOf(url)} is PostgreSQL ${found.version}`)
  if (!found.may)
    throw new PaybillError('DATABASE_ROLE_INSUFFICIENT', `the user of ${addressOf(url)} may not create databases and roles`)
  // Distributions add their own words: `18.4 (Debian 18.4-1.pgdg12+1)`.
  const version = found.version.split(' ')[0] ?? found.version
  return { url, source: 'environment', version, stop: async () => 'left running' }
}

/** Checks the form. Messages, and errors as their cause, never hold the text itself: it may hold a password. */
function parseDatabaseUrl(setting: string): string {
  if (!URL.canParse(setting)) throw badUrl('is not a URL; percent-encode special characters in the password')
  const url = new URL(setting)
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') throw badUrl('does not begin with `postgres://`')
  if (url.hostname === '') throw badUrl('names no host')
  for (const part of ['username', 'password', 'pathname'] as const) {
    if (!isPercentEncoded(url[part])) throw badUrl(`has a \`%\` in its ${part} that must be written as \`%25\``)
  }
  return setting
}

function badUrl(what: string): PaybillError {
  return new PaybillError(
    'DATABASE_UNREACHABLE',
    `PAYBILL_DATABASE_URL ${what}; its form is \`postgres://user:password@host:port/database\``,
  )
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
