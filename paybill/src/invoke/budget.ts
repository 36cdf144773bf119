// Totals over many calls, reserved before they are spent. INVARIANT: what is spent is never under-counted: the rows are
// locked, in the order of their keys, from the check to the commit that writes the intent.

import type { BoundedWindow } from '../action/accepts.ts'
import { encodeCanonical } from '../lib/canonical.ts'
import type { Money } from '../lib/money.ts'
import type { SqlClient } from '../lib/sql.ts'

/** One total that a call would add to. `max` is null where the currency has no limit at all, which counts as over. */
export type Reservation = {
  /** The bounded argument whose amount is added, and the name of the window that it is held to. */
  readonly argument: string
  readonly limit: string
  readonly key: string
  readonly window: BoundedWindow['window']
  readonly amount: bigint
  readonly max: bigint | null
}

/** A total of one argument of one action. `keyValues` are the values of the arguments that the window is kept by. */
export function reservation(
  of: { readonly action: string; readonly argument: string; readonly keyValues: readonly unknown[] },
  window: BoundedWindow,
  amount: Money,
): Reservation {
  const max = window.max.find((candidate) => candidate.currency === amount.currency)
  return {
    argument: of.argument,
    limit: window.name,
    key: encodeCanonical([of.action, of.argument, window.name, ...of.keyValues, amount.currency]),
    window: window.window,
    amount: amount.minor,
    max: max === undefined ? null : max.minor,
  }
}

/** Locks the totals until the transaction ends, and answers those that would go over. */
export async function budgetLock(
  client: SqlClient,
  tenant: string,
  reservations: readonly Reservation[],
): Promise<readonly Reservation[]> {
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
  return sorted.filter((each) => each.max === null || (spent.get(each.key) ?? 0n) + each.amount > each.max)
}

/** Adds to totals that this transaction has locked: also over their limits, where a person approved it. */
export async function budgetSpend(client: SqlClient, tenant: string, reservations: readonly Reservation[]): Promise<void> {
  if (reservations.length === 0) return
  await client.query({
    name: 'paybill_budget_spend',
    text: `update paybill.budget b set spent = b.spent + wanted.amount
from unnest($2::text[], $3::text[], $4::numeric[]) as wanted(key, kind, amount)
where b.tenant = $1 and b.key = wanted.key and b.day = ${dayOf}`,
    values: [
      tenant,
      reservations.map((each) => each.key),
      reservations.map((each) => each.window),
      reservations.map((each) => each.amount.toString()),
    ],
  })
}

// A day by the database's clock, in UTC; totals for ever share one day of their own.
const dayOf = `case wanted.kind when 'day' then (now() at time zone 'UTC')::date else date '0001-01-01' end`
