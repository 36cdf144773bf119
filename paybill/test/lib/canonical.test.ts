import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCanonical, encodeCanonical } from '../../src/lib/canonical.ts'

const key = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', '$', '$$', '$bigint', '$$date', '$labeled', 'toJSON'),
)

const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0), // JSON has no −0
    fc.bigInt(),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 5 }),
    // Not an object literal: a key named `__proto__` must be a key.
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries) as unknown),
  ),
}))

test('what is written is read back as it was, whatever its keys are called', () => {
  fc.assert(
    fc.property(values, (value) => {
      // Not a matcher of vitest, which takes a key named `constructor` for the class.
      expect(isDeepStrictEqual(decodeCanonical(encodeCanonical(value)), value)).toBe(true)
    }),
  )
})

test('equal values have one text, in whatever order their keys were set', () => {
  fc.assert(
    fc.property(fc.dictionary(key, values), (object) => {
      const turned = Object.fromEntries(Object.entries(object).toReversed())
      expect(encodeCanonical(turned)).toBe(encodeCanonical(object))
    }),
  )
})

const few = fc.oneof(
  fc.constantFrom<unknown>(
    1,
    1n,
    '1',
    '1n',
    null,
    '',
    [],
    {},
    [1],
    ['1'],
    true,
    'true',
    new Date(0),
    new Uint8Array(),
    new Uint8Array([1]),
  ),
  fc.dictionary(fc.constantFrom('$bigint', '$$bigint', 'a', '$'), fc.constantFrom<unknown>('1', 1n, 1), {
    noNullPrototype: true,
  }),
)

test('different values have different texts', () => {
  fc.assert(
    // From few values, so that equal ones meet.
    fc.property(few, few, (left, right) => {
      expect(encodeCanonical(left) === encodeCanonical(right)).toBe(isDeepStrictEqual(left, right))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a function', () => 1],
  ['a symbol', Symbol('x')],
  ['not a number', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['a date that is none', new Date(Number.NaN)],
  ['a class of one’s own', new URL('https://example.com')],
  ['a map', new Map()],
  ['nothing at all', undefined],
])('%s is refused, not guessed', (_what, value) => {
  expect(() => encodeCanonical(value)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
  expect(() => encodeCanonical([{ value: [value ?? Symbol('x')] }])).toThrow(
    expect.objectContaining({ code: 'ARGUMENT_INVALID' }),
  )
})

test('a value that contains itself is refused', () => {
  const loop: unknown[] = []
  loop.push({ loop })
  expect(() => encodeCanonical(loop)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})

test('a kind of value that nobody has declared is refused when it is read', () => {
  expect(() => decodeCanonical('{"$unknown":1}')).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})
