// Before the first session: is the second wall there? A role that owns the tables, or may bypass row level security, or a
// database made from other rules, would make the wall a painting of one.

import type { Rules } from '../acl/rules.ts'
import { PaybillError } from '../lib/errors.ts'
import { tableName } from '../schema/names.ts'
import type { Schema } from '../schema/table.ts'
import type { Connections } from './connection.ts'
import { rowSecurityHash, schemaHash, versionNames } from './version.ts'

const roleText = `
select rolname, rolsuper, rolbypassrls, rolcreaterole,
  exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname in ('public', 'paybill') and pg_has_role(c.relowner, 'member')) as owns
from pg_roles where rolname = current_user`

const tablesText = `
select w.name, c.oid is not null, coalesce(c.relrowsecurity and c.relforcerowsecurity, false)
from unnest($1::text[]) as w(name)
left join pg_class c on c.relname = w.name and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`

/** Throws DATABASE_ROLE_UNSAFE or SCHEMA_INVALID naming what is wrong. */
export async function checkDatabase(
  connections: Connections,
  made: { readonly schema: Schema; readonly rules: Rules },
): Promise<void> {
  const [role] = (await connections.run({ text: roleText }, null)).rows
  const [name, ...unsafe] = role ?? []
  const powers = ['a superuser', 'allowed to bypass row level security', 'allowed to make roles', 'an owner of the tables']
  const found = powers.filter((_, index) => unsafe[index] === 't')
  if (found.length > 0) throw new PaybillError('DATABASE_ROLE_UNSAFE', `role \`${name ?? ''}\` is ${found.join(' and ')}`)
  await checkVersions(connections, made)
  const names = Object.keys(made.schema.tables).map(tableName)
  const tables = (await connections.run({ text: tablesText, values: [names] }, null)).rows
  for (const [table, isThere, isGuarded] of tables) {
    if (isThere !== 't')
      throw new PaybillError('SCHEMA_INVALID', `the database has no table \`${table ?? ''}\`: prepare it first`)
    if (isGuarded !== 't')
      throw new PaybillError(
        'DATABASE_ROLE_UNSAFE',
        `row level security is not forced on table \`${table ?? ''}\`: prepare the database again`,
      )
  }
}

async function checkVersions(connections: Connections, made: { readonly schema: Schema; readonly rules: Rules }): Promise<void> {
  const [present] = (await connections.run({ text: `select to_regclass('paybill.schema_version')` }, null)).rows
  if (present?.[0] === null)
    throw new PaybillError('SCHEMA_INVALID', 'the database was not prepared by Paybill: run prepareDatabase first')
  const { rows } = await connections.run({ text: `select name, hash from paybill.schema_version` }, null)
  const versions = new Map(rows.map(([name, hash]) => [name, hash]))
  if (versions.get(versionNames.schema) !== schemaHash(made.schema))
    throw new PaybillError('SCHEMA_INVALID', 'the database was made from another schema: prepare a new one')
  if (versions.get(versionNames.rowSecurity) !== rowSecurityHash(made.rules))
    throw new PaybillError(
      'SCHEMA_INVALID',
      'row level security was made from other rules: run prepareDatabase with these rules first',
    )
}
