export type { Application, DatabasePlace } from './application.ts'
export { type BridgeCreate, bridgeCreate, bridgeDrop, bridgeFind } from './bridge.ts'
export { type DatabaseFound, databaseFind } from './database-find.ts'
export { tenantDatabaseName } from './names.ts'
export { pooledCreate, pooledRetire, type RowCounts, tenantCount, type TenantRowsPlace } from './pooled.ts'
export {
  siloDatabasePlace,
  siloDestroy,
  siloFind,
  type SiloFound,
  type SiloPlace,
  siloStart,
  type SiloStart,
  siloStop,
} from './silo.ts'
