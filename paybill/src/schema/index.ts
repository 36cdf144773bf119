export { type SqlColumn, sqlColumns } from './codec.ts'
export { Column, type ColumnDefault, type ColumnType, t, type Trust } from './column.ts'
export { createStatements } from './ddl.ts'
export { columnJsonSchema, type JsonSchema } from './json-schema.ts'
export { columnName, quoteName, quoteText, tableName } from './names.ts'
export type { Cell, Insert, Row, TableName, Update } from './rows.ts'
export { schema } from './schema.ts'
export type { StandardSchema } from './standard.ts'
export {
  type Columns,
  type Reference,
  type Relation,
  type Schema,
  type Table,
  table,
  type TableOptions,
  type Tables,
  toMany,
  toOne,
  type UniqueConstraint,
} from './table.ts'
export { insertValidator } from './validator.ts'
