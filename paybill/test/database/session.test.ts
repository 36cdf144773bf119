// What a session gives and refuses, on a real database under its application role.

import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase, type Session } from '../../src/database/index.ts'
import { Labeled, systemLabel } from '../../src/label/index.ts'
import { reveal } from '../../src/label/labeled.ts'
import { PaybillError } from '../../src/lib/errors.ts'
import { money } from '../../src/lib/money.ts'
import { bill, type Bills, billRules, bills, member } from './bills.ts'
import { asAdmin, type PreparedDatabase, preparedDatabase } from './prepared.ts'

let prepared: PreparedDatabase
let database: Database<Bills>
let acme: Session<Bills>
let other: Session<Bills>

beforeAll(async () => {
  prepared = await preparedDatabase(billRules)
  database = await openDatabase({ url: prepared.url, schema: bills, rules: billRules })
  acme = database.session(member('acme'))
  other = database.session(member('other'))
})

beforeEach(() => asAdmin(prepared.adminUrl, 'truncate invoice, vendor'))

afterAll(async () => {
  await database.close()
  await prepared.drop()
})

/** What a caller can see of an outcome: the answer, or everything of the error but where it was thrown. */
async function outcome(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    (value) => inspect(value, { depth: 9 }),
    (error: unknown) => {
      if (!(error instanceof PaybillError)) throw error
      const { code, message, shown, status, cause } = error
      return inspect({ code, message, shown, status, cause: cause instanceof Error ? cause.message : cause })
    },
  )
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof PaybillError ? error.code : `not typed: ${inspect(error)}`),
  )
}

async function inserted(session: Session<Bills>, number: string, more: Parameters<typeof bill>[1] = {}): Promise<string> {
  return (await session.invoice.insert(bill(number, more), { returning: ['id'] })).id
}

test('a row comes back as it was written, with the defaults of its columns', async () => {
  const id = randomUUID()
  await acme.invoice.insert({ id, number: 'A-1', amount: money(1250n, 'NOK') })
  const row = await acme.invoice.findFirst({
    where: { id },
    select: ['id', 'amount', 'status', 'vendorId', 'number', 'note', 'receivedAt'],
  })
  expect(row).toMatchObject({ id, amount: { minor: 1250n, currency: 'NOK' }, status: 'received', vendorId: null })
  expect(row?.receivedAt.getTime()).toBeGreaterThan(Date.now() - 60_000)
  expect(row?.number).toBeInstanceOf(Labeled)
  expect(row === null ? null : reveal(row.number)).toBe('A-1')
  expect(row === null ? null : reveal(row.note)).toBeNull()
})

test('the cell of an untrusted column says which cell it is, and that strangers wrote it', async () => {
  const id = await inserted(acme, 'A-1')
  const row = await acme.invoice.findFirst({ where: { id }, select: ['note'] })
  expect(row?.note.label).toEqual({ origins: [`invoice.note#${id}`], writers: ['ext:invoice.note'], influence: {} })
})

test('a member of tenant A cannot tell whether a row of tenant B exists', async () => {
  const hidden = await inserted(other, 'HIDDEN-1', { note: 'secret' })
  await other.vendor.insert({ number: 'V-1', account: 'NO93' })
  const nowhere = randomUUID()
  const verbs: Record<string, (id: string, number: string) => Promise<unknown>> = {
    findMany: (id) => acme.invoice.findMany({ where: { id }, select: ['id'] }),
    findManyByNumber: (_, number) => acme.invoice.findMany({ where: { number }, select: ['id'] }),
    findFirst: (id) => acme.invoice.findFirst({ where: { id }, select: ['id', 'amount'] }),
    not: (id) => acme.invoice.findMany({ where: { not: { id } }, select: ['id'] }),
    count: (id) => acme.invoice.count({ where: { id } }),
    update: (id) => acme.invoice.update({ where: { id }, set: { note: 'x' } }),
    badMove: (id) => acme.invoice.update({ where: { id }, set: { status: 'received' } }),
    delete: (id) => acme.invoice.delete({ where: { id } }),
    choose: (id) => acme.invoice.choose({ by: { id }, select: ['amount'] }),
    insert: async (id, number) =>
      acme.transaction(async (tables) => {
        await tables.invoice.insert(bill(number, { id }))
        throw new PaybillError('NOT_FOUND', 'undo')
      }),
    refer: (id) => acme.invoice.insert(bill('A-1', { vendorId: id })),
  }
  for (const [verb, ask] of Object.entries(verbs))
    expect([verb, await outcome(ask(hidden, 'HIDDEN-1'))]).toEqual([verb, await outcome(ask(nowhere, 'NOWHERE'))])
  expect(await other.invoice.count()).toBe(1)
})

