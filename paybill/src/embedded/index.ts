export { type DatabaseServer, databaseServer } from './database-server.ts'
export { type EmbeddedDatabase, type EmbeddedOptions, startEmbeddedDatabase, type StopOutcome } from './embedded-database.ts'
