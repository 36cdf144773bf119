// Cells and reservations as rows. The framework's tenant key is the organization here.

import { t, table } from 'paybill/schema'
import { cellMoves, isolations } from './cell.ts'

const cellId = () => t.text({ maxLength: 40, pattern: '[a-z][a-z0-9-]*' }).trusted()
const tenantId = () => t.text({ maxLength: 40 }).trusted()
const count = () => t.integer({ minimum: 0 })

export const placementTables = {
  cell: table(
    {
      tenant: t.tenant(),
      id: cellId(),
      region: t.text({ maxLength: 40 }).trusted(),
      state: t.states(cellMoves),
      headroomPercent: t.integer({ minimum: 0, maximum: 90 }).default(0),
      pooledTotal: count(),
      pooledTaken: count().default(0),
      bridgeTotal: count(),
      bridgeTaken: count().default(0),
      siloTotal: count(),
      siloTaken: count().default(0),
    },
    { primaryKey: ['tenant', 'id'] },
  ),
  // One place of one cell for one tenant. `leasedUntil` is null once the tenant lives there; until then the place falls back.
  reservation: table(
    {
      tenant: t.tenant(),
      tenantId: tenantId(),
      cell: cellId(),
      isolation: t.enum(...isolations),
      leasedUntil: t.timestamp().nullable(),
      reason: t.text({ maxLength: 1000 }).trusted(),
    },
    {
      primaryKey: ['tenant', 'tenantId'],
      references: [{ columns: ['tenant', 'cell'], table: 'cell', to: ['tenant', 'id'] }],
      indexes: [['tenant', 'leasedUntil']],
    },
  ),
} as const
