// Months and years on the calendar, in UTC. A period is always measured from its anchor and never from the period before, so
// that the day is kept: January 31, February 28, March 31.

import { Temporal } from 'temporal-polyfill'
import type { BillingInterval } from '../catalog/plan-version.ts'

/** The moment so many intervals after the anchor; where the month has no such day, its last one. */
export function addIntervals(anchor: Date, intervals: { readonly interval: BillingInterval; readonly count: number }): Date {
  const { interval, count } = intervals
  return fromUtc(utc(anchor).add(interval === 'month' ? { months: count } : { years: count }))
}

export function addDays(moment: Date, days: number): Date {
  return fromUtc(utc(moment).add({ days }))
}

export function addHours(moment: Date, hours: number): Date {
  return fromUtc(utc(moment).add({ hours }))
}

export function latest(first: Date, ...others: readonly Date[]): Date {
  return others.reduce((found, moment) => (moment > found ? moment : found), first)
}

function utc(moment: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO('UTC')
}

function fromUtc(moment: Temporal.ZonedDateTime): Date {
  return new Date(moment.epochMilliseconds)
}
