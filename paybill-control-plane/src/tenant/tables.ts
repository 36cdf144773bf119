// Customers, tenants, why they are suspended and what is at work on them, as rows. The framework's tenant key `tenant` is
// the organization that sells here; a tenant of ours is named by `tenantId`.

import { isolations } from '../placement/cell.ts'
import { t, table } from 'paybill/schema'
import { operationKinds } from './desired.ts'
import { phaseMoves } from './phase.ts'
import { suspensionReasons } from './suspension.ts'

const id = () => t.text({ maxLength: 40, pattern: '[a-z]{3}_[0-9a-z]{20}' }).trusted()
const person = () => t.text({ maxLength: 120 }).trusted()
const reason = () => t.text({ maxLength: 1000 }).trusted()

export const tenantTables = {
  // The payer. Name and address are what somebody typed into a form.
  customer: table(
    {
      tenant: t.tenant(),
      id: id(),
      name: t.text({ maxLength: 200 }),
      email: t.text({ maxLength: 254 }).sensitive('contact'),
      createdAt: t.timestamp().defaultNow(),
    },
    { primaryKey: ['tenant', 'id'] },
  ),
  tenant: table(
    {
      tenant: t.tenant(),
      id: id(),
      // A name that an address can be made of.
      name: t.text({ maxLength: 40, pattern: '[a-z][a-z0-9]*(-[a-z0-9]+)*' }).trusted(),
      customer: id(),
      product: t.text({ maxLength: 40 }).trusted(),
      isolation: t.enum(...isolations),
      region: t.text({ maxLength: 40 }).trusted(),
      phase: t.states(phaseMoves),
      mode: t.enum('observe', 'enforce').default('enforce'),
      // The operation that is at work on it: at most one, taken and given back by conditional updates.
      operation: t.uuid().nullable(),
      failures: t.integer({ minimum: 0 }).default(0),
      failedKind: t.enum(...operationKinds).nullable(),
      failureReason: reason().nullable(),
      failedAt: t.timestamp().nullable(),
      deletionAskedAt: t.timestamp().nullable(),
      createdAt: t.timestamp().defaultNow(),
      activeAt: t.timestamp().nullable(),
    },
    {
      primaryKey: ['tenant', 'id'],
      unique: [{ columns: ['tenant', 'name'] }],
      references: [{ columns: ['tenant', 'customer'], table: 'customer', to: ['tenant', 'id'] }],
    },
  ),
  // Cuts access in the moment it is committed. No operation locks it.
  suspension: table(
    {
      tenant: t.tenant(),
      tenantId: id(),
      reason: t.enum(...suspensionReasons),
      by: person(),
      since: t.timestamp().defaultNow(),
    },
    {
      primaryKey: ['tenant', 'tenantId', 'reason'],
      references: [{ columns: ['tenant', 'tenantId'], table: 'tenant', to: ['tenant', 'id'] }],
    },
  ),
  operation: table(
    {
      tenant: t.tenant(),
      id: t.uuid(),
      tenantId: id(),
      kind: t.enum(...operationKinds),
      status: t.states({ running: ['succeeded', 'failed'], succeeded: [], failed: [] }),
      because: reason(),
      createdAt: t.timestamp().defaultNow(),
      endedAt: t.timestamp().nullable(),
    },
    {
      primaryKey: ['tenant', 'id'],
      indexes: [['tenant', 'tenantId', 'createdAt']],
      references: [{ columns: ['tenant', 'tenantId'], table: 'tenant', to: ['tenant', 'id'] }],
    },
  ),
  // Where a tenant's database is. `name` is the database's on its server; null where the tenant is rows among others'.
  place: table(
    {
      tenant: t.tenant(),
      tenantId: id(),
      cell: t.text({ maxLength: 40 }).trusted(),
      isolation: t.enum(...isolations),
      name: t.text({ maxLength: 63 }).trusted().nullable(),
      // Raised when the tenant moves: whoever routes by an older one is told so.
      epoch: t.integer({ minimum: 1 }).default(1),
    },
    {
      primaryKey: ['tenant', 'tenantId'],
      references: [{ columns: ['tenant', 'tenantId'], table: 'tenant', to: ['tenant', 'id'] }],
    },
  ),
  // The tenant's key, wrapped under a root key that is not here. Removing the row makes everything unreadable that it sealed.
  wrappedKey: table(
    {
      tenant: t.tenant(),
      tenantId: id(),
      wrapped: t.text({ maxLength: 1000, pattern: '([0-9a-f]{2})+' }).trusted().sensitive('key'),
    },
    {
      primaryKey: ['tenant', 'tenantId'],
      references: [{ columns: ['tenant', 'tenantId'], table: 'tenant', to: ['tenant', 'id'] }],
    },
  ),
  // What is kept of a tenant that is gone. Its texts come from where the tenant lived.
  deletion: table(
    {
      tenant: t.tenant(),
      tenantId: id(),
      // What the last backup held, as JSON.
      backup: t.text({ maxLength: 100_000 }),
      certificate: t.text({ maxLength: 200_000 }).nullable(),
    },
    {
      primaryKey: ['tenant', 'tenantId'],
      references: [{ columns: ['tenant', 'tenantId'], table: 'tenant', to: ['tenant', 'id'] }],
    },
  ),
  // The first administrator's way in: used once.
  invitation: table(
    {
      tenant: t.tenant(),
      tenantId: id(),
      tokenHash: t.text({ maxLength: 64 }).trusted(),
      createdAt: t.timestamp().defaultNow(),
      usedAt: t.timestamp().nullable(),
    },
    {
      primaryKey: ['tenant', 'tenantId'],
      references: [{ columns: ['tenant', 'tenantId'], table: 'tenant', to: ['tenant', 'id'] }],
    },
  ),
} as const
