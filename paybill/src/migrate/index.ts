export { type AdminConnection, connectAsAdmin } from './admin-connection.ts'
export { dropDatabase } from './drop-database.ts'
export {
  applicationUrl,
  databaseUrl,
  lockPreparation,
  prepareDatabase,
  type PrepareOptions,
  type StatementList,
} from './prepare-database.ts'
export { roleNames, type RoleNames } from './roles.ts'
