// A control plane of an organization of its own, on a world that remembers what was done in it.

import { randomUUID } from 'node:crypto'
import type { Principal } from 'paybill/acl'
import { type Database, openDatabase, type Session } from 'paybill/database'
import { journalTables } from 'paybill/journal'
import { prepareDatabase } from 'paybill/migrate'
import { temporaryDatabase } from 'paybill/testing'
import { inject } from 'vitest'
import { controlRules } from '../../src/control-database/rules.ts'
import { type ControlSchema, controlSchema } from '../../src/control-database/schema.ts'
import type { ControlPlane } from '../../src/control-plane/control-plane.ts'
import type { SignUp } from '../../src/control-plane/sign-up.ts'
import type { OperationParts } from '../../src/operation/workflows.ts'
import { type KeyStore, keyStore } from '../../src/tenant/key-store.ts'
import { type CellWorld, cellWorld, type WorldChange } from '../operation/cell-world.ts'
import { planeOf } from './plane-of.ts'

export type OpenPlane = {
  readonly plane: ControlPlane
  readonly world: CellWorld
  readonly organization: string
  readonly database: Database<ControlSchema>
  readonly databaseUrl: string
  readonly principal: (id: string) => Promise<Principal | null>
  /** What a company asks for when it signs up, with what a test changes. */
  readonly order: (change?: Partial<SignUp>) => SignUp
}

export type PlaneChange = {
  readonly isSandbox?: boolean
  /** How many places for pooled tenants there are. */
  readonly pooled?: number
  /** Real places instead of the world that only remembers. */
  readonly real?: (
    organization: string,
    of: { readonly store: KeyStore; readonly control: Session<ControlSchema> },
  ) => Pick<OperationParts, 'places' | 'keys'>
}

export type PlaneDatabase = {
  readonly database: Database<ControlSchema>
  /** For the user of the server. */
  readonly adminUrl: string
  open(change?: Partial<WorldChange> & PlaneChange): Promise<OpenPlane>
  close(): Promise<void>
}

export async function openPlaneDatabase(): Promise<PlaneDatabase> {
  const serverUrl = inject('serverUrl')
  const { name, drop, url: adminUrl } = await temporaryDatabase({ serverUrl })
  const { url } = await prepareDatabase({
    serverUrl,
    name,
    schema: controlSchema,
    rules: controlRules,
    statementLists: [{ name: 'journal', statements: journalTables }],
    secret: new Uint8Array(32).fill(1),
  })
  const database = await openDatabase({ url, schema: controlSchema, rules: controlRules, maxConnections: 20 })
  return {
    database,
    adminUrl,
    open: async ({ isSandbox = true, pooled = 20, real: make, ...change } = {}) => {
      const organization = randomUUID()
      const world = cellWorld(change)
      const system = { id: 'reconciler', tenant: organization, roles: ['reconciler'], claims: {} }
      const control = database.session({ principal: system, purpose: 'test' })
      const real = make?.(organization, { store: keyStore(control), control })
      await furnish(database, organization, { isSandbox, pooled })
      const { plane, principal } = planeOf({ organization, database, world, ...(real === undefined ? {} : { real }) })
      const order = (of: Partial<SignUp> = {}): SignUp => ({
        customer: { name: 'Fjord Drift AS', email: 'post@fjord.example' },
        name: `fjord-${randomUUID().slice(0, 8)}`,
        region: 'eu',
        product: 'bill-pay',
        plan: 'starter',
        seats: 1,
        ...of,
      })
      return { plane, world, organization, database, databaseUrl: url, principal, order }
    },
    close: async () => {
      await database.close()
      await drop()
    },
  }
}

async function furnish(
  database: Database<ControlSchema>,
  organization: string,
  of: { readonly isSandbox: boolean; readonly pooled: number },
): Promise<void> {
  const operator = { id: 'olga', tenant: organization, roles: ['operator'], claims: {} }
  const session = database.session({ principal: operator, purpose: 'test' })
  await session.organization.insert({ name: 'Paper & Co', isSandbox: of.isSandbox })
  const active = { region: 'eu', state: 'active' } as const
  await session.cell.insert({ ...active, id: 'eu-1', pooledTotal: of.pooled, bridgeTotal: 5, siloTotal: 0 })
  await session.cell.insert({ ...active, id: 'eu-2', pooledTotal: 0, bridgeTotal: 5, siloTotal: 2 })
}
