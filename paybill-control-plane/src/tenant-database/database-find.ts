// How a database of ours stands on its server, asked from the outside.

import { type AdminConnection, lockPreparation, roleNames } from 'paybill/migrate'
import { onServer } from './admin.ts'
import type { DatabasePlace } from './application.ts'
import { operationOf } from './names.ts'

/** `unfinished` is what a create or drop left that was killed: repeat it. `operation` made the database. */
export type DatabaseFound =
  | { readonly status: 'present'; readonly operation: string; readonly connectionLimit: number | null }
  | { readonly status: 'unfinished' }
  | { readonly status: 'absent' }

export async function databaseFind({ serverUrl, name }: DatabasePlace): Promise<DatabaseFound> {
  return onServer(serverUrl, (server) => databaseFindOn(server, name))
}

export async function databaseFindOn(server: AdminConnection, name: string): Promise<DatabaseFound> {
  // INVARIANT: nobody's create or drop is under way when this is read. A process that was killed may have left one that
  // still runs on the server, and what it finds undone would be done a moment later.
  await lockPreparation(server, name)
  const { owner, application } = roleNames(name)
  const [found] = await server.query(
    `select (select count(*) from pg_roles where rolname = any($2::text[])) as roles, d.datname is not null as there,
  d.datconnlimit as limit, shobj_description(d.oid, 'pg_database') as comment
from (select) as asked left join pg_database d on d.datname = $1`,
    [name, [owner, application]],
  )
  if (found?.['there'] !== 't') return { status: found?.['roles'] === '0' ? 'absent' : 'unfinished' }
  // The comment is written in the commit that prepared the database, so one that carries it is whole.
  const operation = operationOf(found['comment'])
  if (operation === null || found['roles'] !== '2') return { status: 'unfinished' }
  const limit = Number(found['limit'])
  return { status: 'present', operation, connectionLimit: limit < 0 ? null : limit }
}
