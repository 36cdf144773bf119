// When the rules of one actor let a row pass, in SQL: for every field some allow that counts, and no deny that counts.
// Statements and policies differ only in how they know the roles, and in which rows they have at hand.

import { quoteText } from '../schema/names.ts'
import { coverings, type DataRule, denies } from './in-force.ts'
import { allSql, anySql, isFalseSql, isTrueSql, notSql, nowSql, type SqlPlace } from './sql-condition.ts'

/** Which rows are at hand: `is` for the `where` of a rule, `becomes` for its `check`. What is null cannot be asked. */
export type RowsAtHand = { readonly is: SqlPlace | null; readonly becomes: SqlPlace | null }

export type ActorSql = {
  readonly rules: readonly DataRule[]
  readonly fields: readonly string[]
  readonly rows: RowsAtHand
  /** Whether the actor has one of the roles: known while the text is written, or asked of the identity. */
  readonly holds: (roles: readonly string[]) => string
}

export function actorSql({ rules, fields, rows, holds }: ActorSql): string {
  // Asked about a change, the row as it was has passed before; only rules with a `check` can still say something else.
  const isAsked = (rule: DataRule): boolean => rows.is === null || rows.becomes === null || rule.target.check.kind !== 'always'
  const allows = rules.filter((rule) => rule.effect === 'allow')
  const needed = coverings(allows, fields)
    .filter((covering) => covering.length === 0 || covering.some(isAsked))
    .map((covering) => anySql(byCondition(covering, (rule) => allowSql(rule, rows), holds)))
  const denying = rules.filter((rule) => rule.effect === 'deny' && denies(rule, fields) && isAsked(rule))
  const denied = byCondition(denying, (rule) => denySql(rule, rows), holds)
  return allSql([...needed, ...denied.map(notSql)])
}

/** An allow counts where it is surely true. */
function allowSql({ target: { where, check } }: DataRule, { is, becomes }: RowsAtHand): string {
  return allSql([is === null ? 'true' : isTrueSql(where, is), becomes === null ? 'true' : isTrueSql(check, becomes)])
}

/** A deny counts where it is not surely false; one that asks for a row that is not at hand is left to whoever has that row. */
function denySql({ target: { where, check } }: DataRule, { is, becomes }: RowsAtHand): string {
  if ((is === null && where.kind !== 'always') || (becomes === null && check.kind !== 'always')) return 'false'
  return allSql([
    is === null ? 'true' : notSql(isFalseSql(where, is)),
    becomes === null ? 'true' : notSql(isFalseSql(check, becomes)),
  ])
}

// Rules with one condition for several roles are one test.
function byCondition(
  rules: readonly DataRule[],
  countsSql: (rule: DataRule) => string,
  holds: (roles: readonly string[]) => string,
): readonly string[] {
  const roles = new Map<string, Set<string>>()
  for (const rule of rules) {
    const sql = allSql([windowSql(rule), countsSql(rule)])
    roles.set(sql, (roles.get(sql) ?? new Set()).add(rule.role))
  }
  return [...roles].map(([sql, held]) => allSql([holds([...held].toSorted()), sql]))
}

/** Whether a rule is in force, by the database's time: from its beginning on, until just before its end. */
function windowSql(rule: DataRule): string {
  const moment = (at: Date): string => `${quoteText(at.toISOString())}::timestamptz`
  return allSql([
    rule.from === null ? 'true' : `${nowSql} >= ${moment(rule.from)}`,
    rule.until === null ? 'true' : `${nowSql} < ${moment(rule.until)}`,
  ])
}
