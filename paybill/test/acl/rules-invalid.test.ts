// Rules that name what is not there, or compare what cannot be compared, are refused when they are made, with the rule and
// what is wrong with it: such a rule would otherwise silently never hold, or always.

import { expect, test } from 'vitest'
import { acl, type Condition, type Rule } from '../../src/acl/index.ts'
import { schema, t, table, toMany, toOne } from '../../src/schema/index.ts'
import { noon, shop } from './shop.ts'

type DataTarget = Extract<Rule['target'], { kind: 'data' }>

/** A rule as a program could make it, past the types of the words. */
function draft(target: Partial<DataTarget>, more: Partial<Omit<Rule, 'id' | 'target'>> = {}) {
  const whole: DataTarget = {
    kind: 'data',
    action: 'read',
    table: 'order',
    fields: null,
    where: { kind: 'always' },
    check: { kind: 'always' },
    limit: null,
    ...target,
  }
  return { draft: { effect: 'allow', role: 'clerk', from: null, until: null, target: whole, ...more } as const }
}

const claims = { team: 'text', teams: 'text[]', level: 'integer', levels: 'integer[]' } as const

function make(...drafts: readonly ReturnType<typeof draft>[]): void {
  acl(shop, { roles: ['clerk'], claims, rules: () => drafts })
}

function where(condition: Condition): ReturnType<typeof draft> {
  return draft({ where: condition })
}

type Operand = Extract<Condition, { kind: 'isNull' }>['operand']
type Scalar = Extract<Operand, { kind: 'literal' }>['value']

const column = (name: string, ...path: readonly string[]): Operand => ({ kind: 'column', path, column: name })
const claim = (name: string): Operand => ({ kind: 'claim', name })
const constant = (value: Scalar): Operand => ({ kind: 'literal', value })
const before: Operand = { kind: 'before', column: 'note' }
const always: Condition = { kind: 'always' }

function compare(left: Operand, right: Operand, operator: 'eq' | 'lt' = 'eq'): Condition {
  return { kind: 'compare', operator, left, right }
}

function nested(levels: number): Condition {
  return levels === 0 ? always : { kind: 'not', condition: nested(levels - 1) }
}

test('a sound rule of every form is taken', () => {
  const sound = [
    draft({ fields: ['id', 'note'], limit: 5 }, { from: noon, until: new Date(noon.getTime() + 1) }),
    draft({ action: 'create', check: compare(column('note'), claim('team')) }),
    draft({ action: 'update', where: compare(column('id'), claim('level')), check: compare(column('note'), before) }),
    draft({
      action: 'delete',
      where: { kind: 'some', path: [], relation: 'lines', condition: compare(column('note', 'order'), constant('x')) },
    }),
    where({ kind: 'in', operand: column('status'), list: ['open', 'paid'] }),
    where({ kind: 'inClaim', operand: column('id'), claim: 'levels' }),
    where({ kind: 'isNull', operand: column('details') }),
    where(nested(20)),
  ]
  expect(() => make(...sound)).not.toThrow()
})

