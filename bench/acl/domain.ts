// The rights that every system is given, and the questions that it is asked: 50 roles, 20 tables, 4 actions; actors with
// three roles. A right is for the rows of the actor's own team or for his own rows, and for all fields or some. Made so
// that whoever may change a row may also read it, which ours asks for and the others do not.

import { randomFrom } from '../measure/random.ts'

export const actions = ['create', 'read', 'update', 'delete'] as const
export const fields = ['id', 'owner', 'team', 'amount', 'status', 'note'] as const

export type Action = (typeof actions)[number]
export type Field = (typeof fields)[number]
export type Row = Readonly<Record<Field, string>>

export type Right = {
  readonly role: string
  readonly table: string
  readonly action: Action
  /** `team`: where the row's team is the actor's; `owner`: where the row's owner is the actor. */
  readonly own: 'team' | 'owner'
  /** Of a delete all of them, for it is of the whole row. */
  readonly fields: readonly Field[]
}

export type Actor = { readonly id: string; readonly roles: readonly string[]; readonly team: string }

export type Question = {
  readonly actor: Actor
  readonly action: Action
  readonly table: string
  readonly row: Row
  readonly field: Field
}

export type Domain = {
  readonly roles: readonly string[]
  readonly tables: readonly string[]
  readonly actors: readonly Actor[]
  readonly rights: readonly Right[]
}

/** `row` leaves the field out of account. `Asked` is the question in the form that the system wants, made beforehand. */
export type Decider<Asked = unknown> = {
  ask(question: Question): Asked
  row(asked: Asked): boolean
  field(asked: Asked): boolean
}

const roleCount = 50
const tableCount = 20
const actorCount = 100
const rolesPerActor = 3
const teamCount = 8

export function makeDomain(seed: number): Domain {
  const random = randomFrom(seed)
  const roles = numbered('role', roleCount)
  const tables = numbered('table', tableCount)
  const actors = numbered('actor', actorCount).map((id) => ({
    id,
    roles: Array.from({ length: rolesPerActor }, () => pick(roles, random)),
    team: `team${random(teamCount)}`,
  }))
  const rights = roles.flatMap((role) => tables.flatMap((table) => rightsOn({ role, table, random })))
  return { roles, tables, actors, rights }
}

type Random = (below: number) => number

function rightsOn(of: { readonly role: string; readonly table: string; readonly random: Random }): readonly Right[] {
  const { role, table, random } = of
  if (random(3) === 0) return []
  const own = random(2) === 0 ? 'team' : 'owner'
  const right = (action: Action): Right => ({
    role,
    table,
    action,
    own,
    fields: action === 'delete' || random(2) === 0 ? fields : fields.filter((field) => field === 'id' || random(2) === 0),
  })
  return actions.filter((action) => action === 'read' || random(2) === 0).map(right)
}

/** Half of the rows belong to the actor's team and a quarter to himself, so that many questions are allowed and many refused. */
export function makeQuestions(domain: Domain, count: number, seed: number): readonly Question[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, (_, index) => {
    const actor = pick(domain.actors, random)
    const row = {
      id: `id${index}`,
      owner: random(4) === 0 ? actor.id : pick(domain.actors, random).id,
      team: random(2) === 0 ? actor.team : `team${random(teamCount)}`,
      amount: '1',
      status: 'open',
      note: 'n',
    }
    return { actor, action: pick(actions, random), table: pick(domain.tables, random), row, field: pick(fields, random) }
  })
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)] as T // the index is below the length
}

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index}`)
}
