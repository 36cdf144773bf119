import { expect, test } from 'vitest'
import { parseBenchCommand } from '../bench.ts'
import { table } from '../table.ts'

test('a benchmark is named by its words, and anything else is refused by name', () => {
  expect(parseBenchCommand([], ['acl'])).toBeNull()
  expect(parseBenchCommand(['acl'], ['acl'])).toEqual({ name: 'acl', json: false })
  expect(parseBenchCommand(['acl', '--json'], ['acl'])).toEqual({ name: 'acl', json: true })
  for (const words of [['journal'], ['acl', 'journal'], ['acl', '--fast']])
    expect(() => parseBenchCommand(words, ['acl'])).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})

test('a table shows every column of every row, numbers to the right', () => {
  const rows = [
    { system: 'raw', perSecond: 9500 },
    { system: 'ours', perSecond: 800, note: 'sealed' },
  ]
  expect(table(rows).split('\n')).toEqual([
    'system  perSecond  note',
    '------  ---------  ------',
    'raw          9500',
    'ours          800  sealed',
  ])
})
