// Values as people read them: amounts with their currency, moments in UTC, everything else as it is.

import { isTrusted } from '../../label/label.ts'
import { Labeled, reveal } from '../../label/labeled.ts'
import { decodeCanonical, encodeCanonical } from '../../lib/canonical.ts'
import { formatMoney, type Money } from '../../lib/money.ts'
import type { Hidden, Viewer } from '../viewer.ts'

/** A value with the cells that it came from and who could have written it. `value` is null where it is not shown. */
export type ValueView = {
  readonly name: string
  readonly value: string | null
  readonly hidden: Hidden | null
  readonly origins: readonly string[]
  readonly writers: readonly string[]
  /** Whether somebody else than the system, the principal or an approver could have written it. */
  readonly foreign: boolean
}

export function valueView(
  viewer: Viewer,
  given: {
    readonly name: string
    readonly value: string
    readonly origins: readonly string[]
    readonly writers: readonly string[]
  },
): ValueView {
  const { name, value, origins, writers } = given
  const hidden = viewer.hides(origins)
  const foreign = !isTrusted({ origins, writers, influence: {} })
  return { name, value: hidden === null ? value : null, hidden, origins, writers, foreign }
}

/**
 * The labelled values in a payload, by where they stand in it. Plain ones are left out: a step may have read them from a
 * sensitive column, and without a label nobody can tell.
 */
export function labelledValues(viewer: Viewer, payload: unknown, name: string, limit: number): readonly ValueView[] {
  const found: ValueView[] = []
  const walk = (value: unknown, at: string): void => {
    if (found.length >= limit) return
    if (value instanceof Labeled) {
      found.push(valueView(viewer, { name: at, value: valueText(reveal(value)), ...value.label }))
      return
    }
    if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return
    if (Array.isArray(value)) return value.forEach((item, index) => walk(item, `${at}[${index}]`))
    for (const [key, item] of Object.entries(value)) walk(item, at === '' ? key : `${at}.${key}`)
  }
  walk(payload, name)
  return found
}

/** A value in words. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null || value === undefined) return '–'
  if (value instanceof Date) return value.toISOString()
  if (isMoney(value)) return formatMoney(value)
  // Written at all costs, so that a history can always be looked at: what has no canonical form says so.
  try {
    return encodeCanonical(value)
  } catch {
    return '(a value that cannot be written)'
  }
}

/** A value of an approval, which stores text as it is and everything else in canonical form. */
export function shownText(stored: string): string {
  const money = moneyOf(stored)
  if (money !== null) return formatMoney(money)
  if (stored === 'null') return '–'
  const special = /^\{"\$(?:bigint|date)":"([^"\\]*)"\}$/.exec(stored)
  return special?.[1] ?? stored
}

/** The amount that a stored value is, or null. */
export function moneyOf(stored: string): Money | null {
  if (!/^\{"currency":"[A-Z]{3}","minor":\{"\$bigint":"-?\d{1,40}"\}\}$/.test(stored)) return null
  const value = decodeCanonical(stored)
  return isMoney(value) ? value : null
}

function isMoney(value: unknown): value is Money {
  return (
    typeof value === 'object' &&
    value !== null &&
    'minor' in value &&
    'currency' in value &&
    typeof value.minor === 'bigint' &&
    typeof value.currency === 'string'
  )
}
