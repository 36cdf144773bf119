// A small schema that the tests of rules share: orders with lines, and a person who sees to them.

import type { ClaimValue, DataAction, PlainRow, Related, Rules, Subject } from '../../src/acl/index.ts'
import { decideRow } from '../../src/acl/decide.ts'
import { schema, t, table, toMany, toOne } from '../../src/schema/index.ts'

export const shop = schema({
  person: table({ tenant: t.tenant(), id: t.integer(), team: t.text().nullable() }, { primaryKey: ['tenant', 'id'] }),
  order: table(
    {
      tenant: t.tenant(),
      id: t.integer(),
      personId: t.integer().nullable(),
      status: t.enum('open', 'paid', 'held'),
      amount: t.money().nullable(),
      note: t.text().nullable(),
      secret: t.text().nullable(),
      urgent: t.boolean().nullable(),
      dueOn: t.date().nullable(),
      details: t.json(anything()).nullable(),
    },
    {
      primaryKey: ['tenant', 'id'],
      relations: { person: toOne('person', { personId: 'id' }), lines: toMany('line', { id: 'orderId' }) },
    },
  ),
  line: table(
    { tenant: t.tenant(), id: t.integer(), orderId: t.integer(), isChecked: t.boolean().nullable(), note: t.text().nullable() },
    { primaryKey: ['tenant', 'id'], relations: { order: toOne('order', { orderId: 'id' }) } },
  ),
})

/** A Standard Schema that takes everything. */
function anything() {
  return { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const
}

export const noon = new Date('2026-03-01T12:00:00.000Z')

/** An order of tenant `acme` with every column. */
export function order(cells: PlainRow = {}): PlainRow {
  return {
    tenant: 'acme',
    id: 1,
    personId: null,
    status: 'open',
    amount: null,
    note: null,
    secret: null,
    urgent: null,
    dueOn: null,
    details: null,
    ...cells,
  }
}

export function line(cells: PlainRow = {}): PlainRow {
  return { tenant: 'acme', id: 1, orderId: 1, isChecked: null, note: null, ...cells }
}

/** Somebody of tenant `acme`. */
export function member(
  roles: readonly string[],
  more: Partial<Subject> & { readonly claims?: Readonly<Record<string, ClaimValue>> } = {},
): Subject {
  const { claims = {}, agent = null, grant = null } = more
  return { principal: { id: 'ann', tenant: 'acme', roles, claims }, agent, grant }
}

export type Asking = {
  readonly subject?: Subject
  readonly action?: DataAction
  readonly fields?: readonly string[]
  readonly row?: PlainRow
  /** For an update, the row as it would be; `row` is the row as it was. */
  readonly after?: PlainRow
  readonly related?: Related
  readonly now?: Date
}

/** Whether a clerk, unless it is said who, may do it to an order; reads it, unless it is said what. */
export function may(rules: Rules, asking: Asking = {}): boolean {
  const { subject = member(['clerk']), action = 'read', fields = [], row = order(), after, related, now = noon } = asking
  return decideRow(rules, subject, {
    action,
    table: 'order',
    fields,
    now,
    ...(after === undefined ? { row } : { row: after, before: row }),
    ...(related === undefined ? {} : { related }),
  }).allowed
}
