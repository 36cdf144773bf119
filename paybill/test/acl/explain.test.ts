// Every refusal names the rule and its clause, or what would allow it.

import { expect, test } from 'vitest'
import { acl, and, type Decision, decideRow, decideStatic, explain, mayAct, not, or } from '../../src/acl/index.ts'
import { line, member, noon, order, shop } from './shop.ts'

const rules = acl(shop, {
  roles: { clerk: {}, chief: { inherits: ['clerk'] }, bot: {} },
  claims: { team: 'text', teams: 'text[]' },
  rules: ({ allow, deny }) => [
    allow('clerk')
      .read('order')
      .fields('id', 'note', 'amount')
      .where(({ row, claim }) => row.one('person', 'person').team.eq(claim.team))
      .limit(200),
    allow('clerk').read('order').fields('status'),
    deny('clerk')
      .read('order')
      .where(({ row }) => and(row.status.eq('held'), not(row.note.isNull()))),
    deny('clerk').read('order').fields('secret'),
    allow('chief')
      .update('order')
      .fields('status')
      .where(({ row, claim }) => or(row.amount.le({ minor: 10_000n, currency: 'NOK' }), row.note.in(claim.teams)))
      .check(({ row, before }) => and(before.status.ne(row.status), row.status.in(['paid', 'held']))),
    allow('clerk')
      .delete('order')
      .where(({ row }) => row.many('lines', 'line').none((each) => each.isChecked.eq(true)))
      .until(new Date('2026-01-01T00:00:00Z')),
    allow('clerk').act('order.send').from(new Date('2027-01-01T00:00:00Z')),
    allow('bot').read('order').fields('status'),
  ],
})

function reasonOf(decision: Decision): string {
  return decision.allowed ? 'allowed' : decision.reason
}

const read = (fields: readonly string[]) => ({ action: 'read', table: 'order', fields, now: noon }) as const
const clerk = member(['clerk'], { claims: { team: 'west' } })

test('a refused field is named with the roles that lack it', () => {
  expect(reasonOf(decideStatic(rules, clerk, read(['id', 'urgent'])))).toBe('no rule allows `clerk` to read `order.urgent`')
  expect(reasonOf(decideStatic(rules, member([]), read(['id'])))).toBe(
    'no rule allows somebody without a role to read `order.id`',
  )
  expect(reasonOf(decideStatic(rules, clerk, read(['id', 'note'])))).toBe('allowed')
})

test('a deny is named by its rule, and for a row by its clause', () => {
  expect(decideStatic(rules, clerk, read(['secret']))).toEqual({
    allowed: false,
    reason: 'rule `deny/clerk/read/order/4` denies read of `order` (secret)',
    rules: ['deny/clerk/read/order/4'],
  })
  const held = { ...read(['status']), row: order({ status: 'held', note: 'x' }), related: () => [] }
  expect(reasonOf(decideRow(rules, clerk, held))).toBe(
    'rule `deny/clerk/read/order/3` denies read of this row of `order`: where `status` is "held" and `note` is not empty',
  )
})

test('a row that no allow takes is refused with what would allow it', () => {
  const request = { ...read(['id']), row: order({ personId: 7 }), related: () => [{ tenant: 'acme', id: 7, team: 'east' }] }
  expect(reasonOf(decideRow(rules, clerk, request))).toBe(
    'no rule allows `clerk` to read `order.id` of this row; allowed would be: `allow/clerk/read/order/1` where `person.team` is your `team`',
  )
})

test('a rule outside its window is named with the window', () => {
  const remove = { action: 'delete', table: 'order', fields: [], now: noon } as const
  expect(reasonOf(decideStatic(rules, clerk, remove))).toBe(
    'no rule allows `clerk` to delete `order`; not in force now: `allow/clerk/delete/order/6` where none of `lines` has (`isChecked` is true) until 2026-01-01T00:00:00.000Z',
  )
  expect(reasonOf(mayAct(rules, clerk, 'order.send', noon))).toBe(
    'no rule allows `clerk` to `order.send`; not in force now: `allow/clerk/act/order.send/7` from 2027-01-01T00:00:00.000Z',
  )
  expect(reasonOf(mayAct(rules, clerk, 'order.send', new Date('2027-01-01T00:00:00Z')))).toBe('allowed')
})

