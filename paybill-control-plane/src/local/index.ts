export {
  type LocalCell,
  localCellsPrepare,
  localDatabasePlace,
  localDatabaseUrl,
  localPlaces,
  type LocalProvider,
} from './local-places.ts'
