// The rules as a predicate of SQL: which rows a statement may touch, and what new values it may write. Everything that a
// row cannot change is decided while the text is written; what is left is about rows, claims and the time.

import { hasTenant, tableOf } from '../schema/table.ts'
import type { CallerFacts } from './caller-facts.ts'
import { dataRules, isGranted, needsRead, withInherited } from './in-force.ts'
import type { DataAction, Grant, Subject } from './principal.ts'
import { actorSql, type RowsAtHand } from './rule-sql.ts'
import type { Rules } from './rules.ts'
import { allSql, type SqlPlace } from './sql-condition.ts'

/** Where a statement finds the facts of its caller: among its parameters. */
export type Bind = CallerFacts

/** Whose rights are intersected, without who they are: equal shapes have equal statements. Roles include inherited ones. */
export type SubjectShape = {
  readonly roles: readonly string[]
  readonly agentRoles: readonly string[] | null
  readonly grant: Grant | null
}

export function shapeOf(rules: Rules, subject: Subject): SubjectShape {
  return {
    roles: withInherited(rules, subject.principal.roles),
    agentRoles: subject.agent === null ? null : withInherited(rules, subject.agent.roles),
    grant: subject.grant,
  }
}

export type RowPredicate = {
  readonly action: DataAction
  readonly table: string
  readonly fields: readonly string[]
  /** The name of the row in the statement. */
  readonly alias: string
}

export type CheckPredicate =
  | { readonly action: 'create'; readonly table: string; readonly fields: readonly string[]; readonly alias: string }
  | {
      readonly action: 'update'
      readonly table: string
      readonly fields: readonly string[]
      readonly alias: string
      /** The name of the row as it was. */
      readonly beforeAlias: string
    }

/** Which rows, as they are, may be read, updated or deleted. TRUE or FALSE, never NULL. */
export function rowPredicate(rules: Rules, shape: SubjectShape, request: RowPredicate, bind: Bind): string {
  const is = place(rules, request, bind, null)
  return predicate(rules, shape, request, { bind, alias: request.alias, rows: { is, becomes: null }, readable: is })
}

/**
 * Whether the new values of a row may stand. TRUE or FALSE, never NULL. INVARIANT: an update is held to `rowPredicate` too;
 * what that one answers from the row as it was is not asked again here.
 */
export function checkPredicate(rules: Rules, shape: SubjectShape, request: CheckPredicate, bind: Bind): string {
  if (request.action === 'create') {
    const becomes = place(rules, request, bind, null)
    return predicate(rules, shape, request, { bind, alias: request.alias, rows: { is: null, becomes }, readable: becomes })
  }
  const is = place(rules, { ...request, alias: request.beforeAlias }, bind, null)
  const becomes = place(rules, request, bind, request.beforeAlias)
  return predicate(rules, shape, request, { bind, alias: request.alias, rows: { is, becomes }, readable: becomes })
}

type Rows = {
  readonly bind: Bind
  readonly alias: string
  readonly rows: RowsAtHand
  /** The row that must be readable too, where the action needs that. */
  readonly readable: SqlPlace
}

function predicate(
  rules: Rules,
  shape: SubjectShape,
  request: { readonly action: DataAction; readonly table: string; readonly fields: readonly string[] },
  { bind, alias, rows, readable }: Rows,
): string {
  const { action, table, fields } = request
  if (!isGranted(shape.grant, action, table, fields)) return 'false'
  const tenant = hasTenant(tableOf(rules.schema, table)) ? `${alias}."tenant" = ${bind.tenant()}` : 'true'
  const actors = shape.agentRoles === null ? [shape.roles] : [shape.roles, shape.agentRoles]
  return allSql([
    tenant,
    ...actors.map((roles) => {
      const own = actorSql({ rules: dataRules(rules, { action, table, roles }), fields, rows, holds: () => 'true' })
      if (!needsRead(action)) return own
      const reading = dataRules(rules, { action: 'read', table, roles })
      const rowsRead = { is: { ...readable, beforeAlias: null }, becomes: null }
      return allSql([own, actorSql({ rules: reading, fields: [], rows: rowsRead, holds: () => 'true' })])
    }),
  ])
}

function place(
  { schema, claims }: Rules,
  { table, alias }: { readonly table: string; readonly alias: string },
  bind: Bind,
  beforeAlias: string | null,
): SqlPlace {
  return { schema, claims, bind, table, alias, beforeAlias, depth: 0 }
}
