// What every schema must keep, checked when it is made. The tenant-first rule is the one that matters most: a unique key
// wider than what its reader may see tells him that a hidden row exists, whatever the error text says.

import { PaybillError } from '../lib/errors.ts'
import { toSql } from './codec.ts'
import type { Column } from './column.ts'
import { columnName, sqlNamePattern, tableName } from './names.ts'
import { hasTenant, type Schema, type Table } from './table.ts'

export function checkSchema(schema: Schema): void {
  const names = new Map<string, string>()
  for (const [name, table] of Object.entries(schema.tables)) {
    checkName(name, `table \`${name}\``)
    const taken = names.get(tableName(name))
    if (taken !== undefined) refuse(`tables \`${taken}\` and \`${name}\` have the same name in SQL`)
    names.set(tableName(name), name)
    if (sessionMethods.has(name) || tableName(name).startsWith('pg_'))
      refuse(`a table cannot be called \`${name}\`: a session has a method of that name, or PostgreSQL tables of its own`)
    checkTable(schema, name, table)
  }
}

// What a session has beside its tables.
const sessionMethods: ReadonlySet<string> = new Set(['transaction', 'disclose'])

// Words of conditions, and columns that every PostgreSQL table has.
const reservedColumns: ReadonlySet<string> = new Set(['and', 'or', 'not', 'ctid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax'])

function checkTable(schema: Schema, name: string, table: Table): void {
  const { columns, options } = table
  for (const [columnKey, column] of Object.entries(columns)) {
    if ((column.type.kind === 'tenant') !== (columnKey === 'tenant'))
      refuse(`the tenant column of \`${name}\` must be called \`tenant\`, and no other column may`)
    if (column.type.kind === 'tenant' && column.isNullable) refuse(`the tenant column of \`${name}\` may not be nullable`)
  }
  const inSql = new Set<string>()
  for (const [columnKey, column] of Object.entries(columns)) {
    checkName(columnKey, `column \`${name}.${columnKey}\``)
    if (reservedColumns.has(columnKey))
      refuse(`a column cannot be called \`${name}.${columnKey}\`: the name has a meaning in conditions or in PostgreSQL`)
    for (const sqlName of sqlNames(columnKey, column)) {
      if (inSql.has(sqlName)) refuse(`two columns of \`${name}\` have the SQL name \`${sqlName}\``)
      inSql.add(sqlName)
    }
    checkColumn(`${name}.${columnKey}`, column)
  }
  checkKey(name, table, options.primaryKey, 'primary key')
  for (const key of options.primaryKey)
    if (columns[key]?.isNullable === true) refuse(`\`${name}.${key}\` is in the primary key and may not be nullable`)
  for (const unique of options.unique ?? []) {
    if (unique.revealsExistence === undefined) checkKey(name, table, unique.columns, 'unique constraint')
    else if (unique.revealsExistence.trim() === '') refuse(`\`revealsExistence\` on \`${name}\` needs a reason`)
    else checkColumnsExist(name, table, unique.columns)
  }
  for (const index of options.indexes ?? []) checkColumnsExist(name, table, index)
  for (const reference of options.references ?? []) {
    checkKey(name, table, reference.columns, 'foreign key')
    const target = schema.tables[reference.table]
    if (target === undefined) return refuse(`\`${name}\` refers to table \`${reference.table}\`, which the schema does not have`)
    if (reference.columns.length !== reference.to.length)
      refuse(`the foreign key of \`${name}\` to \`${reference.table}\` has unequal numbers of columns`)
    const keys = [target.options.primaryKey, ...(target.options.unique ?? []).map((unique) => unique.columns)]
    if (!keys.some((key) => key.join() === reference.to.join()))
      refuse(`the foreign key of \`${name}\` must refer to a primary key or unique constraint of \`${reference.table}\``)
  }
  for (const [relationName, relation] of Object.entries(options.relations ?? {})) {
    if (Object.hasOwn(columns, relationName)) refuse(`\`${name}.${relationName}\` is a column and a relation`)
    const target = schema.tables[relation.table]
    if (target === undefined)
      return refuse(`relation \`${name}.${relationName}\` leads to table \`${relation.table}\`, which the schema does not have`)
    for (const [from, to] of Object.entries(relation.on)) {
      if (!Object.hasOwn(columns, from))
        refuse(`relation \`${name}.${relationName}\` uses column \`${from}\`, which \`${name}\` does not have`)
      if (!Object.hasOwn(target.columns, to))
        refuse(`relation \`${name}.${relationName}\` uses column \`${to}\`, which \`${relation.table}\` does not have`)
    }
  }
}

function checkKey(name: string, table: Table, key: readonly string[], what: string): void {
  checkColumnsExist(name, table, key)
  if (hasTenant(table) && key[0] !== 'tenant')
    refuse(
      `the ${what} (${key.join(', ')}) of tenant table \`${name}\` must begin with \`tenant\`, or it would tell one tenant what another has`,
    )
}

function checkColumnsExist(name: string, table: Table, columns: readonly string[]): void {
  for (const column of columns) {
    const found = Object.hasOwn(table.columns, column) ? table.columns[column] : undefined
    if (found === undefined) return refuse(`\`${name}\` has no column \`${column}\``)
    if (found.type.kind === 'money' || found.type.kind === 'json')
      refuse(`\`${name}.${column}\` cannot be part of a key or an index`)
  }
}

function checkColumn(place: string, column: Column): void {
  const { type } = column
  if (type.kind === 'text' && (!Number.isInteger(type.maxLength) || type.maxLength < 1))
    refuse(`\`${place}\`: maxLength must be a whole number of at least 1`)
  if (type.kind === 'text' && type.pattern !== null && !isPattern(type.pattern))
    refuse(`\`${place}\`: the pattern is no regular expression`)
  if (column.defaultTo?.kind === 'value') checkDefault(place, column, column.defaultTo.value)
  if (type.kind === 'integer' && type.minimum > type.maximum) refuse(`\`${place}\`: minimum is above maximum`)
  if (type.kind === 'decimal' && (type.precision < 1 || type.precision > 1000 || type.scale < 0 || type.scale > type.precision))
    refuse(`\`${place}\`: precision must be 1 to 1000, and scale 0 to precision`)
  if (type.kind === 'enum' && new Set(type.values).size !== type.values.length) refuse(`\`${place}\` lists a value twice`)
  if (type.kind === 'states') {
    for (const [from, moves] of Object.entries(type.moves))
      for (const to of moves)
        if (!Object.hasOwn(type.moves, to)) refuse(`\`${place}\` moves from \`${from}\` to \`${to}\`, which is not a state`)
  }
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function checkDefault(place: string, column: Column, value: unknown): void {
  try {
    toSql(place, column, value)
  } catch (cause) {
    throw new PaybillError('SCHEMA_INVALID', `the default of \`${place}\` is not a value of the column`, { cause })
  }
}

function sqlNames(key: string, column: Column): readonly string[] {
  return column.type.kind === 'money' ? [`${columnName(key)}_minor`, `${columnName(key)}_currency`] : [columnName(key)]
}

function checkName(name: string, what: string): void {
  if (!sqlNamePattern.test(name))
    refuse(`${what}: a name begins with a lower-case letter and has letters and digits only, at most 40`)
}

function refuse(message: string): never {
  throw new PaybillError('SCHEMA_INVALID', message)
}
