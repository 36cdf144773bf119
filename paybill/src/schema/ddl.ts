// The schema as SQL: tables, constraints, indexes and the triggers that guard states. Row level security is added by the
// access rules, which know what may be seen.

import { encodeCanonical } from '../lib/canonical.ts'
import { sqlColumns, toSql } from './codec.ts'
import type { Column } from './column.ts'
import { columnName, quoteName, quoteText, tableName } from './names.ts'
import { hasTenant, type Schema, type Table } from './table.ts'

/** The statements that create the schema in an empty database, in an order that works: tables, then what refers between them. */
export function createStatements(schema: Schema): readonly string[] {
  const tables = Object.entries(schema.tables)
  return [
    ...tables.map(([name, table]) => createTable(name, table)),
    ...tables.flatMap(([name, table]) => indexes(name, table)),
    ...tables.flatMap(([name, table]) => foreignKeys(name, table)),
    ...tables.flatMap(([name, table]) => stateGuards(name, table)),
  ]
}

function createTable(name: string, table: Table): string {
  const lines = Object.entries(table.columns).flatMap(([key, column]) => columnLines(key, column))
  lines.push(`primary key (${names(table.options.primaryKey)})`)
  for (const unique of table.options.unique ?? []) lines.push(`unique (${names(unique.columns)})`)
  return `create table ${quoteName(tableName(name))} (\n  ${lines.join(',\n  ')}\n)`
}

function columnLines(key: string, column: Column): string[] {
  const nullness = column.isNullable ? '' : ' not null'
  const defaults = defaultTexts(key, column)
  const lines = sqlColumns(key, column).map(
    (sql, index) => `${quoteName(sql.name)} ${sql.type}${nullness}${defaults[index] ?? ''}${checkText(column, sql.name, index)}`,
  )
  if (column.type.kind === 'money' && column.isNullable) {
    const name = columnName(key)
    lines.push(`check ((${quoteName(`${name}_minor`)} is null) = (${quoteName(`${name}_currency`)} is null))`)
  }
  return lines
}

function defaultTexts(key: string, column: Column): readonly string[] {
  const given = column.defaultTo
  if (given === null) return []
  switch (given.kind) {
    case 'now':
      return [' default now()']
    case 'random-uuid':
      return [' default gen_random_uuid()']
    case 'value':
      return toSql(key, column, given.value).map((value) => ` default ${value === null ? 'null' : quoteText(String(value))}`)
    default:
      return given satisfies never
  }
}

function checkText(column: Column, name: string, index: number): string {
  const sql = quoteName(name)
  const { type } = column
  switch (type.kind) {
    case 'tenant':
      return ` check (${sql} <> '')`
    case 'text':
      return ` check (char_length(${sql}) <= ${type.maxLength}${type.pattern === null ? '' : ` and ${sql} ~ ${quoteText(`^(?:${type.pattern})$`)}`})`
    case 'integer':
      return ` check (${sql} between ${type.minimum} and ${type.maximum})`
    case 'money':
      return index === 1 ? ` check (${sql} ~ '^[A-Z]{3}$')` : ''
    case 'enum':
      return oneOf(sql, type.values)
    case 'states':
      return oneOf(sql, Object.keys(type.moves))
    case 'uuid':
    case 'boolean':
    case 'bigint':
    case 'decimal':
    case 'date':
    case 'timestamp':
    case 'json':
      return ''
    default:
      return type satisfies never
  }
}

function oneOf(sql: string, values: readonly string[]): string {
  return ` check (${sql} in (${values.map(quoteText).join(', ')}))`
}

function indexes(name: string, table: Table): string[] {
  return (table.options.indexes ?? []).map((columns) => `create index on ${quoteName(tableName(name))} (${names(columns)})`)
}

function foreignKeys(name: string, table: Table): string[] {
  return (table.options.references ?? []).map(
    (reference) =>
      `alter table ${quoteName(tableName(name))} add foreign key (${names(reference.columns)}) references ${quoteName(tableName(reference.table))} (${names(reference.to)})`,
  )
}

// Legal moves are kept by the database too, so that no other writer can make an illegal one.
function stateGuards(name: string, table: Table): string[] {
  return Object.entries(table.columns).flatMap(([key, column]) => {
    if (column.type.kind !== 'states') return []
    const moves = Object.entries(column.type.moves).flatMap(([from, next]) =>
      next.map((to) => `(${quoteText(from)}, ${quoteText(to)})`),
    )
    const sql = quoteName(columnName(key))
    const guard = quoteName(`${tableName(name)}_${columnName(key)}_moves`)
    const legal = moves.length === 0 ? 'false' : `(old.${sql}, new.${sql}) in (${moves.join(', ')})`
    return [
      `create function ${guard}() returns trigger language plpgsql as $guard$
begin
  if new.${sql} is distinct from old.${sql} and not coalesce(${legal}, false) then
    raise exception 'illegal move' using errcode = 'check_violation', constraint = ${quoteText(`${tableName(name)}_${columnName(key)}_moves`)};
  end if;
  return new;
end $guard$`,
      `create trigger ${guard} before update on ${quoteName(tableName(name))} for each row execute function ${guard}()`,
    ]
  })
}

function names(keys: readonly string[]): string {
  return keys.map((key) => quoteName(columnName(key))).join(', ')
}

/** The schema as canonical JSON, for hashes and comparisons: everything that shapes the database, nothing else. */
export function schemaText(schema: Schema): string {
  const tables = Object.fromEntries(
    Object.entries(schema.tables).map(([name, table]) => [
      name,
      {
        options: table.options,
        tenant: hasTenant(table),
        columns: Object.fromEntries(Object.entries(table.columns).map(([key, column]) => [key, columnFacts(column)])),
      },
    ]),
  )
  return encodeCanonical(tables)
}

function columnFacts(column: Column): unknown {
  const type = column.type.kind === 'json' ? { kind: 'json' } : column.type
  return {
    type,
    isNullable: column.isNullable,
    defaultTo: column.defaultTo,
    trust: column.trust,
    sensitivity: column.sensitivity,
  }
}
