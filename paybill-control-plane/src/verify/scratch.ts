// Databases of the verifier's own, beside those of tenants: a pool with an attacker and a victim, and the database of an
// attacker who has one for himself. Weaknesses are planted here and nowhere else.
//
// INVARIANT: a scratch database without its advisory lock is a leftover of a verifier that was killed, and is dropped by
// the next one on that server.

import { randomBytes, randomUUID } from 'node:crypto'
import { acl } from 'paybill/acl'
import { journalTables } from 'paybill/journal'
import { type AdminConnection, connectAsAdmin, dropDatabase, prepareDatabase } from 'paybill/migrate'
import { schema, t, table } from 'paybill/schema'
import type { Application, DatabasePlace } from '../tenant-database/index.ts'
import type { Attack } from './attack.ts'
import type { TenantUnderTest } from './tenant.ts'

/** Two attacks on one victim. */
export type Scratch = { readonly pooled: Attack; readonly bridge: Attack }

/** Makes the scratch databases, hands them to the work, and drops them whatever comes of it. */
export async function withScratch<R>(serverUrl: string, work: (scratch: Scratch) => Promise<R>): Promise<R> {
  const server = await connectAsAdmin(serverUrl)
  const [pool, own] = [newName('pool'), newName('own')]
  const names = [pool, own]
  const secret = randomBytes(32)
  try {
    await dropLeftovers(server, serverUrl)
    for (const name of names) await tryLock(server, name)
    // Without the comment of a tenant's database: whatever is planted here says nothing about the server.
    for (const name of names)
      await prepareDatabase({ serverUrl, name, ...application, secret, connectionLimit: scratchConnections })
    const common = { application, secret, victim: tenant({ serverUrl, name: pool }, 'pooled') }
    return await work({
      pooled: { ...common, attacker: tenant({ serverUrl, name: pool }, 'pooled') },
      bridge: { ...common, attacker: tenant({ serverUrl, name: own }, 'bridge') },
    })
  } finally {
    for (const name of names) await dropDatabase({ serverUrl, name })
    await server.close()
  }
}

const prefix = 'paybill_verify_'
const scratchConnections = 8

const scratch = schema({
  customer: table(
    { tenant: t.tenant(), id: t.uuid().defaultRandom(), name: t.text(), reference: t.text({ maxLength: 100 }).trusted() },
    { primaryKey: ['tenant', 'id'] },
  ),
  order: table(
    { tenant: t.tenant(), id: t.uuid().defaultRandom(), customerId: t.uuid(), note: t.text(), total: t.money() },
    {
      primaryKey: ['tenant', 'id'],
      references: [{ columns: ['tenant', 'customerId'], table: 'customer', to: ['tenant', 'id'] }],
    },
  ),
})

const application: Application = {
  schema: scratch,
  rules: acl(scratch, {
    roles: ['clerk'],
    rules: ({ allow }) => [
      allow('clerk').read('customer'),
      allow('clerk').create('customer'),
      allow('clerk').update('customer'),
      allow('clerk').read('order'),
      allow('clerk').create('order'),
      allow('clerk').delete('order'),
    ],
  }),
  statementLists: [{ name: 'journal', statements: journalTables }],
}

function tenant(place: DatabasePlace, isolation: 'pooled' | 'bridge'): TenantUnderTest {
  return { id: `ten_${randomUUID()}`, isolation, place }
}

function newName(use: 'pool' | 'own'): string {
  return `${prefix}${use}_${randomBytes(6).toString('hex')}`
}

async function dropLeftovers(server: AdminConnection, serverUrl: string): Promise<void> {
  const found = await server.query(`select datname as name from pg_database where datname ~ '^${prefix}(pool|own)_[0-9a-f]{12}$'`)
  for (const { name } of found)
    if (name !== null && name !== undefined && (await tryLock(server, name))) await dropDatabase({ serverUrl, name })
}

async function tryLock(server: AdminConnection, name: string): Promise<boolean> {
  const [row] = await server.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as locked', [name])
  return row?.['locked'] === 't'
}
