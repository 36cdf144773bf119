// Who asks, and for what.

import type { ClaimValue, DataAction, Grant, Rules, Subject } from 'paybill/acl'
import type { Asked, Statement } from '../../paybill/test/acl/case.ts'
import type { NaiveWorld } from '../../paybill/test/acl/naive.ts'
import { actions, claims, roleNames } from './make-rules.ts'
import { makeCell, makeRow, tenants } from './make-schema.ts'
import type { Random } from './random.ts'
import { now, valueOfType } from './values.ts'

const statementsAsked = 10

/** Somebody with ten statements on these tables. */
export function makeAsked(random: Random, rules: Rules, world: NaiveWorld, tables: readonly string[]): Asked {
  const subject = makeSubject(random, rules, tables)
  const statements = random.times(statementsAsked, statementsAsked, () =>
    makeStatement(random, rules, subject, { table: random.pick(tables), action: random.pick(actions) }),
  )
  return { rules, world, subject, now, statements }
}

function makeSubject(random: Random, rules: Rules, tables: readonly string[]): Subject {
  return {
    principal: {
      id: 'somebody',
      tenant: random.pick(tenants),
      roles: makeRoles(random),
      claims: makeClaims(random),
    },
    agent: random.chance(0.3) ? { id: 'agent', roles: makeRoles(random) } : null,
    grant: random.chance(0.3) ? makeGrant(random, rules, tables) : null,
  }
}

/** Mostly high in the order of inheritance, where much is allowed; now and then none, or one that nobody declared. */
function makeRoles(random: Random): readonly string[] {
  if (random.chance(0.04)) return random.pick([[], ['undeclared']])
  return random.some(roleNames, 0.3).concat(random.pick(roleNames))
}

/** A claim is missing, null, or a value; a list may be empty. */
function makeClaims(random: Random): Readonly<Record<string, ClaimValue>> {
  return Object.fromEntries(
    Object.entries(claims).flatMap(([name, type]): [string, ClaimValue][] => {
      if (random.chance(0.15)) return []
      if (random.chance(0.1)) return [[name, null]]
      if (!type.endsWith('[]')) return [[name, valueOfType(random, type)]]
      return [[name, random.times(0, 3, () => valueOfType(random, type.slice(0, -2)))]]
    }),
  )
}

function makeGrant(random: Random, rules: Rules, tables: readonly string[]): Grant {
  return Object.fromEntries(
    random.some(tables, 0.9).map((table) => {
      const fields = Object.keys(rules.schema.tables[table]?.columns ?? {})
      const some = (): readonly string[] => random.some(fields, random.pick([0.8, 0.95, 1]))
      return [
        table,
        {
          ...(random.chance(0.9) ? { read: some() } : {}),
          ...(random.chance(0.8) ? { create: some() } : {}),
          ...(random.chance(0.8) ? { update: some() } : {}),
          ...(random.chance(0.8) ? { delete: true as const } : {}),
        },
      ]
    }),
  )
}

function makeStatement(
  random: Random,
  rules: Rules,
  subject: Subject,
  of: { readonly table: string; readonly action: DataAction },
): Statement {
  const { table, action } = of
  const columns = rules.schema.tables[table]?.columns ?? {}
  const names = Object.keys(columns)
  switch (action) {
    case 'read':
      return { action, table, fields: random.times(0, 2, () => random.pick(names)) }
    case 'delete':
      return { action, table, fields: [] }
    case 'update': {
      const settable = Object.entries(columns).filter(([name]) => name !== 'tenant' && name !== 'id')
      if (settable.length === 0) return { action: 'read', table, fields: [] }
      const set = Object.fromEntries(
        random.times(1, 4, () => random.pick(settable)).map(([name, column]) => [name, makeCell(random, name, column)]),
      )
      return { action, table, fields: Object.keys(set), set }
    }
    case 'create': {
      // What is not given is NULL.
      const fields = Object.entries(columns)
        .filter(([name, column]) => name !== 'tenant' && (!column.isNullable || random.chance(0.4)))
        .map(([name]) => name)
      const rows = random.times(3, 3, (index) => {
        const tenant =
          columns['tenant'] === undefined ? null : random.chance(0.8) ? subject.principal.tenant : random.pick(tenants)
        const row = makeRow(random, columns, { tenant, id: 100 + index })
        return Object.fromEntries(
          Object.entries(row).map(([name, value]) => [name, name === 'tenant' || fields.includes(name) ? value : null]),
        )
      })
      return { action, table, fields, rows }
    }
    default:
      return action satisfies never
  }
}
