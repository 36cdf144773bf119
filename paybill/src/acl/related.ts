// How conditions read related rows: through functions of the owner, because the reader himself may not see those rows, and
// because policies that read each other's tables would recurse. A function gives the rows of one relation of the tenant in
// the identity, and of them only the columns that some condition names.

import { sha256Hex } from '../lib/hash.ts'
import { sqlColumns } from '../schema/codec.ts'
import { columnName, quoteName, tableName } from '../schema/names.ts'
import { columnOf, hasTenant, relationOf, type Schema, tableOf } from '../schema/table.ts'
import type { Condition, Operand } from './condition.ts'
import { identitySql } from './identity.ts'
import type { Rules } from './rules.ts'

/** The name of the function that gives the related rows. */
export function relatedFunction(table: string, relation: string): string {
  return ownName('related', `${table}.${relation}`, `${tableName(table)}_${columnName(relation)}`)
}

/** A name in the schema `paybill`, short enough for PostgreSQL and of its own even where two are alike once they are cut. */
export function ownName(kind: 'related' | 'change', what: string, readable: string): string {
  return `paybill.${quoteName(`${kind}_${sha256Hex(what).slice(0, 8)}_${readable}`.slice(0, 63))}`
}

/** The functions for all relations that conditions use. */
export function relatedFunctionStatements(rules: Rules): readonly string[] {
  return [...usedRelations(rules).values()].flatMap((used) => functionStatements(rules, used))
}

function functionStatements(rules: Rules, used: UsedRelation): readonly string[] {
  const relation = relationOf(rules.schema, used.table, used.relation)
  const table = tableOf(rules.schema, relation.table)
  const parameters = Object.keys(relation.on).flatMap((key) => sqlColumns(key, columnOf(rules.schema, used.table, key)))
  const join = Object.values(relation.on).map((key, index) => `r.${quoteName(columnName(key))} = $${index + 1}`)
  const tenant = hasTenant(table) ? [`r."tenant" = (select ${identitySql} ->> 'tenant')`] : []
  const columns = Object.keys(table.columns)
    .filter((key) => used.columns.has(key))
    .flatMap((key) => sqlColumns(key, columnOf(rules.schema, relation.table, key)))
  // A condition such as `some(always)` names no column; a function gives at least one.
  const returned = columns.length === 0 ? ['found boolean'] : columns.map(({ name, type }) => `${quoteName(name)} ${type}`)
  const selected = columns.length === 0 ? ['true'] : columns.map(({ name }) => `r.${quoteName(name)}`)
  const name = relatedFunction(used.table, used.relation)
  const signature = `${name}(${parameters.map(({ type }) => type).join(', ')})`
  return [
    `create function ${signature} returns table (${returned.join(', ')})
language sql stable strict security definer parallel safe rows ${relation.kind === 'one' ? 1 : 10} set search_path = pg_catalog, pg_temp
as $related$ select ${selected.join(', ')} from public.${quoteName(tableName(relation.table))} r where ${[...tenant, ...join].join(' and ')} $related$`,
    `revoke all on function ${signature} from public`,
    `grant execute on function ${signature} to :app`,
  ]
}

/** A relation that conditions follow, and the columns that they name at its end. */
type UsedRelation = { readonly table: string; readonly relation: string; readonly columns: Set<string> }

function usedRelations(rules: Rules): ReadonlyMap<string, UsedRelation> {
  const found = new Map<string, UsedRelation>()
  const collector = new Collector(rules.schema, found)
  for (const { target } of rules.rules)
    if (target.kind === 'data')
      for (const condition of [target.where, target.check]) collector.condition(condition, { table: target.table, named: null })
  return new Map([...found].toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

/** A row in a condition: its table, and the columns named of it; null for the row that the rule is about, which is at hand. */
type NamedRow = { readonly table: string; readonly named: Set<string> | null }

class Collector {
  readonly #schema: Schema
  readonly #found: Map<string, UsedRelation>

  constructor(schema: Schema, found: Map<string, UsedRelation>) {
    this.#schema = schema
    this.#found = found
  }

  condition(condition: Condition, row: NamedRow): void {
    switch (condition.kind) {
      case 'always':
        return
      case 'compare':
        this.#operand(condition.left, row)
        this.#operand(condition.right, row)
        return
      case 'in':
      case 'inClaim':
      case 'isNull':
        this.#operand(condition.operand, row)
        return
      case 'and':
      case 'or':
        for (const part of condition.conditions) this.condition(part, row)
        return
      case 'not':
        this.condition(condition.condition, row)
        return
      case 'some':
      case 'every':
      case 'none':
        this.condition(condition.condition, this.#follow([...condition.path, condition.relation], row))
        return
      default:
        return condition satisfies never
    }
  }

  #operand(operand: Operand, row: NamedRow): void {
    if (operand.kind === 'column') this.#follow(operand.path, row).named?.add(operand.column)
  }

  #follow(path: readonly string[], from: NamedRow): NamedRow {
    let row = from
    for (const name of path) {
      const relation = relationOf(this.#schema, row.table, name)
      for (const column of Object.keys(relation.on)) row.named?.add(column)
      const key = `${row.table}.${name}`
      const used = this.#found.get(key) ?? { table: row.table, relation: name, columns: new Set<string>() }
      this.#found.set(key, used)
      row = { table: relation.table, named: used.columns }
    }
    return row
  }
}
