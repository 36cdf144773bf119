// The view from outside the product: SQL as the server's own user, whom no rule and no session holds. Tests and proofs
// look through it at what is really there, and use it for what only the passing of time or another program would do.

import { Client } from 'pg'
import { roleNames } from '../../src/migrate/roles.ts'
import { quoteName } from '../../src/schema/names.ts'

/** Runs one statement as the server's own user. */
export async function asServerUser(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

/** The same server, another database. */
export function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** Drops a prepared database and its roles, which belong to the server and outlive it. */
export async function dropPrepared(serverUrl: string, name: string): Promise<void> {
  const roles = roleNames(name)
  await asServerUser(serverUrl, `drop database if exists ${quoteName(name)} with (force)`)
  await asServerUser(serverUrl, `drop role if exists ${quoteName(roles.owner)}, ${quoteName(roles.application)}`)
}
