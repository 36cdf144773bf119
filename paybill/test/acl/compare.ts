// Puts one case to all readers and compares what they say of each row.

import type { Decision } from '../../src/acl/decide.ts'
import type { Related } from '../../src/acl/evaluate.ts'
import type { Rules } from '../../src/acl/rules.ts'
import { hasTenant, relationOf, tableOf } from '../../src/schema/table.ts'
import { type Asked, keyOf, type Statement } from './case.ts'
import { type NaiveRow, naiveRow, naiveRowSecurity, naiveStatic, type NaiveWorld } from './naive.ts'
import type { Readers } from './readers.ts'
import type { ScratchWorld } from './scratch-world.ts'

/** What each reader says of one row. Row level security is measured by a naive answer of its own, for it is wider on purpose. */
export type RowAnswers = {
  readonly key: string
  readonly row: NaiveRow
  readonly before: NaiveRow | null
  readonly naive: boolean
  readonly memory: boolean
  readonly sql: boolean
  readonly rowSecurity: boolean
  readonly naiveRowSecurity: boolean
}

export type StatementAnswers = {
  readonly statement: Statement
  /** The static part, as text: refused, or allowed with its limit. */
  readonly static: { readonly naive: string; readonly memory: string }
  readonly rows: readonly RowAnswers[]
}

export async function answersOf(scratch: ScratchWorld, readers: Readers, asked: Asked): Promise<readonly StatementAnswers[]> {
  const sql = await scratch.sqlAnswers(readers, asked)
  const rowSecurity = await scratch.rowSecurityAnswers(readers, asked)
  return asked.statements.map((statement, index) => {
    const { rules, subject, world, now } = asked
    const { action, table, fields } = statement
    const request = { action, table, fields, now }
    const related = relatedIn(rules, world, subject.principal.tenant)
    return {
      statement,
      static: {
        naive: limitText(naiveStatic(rules, subject, request)),
        memory: limitText(readers.decideStatic(rules, subject, request)),
      },
      rows: rowsOf(world, statement).map(({ row, before }) => {
        const change = before === null ? { row } : { row, before }
        const key = keyOf(row)
        return {
          key,
          row,
          before,
          naive: naiveRow(rules, subject, { ...request, ...change, world }),
          memory: readers.decideRow(rules, subject, { ...request, ...change, related }).allowed,
          sql: sql[index]?.get(key) ?? false,
          rowSecurity: rowSecurity[index]?.get(key) ?? false,
          naiveRowSecurity: naiveRowSecurity(rules, subject, { ...request, ...change, world }),
        }
      }),
    }
  })
}

/** What is wrong with the answers for a row, or null. */
export function disagreement(answers: RowAnswers): string | null {
  const { naive, memory, sql, rowSecurity, naiveRowSecurity } = answers
  if (memory !== naive) return 'memory'
  if (sql !== naive) return 'SQL'
  if (rowSecurity !== naiveRowSecurity) return 'row level security'
  if (naive && !rowSecurity) return 'row level security is narrower than the rules'
  return null
}

/** The rows that a statement is about: those that are there, those as they would be, or new ones. */
function rowsOf(
  world: NaiveWorld,
  statement: Statement,
): readonly { readonly row: NaiveRow; readonly before: NaiveRow | null }[] {
  const there = world[statement.table] ?? []
  switch (statement.action) {
    case 'read':
    case 'delete':
      return there.map((row) => ({ row, before: null }))
    case 'update':
      return there.map((before) => ({ row: { ...before, ...statement.set }, before }))
    case 'create':
      return statement.rows.map((row) => ({ row, before: null }))
    default:
      return statement satisfies never
  }
}

/** Related rows as an application would look them up in memory, inside its user's tenant. */
function relatedIn(rules: Rules, world: NaiveWorld, tenant: string): Related {
  return ({ table, relation: name, row }) => {
    const relation = relationOf(rules.schema, table, name)
    const isTenants = hasTenant(tableOf(rules.schema, relation.table))
    return (world[relation.table] ?? []).filter(
      (candidate) =>
        (!isTenants || candidate['tenant'] === tenant) &&
        Object.entries(relation.on).every(([from, to]) => row[from] !== null && row[from] === candidate[to]),
    )
  }
}

function limitText(
  decision: Pick<Extract<Decision, { allowed: true }>, 'allowed' | 'limit'> | { readonly allowed: false },
): string {
  return decision.allowed ? `allowed, limit ${decision.limit}` : 'refused'
}
