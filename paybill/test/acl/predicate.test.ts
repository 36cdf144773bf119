// The predicate woven into statements: never NULL, whatever is NULL around it, and in a form that an index serves.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { acl, and, type Condition, not, or, type Rules } from '../../src/acl/index.ts'
import { type Bind, checkPredicate, rowPredicate, shapeOf } from '../../src/acl/predicate.ts'
import type { Given } from '../../src/acl/words.ts'
import { member, shop } from './shop.ts'
import { WalledDatabase } from './walls.ts'

const claims = { team: 'text', marks: 'text[]' } as const
type About = (given: Given<typeof shop, 'order', typeof claims>) => Condition

const conditions: readonly About[] = [
  ({ row }) => row.note.eq('a'),
  ({ row }) => row.note.lt('b'),
  ({ row, claim }) => row.note.ne(claim.team),
  ({ row, claim }) => row.note.in(claim.marks),
  ({ row }) => row.note.in(['a', 'b']),
  ({ row }) => row.amount.le({ minor: 100n, currency: 'NOK' }),
  ({ row }) => row.amount.in([{ minor: 100n, currency: 'EUR' }]),
  ({ row }) => row.urgent.eq(true),
  ({ row, claim }) => row.one('person', 'person').team.eq(claim.team),
  ({ row }) => row.many('lines', 'line').some((line) => line.isChecked.eq(true)),
  ({ row }) => row.many('lines', 'line').every((line) => line.isChecked.eq(true)),
  ({ row }) => row.many('lines', 'line').none((line) => line.note.eq('x')),
  ({ row }) => or(row.note.eq('a'), and(row.personId.gt(1), row.dueOn.lt('2026-01-01'))),
]

/** An auditor reads everything; a clerk what meets a condition, or all but that. */
function rulesOf(abouts: readonly About[], effect: 'allow' | 'deny'): Rules {
  return acl(shop, {
    roles: ['clerk', 'auditor'],
    claims,
    rules: ({ allow, deny }) => [
      allow('auditor').read('order'),
      ...abouts.map((about) => (effect === 'allow' ? allow : deny)('clerk').read('order').where(about)),
      ...(effect === 'allow' ? [] : [allow('clerk').read('order')]),
    ],
  })
}

const rows = `
insert into person (tenant, id, team) values ('acme', 1, 'west'), ('acme', 2, null);
insert into "order" (tenant, id, person_id, status, amount_minor, amount_currency, note, urgent, due_on) values
  ('acme', 1, 1, 'open', 100, 'NOK', 'a', true, '2026-01-01'), ('acme', 2, 2, 'open', 100, 'EUR', 'b', false, '2025-01-01'),
  ('acme', 3, null, 'held', null, null, null, null, null), ('acme', 4, 9, 'open', 1, 'NOK', 'x', null, null);
insert into line (tenant, id, order_id, is_checked, note) values
  ('acme', 1, 1, true, 'x'), ('acme', 2, 2, true, null), ('acme', 3, 2, null, null), ('acme', 4, 4, null, 'y');
insert into "order" (tenant, id, status) select 'big', id, 'open' from generate_series(1, 5000) id;
analyze "order";`

let database: WalledDatabase

beforeAll(async () => {
  database = await WalledDatabase.make(rulesOf(conditions, 'allow'), rows)
})

afterAll(() => database.drop())

/** Facts of the caller as constants in the text. */
const known: Bind = {
  tenant: () => `'acme'::text`,
  claim: (_, sqlType) => (sqlType.endsWith('[]') ? `'{a}'::${sqlType}` : `'west'::${sqlType}`),
}
const unknown: Bind = { ...known, claim: (_, sqlType) => `null::${sqlType}` }

const reading = { action: 'read', table: 'order', fields: ['id'], alias: 'r' } as const

function predicateOf(rules: Rules, bind: Bind = known): string {
  return rowPredicate(rules, shapeOf(rules, member(['clerk'])), reading, bind)
}

test('a predicate is TRUE or FALSE and never NULL, so that who turns it round opens nothing', async () => {
  const abouts = conditions.flatMap((about): About[] => [about, (given) => not(about(given))])
  const predicates = [known, unknown].flatMap((bind) =>
    abouts.flatMap((about) => [predicateOf(rulesOf([about], 'allow'), bind), predicateOf(rulesOf([about], 'deny'), bind)]),
  )
  const answers = await database.as(
    member(['auditor']),
    `select unnest(array[${predicates.map((predicate) => `(${predicate})`).join(', ')}]) from "order" r`,
  )
  expect(answers).toHaveLength(conditions.length * 8 * 4)
  expect(new Set(answers)).toEqual(new Set([true, false]))
})

test('what no row can change is decided while the text is written', () => {
  const clerk = (rules: Rules, subject = member(['clerk'])) => rowPredicate(rules, shapeOf(rules, subject), reading, known)
  const open = rulesOf([], 'deny')
  expect(clerk(open)).toBe(`r."tenant" = 'acme'::text`)
  expect(clerk(open, member(['nobody']))).toBe('false')
  expect(clerk(open, member(['clerk'], { agent: { id: 'bot', roles: [] } }))).toBe('false')
  expect(clerk(open, member(['clerk'], { grant: { order: { read: ['note'] } } }))).toBe('false')
  expect(clerk(rulesOf([() => and()], 'deny'))).toBe('false')
  expect(clerk(rulesOf([() => or()], 'deny'))).toBe(`r."tenant" = 'acme'::text`)
})

test('a condition on a key is answered by its index, beside the guard against NULL too', async () => {
  const predicate = predicateOf(rulesOf([({ row }) => row.id.in([7, 8])], 'allow'), { ...known, tenant: () => `'big'::text` })
  const plan = (await database.asAdmin(`explain (costs off) select from "order" r where ${predicate}`)).map(
    (line) => line['QUERY PLAN'],
  )
  expect(plan.join('\n')).toMatch(/Index Cond: .*tenant = 'big'::text.* AND .*id = ANY/)
})

test('text is ordered by code point in the predicate, and equality leaves the index its own order', () => {
  expect(predicateOf(rulesOf([({ row }) => row.note.lt('b')], 'allow'))).toContain(`r."note" < 'b'::text collate "C"`)
  expect(predicateOf(rulesOf([({ row }) => row.note.eq('b')], 'allow'))).not.toContain('collate')
})

test('an update whose rules ask for no new values asks nothing about the row as it was', () => {
  const rules = acl(shop, {
    roles: ['clerk', 'chief'],
    rules: ({ allow }) => [
      allow('clerk').read('order'),
      allow('clerk')
        .update('order')
        .where(({ row }) => row.status.eq('open')),
      allow('chief').read('order'),
      allow('chief')
        .update('order')
        .check(({ row, before }) => row.amount.le(before.amount)),
    ],
  })
  const check = (role: string) =>
    checkPredicate(
      rules,
      shapeOf(rules, member([role])),
      { action: 'update', table: 'order', fields: ['note'], alias: 'r', beforeAlias: 'before' },
      known,
    )
  expect(check('clerk')).toBe(`r."tenant" = 'acme'::text`)
  expect(check('chief')).toContain('r."amount_minor" <= before."amount_minor"')
})