test('a member of tenant A neither changes nor removes a row of tenant B', async () => {
  const id = await inserted(other, 'B-1')
  expect(await acme.invoice.update({ where: { id }, set: { note: 'changed' } })).toEqual({ count: 0 })
  expect(await acme.invoice.delete({ where: { id } })).toEqual({ count: 0 })
  expect(await other.invoice.update({ where: { id }, set: { note: 'changed' } })).toEqual({ count: 1 })
})

test('a field that may not be read is DENIED in select, condition, order and returning, and by name in the log only', async () => {
  const { invoice } = acme
  const attempts: Record<string, Promise<unknown>> = {
    select: invoice.findMany({ select: ['internal'] }),
    everything: invoice.findMany(),
    where: invoice.findMany({ select: ['id'], where: { internal: 'x' } }),
    nested: invoice.findMany({ select: ['id'], where: { or: [{ not: { and: [{ internal: { isNull: true } }] } }] } }),
    orderBy: invoice.findMany({ select: ['id'], orderBy: { internal: 'asc' } }),
    count: invoice.count({ where: { internal: null } }),
    returning: invoice.insert(bill('A-1'), { returning: ['internal'] }),
    update: invoice.update({ where: { internal: 'x' }, set: { note: 'x' } }),
    delete: invoice.delete({ where: { internal: 'x' } }),
    chooseBy: invoice.choose({ by: { internal: 'x' }, select: ['id'] }),
    choose: invoice.choose({ by: { id: randomUUID() }, select: ['internal'] }),
    create: invoice.insert(bill('A-1', { internal: 'x' })),
    set: invoice.update({ where: { status: 'received' }, set: { internal: 'x' } }),
  }
  for (const [what, attempt] of Object.entries(attempts)) {
    const error = await attempt.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect([what, error]).toEqual([
      what,
      expect.objectContaining({ code: 'DENIED', shown: expect.not.stringContaining('internal') }),
    ])
  }
  expect(await invoice.count()).toBe(0)
})

test('a role without a rule, a foreign table and a role nobody declared may do nothing', async () => {
  const reader = database.session(member('acme', 'reader'))
  expect(await codeOf(reader.vendor.findMany({ select: ['id'] }))).toBe('DENIED')
  expect(await codeOf(reader.invoice.insert(bill('A-1')))).toBe('DENIED')
  expect(await codeOf(reader.invoice.update({ where: { id: randomUUID() }, set: { note: 'x' } }))).toBe('DENIED')
  expect(await codeOf(reader.invoice.delete({ where: { id: randomUUID() } }))).toBe('DENIED')
  expect(await codeOf(database.session({ ...member('acme'), grant: {} }).invoice.count())).toBe('DENIED')
})

test('an agent acts with no more than its principal and its own role both may', async () => {
  await inserted(acme, 'A-1')
  const agent = database.session({ ...member('acme'), agent: { id: 'bot', roles: ['reader'] } })
  expect(await agent.invoice.findMany({ select: ['id', 'amount'] })).toHaveLength(1)
  expect(await codeOf(agent.invoice.findMany({ select: ['note'] }))).toBe('DENIED')
  expect(await codeOf(agent.invoice.delete({ where: { id: randomUUID() } }))).toBe('DENIED')
  const weaker = database.session({ ...member('acme', 'reader'), agent: { id: 'bot', roles: ['clerk'] } })
  expect(await codeOf(weaker.invoice.findMany({ select: ['note'] }))).toBe('DENIED')
})

