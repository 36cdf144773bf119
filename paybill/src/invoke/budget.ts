// Totals over many calls, reserved before they are spent. INVARIANT: what is spent is never under-counted: the rows are
// locked, in the order of their keys, from the check to the commit that writes the intent.

import type { BoundedWindow } from '../action/accepts.ts'
import type { Money } from '../lib/money.ts'
import type { SqlClient } from '../lib/sql.ts'

/** One total that a call would add to. `max` is null where the currency has no limit at all, which counts as over. */
export type Reservation = {
  readonly name: string
  readonly key: string
  readonly window: BoundedWindow['window']
  readonly amount: bigint
  readonly max: bigint | null
}

export function reservation(action: string, window: BoundedWindow, key: string, amount: Money): Reservation {
  const limit = window.max.find((candidate) => candidate.currency === amount.currency)
  return {
    name: window.name,
    key: `${action}/${window.name}/${key}/${amount.currency}`,
    window: window.window,
    amount: amount.minor,
    max: limit === undefined ? null : limit.minor,
  }
}

/**
 * `within`: all of them, unless one would go over. `always`: also over, for a call that a person approved, so that the
 * totals stay true. `never`: a call that a person must be asked about holds nothing while it waits.
 */
export type Spending = 'within' | 'always' | 'never'

/** Reserves all of them or none, and answers the names of those that would go over. */
export async function budgetReserve(
  client: SqlClient,
  tenant: string,
  reservations: readonly Reservation[],
  spending: Spending,
): Promise<readonly string[]> {
  if (reservations.length === 0) return []
  const sorted = reservations.toSorted((left, right) => (left.key < right.key ? -1 : 1))
  const keys = sorted.map((each) => each.key)
  const windows = sorted.map((each) => each.window)
  await client.query({
    name: 'paybill_budget_open',
    text: `insert into paybill.budget (tenant, key, day, spent)
select $1, key, ${dayOf}, 0 from unnest($2::text[], $3::text[]) as wanted(key, kind) order by key
on conflict do nothing`,
    values: [tenant, keys, windows],
  })
  const { rows } = await client.query({
    name: 'paybill_budget_lock',
    text: `select b.key, b.spent from paybill.budget b join unnest($2::text[], $3::text[]) as wanted(key, kind) on b.key = wanted.key
where b.tenant = $1 and b.day = ${dayOf} order by b.key for update of b`,
    values: [tenant, keys, windows],
  })
  const spent = new Map(rows.map((row) => [row['key'], BigInt(row['spent'] ?? '0')]))
  const over = sorted
    .filter((each) => each.max === null || (spent.get(each.key) ?? 0n) + each.amount > each.max)
    .map((each) => each.name)
  if (spending === 'never' || (spending === 'within' && over.length > 0)) return over
  await client.query({
    name: 'paybill_budget_spend',
    text: `update paybill.budget b set spent = b.spent + wanted.amount
from unnest($2::text[], $3::text[], $4::numeric[]) as wanted(key, kind, amount)
where b.tenant = $1 and b.key = wanted.key and b.day = ${dayOf}`,
    values: [tenant, keys, windows, sorted.map((each) => each.amount.toString())],
  })
  return over
}

// A day by the database's clock, in UTC; totals for ever share one day of their own.
const dayOf = `case wanted.kind when 'day' then (now() at time zone 'UTC')::date else date '0001-01-01' end`
