// Takes away what `prepareDatabase` made. Rows and all: what should be kept is kept before.

import { quoteName } from '../schema/names.ts'
import { connectAsAdmin } from './admin-connection.ts'
import { lockPreparation } from './prepare-database.ts'
import { roleNames } from './roles.ts'

/**
 * Drops the database, whoever is connected to it, and its two roles. Safe to repeat, also after it was killed half-way.
 *
 * @example await dropDatabase({ serverUrl, name: 'bills' })
 */
export async function dropDatabase(of: { readonly serverUrl: string; readonly name: string }): Promise<void> {
  const { owner, application } = roleNames(of.name)
  const server = await connectAsAdmin(of.serverUrl)
  try {
    await lockPreparation(server, of.name)
    const roles = await server.query(`select rolname from pg_roles where rolname = any($1::text[])`, [[owner, application]])
    // Who is no superuser may end the sessions of a role only when he has its privileges.
    if (roles.some((row) => row['rolname'] === application))
      await server.query(`do $$ begin
        if not (select rolsuper from pg_roles where rolname = current_user) then
          execute format('grant %I to %I with inherit true, set false', '${application}', current_user);
        end if;
      end $$`)
    await server.query(`drop database if exists ${quoteName(of.name)} with (force)`)
    await server.query(`drop role if exists ${quoteName(owner)}, ${quoteName(application)}`)
  } finally {
    await server.close()
  }
}
