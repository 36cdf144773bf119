export { localPlaces } from './local-places.ts'
export { type LocalCell, localCellsPrepare, localDatabaseUrl, type LocalProvider } from './provider.ts'
