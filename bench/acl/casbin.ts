// Casbin: one enforcer with all rights as policy lines, and one matcher over table, action, role, condition and field.

import { newEnforcer, newModelFromString, StringAdapter } from 'casbin'
import type { Decider, Domain, Question } from './domain.ts'

const model = `
[request_definition]
r = actor, table, action, row, field

[policy_definition]
p = role, table, action, own, fields

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.table == p.table && r.action == p.action && holds(r.actor.roles, p.role) && isOwn(r.actor, r.row, p.own) && covers(p.fields, r.field)
`

export async function casbinDecider({ rights }: Domain): Promise<Decider<Question>> {
  const lines = rights.map(({ role, table, action, own, fields }) => ['p', role, table, action, own, fields.join('|')].join(', '))
  const enforcer = await newEnforcer(newModelFromString(model), new StringAdapter(lines.join('\n')))
  await enforcer.addFunction('holds', (roles: readonly string[], role: string) => roles.includes(role))
  await enforcer.addFunction('isOwn', (actor: Question['actor'], row: Question['row'], own: string) =>
    own === 'team' ? row.team === actor.team : row.owner === actor.id,
  )
  await enforcer.addFunction('covers', (fields: string, field: string) => field === '' || fields.split('|').includes(field))
  return {
    ask: (question) => question,
    row: ({ actor, table, action, row }) => enforcer.enforceSync(actor, table, action, row, ''),
    field: ({ actor, table, action, row, field }) => enforcer.enforceSync(actor, table, action, row, field),
  }
}
