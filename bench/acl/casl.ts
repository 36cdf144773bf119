// CASL: an ability for each actor, built once and kept, with conditions in its MongoDB form. Rows are marked with their
// table beforehand, in its favour.

import { createMongoAbility, type MongoAbility, type RawRuleOf, subject } from '@casl/ability'
import type { Actor, Decider, Domain, Question, Right } from './domain.ts'

type Asked = { readonly ability: MongoAbility; readonly question: Question; readonly row: ReturnType<typeof subject> }

export function caslDecider({ rights }: Domain): Decider<Asked> {
  const abilities = new Map<string, MongoAbility>()
  const abilityOf = (actor: Actor): MongoAbility => {
    const kept = abilities.get(actor.id)
    if (kept !== undefined) return kept
    const held = rights.filter(({ role }) => actor.roles.includes(role))
    const ability = createMongoAbility(held.map((right) => ruleFor(right, actor)))
    abilities.set(actor.id, ability)
    return ability
  }
  return {
    ask: (question) => ({ question, ability: abilityOf(question.actor), row: subject(question.table, { ...question.row }) }),
    row: ({ ability, question, row }) => ability.can(question.action, row),
    field: ({ ability, question, row }) => ability.can(question.action, row, question.field),
  }
}

function ruleFor({ action, table, fields, own }: Right, { id, team }: Actor): RawRuleOf<MongoAbility> {
  return { action, subject: table, fields: [...fields], conditions: own === 'team' ? { team } : { owner: id } }
}
