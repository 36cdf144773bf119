// A database prepared for the tests of sessions, with the tables of a small accounts-payable department.

import { Client } from 'pg'
import { inject } from 'vitest'
import type { Rules } from '../../src/acl/rules.ts'
import { prepareDatabase, type PrepareOptions } from '../../src/migrate/index.ts'
import { roleNames } from '../../src/migrate/roles.ts'
import { quoteName } from '../../src/schema/names.ts'
import { temporaryDatabase } from '../../src/testing/index.ts'

export type PreparedDatabase = {
  /** Connects as the application role. */
  readonly url: string
  /** Connects as the server's own user. */
  readonly adminUrl: string
  readonly name: string
  readonly drop: () => Promise<void>
}

export const secret = new Uint8Array(32).fill(7)

export async function preparedDatabase(rules: Rules, more: Partial<PrepareOptions> = {}): Promise<PreparedDatabase> {
  const serverUrl = inject('serverUrl')
  const temporary = await temporaryDatabase({ serverUrl })
  const { url } = await prepareDatabase({ serverUrl, name: temporary.name, schema: rules.schema, rules, secret, ...more })
  const drop = async (): Promise<void> => {
    await temporary.drop()
    await dropRoles(serverUrl, temporary.name)
  }
  return { url, adminUrl: temporary.url, name: temporary.name, drop }
}

/** Roles belong to the server and outlive a database. */
export async function dropRoles(serverUrl: string, name: string): Promise<void> {
  const roles = roleNames(name)
  await asAdmin(serverUrl, `drop role if exists ${quoteName(roles.owner)}, ${quoteName(roles.application)}`)
}

/** Runs statements as the server's own user, whom no rule holds. */
export async function asAdmin(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}