test('a grant narrows a session to the named tables, verbs and fields', async () => {
  const id = await inserted(acme, 'A-1')
  const step = database.session({ ...member('acme'), grant: { invoice: { read: ['id', 'amount'], update: ['note'] } } })
  expect(await step.invoice.findMany({ select: ['id', 'amount'] })).toHaveLength(1)
  expect(await step.invoice.update({ where: { id }, set: { note: 'seen' } })).toEqual({ count: 1 })
  expect(await codeOf(step.invoice.findMany({ select: ['note'] }))).toBe('DENIED')
  expect(await codeOf(step.invoice.update({ where: { id }, set: { status: 'paid' } }))).toBe('DENIED')
  expect(await codeOf(step.invoice.delete({ where: { id } }))).toBe('DENIED')
  expect(await codeOf(step.vendor.count())).toBe('DENIED')
})

test('a rule on rows holds for reading, changing, removing and for new values', async () => {
  const open = await inserted(acme, 'A-1', { note: 'open' })
  const held = await inserted(acme, 'A-2', { status: 'held', note: 'held' })
  const junior = database.session(member('acme', 'junior'))
  expect(await junior.invoice.count()).toBe(2)
  expect((await junior.invoice.findMany({ select: ['id', 'note'] })).map((row) => row.id)).toEqual([open])
  expect(await junior.invoice.delete({ where: { id: open } })).toEqual({ count: 0 })
  expect(await junior.invoice.delete({ where: { id: held } })).toEqual({ count: 1 })
  expect(await codeOf(junior.invoice.update({ where: { id: open }, set: { status: 'paid' } }))).toBe('DENIED')
  expect(await junior.invoice.update({ where: { id: open }, set: { status: 'held' } })).toEqual({ count: 1 })
  expect(await junior.invoice.update({ where: { id: open }, set: { status: 'held' } })).toEqual({ count: 0 })
  expect(await codeOf(junior.invoice.insert(bill('A-3', { status: 'paid' })))).toBe('DENIED')
  expect(await codeOf(junior.invoice.insert(bill('A-3')))).toBe('done')
})

test('a rule over a related row and a claim hides the other rows from every verb', async () => {
  const vendor = async (number: string) => {
    const id = randomUUID()
    await acme.vendor.insert({ id, number, account: 'NO1' })
    return id
  }
  const seen = await inserted(acme, 'A-1', { vendorId: await vendor('V-1'), note: '1' })
  const hidden = await inserted(acme, 'A-3', { vendorId: await vendor('V-3'), note: 'hidden-value' })
  await inserted(acme, 'A-4', { note: 'hidden-value' })
  const { invoice } = database.session(member('acme', 'auditor', { vendor: 'V-1' }))
  expect((await invoice.findMany({ select: ['id'] })).map((row) => row.id)).toEqual([seen])
  expect(await invoice.count({ where: { note: 'hidden-value' } })).toBe(0)
  expect(await invoice.findFirst({ where: { id: hidden }, select: ['id'] })).toBeNull()
  expect(await invoice.update({ where: { number: { in: ['A-1', 'A-3', 'A-4'] } }, set: { note: 'seen' } })).toEqual({
    count: 1,
  })
  expect(await database.session(member('acme', 'auditor', { vendor: 'V-9' })).invoice.count()).toBe(0)
  expect(await database.session(member('acme', 'auditor')).invoice.count()).toBe(0)
})

test('rules of several roles add up, and a claim that then decides nothing is no obstacle', async () => {
  await inserted(acme, 'A-1')
  const { principal, purpose } = member('acme')
  const both = database.session({ principal: { ...principal, roles: ['clerk', 'auditor'], claims: { vendor: 'V-9' } }, purpose })
  expect(await both.invoice.findMany({ select: ['id', 'number'] })).toHaveLength(1)
  expect(await both.invoice.update({ where: { number: 'A-1' }, set: { note: 'x' } })).toEqual({ count: 1 })
})