const refused: readonly (readonly [what: string, draft: ReturnType<typeof draft>, message: string])[] = [
  ['a role that is none', draft({}, { role: 'boss' }), '`boss` is no role'],
  ['a window that ends before it begins', draft({}, { from: noon, until: noon }), 'it ends before it begins'],
  ['a date that is none', draft({}, { from: new Date(Number.NaN) }), '`from` and `until` are dates'],
  ['a table that is not there', draft({ table: 'orders' }), 'the schema has no table `orders`'],
  ['a field that is not there', draft({ fields: ['colour'] }), '`order` has no field `colour`'],
  ['an empty list of fields', draft({ fields: [] }), 'it names no field'],
  ['fields of a delete', draft({ action: 'delete', fields: ['id'] }), 'a delete has no fields'],
  [
    'a where for new rows',
    draft({ action: 'create', where: compare(column('note'), constant('x')) }),
    'a new row has nothing before it',
  ],
  ['a check where nothing is written', draft({ check: compare(column('note'), constant('x')) }), 'nothing is written: use where'],
  ['a limit of no row', draft({ limit: 0 }), 'a limit is a whole number of at least 1'],
  ['a limit of half a row', draft({ limit: 1.5 }), 'a limit is a whole number of at least 1'],
  ['a limit of new rows', draft({ action: 'create', limit: 5 }), 'rows are created one at a time'],
  ['a limit in a deny', draft({ limit: 5 }, { effect: 'deny' }), 'only what is allowed has a limit'],
  ['a column that is not there', where(compare(column('colour'), constant('x'))), 'has no column `colour`'],
  ['a relation that is not there', where(compare(column('note', 'owner'), constant('x'))), 'has no relation `owner`'],
  ['a claim that is not declared', where(compare(column('note'), claim('rank'))), '`rank` is no declared claim'],
  ['a list as one value', where(compare(column('note'), claim('teams'))), 'claim `teams` is a list: use in()'],
  ['one value as a list', where({ kind: 'inClaim', operand: column('note'), claim: 'team' }), 'claim `team` is no list'],
  [
    'a list of another type',
    where({ kind: 'inClaim', operand: column('note'), claim: 'levels' }),
    'is of another type than the column',
  ],
  ['a comparison of two types', where(compare(column('note'), column('id'))), 'text and number cannot be compared'],
  [
    'a comparison with a claim of another type',
    where(compare(column('note'), claim('level'))),
    'text and number cannot be compared',
  ],
  ['a comparison of two constants', where(compare(constant('a'), constant('b'))), 'two constants are compared'],
  ['a comparison of json', where(compare(column('details'), constant('a'))), 'json cannot be compared'],
  ['an order of true and false', where(compare(column('urgent'), constant(true), 'lt')), 'true and false have no order'],
  ['a number compared with text', where(compare(column('note'), constant(5))), 'a constant is compared with text and is none'],
  ['half of a character', where(compare(column('note'), constant('\ud800'))), 'a constant is compared with text and is none'],
  ['a number that is not exact', where(compare(column('id'), constant(0.1))), 'a constant is compared with number and is none'],
  ['a day that is none', where(compare(column('dueOn'), constant('2026-02-30'))), 'a constant is compared with date and is none'],
  [
    'an amount that no column can hold',
    where(compare(column('amount'), constant({ minor: 2n ** 63n, currency: 'NOK' }))),
    'a constant is compared with money and is none',
  ],
  [
    'a currency that is none',
    where(compare(column('amount'), constant({ minor: 1n, currency: 'nok' }))),
    'a constant is compared with money and is none',
  ],
  [
    'a constant in a list of another type',
    where({ kind: 'in', operand: column('note'), list: ['a', 5] }),
    'a constant is compared with text and is none',
  ],
  ['a question whether a constant is NULL', where({ kind: 'isNull', operand: constant('x') }), 'never null'],
  ['before outside the check of an update', where(compare(column('note'), before)), 'only there in the check of an update'],
  [
    'before in a condition on related rows',
    draft({ action: 'update', check: { kind: 'some', path: [], relation: 'lines', condition: compare(column('note'), before) } }),
    'only there in the check of an update',
  ],
  ['a way to many rows taken for one', where(compare(column('note', 'lines'), constant('x'))), 'leads to many rows: use many()'],
  [
    'a way to one row taken for many',
    where({ kind: 'every', path: [], relation: 'person', condition: always }),
    'leads to one row: use one()',
  ],
  ['a condition that nobody could read', where(nested(40)), 'nested deeper than'],
]

for (const [what, made, message] of refused)
  test(`${what} is refused, with the rule and the reason`, () => {
    expect(() => make(made)).toThrow(
      expect.objectContaining({ code: 'RULES_INVALID', message: expect.stringMatching(/^rule `allow|^rule `deny/) }),
    )
    expect(() => make(made)).toThrow(message)
  })

test('roles that inherit from each other, or from none that there is, are refused', () => {
  const rules = () => []
  expect(() => acl(shop, { roles: { one: { inherits: ['two'] }, two: { inherits: ['one'] } }, rules })).toThrow(
    'inherits from itself',
  )
  // @ts-expect-error there is no role `three`
  expect(() => acl(shop, { roles: { one: { inherits: ['three'] } }, rules })).toThrow('`three`, which is no role')
})

test('a claim of a type that is none is refused', () => {
  // @ts-expect-error money is no type of a claim
  expect(() => acl(shop, { roles: ['clerk'], claims: { most: 'money' }, rules: () => [] })).toThrow(
    '`money` is no type of a claim',
  )
})

test('a to-one relation that may lead to several rows, or joins two types, is in no condition', () => {
  const made = schema({
    one: table(
      { tenant: t.tenant(), id: t.integer(), name: t.text() },
      {
        primaryKey: ['tenant', 'id'],
        relations: { namesake: toOne('one', { name: 'name' }), mixed: toMany('one', { name: 'id' }) },
      },
    ),
  })
  const attempt = (condition: Condition) => () =>
    acl(made, { roles: ['clerk'], rules: () => [draft({ table: 'one', where: condition })] })
  expect(attempt(compare(column('name', 'namesake'), constant('x')))).toThrow('may lead to several rows')
  expect(attempt({ kind: 'none', path: [], relation: 'mixed', condition: always })).toThrow('cannot be compared')
})
