// A database with the tables of billing, and sessions of organizations in it.

import { acl } from 'paybill/acl'
import { type Database, openDatabase, type Session } from 'paybill/database'
import { prepareDatabase } from 'paybill/migrate'
import { schema } from 'paybill/schema'
import { temporaryDatabase } from 'paybill/testing'
import { Client } from 'pg'
import { inject } from 'vitest'
import { billingTables } from '../../src/billing/index.ts'

const billing = schema(billingTables)

const rules = acl(billing, {
  roles: ['biller'],
  rules: ({ allow }) => [
    allow('biller').read('subscription'),
    allow('biller').create('subscription'),
    allow('biller').update('subscription'),
    allow('biller').read('paymentRequest'),
    allow('biller').create('paymentRequest'),
    allow('biller').update('paymentRequest'),
  ],
})

export type BillingDatabase = {
  session(organization: string): Session<typeof billing>
  /** Until a statement in the database waits for a row that another transaction has changed. */
  untilSomebodyWaits(): Promise<void>
  close(): Promise<void>
}

export async function openBillingDatabase(): Promise<BillingDatabase> {
  const serverUrl = inject('serverUrl')
  const { name, url: adminUrl, drop } = await temporaryDatabase({ serverUrl })
  const { url } = await prepareDatabase({ serverUrl, name, schema: billing, rules, secret: new Uint8Array(32).fill(3) })
  const admin = new Client({ connectionString: adminUrl })
  await admin.connect()
  const database: Database<typeof billing> = await openDatabase({ url, schema: billing, rules })
  return {
    session: (organization) =>
      database.session({
        principal: { id: 'biller', tenant: organization, roles: ['biller'], claims: {} },
        purpose: 'test',
      }),
    untilSomebodyWaits: async () => {
      for (;;) {
        const waiting = await admin.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        if (waiting.rowCount !== 0) return
      }
    },
    close: async () => {
      await admin.end()
      await database.close()
      await drop()
    },
  }
}
