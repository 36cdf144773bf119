// What will happen to a tenant if nobody pays: the engine itself, run ahead. It cannot differ from what then happens, because it
// is what then happens.

import { PaybillError } from 'paybill/lib'
import type { BillingAccount, BillingEvent } from './account.ts'
import type { OverduePolicy } from './overdue.ts'
import { advanceTo, nextMoment } from './provider/manual/engine.ts'
import { type Standing, standingOf } from './standing.ts'

export type TimelineEntry = { readonly at: Date } & (
  | { readonly kind: 'billing'; readonly event: BillingEvent }
  | { readonly kind: 'access'; readonly access: Standing['access']; readonly reason: Standing['reason'] }
  /** Infrastructure goes and the data is put away; then the data goes too. */
  | { readonly kind: 'archive' | 'purge' }
)

const maxDays = 3_660

/**
 * The timeline of a tenant with all its subscriptions: first the access at `from`, then everything after it and up to `until`.
 * Throws ARGUMENT_INVALID where that is more than ten years.
 *
 * @example previewTimeline(accounts, { policy, from: clock.now(), until: inNinetyDays })
 */
export function previewTimeline(
  accounts: readonly BillingAccount[],
  range: { readonly policy: OverduePolicy; readonly from: Date; readonly until: Date },
): readonly TimelineEntry[] {
  const { policy, from, until } = range
  if (until.getTime() - from.getTime() > maxDays * 86_400_000) {
    const message = `a timeline has at most ${maxDays} days`
    throw new PaybillError('ARGUMENT_INVALID', message, { shown: message })
  }
  let now = from
  let current = accounts.map((account) => advanceTo(account, { now, policy }).account)
  let standing = standingAt(current, { policy, now })
  const entries: TimelineEntry[] = [accessEntry(standing, now)]
  for (;;) {
    const before = now
    const next = earliest([
      ...current.map((account) => nextMoment(account, policy)),
      ...momentsOf(standing).filter((moment) => moment > before),
    ])
    if (next === null || next > until) return entries
    now = next
    const outcomes = current.map((account) => advanceTo(account, { now: next, policy }))
    current = outcomes.map(({ account }) => account)
    for (const { events } of outcomes) entries.push(...events.map((event) => ({ at: event.at, kind: 'billing', event }) as const))
    const after = standingAt(current, { policy, now })
    if (after.access !== standing.access || after.reason !== standing.reason) entries.push(accessEntry(after, now))
    standing = after
    entries.push(...endings(standing, { after: before, until: now }))
  }
}

function standingAt(accounts: readonly BillingAccount[], at: { readonly policy: OverduePolicy; readonly now: Date }): Standing {
  const subscriptions = accounts.map(({ subscription }) => subscription)
  return standingOf({ subscriptions, requests: accounts.flatMap(({ requests }) => requests), ...at })
}

function accessEntry({ access, reason }: Standing, at: Date): TimelineEntry {
  return { at, kind: 'access', access, reason }
}

/** When the standing changes by itself. */
function momentsOf(standing: Standing): readonly Date[] {
  if (standing.access === 'unknown') return []
  const { next, retention } = standing
  return [...(next === null ? [] : [next.at]), ...(retention === null ? [] : [retention.archiveAt, retention.purgeAt])]
}

function endings(standing: Standing, span: { readonly after: Date; readonly until: Date }): readonly TimelineEntry[] {
  if (standing.access === 'unknown' || standing.retention === null) return []
  const { archiveAt, purgeAt } = standing.retention
  const all = [
    { at: archiveAt, kind: 'archive' },
    { at: purgeAt, kind: 'purge' },
  ] as const
  return all.filter(({ at }) => at > span.after && at <= span.until)
}

function earliest(moments: readonly (Date | null)[]): Date | null {
  return moments.reduce((found, moment) => (found === null || (moment !== null && moment < found) ? moment : found), null)
}
