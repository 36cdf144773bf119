export type { Application, DatabasePlace } from './application.ts'
export { backupFind, type BackupFile, type BackupManifest, backupRead, type BackupTable, backupWrite } from './backup.ts'
export { type BridgeCreate, bridgeCreate, bridgeDrop, bridgeFind } from './bridge.ts'
export { bridgeClose, bridgeOpen } from './bridge-access.ts'
export { certificateSign, certificateVerify, type Deletion, type DeletionCertificate } from './certificate.ts'
export { type BudgetOptions, type Closable, type ConnectionBudget, connectionBudget } from './connection-budget.ts'
export { type DatabaseFound, databaseFind } from './database-find.ts'
export { exportFind, type ExportManifest, exportWrite } from './export.ts'
export { tenantDatabaseName } from './names.ts'
export { pooledCreate, pooledRetire, type RowCounts, tenantCount, type TenantRowsPlace } from './pooled.ts'
export { type Residue, type ResidueScan, residueScan } from './residue.ts'
export { backupRestore, backupVerify } from './restore.ts'
export {
  siloDatabasePlace,
  siloDestroy,
  siloFind,
  type SiloFound,
  type SiloPlace,
  siloServerStart,
  siloStart,
  type SiloStart,
  siloStop,
} from './silo.ts'
