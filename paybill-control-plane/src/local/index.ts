export { localPlaces } from './local-places.ts'
export { localResidueScan, type ScannedProvider } from './local-residue.ts'
export { type LocalCell, localCellsPrepare, localDatabasePlace, localDatabaseUrl, type LocalProvider } from './provider.ts'
export { localServersRestart } from './servers-restart.ts'
