// Ours, through the public interface: rules over a schema, and for each question a decision with its rules or its reason.
// Who acts is put together beforehand, as a session does it; what is asked, for each question. An update leaves owner and
// team as they were.

import { acl, decideRow, type Rules, type Subject } from 'paybill/acl'
import { schema, t, table } from 'paybill/schema'
import type { Decider, Domain, Question } from './domain.ts'

type Asked = Question & { readonly subject: Subject; readonly fields: readonly string[] }

export function paybillDecider(domain: Domain): Decider<Asked> {
  const rules = declareRules(domain)
  const now = new Date()
  const noField: readonly string[] = []
  const subjects = new Map(
    domain.actors.map(({ id, roles, team }): [string, Subject] => [
      id,
      { principal: { id, tenant: 'bench', roles, claims: { id, team } }, agent: null, grant: null },
    ]),
  )
  return {
    ask: (question) => {
      const subject = subjects.get(question.actor.id)
      if (subject === undefined) throw new RangeError(`\`${question.actor.id}\` is no actor of the domain`)
      return { ...question, subject, fields: question.action === 'delete' ? noField : [question.field] }
    },
    row: ({ subject, action, table, row }) =>
      decideRow(rules, subject, { action, table, fields: noField, row, before: row, now }).allowed,
    field: ({ subject, action, table, row, fields }) =>
      decideRow(rules, subject, { action, table, fields, row, before: row, now }).allowed,
  }
}

function declareRules({ roles, tables, rights }: Domain): Rules {
  const text = t.text().trusted()
  const resource = table({ id: text, owner: text, team: text, amount: text, status: text, note: text }, { primaryKey: ['id'] })
  return acl(schema(Object.fromEntries(tables.map((name) => [name, resource]))), {
    roles,
    claims: { id: 'text', team: 'text' },
    rules: (words) =>
      rights.map(({ role, table, action, fields, own }) => {
        const allow = words.allow(role)
        const claimed = own === 'team' ? 'team' : 'id'
        switch (action) {
          case 'create':
            return allow
              .create(table)
              .fields(...fields)
              .check(({ row, claim }) => row[own].eq(claim[claimed]))
          case 'read':
            return allow
              .read(table)
              .fields(...fields)
              .where(({ row, claim }) => row[own].eq(claim[claimed]))
          case 'update':
            return allow
              .update(table)
              .fields(...fields)
              .where(({ row, claim }) => row[own].eq(claim[claimed]))
          case 'delete':
            return allow.delete(table).where(({ row, claim }) => row[own].eq(claim[claimed]))
          default:
            return action satisfies never
        }
      }),
  })
}
