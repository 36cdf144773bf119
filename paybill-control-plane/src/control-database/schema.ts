// The control database: what the control plane itself keeps. The tenants' own rows are not here, and neither are the
// journals of their runs: a journal lives in the database whose rows it protects.

import { schema, t, table } from 'paybill/schema'
import { billingTables } from '../billing/tables.ts'
import { httpTables } from './http-tables.ts'
import { placementTables } from '../placement/tables.ts'
import { tenantTables } from '../tenant/tables.ts'
import { terraformTables } from '../terraform/tables.ts'

export const controlSchema = schema({
  // Who sells here. A sandbox has business time of its own, which may be moved forward and never back; system time is the
  // database's and moves for nobody.
  organization: table(
    {
      tenant: t.tenant(),
      name: t.text({ maxLength: 200 }).trusted(),
      isSandbox: t.boolean(),
      businessAheadMs: t.bigint().default(0n),
    },
    { primaryKey: ['tenant'] },
  ),
  ...billingTables,
  ...placementTables,
  ...tenantTables,
  ...terraformTables,
  ...httpTables,
})

export type ControlSchema = typeof controlSchema
