// A control database with two small cells, and operations on a world that remembers what was done in it.

import { randomUUID } from 'node:crypto'
import { openDatabase, type Session } from 'paybill/database'
import { journalTables } from 'paybill/journal'
import { prepareDatabase } from 'paybill/migrate'
import { type App, createApp } from 'paybill/run'
import { temporaryDatabase } from 'paybill/testing'
import { inject } from 'vitest'
import { controlRules } from '../../src/control-database/rules.ts'
import { type ControlSchema, controlSchema } from '../../src/control-database/schema.ts'
import { cellRecipient } from '../../src/operation/place-actions.ts'
import { type Reconciler, reconciler, reconcilerId } from '../../src/operation/reconciler.ts'
import { operationWorkflows } from '../../src/operation/workflows.ts'
import type { Isolation } from '../../src/catalog/unit.ts'
import { reservationMake } from '../../src/placement/reservation.ts'
import type { TenantFacts } from '../../src/tenant/desired.ts'
import { paid } from '../tenant/facts.ts'
import { plainKeys } from './keys.ts'
import { type CellWorld, cellWorld, type WorldChange } from './cell-world.ts'

export type Control = {
  readonly organization: string
  readonly operator: Session<ControlSchema>
  /** As the reconciler itself. */
  readonly system: Session<ControlSchema>
  readonly world: CellWorld
  readonly app: App
  readonly reconciler: Reconciler
  /** What billing says of every tenant; a test sets it. */
  billing: Pick<TenantFacts, 'standing' | 'activation'>
  /** Signs a tenant up; answers its id. */
  signUp(isolation: Isolation): Promise<string>
  /** Looks and works until nothing more happens by itself. */
  settle(tenantId: string): Promise<void>
}

export type ControlDatabase = { open(change?: Partial<WorldChange>): Promise<Control>; close(): Promise<void> }

export async function openControlDatabase(): Promise<ControlDatabase> {
  const serverUrl = inject('serverUrl')
  const { name, drop } = await temporaryDatabase({ serverUrl })
  const { url } = await prepareDatabase({
    serverUrl,
    name,
    schema: controlSchema,
    rules: controlRules,
    statementLists: [{ name: 'journal', statements: journalTables }],
    secret: new Uint8Array(32).fill(1),
  })
  const database = await openDatabase({ url, schema: controlSchema, rules: controlRules })
  const sessionOf = (id: string, organization: string) =>
    database.session({ principal: { id, tenant: organization, roles: [id], claims: {} }, purpose: 'test' })

  return {
    open: async (change = {}) => {
      const organization = randomUUID()
      const world = cellWorld(change)
      const workflows = operationWorkflows({
        places: world.places,
        keys: plainKeys,
        invitationHash: (tenantId) => `hash of ${tenantId}`,
      })
      const app = createApp({
        database,
        workflows: Object.values(workflows),
        recipients: { [cellRecipient]: { roles: ['cells'] } },
        principal: async (id, tenant) => (id === reconcilerId ? { id, tenant, roles: [id], claims: {} } : null),
        payloadKey: () => new Uint8Array(32).fill(2),
        worker: { leaseMs: 1_000, pollMs: 20 },
      })
      const operator = sessionOf('operator', organization)
      const system = sessionOf(reconcilerId, organization)
      const control: Control = {
        organization,
        operator,
        system,
        world,
        app,
        billing: { standing: paid, activation: { kind: 'may-begin' } },
        reconciler: reconciler({
          organization,
          session: system,
          app,
          workflows,
          billing: async () => control.billing,
          newId: randomUUID,
          now: () => new Date(),
        }),
        signUp: async (isolation) => {
          const customer = newId('cus')
          const tenantId = newId('ten')
          await operator.transaction(async (tables) => {
            await tables.customer.insert({ id: customer, name: 'Fjord Drift AS', email: 'post@fjord.example' })
            const tenant = { id: tenantId, name: `fjord-${tenantId.slice(4, 12)}`, customer, product: 'bill-pay' }
            await tables.tenant.insert({ ...tenant, isolation, region: 'eu', phase: 'pending' })
            const leasedUntil = new Date(Date.now() + 3_600_000)
            await reservationMake(tables, { tenantId, isolation, region: 'eu', leasedUntil })
          })
          return tenantId
        },
        settle: async (tenantId) => {
          for (let round = 0; round < 5; round += 1) {
            const next = await control.reconciler.look(tenantId)
            if (next.kind !== 'start' && next.kind !== 'working') return
            await app.work({ until: 'idle' })
          }
        },
      }
      await operator.cell.insert({ id: 'eu-1', region: 'eu', state: 'active', pooledTotal: 5, bridgeTotal: 2, siloTotal: 0 })
      await operator.cell.insert({ id: 'eu-2', region: 'eu', state: 'active', pooledTotal: 5, bridgeTotal: 1, siloTotal: 2 })
      return control
    },
    close: async () => {
      await database.close()
      await drop()
    },
  }
}

function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 20)}`
}
