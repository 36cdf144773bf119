// Cells on their way to and from PostgreSQL. Every type round-trips exactly: a value that cannot is refused on its way in.

import { decodeCanonical, encodeCanonical } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import { money } from '../lib/money.ts'
import { uuidPattern } from '../lib/uuid.ts'
import type { Column } from './column.ts'
import { columnName } from './names.ts'

/** One SQL column of a cell: most columns have one, money has two. */
export type SqlColumn = { readonly name: string; readonly type: string }

/** The SQL columns that hold a column, in order. */
export function sqlColumns(key: string, column: Column): readonly SqlColumn[] {
  const name = columnName(key)
  switch (column.type.kind) {
    case 'money':
      return [
        { name: `${name}_minor`, type: 'bigint' },
        { name: `${name}_currency`, type: 'text' },
      ]
    case 'tenant':
    case 'text':
    case 'enum':
    case 'states':
      return [{ name, type: 'text' }]
    case 'uuid':
    case 'boolean':
    case 'integer':
    case 'bigint':
    case 'date':
      return [{ name, type: column.type.kind }]
    case 'decimal':
      return [{ name, type: `numeric(${column.type.precision}, ${column.type.scale})` }]
    case 'timestamp':
      return [{ name, type: 'timestamptz(3)' }]
    case 'json':
      return [{ name, type: 'jsonb' }]
    default:
      return column.type satisfies never
  }
}

/** A value as parameters, one for each SQL column. Throws ARGUMENT_INVALID where the value is not of the column's type. */
export function toSql(place: string, column: Column, value: unknown): readonly (string | number | boolean | null)[] {
  if (value === undefined) throw new PaybillError('ARGUMENT_INVALID', `\`${place}\` has no value`)
  if (value === null) {
    if (!column.isNullable) throw new PaybillError('ARGUMENT_INVALID', `\`${place}\` may not be null`)
    return column.type.kind === 'money' ? [null, null] : [null]
  }
  const { type } = column
  switch (type.kind) {
    case 'tenant':
      return [text(place, value, 1, 200)]
    case 'uuid':
      return [matching(place, value, uuidPattern, 'a uuid').toLowerCase()]
    case 'text': {
      const given = text(place, value, 0, type.maxLength)
      return [
        type.pattern === null
          ? given
          : matching(place, given, new RegExp(`^(?:${type.pattern})$`, 'u'), `text of the form ${type.pattern}`),
      ]
    }
    case 'boolean':
      return typeof value === 'boolean' ? [value] : refuse(place, 'true or false')
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= type.minimum && value <= type.maximum
        ? [value]
        : refuse(place, `a whole number from ${type.minimum} to ${type.maximum}`)
    case 'bigint':
      return [bigint(place, value)]
    case 'decimal':
      return [decimal(place, value, type)]
    case 'money': {
      if (!isMoney(value)) return refuse(place, 'an amount with `minor` and `currency`')
      money(value.minor, value.currency)
      return [bigint(place, value.minor), value.currency]
    }
    case 'date':
      return typeof value === 'string' && isDay(value) ? [value] : refuse(place, 'a day such as 2026-03-01')
    case 'timestamp':
      return value instanceof Date && isStorable(value)
        ? [value.toISOString()]
        : refuse(place, 'a Date between the years 1 and 9999')
    case 'json':
      return [json(place, encodeCanonical(value))]
    case 'enum':
      return typeof value === 'string' && type.values.includes(value)
        ? [value]
        : refuse(place, `one of ${type.values.join(', ')}`)
    case 'states':
      return typeof value === 'string' && Object.hasOwn(type.moves, value)
        ? [value]
        : refuse(place, `one of ${Object.keys(type.moves).join(', ')}`)
    default:
      return type satisfies never
  }
}

/** The value of a cell from the texts that PostgreSQL sent, one for each SQL column. */
export function fromSql(column: Column, texts: readonly (string | null)[]): unknown {
  const [first = null, second = null] = texts
  if (first === null) return null
  switch (column.type.kind) {
    case 'boolean':
      return first === 't' || first === 'true'
    case 'integer':
      return Number(first)
    case 'bigint':
      return BigInt(first)
    case 'money':
      return { minor: BigInt(first), currency: second ?? '' }
    case 'timestamp':
      return new Date(timestampText(first))
    case 'json':
      return decodeCanonical(first)
    case 'tenant':
    case 'uuid':
    case 'text':
    case 'decimal':
    case 'date':
    case 'enum':
    case 'states':
      return first
    default:
      return column.type satisfies never
  }
}

// PostgreSQL writes `2026-03-01 12:00:00.5+00`; JavaScript wants a T and minutes in the offset.
function timestampText(sqlText: string): string {
  return sqlText.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')
}

function text(place: string, value: unknown, minimum: number, maximum: number): string {
  if (typeof value !== 'string') return refuse(place, 'text')
  // PostgreSQL counts code points and cannot hold the character zero or half a surrogate pair.
  if (value.includes('\0') || !value.isWellFormed())
    return refuse(place, 'text without the character zero and without halves of characters')
  const length = value.length <= maximum ? value.length : Array.from(value).length
  return length < minimum || length > maximum ? refuse(place, `text of ${minimum} to ${maximum} characters`) : value
}

// jsonb cannot hold these, and a canonical text writes nothing else as such an escape.
const notInJsonb = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

function json(place: string, canonical: string): string {
  return notInJsonb.test(canonical)
    ? refuse(place, 'json without the character zero and without halves of characters')
    : canonical
}

function matching(place: string, value: unknown, pattern: RegExp, what: string): string {
  return typeof value === 'string' && pattern.test(value) ? value : refuse(place, what)
}

function bigint(place: string, value: unknown): string {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value.toString() : refuse(place, 'a bigint of 64 bits')
}

function decimal(place: string, value: unknown, size: { readonly precision: number; readonly scale: number }): string {
  const match = typeof value === 'string' ? /^(-?)(?=\.?\d)0*(\d*)(?:\.(\d+))?$/.exec(value) : null
  const [, sign = '', whole = '', fraction = ''] = match ?? []
  if (match === null || whole.length > size.precision - size.scale || fraction.length > size.scale)
    return refuse(
      place,
      `a decimal number of ${size.precision - size.scale} digits before and ${size.scale} after the point, as text`,
    )
  const digits = `${whole === '' ? '0' : whole}${size.scale === 0 ? '' : `.${fraction.padEnd(size.scale, '0')}`}`
  return /^[0.]*$/.test(digits) ? digits : sign + digits
}

function isMoney(value: unknown): value is { readonly minor: bigint; readonly currency: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'minor' in value &&
    'currency' in value &&
    typeof value.minor === 'bigint' &&
    typeof value.currency === 'string'
  )
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value) || value.startsWith('0000')) return false
  const moment = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(value)
}

function isStorable(value: Date): boolean {
  return !Number.isNaN(value.getTime()) && value.getUTCFullYear() >= 1 && value.getUTCFullYear() <= 9999
}

function refuse(place: string, wanted: string): never {
  throw new PaybillError('ARGUMENT_INVALID', `\`${place}\` must be ${wanted}`)
}