test('an agent and a grant are named when it is they who are too narrow', () => {
  const agent = member(['clerk'], { agent: { id: 'helper', roles: ['bot'] } })
  expect(reasonOf(decideStatic(rules, agent, read(['note'])))).toBe('the agent: no rule allows `bot` to read `order.note`')
  const step = member(['clerk'], { grant: { order: { read: ['id'] } } })
  expect(reasonOf(decideStatic(rules, step, read(['note'])))).toBe(
    "the step's grant has no read of `order` (note): add it to the grant of the step",
  )
  const blind = member(['chief'], { grant: { order: { update: ['status'] } } })
  expect(reasonOf(decideStatic(rules, blind, { action: 'update', table: 'order', fields: ['status'], now: noon }))).toBe(
    "the step's grant has no read of `order`, which update needs: add it to the grant of the step",
  )
})

test('an explanation lists every rule that bears on the request and whether it counts', () => {
  const { allowed, lines } = explain(rules, clerk, { ...read(['status']), row: order(), related: () => [] })
  expect(allowed).toBe(true)
  expect(lines).toEqual([
    'allowed',
    '`ann` has `clerk`; rules to read `order`: 2',
    '  `deny/clerk/read/order/3` on every field, where `status` is "held" and `note` is not empty: does not count for this row',
    '  `allow/clerk/read/order/2` on status, always: counts for this row',
  ])
})

test('an explanation of an update says what must be readable too', () => {
  const { allowed, lines } = explain(rules, member(['chief']), {
    action: 'update',
    table: 'order',
    fields: ['status'],
    now: noon,
  })
  expect(allowed).toBe(true)
  expect(lines).toEqual([
    'allowed',
    '`ann` has `chief`, `clerk`; rules to update `order`: 1',
    '  `allow/chief/update/order/5` on status, where `amount` is at most 100.00 NOK or `note` is one of your `teams` and writes what has `status` before the change is not `status` and `status` is one of "paid", "held": in force',
    'to update it, `ann` has `chief`, `clerk`; rules to read `order`: 3',
    '  `deny/clerk/read/order/3` on every field, where `status` is "held" and `note` is not empty: in force',
    '  `allow/clerk/read/order/1` on id, note, amount, where `person.team` is your `team`: in force',
    '  `allow/clerk/read/order/2` on status, always: in force',
  ])
})

test('a limit is part of the explanation', () => {
  const { lines } = explain(rules, clerk, read(['note']))
  expect(lines[0]).toBe('allowed, at most 200 rows')
})

test('a decision that lacks what a rule asks for is an error and never a guess', () => {
  const invalid = expect.objectContaining({ code: 'ARGUMENT_INVALID' })
  expect(() => decideRow(rules, clerk, { ...read(['id']), row: order({ personId: 7 }) })).toThrow(invalid)
  expect(() => decideRow(rules, clerk, { ...read(['status']), row: { tenant: 'acme' }, related: () => [] })).toThrow(invalid)
  const update = { action: 'update', table: 'order', fields: ['status'], now: noon, row: order() } as const
  expect(() => decideRow(rules, member(['chief']), update)).toThrow(invalid)
  expect(() => decideStatic(rules, clerk, { ...read([]), table: 'cellar' })).toThrow(invalid)
  expect(() => decideStatic(rules, clerk, read(['colour']))).toThrow(invalid)
  expect(() => decideRow(rules, clerk, { ...read(['note']), row: order(), related: () => [line()] })).toThrow(invalid)
})