test('the label of a cell names the row only where its key may be read', async () => {
  const id = await inserted(acme, 'A-1')
  const blind = database.session({ ...member('acme'), grant: { invoice: { read: ['note', 'status'] } } })
  const row = await blind.invoice.findFirst({ where: { status: 'received' }, select: ['note'] })
  expect(row?.note.label.origins).toEqual(['invoice.note#*'])
  expect(inspect(row, { showHidden: true, depth: 9 })).not.toContain(id)
})

test('the label of a cell names the row only on rows whose key may be read', async () => {
  const open = await inserted(acme, 'A-1')
  const held = await inserted(acme, 'A-2', { status: 'held' })
  const archivist = database.session(member('acme', 'archivist'))
  const rows = await archivist.invoice.findMany({ select: ['note', 'status'], orderBy: { status: 'desc' } })
  expect(rows.map((row) => [row.status, row.note.label.origins])).toEqual([
    ['received', [`invoice.note#${open}`]],
    ['held', ['invoice.note#*']],
  ])
  expect(inspect(rows, { showHidden: true, depth: 9 })).not.toContain(held)
})

test('who may write rows but not read them can, and is given nothing back', async () => {
  const writer = database.session(member('acme', 'writer'))
  expect(await writer.invoice.insert(bill('A-1'))).toBeUndefined()
  expect(await codeOf(writer.invoice.insert(bill('A-2'), { returning: ['id'] }))).toBe('DENIED')
  expect(await acme.invoice.count()).toBe(1)
})

test('more rows than may be read at once are an error, and a page is a page', async () => {
  const reader = database.session(member('acme', 'reader'))
  for (const number of ['A-1', 'A-2', 'A-3']) await inserted(acme, number)
  expect(await reader.invoice.findMany({ select: ['id'] })).toHaveLength(3)
  await inserted(acme, 'A-4')
  expect(await codeOf(reader.invoice.findMany({ select: ['id'] }))).toBe('LIMIT_ROWS_READ')
  expect(await codeOf(reader.invoice.findMany({ select: ['id'], limit: 4 }))).toBe('LIMIT_ROWS_READ')
  expect(await reader.invoice.findMany({ select: ['id'], limit: 2 })).toHaveLength(2)
  expect(await reader.invoice.findMany({ select: ['id'], limit: 3 })).toHaveLength(3)
  await asAdmin(
    prepared.adminUrl,
    `insert into invoice (tenant, number, amount_minor, amount_currency) select 'acme', 'M-' || n, n, 'NOK' from generate_series(1, 1001) n`,
  )
  expect(await codeOf(acme.invoice.findMany({ select: ['id'] }))).toBe('LIMIT_ROWS_READ')
  expect(await acme.invoice.findMany({ select: ['id'], limit: 1000 })).toHaveLength(1000)
  expect(await acme.invoice.count()).toBe(1005)
})

test('a page of more than 1,000 rows is refused before it is read, and the refusal says what to ask for instead', async () => {
  await expect(acme.invoice.findMany({ select: ['id'], limit: 1001 })).rejects.toMatchObject({
    code: 'ARGUMENT_INVALID',
    message: '`limit` on `invoice` is 1001, and a page has at most 1000 rows: ask for pages in the order of a key',
  })
})

test('more rows than may be changed at once are an error, and none is changed', async () => {
  for (let index = 0; index < 101; index += 1) await inserted(acme, `A-${index}`)
  const all = { status: 'received' } as const
  expect(await codeOf(acme.invoice.update({ where: all, set: { note: 'x' } }))).toBe('LIMIT_ROWS_CHANGED')
  expect(await codeOf(acme.invoice.delete({ where: all }))).toBe('LIMIT_ROWS_CHANGED')
  expect(await acme.invoice.count({ where: { note: null } })).toBe(101)
  expect(await codeOf(acme.invoice.delete({ where: all, maxRows: 100 }))).toBe('LIMIT_ROWS_CHANGED')
  expect(await acme.invoice.update({ where: all, set: { note: 'x' }, maxRows: 101 })).toEqual({ count: 101 })
  expect(await acme.invoice.delete({ where: all, maxRows: 101 })).toEqual({ count: 101 })
})

