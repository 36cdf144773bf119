// What rules mean, as guarantees by name; docs/acl-semantics.md says the same in prose. That SQL and row level security mean
// the same is proved by `npm run prove -- acl`.

import { expect, test } from 'vitest'
import { decideStatic } from '../../src/acl/decide.ts'
import { acl, and, not, or } from '../../src/acl/index.ts'
import { line, may, member, noon, order, shop } from './shop.ts'

const roles = ['clerk', 'guest'] as const

test('without an allow there is nothing', () => {
  const rules = acl(shop, { roles, rules: () => [] })
  expect(may(rules)).toBe(false)
})

test('a deny beats an allow, whichever is written first and whichever role it comes from', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow, deny }) => [
      deny('clerk')
        .read('order')
        .where(({ row }) => row.status.eq('held')),
      allow('clerk').read('order'),
      deny('guest')
        .read('order')
        .where(({ row }) => row.status.eq('paid')),
    ],
  })
  expect(may(rules)).toBe(true)
  expect(may(rules, { row: order({ status: 'held' }) })).toBe(false)
  expect(may(rules, { row: order({ status: 'paid' }) })).toBe(true)
  expect(may(rules, { row: order({ status: 'paid' }), subject: member(['clerk', 'guest']) })).toBe(false)
})

test('UNKNOWN opens nothing, and in a deny it counts', () => {
  const allowed = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => row.note.ne('private')),
    ],
  })
  expect(may(allowed, { row: order({ note: 'public' }) })).toBe(true)
  expect(may(allowed, { row: order({ note: null }) })).toBe(false)
  const denied = acl(shop, {
    roles,
    rules: ({ allow, deny }) => [
      allow('clerk').read('order'),
      deny('clerk')
        .read('order')
        .where(({ row }) => row.note.eq('private')),
    ],
  })
  expect(may(denied, { row: order({ note: 'public' }) })).toBe(true)
  expect(may(denied, { row: order({ note: null }) })).toBe(false)
})

test('the opposite of UNKNOWN is UNKNOWN', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => not(row.note.eq('private'))),
    ],
  })
  expect(may(rules, { row: order({ note: 'public' }) })).toBe(true)
  expect(may(rules, { row: order({ note: null }) })).toBe(false)
})

test('one TRUE is enough for or, one FALSE ends and, whatever is UNKNOWN beside it', () => {
  const either = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => or(row.note.eq('x'), row.status.eq('open'))),
    ],
  })
  expect(may(either)).toBe(true)
  const both = acl(shop, {
    roles,
    rules: ({ allow, deny }) => [
      allow('clerk').read('order'),
      deny('clerk')
        .read('order')
        .where(({ row }) => and(row.note.eq('x'), row.status.eq('paid'))),
    ],
  })
  expect(may(both)).toBe(true)
  expect(may(both, { row: order({ status: 'paid' }) })).toBe(false)
})

test('every over no rows neither opens a row nor spares it from a deny', () => {
  const allChecked = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => row.many('lines', 'line').every((each) => each.isChecked.eq(true))),
    ],
  })
  expect(may(allChecked, { related: () => [line({ isChecked: true })] })).toBe(true)
  expect(may(allChecked, { related: () => [line({ isChecked: true }), line({ isChecked: null })] })).toBe(false)
  expect(may(allChecked, { related: () => [] })).toBe(false)
  const notAllChecked = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => not(row.many('lines', 'line').every((each) => each.isChecked.eq(true)))),
    ],
  })
  expect(may(notAllChecked, { related: () => [line({ isChecked: false })] })).toBe(true)
  expect(may(notAllChecked, { related: () => [] })).toBe(false)
  const denied = acl(shop, {
    roles,
    rules: ({ allow, deny }) => [
      allow('clerk').read('order'),
      deny('clerk')
        .read('order')
        .where(({ row }) => row.many('lines', 'line').every((each) => each.isChecked.eq(true))),
    ],
  })
  expect(may(denied, { related: () => [line({ isChecked: false })] })).toBe(true)
  expect(may(denied, { related: () => [] })).toBe(false)
})

test('none holds over no rows, and not where a row is UNKNOWN', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => row.many('lines', 'line').none((each) => each.isChecked.eq(false))),
    ],
  })
  expect(may(rules, { related: () => [] })).toBe(true)
  expect(may(rules, { related: () => [line({ isChecked: true })] })).toBe(true)
  expect(may(rules, { related: () => [line({ isChecked: null })] })).toBe(false)
  expect(may(rules, { related: () => [line({ isChecked: false })] })).toBe(false)
})

test('a missing row at the end of a to-one relation is NULL', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => row.one('person', 'person').team.ne('west')),
    ],
  })
  expect(may(rules, { related: () => [{ tenant: 'acme', id: 7, team: 'east' }] })).toBe(true)
  expect(may(rules, { related: () => [{ tenant: 'acme', id: 7, team: 'west' }] })).toBe(false)
  expect(may(rules, { related: () => [] })).toBe(false)
})

