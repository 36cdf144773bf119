// Schemas and rows to ask about: two to four tables with columns of every type that can be compared, most of them nullable,
// related to each other both ways, some shared by all tenants; the same ids in every tenant.

import { type Column, type Relation, schema, type Schema, t, table, toMany, toOne } from 'paybill/schema'
import type { NaiveRow, NaiveWorld } from '../../paybill/test/acl/naive.ts'
import type { Random } from './random.ts'
import { enumValues, valueOfType } from './values.ts'

export const tenants = ['acme', 'other', 'Third'] as const

const columnKinds = {
  text: () => t.text({ maxLength: 40 }),
  uuid: () => t.uuid(),
  boolean: () => t.boolean(),
  integer: () => t.integer(),
  bigint: () => t.bigint(),
  decimal: () => t.decimal({ precision: 9, scale: 2 }),
  money: () => t.money(),
  date: () => t.date(),
  timestamp: () => t.timestamp(),
  enum: () => t.enum(...enumValues),
  states: () => t.states(Object.fromEntries(enumValues.map((state) => [state, [...enumValues]]))),
} satisfies Readonly<Record<string, () => Column>>

type Draft = {
  readonly name: string
  readonly isShared: boolean
  readonly columns: Record<string, Column>
  readonly relations: Record<string, Relation>
}

/** Tables are `alpha`, `beta` …; a column `linkN` holds the id of the row that relation `oneN` leads to, `manyN` leads back. */
export function makeSchema(random: Random): Schema {
  const drafts = ['alpha', 'beta', 'gamma', 'deltaTable'].slice(0, random.between(2, 4)).map((name, index): Draft => ({
    name,
    isShared: index > 1 && random.chance(0.5),
    columns: {},
    relations: {},
  }))
  for (const draft of drafts) {
    if (!draft.isShared) draft.columns['tenant'] = t.tenant()
    draft.columns['id'] = t.integer()
    const kinds = random.some(Object.entries(columnKinds), 0.65)
    for (const [kind, make] of kinds)
      for (const name of [`${kind}A`, `${kind}B`].slice(0, random.chance(0.35) ? 2 : 1))
        // A status begins somewhere and never loses itself: there is no legal move from or to NULL.
        draft.columns[name] = kind !== 'states' && random.chance(0.65) ? make().nullable() : make()
  }
  for (const [index, draft] of drafts.entries()) {
    const targets = [...random.some(drafts, 0.5), drafts[(index + 1) % drafts.length] ?? draft]
    for (const [number, target] of targets.entries()) {
      const link = `link${index}${number}`
      draft.columns[link] = t.integer().nullable()
      draft.relations[`one${index}${number}`] = toOne(target.name, { [link]: 'id' })
      target.relations[`many${index}${number}`] = toMany(draft.name, { id: link })
    }
  }
  return schema(
    Object.fromEntries(
      drafts.map(({ name, isShared, columns, relations }) => [
        name,
        table(columns, { primaryKey: isShared ? ['id'] : ['tenant', 'id'], relations }),
      ]),
    ),
  )
}

/** Three or four rows of each tenant in each table. Some links lead to no row. */
export function makeRows(random: Random, made: Schema): NaiveWorld {
  return Object.fromEntries(
    Object.entries(made.tables).map(([name, { columns }]) => {
      const owners = columns['tenant'] === undefined ? [null] : tenants
      return [
        name,
        owners.flatMap((tenant) => random.times(3, 4, (index) => makeRow(random, columns, { tenant, id: index + 1 }))),
      ]
    }),
  )
}

/** A row with random values; the tenant is left out where it is null. */
export function makeRow(
  random: Random,
  columns: Readonly<Record<string, Column>>,
  key: { readonly tenant: string | null; readonly id: number },
): NaiveRow {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => {
      if (name === 'tenant') return [name, key.tenant]
      if (name === 'id') return [name, key.id]
      return [name, makeCell(random, name, column)]
    }),
  )
}

export function makeCell(random: Random, name: string, column: Column): unknown {
  if (column.isNullable && random.chance(0.25)) return null
  return name.startsWith('link') ? random.between(1, 5) : valueOfType(random, column.type.kind)
}