test('an update or delete that names no row is refused', async () => {
  const id = await inserted(acme, 'A-1')
  const conditions: unknown[] = [{}, { and: [] }, { or: [] }, { not: {} }, { and: [{ or: [{}] }] }]
  for (const where of conditions) {
    // Callers without types can do this.
    const untyped = where as { id: string }
    expect(await codeOf(acme.invoice.update({ where: untyped, set: { note: 'x' } }))).toBe('CONDITION_REQUIRED')
    expect(await codeOf(acme.invoice.delete({ where: untyped }))).toBe('CONDITION_REQUIRED')
  }
  expect(await codeOf(acme.invoice.delete({} as { where: { id: string } }))).toBe('CONDITION_REQUIRED')
  expect(await acme.invoice.count({ where: { id } })).toBe(1)
})

test('undefined is never NULL and never "any": it is refused wherever it stands', async () => {
  await inserted(acme, 'A-1')
  const missing = undefined as unknown as string
  const attempts: Record<string, Promise<unknown>> = {
    where: acme.invoice.findMany({ select: ['id'], where: { id: missing } }),
    operator: acme.invoice.findMany({ select: ['id'], where: { id: { eq: missing } } }),
    in: acme.invoice.findMany({ select: ['id'], where: { id: { in: [missing] } } }),
    condition: acme.invoice.findMany({ select: ['id'], where: missing as unknown as { id: string } }),
    limit: acme.invoice.findMany({ select: ['id'], limit: missing as unknown as number }),
    count: acme.invoice.count({ where: { and: [{ note: missing }] } }),
    insert: acme.invoice.insert(bill('A-2', { note: missing })),
    insertRequired: acme.invoice.insert(bill(missing)),
    set: acme.invoice.update({ where: { status: 'received' }, set: { note: missing } }),
    delete: acme.invoice.delete({ where: { id: missing } }),
    choose: acme.invoice.choose({ by: { id: missing }, select: ['id'] }),
  }
  for (const [what, attempt] of Object.entries(attempts))
    expect([what, await codeOf(attempt)]).toEqual([what, 'ARGUMENT_INVALID'])
  expect(await acme.invoice.count({ where: { note: null } })).toBe(1)
})

test('what is misspelt, unknown or of another type is refused by name', async () => {
  const { invoice } = acme as unknown as { invoice: Record<string, (...given: unknown[]) => Promise<unknown>> }
  const attempts: readonly (readonly [string, unknown[], string])[] = [
    ['findMany', [{ were: {} }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: [] }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['nope'] }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['constructor'] }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], where: { nope: 1 } }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], where: { toString: 1 } }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], where: [{ id: 1 }] }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], where: { id: 'not-a-uuid' } }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], where: { id: {} } }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], where: { id: { like: '%' } } }], 'QUERY_REFUSED'],
    ['findMany', [{ select: ['id'], where: { id: { constructor: 'x' } } }], 'QUERY_REFUSED'],
    ['findMany', [{ select: ['id'], where: { amount: { in: [money(1n, 'NOK')] } } }], 'QUERY_REFUSED'],
    ['findMany', [{ select: ['id'], where: { note: { gt: null } } }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], where: { note: { in: [null] } } }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], where: { and: { id: 1 } } }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], where: { or: Array.from({ length: 201 }, () => ({ status: 'paid' })) } }], 'QUERY_REFUSED'],
    ['findMany', [{ select: ['id'], orderBy: { id: 'up; drop table invoice' } }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], limit: 0 }], 'ARGUMENT_INVALID'],
    ['findMany', [{ select: ['id'], limit: 1.5 }], 'ARGUMENT_INVALID'],
    ['findFirst', [{ select: ['id'], limit: 1 }], 'ARGUMENT_INVALID'],
    ['insert', [{ ...bill('A-1'), tenant: 'other' }], 'ARGUMENT_INVALID'],
    ['insert', [{ ...bill('A-1'), nope: 1 }], 'ARGUMENT_INVALID'],
    ['insert', [{ number: 'A-1' }], 'ARGUMENT_INVALID'],
    ['insert', [[bill('A-1')]], 'ARGUMENT_INVALID'],
    ['update', [{ where: { status: 'paid' }, set: {} }], 'ARGUMENT_INVALID'],
    ['update', [{ where: { status: 'paid' }, set: { tenant: 'other' } }], 'ARGUMENT_INVALID'],
    ['update', [{ where: { status: 'paid' }, set: { amount: null } }], 'ARGUMENT_INVALID'],
    ['delete', [{ where: { status: 'paid' }, maxRows: -1 }], 'ARGUMENT_INVALID'],
    ['choose', [{ by: {}, select: ['id'] }], 'ARGUMENT_INVALID'],
  ]
  for (const [verb, given, code] of attempts) {
    const attempt = invoice[verb]?.(...given) ?? Promise.resolve()
    expect([verb, given, await codeOf(attempt)]).toEqual([verb, given, code])
  }
})

