// The limit: every name is a number beforehand, and all rights of all actors lie in one flat array. Nobody could live
// with it: it is made anew whenever a role is given or taken.

import { actions, type Actor, type Decider, type Domain, type Field, fields, type Row } from './domain.ts'

type Asked = { readonly place: number; readonly fieldBit: number; readonly actor: Actor; readonly row: Row }

const anyField = 1 << fields.length
const ownerShift = fields.length + 1

export function bitMaskDecider({ actors, tables, rights }: Domain): Decider<Asked> {
  const actorNumbers = new Map(actors.map(({ id }, number) => [id, number]))
  const placeOf = (of: { readonly actor: Actor; readonly table: string; readonly action: (typeof actions)[number] }): number =>
    ((actorNumbers.get(of.actor.id) ?? 0) * tables.length + tables.indexOf(of.table)) * actions.length +
    actions.indexOf(of.action)
  const masks = new Uint16Array(actors.length * tables.length * actions.length)
  for (const actor of actors) {
    for (const { table, action, own, fields: covered } of rights.filter(({ role }) => actor.roles.includes(role))) {
      const place = placeOf({ actor, table, action })
      const mask = covered.map(fieldBit).reduce((bits, bit) => bits | bit, anyField)
      masks[place] = (masks[place] ?? 0) | (own === 'team' ? mask : mask << ownerShift)
    }
  }
  const decide = ({ place, actor, row }: Asked, bit: number): boolean => {
    const mask = masks[place] ?? 0
    return ((mask & bit) !== 0 && actor.team === row.team) || (((mask >> ownerShift) & bit) !== 0 && actor.id === row.owner)
  }
  return {
    ask: ({ actor, table, action, row, field }) => ({
      place: placeOf({ actor, table, action }),
      fieldBit: fieldBit(field),
      actor,
      row,
    }),
    row: (asked) => decide(asked, anyField),
    field: (asked) => decide(asked, asked.fieldBit),
  }
}

function fieldBit(field: Field): number {
  return 1 << fields.indexOf(field)
}
