// A condition meets exactly the rows that it says, for every operator and every nesting.

import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acl } from '../../src/acl/rules.ts'
import { type Database, openDatabase, type Where } from '../../src/database/index.ts'
import { type Money, money } from '../../src/lib/money.ts'
import { schema, t, table } from '../../src/schema/index.ts'
import { type PreparedDatabase, preparedDatabase } from './prepared.ts'

const samples = schema({
  sample: table(
    {
      tenant: t.tenant(),
      id: t.integer(),
      word: t.text().trusted().nullable(),
      number: t.integer().nullable(),
      big: t.bigint(),
      sum: t.money().nullable(),
      flag: t.boolean(),
      day: t.date(),
      at: t.timestamp(),
      share: t.decimal({ precision: 6, scale: 2 }),
      colour: t.enum('red', 'green'),
    },
    { primaryKey: ['tenant', 'id'] },
  ),
})
const rules = acl(samples, {
  roles: ['member'],
  rules: ({ allow }) => [allow('member').read('sample'), allow('member').create('sample')],
})
type Sample = (typeof samples)['tables']['sample']

const cells = {
  word: fc.option(fc.constantFrom('', 'a', 'B', 'ø', 'a"\\{},')),
  number: fc.option(fc.integer({ min: -2, max: 2 })),
  big: fc.bigInt({ min: -2n, max: 2n }),
  sum: fc.option(
    fc.record({ minor: fc.bigInt({ min: -1n, max: 1n }), currency: fc.constantFrom('NOK', 'EUR') }, { noNullPrototype: true }),
  ),
  flag: fc.boolean(),
  day: fc.constantFrom('2026-01-01', '2026-02-28', '1999-12-31'),
  at: fc.constantFrom(new Date('2026-01-01T00:00:00.001Z'), new Date('1970-01-01T00:00:00Z')),
  share: fc.constantFrom('0.00', '-1.50', '12.25'),
  colour: fc.constantFrom('red', 'green'),
} as const
type Key = keyof typeof cells
type SampleRow = Record<Key, unknown> & { readonly id: number }

const rows: SampleRow[] = fc.sample(fc.record(cells), { numRuns: 60, seed: 1 }).map((cell, id) => Object.assign(cell, { id }))

let prepared: PreparedDatabase
let database: Database<typeof samples>

beforeAll(async () => {
  prepared = await preparedDatabase(rules)
  database = await openDatabase({ url: prepared.url, schema: samples, rules })
  const { sample } = session()
  // The cells were made to be of the columns' types.
  for (const row of rows) await sample.insert(row as unknown as Parameters<typeof sample.insert>[0])
})

afterAll(async () => {
  await database.close()
  await prepared.drop()
})

function session() {
  return database.session({ principal: { id: 'm', tenant: 'acme', roles: ['member'], claims: {} }, purpose: 'test' })
}

const operators = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const

const testOf = fc.constantFrom(...(Object.keys(cells) as Key[])).chain((key): fc.Arbitrary<Record<string, unknown>> => {
  const value = (cells[key] as fc.Arbitrary<unknown>).filter((cell) => cell !== null)
  return fc.oneof(
    value.map((operand) => ({ [key]: operand })),
    fc.tuple(fc.constantFrom(...operators), value).map(([operator, operand]) => ({ [key]: { [operator]: operand } })),
    fc.boolean().map((isNull) => ({ [key]: { isNull } })),
    fc.constantFrom({ [key]: null }, { [key]: { ne: null } }),
    ...(key === 'sum' ? [] : [fc.array(value, { maxLength: 3 }).map((list) => ({ [key]: { in: list } }))]),
  )
})
const conditions = fc.letrec((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    testOf,
    fc.array(tie('condition'), { maxLength: 3 }).map((and) => ({ and })),
    fc.array(tie('condition'), { maxLength: 3 }).map((or) => ({ or })),
    tie('condition').map((not) => ({ not })),
    fc.tuple(testOf, tie('condition')).map(([left, right]) => Object.assign({ or: [right] }, left)),
  ),
})).condition as fc.Arbitrary<Record<string, unknown>>

// The same by Kleene's tables: null is neither true nor false.
type Truth = boolean | null

function all(parts: readonly Truth[]): Truth {
  if (parts.includes(false)) return false
  return parts.includes(null) ? null : true
}

function any(parts: readonly Truth[]): Truth {
  if (parts.includes(true)) return true
  return parts.includes(null) ? null : false
}

function not(part: Truth): Truth {
  return part === null ? null : !part
}

function meets(row: SampleRow, condition: Record<string, unknown>): Truth {
  return all(
    Object.entries(condition).map(([key, operand]): Truth => {
      if (key === 'and') return all((operand as Record<string, unknown>[]).map((part) => meets(row, part)))
      if (key === 'or') return any((operand as Record<string, unknown>[]).map((part) => meets(row, part)))
      if (key === 'not') return not(meets(row, operand as Record<string, unknown>))
      const cell = row[key as Key]
      if (operand === null) return cell === null
      const isTests = typeof operand === 'object' && !(operand instanceof Date) && !('minor' in operand)
      const tests = Object.entries(isTests ? operand : { eq: operand })
      return all(tests.map(([operator, value]) => compared(operator, cell, value)))
    }),
  )
}

function compared(operator: string, cell: unknown, value: unknown): Truth {
  if (operator === 'isNull') return (cell === null) === value
  if (operator === 'in')
    return cell === null && (value as unknown[]).length > 0
      ? null
      : any((value as unknown[]).map((item) => compared('eq', cell, item)))
  if (value === null) return operator === 'eq' ? cell === null : cell !== null
  if (cell === null) return null
  if (typeof value === 'object' && 'currency' in value && (cell as Money).currency !== (value as Money).currency)
    return operator === 'ne'
  const [left, right] = [comparable(cell), comparable(value)]
  const order = left === right ? 0 : left < right ? -1 : 1
  return { eq: order === 0, ne: order !== 0, lt: order < 0, le: order <= 0, gt: order > 0, ge: order >= 0 }[operator] ?? null
}

function comparable(value: unknown): string | number | bigint {
  if (value instanceof Date) return value.getTime()
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'object') return (value as Money).minor
  if (typeof value === 'string' && /^-?\d+\.\d\d$/.test(value)) return Number(value)
  return value as string | number | bigint
}

test('random conditions meet the rows that they say', async () => {
  const { sample } = session()
  await fc.assert(
    fc.asyncProperty(conditions, async (condition) => {
      const expected = rows.filter((row) => meets(row, condition) === true).map((row) => row.id)
      // Made at random, so not by the types.
      const where = condition as Where<Sample>
      const found = await sample.findMany({ select: ['id'], where, orderBy: { id: 'asc' } })
      expect(found.map((row) => row.id)).toEqual(expected)
      expect(await sample.count({ where })).toBe(expected.length)
    }),
    { numRuns: 400 },
  )
})

test('amounts in two currencies are neither equal nor ordered', async () => {
  const { sample } = session()
  const zero = money(0n, 'SEK')
  for (const operator of ['eq', 'lt', 'le', 'gt', 'ge'] as const)
    expect(await sample.count({ where: { sum: { [operator]: zero } } })).toBe(0)
  expect(await sample.count({ where: { sum: { ne: zero } } })).toBe(rows.filter((row) => row.sum !== null).length)
})
