// A disagreement in words, with all that is needed to ask again.

import type { Rule, Subject } from 'paybill/acl'
import type { Asked } from '../../paybill/test/acl/case.ts'
import type { RowAnswers, StatementAnswers } from '../../paybill/test/acl/compare.ts'

type Found = { readonly where: string; readonly asked: Asked; readonly answers: StatementAnswers }

export function describeStatic({ where, asked, answers }: Found): string {
  const { naive, memory } = answers.static
  return [
    `${where}: the static part is decided in two ways: naive ${naive}, memory ${memory}`,
    ...describeCase(asked, answers),
  ].join('\n')
}

export function describeRow({ where, asked, answers }: Found, row: RowAnswers, what: string): string {
  const { naive, memory, sql, rowSecurity, naiveRowSecurity } = row
  return [
    `${where}: ${what} disagrees on row ${row.key}`,
    `  naive ${naive}, memory ${memory}, SQL ${sql}; row level security ${rowSecurity}, by the page ${naiveRowSecurity}`,
    ...(row.before === null ? [] : [`  before ${text(row.before)}`]),
    `  row ${text(row.row)}`,
    ...describeCase(asked, answers),
  ].join('\n')
}

function describeCase(asked: Asked, { statement }: StatementAnswers): readonly string[] {
  const { action, table, fields } = statement
  const bearing = asked.rules.rules.filter(
    ({ target }) => target.kind === 'data' && target.table === table && (target.action === action || target.action === 'read'),
  )
  return [
    `  ${action} of ${table} (${fields.join(', ')}) by ${subjectText(asked.subject)}`,
    `  roles ${text(asked.rules.roles)}`,
    `  relations ${text(asked.rules.schema.tables[table]?.options.relations ?? {})}`,
    ...bearing.map((rule) => `  ${ruleText(rule)}`),
  ]
}

function subjectText({ principal, agent, grant }: Subject): string {
  return text({ tenant: principal.tenant, roles: principal.roles, agent: agent?.roles ?? null, grant, claims: principal.claims })
}

function ruleText({ id, target, from, until }: Rule): string {
  return `${id} ${text({ ...target, from, until })}`
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part))
}
