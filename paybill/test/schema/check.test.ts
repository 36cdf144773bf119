// A schema that could tell one tenant what another has, or that PostgreSQL would not take, is refused when it is made.

import { expect, test } from 'vitest'
import { schema, t, table, type Tables, toMany, toOne } from '../../src/schema/index.ts'

const tenantKey = { tenant: t.tenant(), id: t.uuid() }
const key = { primaryKey: ['tenant', 'id'] } as const

const refused: readonly (readonly [string, () => Tables, RegExp])[] = [
  [
    'a primary key that does not begin with the tenant',
    () => ({ a: table(tenantKey, { primaryKey: ['id'] }) }),
    /must begin with `tenant`/,
  ],
  [
    'a primary key with the tenant behind',
    () => ({ a: table(tenantKey, { primaryKey: ['id', 'tenant'] }) }),
    /must begin with `tenant`/,
  ],
  [
    'a unique constraint across tenants',
    () => ({ a: table({ ...tenantKey, code: t.text() }, { ...key, unique: [{ columns: ['code'] }] }) }),
    /unique constraint \(code\)/,
  ],
  [
    'a unique constraint across tenants with an empty reason',
    () => ({ a: table({ ...tenantKey, code: t.text() }, { ...key, unique: [{ columns: ['code'], revealsExistence: ' ' }] }) }),
    /needs a reason/,
  ],
  [
    'a foreign key that does not begin with the tenant',
    () => ({
      a: table({ ...tenantKey, other: t.uuid() }, { ...key, references: [{ columns: ['other'], table: 'b', to: ['id'] }] }),
      b: table({ id: t.uuid() }, { primaryKey: ['id'] }),
    }),
    /foreign key \(other\)/,
  ],
  [
    'a foreign key to columns that are no key',
    () => ({
      a: table(
        { ...tenantKey, other: t.uuid() },
        { ...key, references: [{ columns: ['tenant', 'other'], table: 'a', to: ['tenant', 'other'] }] },
      ),
    }),
    /must refer to a primary key/,
  ],
  [
    'a foreign key to no table',
    () => ({ a: table(tenantKey, { ...key, references: [{ columns: ['tenant', 'id'], table: 'b', to: ['tenant', 'id'] }] }) }),
    /table `b`/,
  ],
  [
    'a tenant column of another name',
    () => ({ a: table({ owner: t.tenant(), id: t.uuid() }, { primaryKey: ['owner', 'id'] }) }),
    /must be called `tenant`/,
  ],
  [
    'another column called tenant',
    () => ({ a: table({ tenant: t.text(), id: t.uuid() }, { primaryKey: ['tenant', 'id'] }) }),
    /must be called `tenant`/,
  ],
  ['a nullable tenant', () => ({ a: table({ tenant: t.tenant().nullable(), id: t.uuid() }, key) }), /may not be nullable/],
  [
    'a nullable column in the primary key',
    () => ({ a: table({ tenant: t.tenant(), id: t.uuid().nullable() }, key) }),
    /may not be nullable/,
  ],
  [
    'a money column in a key',
    () => ({ a: table({ ...tenantKey, sum: t.money() }, { ...key, unique: [{ columns: ['tenant', 'sum'] }] }) }),
    /cannot be part of a key/,
  ],
  ['a table name with a quote', () => ({ 'a"b': table(tenantKey, key) }), /a name begins with/],
  ['a column name that SQL would not take', () => ({ a: table({ ...tenantKey, 'a b': t.uuid() }, key) }), /a name begins with/],
  ['two tables of one SQL name', () => ({ aB: table(tenantKey, key), a_b: table(tenantKey, key) }), /name/],
  [
    'two columns of one SQL name',
    () => ({ a: table({ ...tenantKey, sum: t.money(), sumMinor: t.bigint() }, key) }),
    /SQL name `sum_minor`/,
  ],
  ['a table that hides a catalogue of PostgreSQL', () => ({ pgClass: table(tenantKey, key) }), /cannot be called `pgClass`/],
  ['a table called like another method of sessions', () => ({ disclose: table(tenantKey, key) }), /cannot be called `disclose`/],
  ['a table called like a method of sessions', () => ({ transaction: table(tenantKey, key) }), /cannot be called `transaction`/],
  [
    'a column called like a word of conditions',
    () => ({ a: table({ ...tenantKey, not: t.boolean() }, key) }),
    /cannot be called `a.not`/,
  ],
  [
    'a column that every table has already',
    () => ({ a: table({ ...tenantKey, ctid: t.boolean() }, key) }),
    /cannot be called `a.ctid`/,
  ],
  [
    'a pattern that is no expression',
    () => ({ a: table({ ...tenantKey, code: t.text({ pattern: '(' }) }, key) }),
    /no regular expression/,
  ],
  [
    'a default outside the limits',
    () => ({ a: table({ ...tenantKey, n: t.integer({ maximum: 5 }).default(6) }, key) }),
    /default of `a.n`/,
  ],
  [
    'a state that moves to no state',
    () => ({ a: table({ ...tenantKey, s: t.states({ open: ['gone'] }) }, key) }),
    /moves from `open` to `gone`/,
  ],
  ['an enum that lists a value twice', () => ({ a: table({ ...tenantKey, e: t.enum('x', 'x') }, key) }), /lists a value twice/],
  [
    'a decimal with more decimals than digits',
    () => ({ a: table({ ...tenantKey, d: t.decimal({ precision: 2, scale: 3 }) }, key) }),
    /scale 0 to precision/,
  ],
  [
    'a relation to no table',
    () => ({ a: table(tenantKey, { ...key, relations: { other: toOne('b', { id: 'id' }) } }) }),
    /leads to table `b`/,
  ],
  [
    'a relation over no column',
    () => ({ a: table(tenantKey, { ...key, relations: { other: toMany('a', { nope: 'id' }) } }) }),
    /uses column `nope`/,
  ],
  [
    'a relation called like a column',
    () => ({ a: table(tenantKey, { ...key, relations: { id: toOne('a', { id: 'id' }) } }) }),
    /is a column and a relation/,
  ],
]

for (const [what, tables, message] of refused) {
  test(`${what} is refused`, () => {
    expect(() => schema(tables())).toThrow(
      expect.objectContaining({ code: 'SCHEMA_INVALID', message: expect.stringMatching(message) }),
    )
  })
}

test('keys that begin with the tenant, and wider ones with a reason, are taken', () => {
  const wide = { columns: ['code'], revealsExistence: 'codes are public anyway' } as const
  const made = schema({
    a: table(
      { ...tenantKey, code: t.text(), other: t.uuid() },
      {
        ...key,
        unique: [wide, { columns: ['tenant', 'code'] }],
        references: [{ columns: ['tenant', 'other'], table: 'a', to: ['tenant', 'id'] }],
      },
    ),
    shared: table({ code: t.text() }, { primaryKey: ['code'] }),
  })
  expect(Object.keys(made.tables)).toEqual(['a', 'shared'])
})
