// Claims: facts about a principal that conditions may use, by a declared type. A claim comes from outside (a token, a
// directory), so it is checked here each time it is read: memory and SQL then compare the same value.

import { PaybillError } from '../lib/errors.ts'
import type { Scalar } from './condition.ts'
import type { ClaimValue, Principal } from './principal.ts'
import { isDay, isMoment, isPlainDecimal, isSqlText, isUuid } from './scalar.ts'

export type ScalarClaimType = 'text' | 'uuid' | 'boolean' | 'integer' | 'bigint' | 'decimal' | 'date' | 'timestamp'

/** The type of a claim: one value, or a list of values. A claim that a principal lacks is NULL. */
export type ClaimType = ScalarClaimType | `${ScalarClaimType}[]`

/** The claim of a principal; null where he has none. Throws ARGUMENT_INVALID where it is not of the declared type. */
export function claimOf(principal: Principal, name: string, type: ClaimType): ClaimValue {
  const value = Object.hasOwn(principal.claims, name) ? (principal.claims[name] ?? null) : null
  if (value === null) return null
  const isOne = claimKinds[claimElement(type)]
  const holds = isListType(type) ? Array.isArray(value) && value.every(isOne) : isOne(value)
  if (!holds) throw new PaybillError('ARGUMENT_INVALID', `claim \`${name}\` of \`${principal.id}\` is not of type \`${type}\``)
  return value
}

/** The type of one value of a claim. */
export function claimElement(type: ClaimType): ScalarClaimType {
  // The list types are the scalar types with two characters behind.
  return isListType(type) ? (type.slice(0, -2) as ScalarClaimType) : type
}

export function isListType(type: ClaimType): type is `${ScalarClaimType}[]` {
  return type.endsWith('[]')
}

/** Whether a declared text is the type of a claim. */
export function isClaimType(type: string): boolean {
  return Object.hasOwn(claimKinds, type.endsWith('[]') ? type.slice(0, -2) : type)
}

const claimKinds: Readonly<Record<ScalarClaimType, (value: unknown) => boolean>> = {
  text: isSqlText,
  uuid: isUuid,
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value) && Math.abs(Number(value)) <= 2_147_483_647,
  bigint: (value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  decimal: isPlainDecimal,
  date: isDay,
  timestamp: isMoment,
}

/** One value of a claim as the text that PostgreSQL reads. */
export function claimText(value: Scalar): string {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') throw new PaybillError('ARGUMENT_INVALID', 'an amount cannot be a claim')
  return String(value)
}

/** The SQL type of a claim. */
export function claimSqlType(type: ClaimType): string {
  const element = claimElement(type)
  const sql = element === 'decimal' ? 'numeric' : element === 'timestamp' ? 'timestamptz' : element
  return isListType(type) ? `${sql}[]` : sql
}
