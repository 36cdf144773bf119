// Whether a server keeps strangers out. Roles and databases of all tenants of a server lie side by side: a database that
// PUBLIC may connect to is open to every tenant's role.

import { PaybillError } from 'paybill/lib'
import type { AdminConnection } from 'paybill/migrate'
import { mark } from './names.ts'

/**
 * Throws DATABASE_OPEN_TO_ALL naming a database of ours that PUBLIC may connect to or make temporary tables in. Ours are
 * those whose comment says so, which is written in the commit that takes PUBLIC's rights away.
 */
export async function requireClosedServer(server: AdminConnection): Promise<void> {
  const [open] = await server.query(
    `select datname as name from pg_database where starts_with(shobj_description(oid, 'pg_database'), $1)
  and (has_database_privilege('public', oid, 'CONNECT') or has_database_privilege('public', oid, 'TEMPORARY'))
order by datname limit 1`,
    [mark],
  )
  if (open !== undefined)
    throw new PaybillError(
      'DATABASE_OPEN_TO_ALL',
      `every role of this server may connect to database \`${open['name']}\`, or make temporary tables in it`,
    )
}
