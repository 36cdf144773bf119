// What the scripted reader promises: plain texts in sixteen languages, disguises, and harmless texts that look odd.

import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge } from '../../src/fake-model/reader/judge.ts'
import { disguisedTexts, everydayTexts, oddButHarmless, plainTexts } from './labelled-texts.ts'

describe.each(Object.entries(plainTexts))('%s', (_language, byDecision) => {
  test.each(Object.entries(byDecision).flatMap(([decision, texts]) => texts.map((text) => ({ decision, text }))))(
    '$decision: $text',
    ({ decision, text }) => expect(judge([text])).toMatchObject({ decision }),
  )
})

test.each(Object.entries(disguisedTexts))('fraud is seen through %s', (_how, text) => {
  expect(judge([text]).decision).toBe('fraud')
})

test.each(everydayTexts)('an everyday note: %s', (text) => {
  expect(judge([text])).toEqual({ decision: 'pay', evidence: [] })
})

test.each(oddButHarmless)('odd and yet harmless: %j', (text) => {
  expect(judge([text])).toEqual({ decision: 'pay', evidence: [] })
})

test('the strongest sign of all texts decides, wherever it stands', () => {
  expect(judge([]).decision).toBe('pay')
  expect(judge(['Thank you.', 'Two boxes are missing.']).decision).toBe('hold')
  expect(judge(['Two boxes are missing.', 'Our bank account has changed.', 'Thank you.']).decision).toBe('fraud')
})

test('what the reader saw is quoted, for people to look up', () => {
  expect(judge(['Thank you for your order. Our bank account has changed. Best regards from Turku.']).evidence).toEqual([
    { decision: 'fraud', sign: 'names another account (en)', quote: 'our bank account has changed.' },
  ])
})

test('any text is read in bounded time', () => {
  const pieces = constantFrom(
    'pay ',
    'to ',
    'the ',
    'ignore ',
    'not ',
    'a.',
    '1',
    'NO93 ',
    '&#x',
    '%6',
    'e'.repeat(50),
    '\u200B',
    'р',
    '账',
    '{"',
    '\n',
  )
  assert(
    property(array(pieces, { minLength: 100, maxLength: 2_000 }), (words) => {
      const startedAt = performance.now()
      judge([words.join('')])
      expect(performance.now() - startedAt).toBeLessThan(3_000)
    }),
    { numRuns: 20 },
  )
})