test('amounts in two currencies are neither equal nor ordered', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => row.amount.le({ minor: 100n, currency: 'NOK' })),
    ],
  })
  expect(may(rules, { row: order({ amount: { minor: 100n, currency: 'NOK' } }) })).toBe(true)
  expect(may(rules, { row: order({ amount: { minor: 101n, currency: 'NOK' } }) })).toBe(false)
  expect(may(rules, { row: order({ amount: { minor: 1n, currency: 'EUR' } }) })).toBe(false)
})

test('a claim that somebody lacks is NULL', () => {
  const rules = acl(shop, {
    roles,
    claims: { mark: 'text', marks: 'text[]' },
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row, claim }) => row.note.eq(claim.mark)),
      allow('guest')
        .read('order')
        .where(({ row, claim }) => not(row.note.in(claim.marks))),
    ],
  })
  const row = order({ note: 'a' })
  expect(may(rules, { row, subject: member(['clerk'], { claims: { mark: 'a' } }) })).toBe(true)
  expect(may(rules, { row, subject: member(['clerk']) })).toBe(false)
  expect(may(rules, { row, subject: member(['guest'], { claims: { marks: ['b'] } }) })).toBe(true)
  expect(may(rules, { row, subject: member(['guest'], { claims: { marks: [] } }) })).toBe(true)
  expect(may(rules, { row, subject: member(['guest']) })).toBe(false)
})

test('a claim of another type than declared refuses the decision', () => {
  const rules = acl(shop, {
    roles,
    claims: { mark: 'text', marks: 'text[]' },
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row, claim }) => or(row.note.eq(claim.mark), row.note.in(claim.marks))),
    ],
  })
  for (const claims of [{ mark: 5 }, { mark: ['a'] }, { marks: 'a' }, { marks: [1] }, { mark: '\0' }])
    expect(() => may(rules, { row: order({ note: 'a' }), subject: member(['clerk'], { claims }) })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
    )
})

test('every field needs an allow of its own, and the conditions of all of them hold', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk').read('order').fields('id', 'note'),
      allow('clerk')
        .read('order')
        .fields('amount')
        .where(({ row }) => row.status.eq('paid')),
    ],
  })
  expect(may(rules, { fields: ['note'] })).toBe(true)
  expect(may(rules, { fields: ['note', 'amount'] })).toBe(false)
  expect(may(rules, { fields: ['note', 'amount'], row: order({ status: 'paid' }) })).toBe(true)
  expect(may(rules, { fields: ['note', 'secret'], row: order({ status: 'paid' }) })).toBe(false)
})

test('an unreadable field cannot be asked for, so nobody finds it out by filtering or sorting', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow, deny }) => [allow('clerk').read('order'), deny('clerk').read('order').fields('secret')],
  })
  const asked = (fields: readonly string[]) =>
    decideStatic(rules, member(['clerk']), { action: 'read', table: 'order', fields, now: noon }).allowed
  expect(asked(['note'])).toBe(true)
  expect(asked([])).toBe(true)
  expect(asked(['note', 'secret'])).toBe(false)
})

test('a deny on the whole row bears on every field, a deny on a field on that field only', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow, deny }) => [
      allow('clerk').read('order'),
      deny('clerk')
        .read('order')
        .fields('note')
        .where(({ row }) => row.status.eq('open')),
      deny('clerk')
        .read('order')
        .where(({ row }) => row.status.eq('held')),
    ],
  })
  expect(may(rules, { fields: ['id'] })).toBe(true)
  expect(may(rules, { fields: ['note'] })).toBe(false)
  expect(may(rules, { fields: ['note'], row: order({ status: 'paid' }) })).toBe(true)
  expect(may(rules, { fields: ['id'], row: order({ status: 'held' }) })).toBe(false)
})

test('a window opens at its first moment and is closed at its last', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .from(noon)
        .until(new Date(noon.getTime() + 1_000)),
    ],
  })
  const at = (distance: number) => may(rules, { now: new Date(noon.getTime() + distance) })
  expect([at(-1), at(0), at(999), at(1_000)]).toEqual([false, true, true, false])
})

test('a role brings what it inherits, and nothing the other way round', () => {
  const rules = acl(shop, {
    roles: { visitor: {}, helper: { inherits: ['visitor'] }, chief: { inherits: ['helper'] } },
    rules: ({ allow, deny }) => [
      allow('visitor').read('order'),
      deny('helper')
        .read('order')
        .where(({ row }) => row.status.eq('held')),
    ],
  })
  expect(may(rules, { subject: member(['chief']) })).toBe(true)
  expect(may(rules, { subject: member(['chief']), row: order({ status: 'held' }) })).toBe(false)
  expect(may(rules, { subject: member(['visitor']), row: order({ status: 'held' }) })).toBe(true)
  expect(may(rules, { subject: member(['undeclared']) })).toBe(false)
})

