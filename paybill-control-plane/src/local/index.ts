export { type LocalCell, localCellsPrepare, localDatabaseUrl, localPlaces, type LocalProvider } from './local-places.ts'
