// Takes away what `prepareDatabase` made. Rows and all: what should be kept is kept before.

import { setTimeout as pause } from 'node:timers/promises'
import { PaybillError } from '../lib/errors.ts'
import { quoteName } from '../schema/names.ts'
import { type AdminConnection, connectAsAdmin } from './admin-connection.ts'
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
    await dropByForce(server, of.name)
    await server.query(`drop role if exists ${quoteName(owner)}, ${quoteName(application)}`)
  } finally {
    await server.close()
  }
}

const strangerLimitMs = 5_000

// Only a superuser ends the sessions of superusers. Most of those are on their way out, such as one that closed a moment ago.
async function dropByForce(server: AdminConnection, name: string): Promise<void> {
  const giveUpAt = performance.now() + strangerLimitMs
  for (;;) {
    try {
      await server.query(`drop database if exists ${quoteName(name)} with (force)`)
      return
    } catch (error) {
      const isStranger = error instanceof PaybillError && error.code === 'DATABASE_ROLE_INSUFFICIENT'
      if (!isStranger || performance.now() > giveUpAt) throw error
      await pause(50)
    }
  }
}