test('a key that is taken is CONFLICT with a fixed text, and nothing of the key in the error or its cause', async () => {
  await inserted(acme, 'TAKEN-77')
  const error: unknown = await acme.invoice.insert(bill('TAKEN-77')).catch((reason: unknown) => reason)
  expect(error).toMatchObject({ code: 'CONFLICT', message: 'a row with this key is already there' })
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('TAKEN-77')
})

test('an illegal move of a status is CONFLICT, and changes nothing', async () => {
  const id = await inserted(acme, 'A-1', { status: 'paid' })
  expect(await codeOf(acme.invoice.update({ where: { id }, set: { status: 'received' } }))).toBe('CONFLICT')
  expect(await acme.invoice.count({ where: { status: 'paid' } })).toBe(1)
})

test('a labelled value enters an untrusted column, and no trusted one', async () => {
  const stranger = new Labeled('from a stranger', { ...systemLabel, writers: ['ext:mail'] })
  const id = await inserted(acme, 'A-1', { note: stranger })
  const row = await acme.invoice.findFirst({ where: { id }, select: ['note'] })
  expect(row === null ? null : reveal(row.note)).toBe('from a stranger')
  const untyped = stranger as unknown as string
  const refused = { code: 'ARGUMENT_NOT_ACCEPTED', message: expect.stringContaining('`invoice.approvedBy`') }
  await expect(acme.invoice.insert(bill('A-2', { approvedBy: untyped }))).rejects.toMatchObject(refused)
  await expect(acme.invoice.update({ where: { id }, set: { approvedBy: untyped } })).rejects.toMatchObject(refused)
})

test('a labelled value in a condition is refused, and the refusal names `choose`', async () => {
  const stranger = new Labeled('A-1', systemLabel) as unknown as string
  const refused = { code: 'LABELED_VALUE_USED', message: expect.stringContaining('choose') }
  await expect(acme.invoice.findMany({ select: ['id'], where: { number: stranger } })).rejects.toMatchObject(refused)
  await expect(acme.invoice.count({ where: { not: { number: { eq: stranger } } } })).rejects.toMatchObject(refused)
  await expect(acme.invoice.count({ where: { number: { in: [stranger] } } })).rejects.toMatchObject(refused)
  await expect(acme.invoice.delete({ where: { or: [{ number: stranger }] } })).rejects.toMatchObject(refused)
  await expect(acme.invoice.update({ where: { number: stranger }, set: { note: 'x' } })).rejects.toMatchObject(refused)
})