test('an agent has what both it and its principal have, and a grant narrows that', () => {
  const rules = acl(shop, {
    roles: ['clerk', 'reader', 'writer'],
    rules: ({ allow }) => [
      allow('clerk').read('order'),
      allow('clerk').delete('order'),
      allow('reader').read('order').fields('id', 'note'),
      allow('writer').delete('order'),
    ],
  })
  const through = (role: string) => member(['clerk'], { agent: { id: 'bot', roles: [role] } })
  expect(may(rules, { subject: through('reader'), fields: ['note'] })).toBe(true)
  expect(may(rules, { subject: through('reader'), fields: ['amount'] })).toBe(false)
  expect(may(rules, { subject: through('writer'), action: 'delete' })).toBe(false)
  const stepped = (grant: Parameters<typeof member>[1]) => member(['clerk'], grant)
  expect(may(rules, { subject: stepped({ grant: { order: { read: ['note'] } } }), fields: ['note'] })).toBe(true)
  expect(may(rules, { subject: stepped({ grant: { order: { read: ['note'] } } }), fields: ['amount'] })).toBe(false)
  expect(may(rules, { subject: stepped({ grant: {} }), fields: ['note'] })).toBe(false)
  expect(may(rules, { subject: stepped({ grant: { order: { delete: true, read: [] } } }), action: 'delete' })).toBe(true)
  expect(may(rules, { subject: stepped({ grant: { order: { delete: true } } }), action: 'delete' })).toBe(false)
})

test('no rule reaches into another tenant', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [allow('clerk').read('order'), allow('clerk').update('order'), allow('clerk').create('order')],
  })
  expect(may(rules, { row: order({ tenant: 'other' }) })).toBe(false)
  expect(may(rules, { action: 'create', row: order({ tenant: 'other' }) })).toBe(false)
  expect(may(rules, { action: 'update', after: order({ tenant: 'other' }) })).toBe(false)
  expect(may(rules, { action: 'update', after: order({ note: 'x' }) })).toBe(true)
})

test('only readable rows are changed or removed, and an update may not hide its own row', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk')
        .read('order')
        .where(({ row }) => row.status.ne('held')),
      allow('clerk').update('order'),
      allow('clerk').delete('order'),
    ],
  })
  expect(may(rules, { action: 'delete' })).toBe(true)
  expect(may(rules, { action: 'delete', row: order({ status: 'held' }) })).toBe(false)
  const update = (before: string, after: string) =>
    may(rules, { action: 'update', fields: ['status'], row: order({ status: before }), after: order({ status: after }) })
  expect(update('open', 'paid')).toBe(true)
  expect(update('held', 'paid')).toBe(false)
  expect(update('open', 'held')).toBe(false)
})

test('the check of a rule helps an update only where its own where let the row through', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk').read('order'),
      allow('clerk')
        .update('order')
        .where(({ row }) => row.status.eq('open'))
        .check(({ row }) => row.status.eq('paid')),
      allow('clerk')
        .update('order')
        .where(({ row }) => row.status.eq('held'))
        .check(({ row }) => row.status.eq('open')),
    ],
  })
  const update = (before: string, after: string) =>
    may(rules, { action: 'update', fields: ['status'], row: order({ status: before }), after: order({ status: after }) })
  expect(update('open', 'paid')).toBe(true)
  expect(update('held', 'open')).toBe(true)
  expect(update('held', 'paid')).toBe(false)
})

test('a check can compare the row with what it was', () => {
  const rules = acl(shop, {
    roles,
    rules: ({ allow }) => [
      allow('clerk').read('order'),
      allow('clerk')
        .update('order')
        .check(({ row, before }) => row.id.gt(before.id)),
    ],
  })
  const update = (id: number) => may(rules, { action: 'update', fields: ['id'], row: order({ id: 1 }), after: order({ id }) })
  expect(update(2)).toBe(true)
  expect(update(1)).toBe(false)
})

test('a limit is the largest of a field, and the smallest of fields and actors', () => {
  const rules = acl(shop, {
    roles: ['clerk', 'bot'],
    rules: ({ allow }) => [
      allow('clerk').read('order').fields('id', 'note').limit(10),
      allow('clerk').read('order').fields('id').limit(50),
      allow('clerk').read('order').fields('amount'),
      allow('bot').read('order').limit(5),
    ],
  })
  const limit = (fields: readonly string[], agent: string | null = null) => {
    const subject = member(['clerk'], agent === null ? {} : { agent: { id: agent, roles: [agent] } })
    const decision = decideStatic(rules, subject, { action: 'read', table: 'order', fields, now: noon })
    return decision.allowed ? decision.limit : 'refused'
  }
  expect([limit(['id']), limit(['id', 'note']), limit(['amount']), limit(['amount', 'id']), limit(['id'], 'bot')]).toEqual([
    50,
    10,
    null,
    50,
    5,
  ])
})
