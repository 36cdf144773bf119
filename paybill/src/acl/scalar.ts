// Which values PostgreSQL and memory read as the same thing. Constants of rules and claims of principals must be such.

/** Text that PostgreSQL can hold: without the character zero and without halves of characters. */
export function isSqlText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0')
}

/** An id in the common form; the case of its letters does not count. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
}

/** A calendar day such as `2026-03-01`, between the years 1 and 9999. */
export function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value) || value.startsWith('0000')) return false
  const moment = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(value)
}

/** A moment that a timestamp column can hold. */
export function isMoment(value: unknown): value is Date {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return false
  return value.getUTCFullYear() >= 1 && value.getUTCFullYear() <= 9999
}

/** A decimal number as text, such as `-12.50`. */
export function isPlainDecimal(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 1_000 && /^-?\d+(\.\d+)?$/.test(value)
}

/** A number in any of the forms that columns of numbers have. */
export function isExactNumber(value: unknown): value is number | bigint | string {
  return typeof value === 'bigint' || Number.isSafeInteger(value) || isPlainDecimal(value)
}