test('a row chosen by an untrusted key is labelled in every cell with how much could be chosen', async () => {
  for (let index = 0; index < 8; index += 1) await acme.vendor.insert({ number: `V-${index}`, account: `NO${index}` })
  await other.vendor.insert({ number: 'V-9', account: 'NO9' })
  const stranger = new Labeled('V-3', { origins: ['invoice.number#1'], writers: ['ext:invoice.number'], influence: {} })
  const found = await acme.vendor.choose({ by: { number: stranger }, select: ['id', 'account', 'remark'] })
  if (found === null) throw new Error('not found')
  expect(reveal(found.account)).toBe('NO3')
  const key = reveal(found.id)
  const influence = Object.entries(found.account.label.influence)
  expect(influence).toEqual([[expect.stringMatching(/^choose:vendor:[0-9a-f]{24}$/), 3]])
  expect(found.account.label).toMatchObject({ origins: [`vendor.account#${key}`], writers: ['system'] })
  expect(found.remark.label).toMatchObject({ origins: [`vendor.remark#${key}`], writers: ['ext:vendor.remark'] })
  const again = await acme.vendor.choose({ by: { number: stranger }, select: ['account'] })
  expect(again?.account.label.influence).toEqual(found.account.label.influence)
  const another = await acme.vendor.choose({ by: { number: new Labeled('V-4', stranger.label) }, select: ['account'] })
  expect(another?.account.label.influence).not.toEqual(found.account.label.influence)
  const byProgram = await acme.vendor.choose({ by: { number: 'V-3' }, select: ['account'] })
  expect(byProgram?.account.label.influence).toEqual({})
})

test('a choice out of a single row is still one bit, a choice of none is null, and a choice of several is refused', async () => {
  await inserted(acme, 'A-1')
  const label = { origins: [], writers: ['ext:mail'], influence: {} }
  const one = await acme.invoice.choose({ by: { number: new Labeled('A-1', label) }, select: ['amount'] })
  expect(Object.values(one?.amount.label.influence ?? {})).toEqual([1])
  expect(await acme.invoice.choose({ by: { number: new Labeled('A-9', label) }, select: ['amount'] })).toBeNull()
  await inserted(acme, 'A-2')
  expect(await codeOf(acme.invoice.choose({ by: { status: 'received' }, select: ['amount'] }))).toBe('QUERY_REFUSED')
})

test('a person is shown what he read without labels, an agent or a step is not', async () => {
  await inserted(acme, 'A-1', { note: 'from a stranger' })
  const rows = await acme.invoice.findMany({ select: ['number', 'note', 'receivedAt'] })
  expect(acme.disclose(rows)).toEqual([{ number: 'A-1', note: 'from a stranger', receivedAt: expect.any(Date) }])
  const refused = expect.objectContaining({ code: 'DENIED' })
  expect(() => database.session({ ...member('acme'), agent: { id: 'bot', roles: ['clerk'] } }).disclose(rows)).toThrow(refused)
  expect(() => database.session({ ...member('acme'), grant: { invoice: { read: ['note'] } } }).disclose(rows)).toThrow(refused)
})

test('rows come in the order asked for', async () => {
  await inserted(acme, 'A-1', { amount: money(5n, 'NOK') })
  await inserted(acme, 'A-2', { amount: money(7n, 'NOK') })
  await inserted(acme, 'A-3', { amount: money(6n, 'EUR') })
  const amounts = async (direction: 'asc' | 'desc') =>
    (await acme.invoice.findMany({ select: ['amount'], orderBy: { amount: direction, id: 'asc' } })).map((row) =>
      Number(row.amount.minor),
    )
  expect(await amounts('asc')).toEqual([6, 5, 7])
  expect(await amounts('desc')).toEqual([7, 5, 6])
})

test('several verbs in one transaction take effect together or not at all', async () => {
  const attempt = acme.transaction(async ({ invoice }) => {
    await invoice.insert(bill('A-1'))
    await invoice.insert(bill('A-1'))
  })
  expect(await codeOf(attempt)).toBe('CONFLICT')
  expect(await acme.invoice.count()).toBe(0)
  const count = await acme.transaction(async ({ invoice }) => {
    await Promise.all([invoice.insert(bill('A-1')), invoice.insert(bill('A-2'))])
    return invoice.count()
  })
  expect(count).toBe(2)
})

test('a principal needs a tenant and an id', () => {
  const { principal, purpose } = member('')
  expect(() => database.session({ principal, purpose })).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})
