export { dropLeftovers, prepareTemplate, type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts'
