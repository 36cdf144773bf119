// What a column does not take is refused with its name, before PostgreSQL sees it.

import { expect, test } from 'vitest'
import { PaybillError } from '../../src/lib/errors.ts'
import { toSql } from '../../src/schema/codec.ts'
import type { Column } from '../../src/schema/column.ts'
import { t } from '../../src/schema/index.ts'

const anything = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const

const refused: readonly (readonly [string, Column, readonly unknown[]])[] = [
  ['a tenant', t.tenant(), ['', 7, 'a\0b']],
  ['a uuid', t.uuid(), ['', 'not-a-uuid', 7]],
  ['a text', t.text({ maxLength: 3 }), ['four', 'a\0', '\ud800', 7, {}]],
  ['a patterned text', t.text({ pattern: '[A-Z]+' }), ['', 'a', 'A\n', 'Ab']],
  ['a boolean', t.boolean(), [1, 'true']],
  ['an integer', t.integer({ minimum: 1, maximum: 9 }), [0, 10, 1.5, Number.NaN, '5', 5n]],
  ['a bigint', t.bigint(), [2n ** 63n, -(2n ** 63n) - 1n, 5, '5']],
  ['a decimal', t.decimal({ precision: 4, scale: 2 }), ['', '-', '.', '1.', '100', '1.234', '1e2', 'NaN', 1.5, '--1', ' 1']],
  ['money', t.money(), [1, { minor: 5, currency: 'NOK' }, { minor: 5n, currency: 'nok' }, { minor: 2n ** 63n, currency: 'NOK' }]],
  ['a date', t.date(), ['2026-02-29', '2026-13-01', '0000-01-01', '2026-3-1', new Date()]],
  ['a timestamp', t.timestamp(), [new Date(Number.NaN), new Date('-000001-01-01'), new Date('+010000-01-01'), '2026-03-01']],
  ['json', t.json(anything), ['a\0', { 'a\0': 1 }, ['\ud800'], () => 1, new Map()]],
  ['an enum', t.enum('red', 'green'), ['blue', 'toString', 7]],
  ['a state', t.states({ open: [] }), ['closed', 'toString', 7]],
]

for (const [name, column, values] of refused) {
  test(`${name} refuses what it cannot hold`, () => {
    const outcomes = [...values, undefined].map((value) => codeOf(() => toSql('sample.field', column, value)))
    expect(outcomes).toEqual(outcomes.map(() => 'ARGUMENT_INVALID'))
  })
}

for (const [name, column] of refused.filter(([, one]) => one.type.kind !== 'tenant')) {
  test(`${name} is null only where its column is nullable, and never by leaving it out`, () => {
    expect(codeOf(() => toSql('sample.field', column, null))).toBe('ARGUMENT_INVALID')
    expect(new Set(toSql('sample.field', column.nullable(), null))).toEqual(new Set([null]))
    expect(codeOf(() => toSql('sample.field', column.nullable(), undefined))).toBe('ARGUMENT_INVALID')
  })
}

function codeOf(attempt: () => unknown): unknown {
  try {
    return attempt()
  } catch (error) {
    return error instanceof PaybillError ? error.code : error
  }
}

test('a decimal is written with all its decimals and no leading zeros', () => {
  const column = t.decimal({ precision: 6, scale: 2 })
  const written = ['7', '007', '7.5', '-7.50', '.5', '-0', '-0.00'].map((value) => toSql('sample.field', column, value)[0])
  expect(written).toEqual(['7.00', '7.00', '7.50', '-7.50', '0.50', '0.00', '0.00'])
})

test('json may hold a backslash before what looks like an escape', () => {
  expect(toSql('sample.field', t.json(anything), '\\u0000')).toEqual(['"\\\\u0000"'])
})

test('a refusal never repeats the value', () => {
  for (const [, column] of refused)
    expect(() => toSql('sample.field', column, 'hidden value \0')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hidden') }),
    )
})
