// A control plane of an organization of its own, on a world that remembers what was done in it.

import { randomUUID } from 'node:crypto'
import { type Database, openDatabase } from 'paybill/database'
import { journalTables } from 'paybill/journal'
import { prepareDatabase } from 'paybill/migrate'
import { temporaryDatabase } from 'paybill/testing'
import { inject } from 'vitest'
import { controlRules } from '../../src/control-database/rules.ts'
import { type ControlSchema, controlSchema } from '../../src/control-database/schema.ts'
import { type ControlPlane, createControlPlane } from '../../src/control-plane/control-plane.ts'
import type { SignUp } from '../../src/control-plane/sign-up.ts'
import type { TenantPlaces } from '../../src/operation/tenant-places.ts'
import { type CellWorld, cellWorld, type WorldChange } from '../operation/cell-world.ts'
import { offer } from './offer.ts'

export type OpenPlane = {
  readonly plane: ControlPlane
  readonly world: CellWorld
  /** What a company asks for when it signs up, with what a test changes. */
  readonly order: (change?: Partial<SignUp>) => SignUp
}

export type PlaneChange = {
  readonly isSandbox?: boolean
  /** How many places for pooled tenants there are. */
  readonly pooled?: number
  /** Real places instead of the world that only remembers. */
  readonly places?: (organization: string) => TenantPlaces
}

export type PlaneDatabase = {
  readonly database: Database<ControlSchema>
  /** For the user of the server. */
  readonly adminUrl: string
  open(change?: Partial<WorldChange> & PlaneChange): Promise<OpenPlane>
  close(): Promise<void>
}

const people: Readonly<Record<string, readonly string[]>> = { olga: ['operator'], vera: ['viewer'], gate: ['router'] }

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
    open: async ({ isSandbox = true, pooled = 20, places, ...change } = {}) => {
      const organization = randomUUID()
      const world = cellWorld(change)
      await furnish(database, organization, { isSandbox, pooled })
      const plane = createControlPlane({
        organization,
        database,
        offer,
        places: places?.(organization) ?? world.places,
        invitationHash: (tenantId) => `hash of ${tenantId}`,
        principal: async (id) => {
          const roles = Object.hasOwn(people, id) ? people[id] : undefined
          return roles === undefined ? null : { id, tenant: organization, roles, claims: {} }
        },
        payloadKey: () => new Uint8Array(32).fill(2),
        newId: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 20)}`,
        newOperationId: randomUUID,
        now: () => new Date(),
        leaseMs: 1_000,
      })
      const order = (of: Partial<SignUp> = {}): SignUp => ({
        customer: { name: 'Fjord Drift AS', email: 'post@fjord.example' },
        name: `fjord-${randomUUID().slice(0, 8)}`,
        region: 'eu',
        product: 'bill-pay',
        plan: 'starter',
        seats: 1,
        ...of,
      })
      return { plane, world, order }
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
