export { prepareDatabase, type PrepareOptions, type StatementList } from './prepare-database.ts'
