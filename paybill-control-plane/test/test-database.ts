// A database with the tables that a test file is about, open for everybody who may do everything in them.

import { randomUUID } from 'node:crypto'
import { acl } from 'paybill/acl'
import { type Database, openDatabase, type Session } from 'paybill/database'
import { prepareDatabase } from 'paybill/migrate'
import type { Schema } from 'paybill/schema'
import { temporaryDatabase } from 'paybill/testing'
import { inject } from 'vitest'

export type TestDatabase<S extends Schema> = {
  readonly database: Database<S>
  /** A session in an organization of its own, or in the named one. */
  session(organization?: string): Session<S>
  close(): Promise<void>
}

export async function openTestDatabase<S extends Schema>(schema: S, maxConnections = 10): Promise<TestDatabase<S>> {
  const serverUrl = inject('serverUrl')
  const { name, drop } = await temporaryDatabase({ serverUrl })
  const rules = acl(schema, {
    roles: ['operator'],
    rules: ({ allow }) =>
      Object.keys(schema.tables).flatMap((table) => {
        const of = table as keyof S['tables'] & string // a key of the very object
        const role = allow('operator')
        return [role.read(of), role.create(of), role.update(of), role.delete(of)]
      }),
  })
  const { url } = await prepareDatabase({ serverUrl, name, schema, rules, secret: new Uint8Array(32).fill(1) })
  const database = await openDatabase({ url, schema, rules, maxConnections })
  return {
    database,
    session: (organization = randomUUID()) =>
      database.session({
        principal: { id: 'operator', tenant: organization, roles: ['operator'], claims: {} },
        purpose: 'test',
      }),
    close: async () => {
      await database.close()
      await drop()
    },
  }
}
