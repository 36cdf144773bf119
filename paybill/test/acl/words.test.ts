// The words that rules are written in: what does not make sense does not compile, and is refused by name where a program
// made it.

import { expect, expectTypeOf, test } from 'vitest'
import { acl, and, type Condition, or, type Rules } from '../../src/acl/index.ts'
import type { RowExpression } from '../../src/acl/words.ts'
import { PaybillError } from '../../src/lib/errors.ts'
import { shop } from './shop.ts'

/** The message of the refusal. */
function refusalOf(make: () => unknown): string {
  try {
    make()
  } catch (error) {
    return error instanceof PaybillError && error.code === 'RULES_INVALID' ? error.message : `another error: ${String(error)}`
  }
  return 'not refused'
}

test('a column has the operators of its type, and takes values of its type only', () => {
  acl(shop, {
    roles: ['clerk'],
    claims: { mark: 'text', teams: 'text[]', since: 'timestamp' },
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row, claim, now }) => {
          expectTypeOf(row.note.eq('x')).toEqualTypeOf<Condition>()
          expectTypeOf(row.note.eq(claim.mark)).toEqualTypeOf<Condition>()
          expectTypeOf(row.note.in(claim.teams)).toEqualTypeOf<Condition>()
          expectTypeOf(row.amount.lt({ minor: 1n, currency: 'NOK' })).toEqualTypeOf<Condition>()
          expectTypeOf<'lt'>().not.toExtend<keyof typeof row.urgent>()
          expectTypeOf<'eq'>().not.toExtend<keyof typeof row.details>()
          expectTypeOf<Parameters<typeof row.status.eq>[0]>().extract<string>().toEqualTypeOf<'open' | 'paid' | 'held'>()
          expectTypeOf<Parameters<typeof row.note.eq>[0]>().not.toExtend<typeof claim.teams>()
          expectTypeOf<Date>().not.toExtend<Parameters<typeof row.id.eq>[0]>()
          expectTypeOf<typeof now>().not.toExtend<Parameters<typeof row.id.lt>[0]>()
          expectTypeOf<null>().not.toExtend<Parameters<typeof row.note.eq>[0]>()
          return row.details.isNull()
        }),
    ],
  })
})

test('a rule has the parts of its action, each once, and a deny has no limit', () => {
  acl(shop, {
    roles: ['clerk'],
    rules: ({ allow, deny }) => {
      const always = () => and()
      expectTypeOf(allow('clerk').read('order')).not.toHaveProperty('check')
      expectTypeOf(allow('clerk').create('order')).not.toHaveProperty('where')
      expectTypeOf(allow('clerk').create('order')).not.toHaveProperty('limit')
      expectTypeOf(allow('clerk').delete('order')).not.toHaveProperty('fields')
      expectTypeOf(allow('clerk').read('order')).toHaveProperty('limit')
      expectTypeOf(deny('clerk').read('order')).not.toHaveProperty('limit')
      expectTypeOf(allow('clerk').read('order').where(always)).not.toHaveProperty('where')
      expectTypeOf(allow('clerk').update('order').where(always)).toHaveProperty('check')
      return []
    },
  })
})

test('the row as it was is there in the check of an update and nowhere else', () => {
  acl(shop, {
    roles: ['clerk'],
    rules: ({ allow }) => [
      allow('clerk')
        .update('order')
        .where((given) => {
          expectTypeOf(given).not.toHaveProperty('before')
          return and()
        })
        .check((given) => {
          expectTypeOf(given).toHaveProperty('before')
          return given.before.status.eq('open')
        }),
      allow('clerk')
        .create('order')
        .check((given) => {
          expectTypeOf(given).not.toHaveProperty('before')
          return and()
        }),
    ],
  })
})

test('roles, tables, fields and claims are those that were declared', () => {
  const wrong = [
    () =>
      acl(shop, {
        roles: ['clerk'],
        // @ts-expect-error -- no such role
        rules: ({ allow }) => [allow('boss').read('order')],
      }),
    () =>
      acl(shop, {
        roles: ['clerk'],
        // @ts-expect-error -- no such table
        rules: ({ allow }) => [allow('clerk').read('cellar')],
      }),
    () =>
      acl(shop, {
        roles: ['clerk'],
        // @ts-expect-error -- no such field
        rules: ({ allow }) => [allow('clerk').read('order').fields('colour')],
      }),
    () =>
      acl(shop, {
        // @ts-expect-error -- inherits from no role
        roles: { clerk: { inherits: ['boss'] } },
        rules: () => [],
      }),
    () =>
      acl(shop, {
        roles: ['clerk'],
        // @ts-expect-error -- no such type of a claim
        claims: { team: 'colour' },
        rules: () => [],
      }),
    () => acl(shop, { roles: ['clerk'], claims: { $team: 'text' }, rules: () => [] }),
  ]
  expect(wrong.map(refusalOf)).toEqual([
    'rule `allow/boss/read/order/1`: `boss` is no role',
    'rule `allow/clerk/read/cellar/1`: the schema has no table `cellar`',
    'rule `allow/clerk/read/order/1`: `order` has no field `colour`',
    'role `clerk`: it inherits from `boss`, which is no role',
    'claim `team`: `colour` is no type of a claim',
    'claim `$team`: a name begins with a lower-case letter and has letters and digits only',
  ])
})

test('a relation is named with the table that it leads to, and one and many are not mixed up', () => {
  const where = (condition: Parameters<typeof whereOf>[0]): string => refusalOf(() => whereOf(condition))
  expect(where((row) => row.one('person', 'line').note.isNull())).toBe('`order.person` leads to `person` and not to `line`')
  expect(where((row) => row.one('owner', 'person').team.isNull())).toBe('`order` has no relation `owner`')
  expect(where((row) => row.one('lines', 'line').note.isNull())).toContain('`order.lines` leads to many rows: use many()')
  expect(where((row) => row.many('person', 'person').some(() => and()))).toContain('`order.person` leads to one row: use one()')
  expect(where((row) => row.many('lines', 'line').some((line) => line.note.eq('x')))).toBe('not refused')
})

function whereOf(condition: (row: RowExpression<typeof shop, 'order'>) => Condition): Rules {
  return acl(shop, {
    roles: ['clerk'],
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => condition(row)),
    ],
  })
}

test('the version changes whenever an answer could, and only then', () => {
  const version = (status: 'open' | 'paid', roles: readonly 'clerk'[] = ['clerk']): string =>
    acl(shop, {
      roles,
      rules: ({ allow }) => [
        allow('clerk')
          .read('order')
          .where(({ row }) => or(row.status.eq(status))),
      ],
    }).version
  expect(version('open')).toBe(version('open'))
  expect(version('open')).not.toBe(version('paid'))
  expect(version('open')).toMatch(/^[0-9a-f]{64}$/)
})
