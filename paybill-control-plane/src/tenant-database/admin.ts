// Connections for the inside of a server, and transactions in which the owner of a database's tables sees every row.

import { PaybillError } from 'paybill/lib'
import { type AdminConnection, connectAsAdmin, databaseUrl, roleNames } from 'paybill/migrate'
import { quoteName } from 'paybill/schema'
import type { DatabasePlace } from './application.ts'

export async function onServer<R>(serverUrl: string, work: (server: AdminConnection) => Promise<R>): Promise<R> {
  const server = await connectAsAdmin(serverUrl)
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}

export async function inDatabase<R>(place: DatabasePlace, work: (database: AdminConnection) => Promise<R>): Promise<R> {
  return onServer(databaseUrl(place), work)
}

/**
 * Runs work in one transaction as the owner of the tables. `snapshot` reads only, all of it as of one moment.
 *
 * INVARIANT: no policy hides a row. A table whose policies do not let the owner see everything would look empty to him, and
 * what counts as deleted, or as backed up, would be a part.
 */
export async function asOwner<R>(
  database: AdminConnection,
  name: string,
  transaction: 'snapshot' | 'change',
  work: () => Promise<R>,
): Promise<R> {
  return database.transaction(async () => {
    if (transaction === 'snapshot') await database.query('set transaction isolation level repeatable read, read only')
    await database.query(`set local role ${quoteName(roleNames(name).owner)}`)
    // Values have one text each, whatever the server's settings say.
    await database.query(
      `select set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'iso_8601', true),
         set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true), set_config('search_path', 'public', true)`,
    )
    await requireUnfiltered(database)
    return work()
  })
}

async function requireUnfiltered(database: AdminConnection): Promise<void> {
  const filtered = await database.query(`select c.oid::regclass as name from pg_class c
where c.relrowsecurity and c.relnamespace in ('public'::regnamespace, 'paybill'::regnamespace)
  and (exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive)
    or not exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polpermissive
      and pg_get_expr(p.polqual, p.polrelid) = 'true' and current_user::regrole::oid = any(p.polroles)))
order by 1 limit 1`)
  const name = filtered[0]?.['name']
  if (name !== undefined)
    throw new PaybillError('DATABASE_ROLE_UNSAFE', `row level security hides rows of \`${name}\` from the owner of the tables`)
}
