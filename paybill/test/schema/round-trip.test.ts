// Every column type takes each of its values through PostgreSQL, through canonical JSON and through JSON, unchanged.

import * as fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { textOnly } from '../../src/database/identified-query.ts'
import { decodeCanonical, encodeCanonical } from '../../src/lib/canonical.ts'
import { fromSql, sqlColumns, toSql } from '../../src/schema/codec.ts'
import type { Column } from '../../src/schema/column.ts'
import { createStatements, schema, t, table } from '../../src/schema/index.ts'
import { quoteName } from '../../src/schema/names.ts'
import { temporaryDatabase } from '../../src/testing/index.ts'

const anything = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const

const columns = {
  tenant: t.tenant(),
  uuid: t.uuid(),
  text: t.text({ maxLength: 50 }),
  patterned: t.text({ maxLength: 20, pattern: '[A-Z]{2}[0-9]+' }),
  boolean: t.boolean(),
  integer: t.integer(),
  bounded: t.integer({ minimum: -5, maximum: 5 }),
  bigint: t.bigint(),
  decimal: t.decimal({ precision: 20, scale: 4 }),
  whole: t.decimal({ precision: 5, scale: 0 }),
  money: t.money(),
  date: t.date(),
  timestamp: t.timestamp(),
  json: t.json(anything),
  enumeration: t.enum('red', 'green', "it's \\ blue"),
  states: t.states({ open: ['closed'], closed: [] }),
} as const

// PostgreSQL cannot hold the character zero, and neither can hold half a surrogate pair.
const storable = (maxLength: number) =>
  fc
    .string({ unit: 'grapheme', maxLength })
    .filter((value) => !value.includes('\0') && value.isWellFormed() && Array.from(value).length <= maxLength)
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const moment = fc.date({
  min: new Date('0001-01-01T00:00:00.000Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})
const digits = (length: number) => fc.bigInt({ min: 0n, max: 10n ** BigInt(length) - 1n })

// JSON has one zero only.
const plainNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value))
const key = storable(8)
const jsonValue = fc
  .letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      storable(10),
      plainNumber,
      fc.boolean(),
      fc.constant(null),
      int64,
      moment,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))
  .value.filter((value) => value !== null)

const values: Readonly<Record<keyof typeof columns, fc.Arbitrary<unknown>>> = {
  tenant: storable(30).filter((value) => value !== ''),
  uuid: fc.uuid(),
  text: storable(50),
  patterned: fc.stringMatching(/^[A-Z]{2}[0-9]{1,18}$/),
  boolean: fc.boolean(),
  integer: fc.integer(),
  bounded: fc.integer({ min: -5, max: 5 }),
  bigint: int64,
  decimal: fc.tuple(fc.boolean(), digits(16), digits(4)).map(([isNegative, whole, fraction]) => {
    const text = `${whole}.${fraction.toString().padStart(4, '0')}`
    return isNegative && /[1-9]/.test(text) ? `-${text}` : text
  }),
  whole: fc.integer({ min: -99_999, max: 99_999 }).map(String),
  money: fc.record({ minor: int64, currency: fc.stringMatching(/^[A-Z]{3}$/) }, { noNullPrototype: true }),
  date: moment.map((value) => value.toISOString().slice(0, 10)),
  timestamp: moment,
  json: jsonValue,
  enumeration: fc.constantFrom('red', 'green', "it's \\ blue"),
  states: fc.constantFrom('open', 'closed'),
}

const nullable = Object.fromEntries(
  Object.entries(columns).map(([name, column]): [string, Column] => [name, name === 'tenant' ? column : column.nullable()]),
)

let client: Client

beforeAll(async () => {
  const database = await temporaryDatabase({ serverUrl: inject('serverUrl') })
  client = new Client({ connectionString: database.url, types: textOnly })
  await client.connect()
  await client.query(`set timezone to 'UTC'`)
  const all = schema({ sample: table({ ...nullable, tenant: t.tenant(), id: t.uuid() }, { primaryKey: ['tenant', 'id'] }) })
  for (const statement of createStatements(all)) await client.query(statement)
})

afterAll(() => client.end())

for (const [name, arbitrary] of Object.entries(values)) {
  test(`a ${name} round-trips exactly through PostgreSQL`, async () => {
    const column = nullable[name]
    if (column === undefined) throw new Error(`no column ${name}`)
    await fc.assert(
      fc.asyncProperty(arbitrary, async (value) => {
        expect(await throughPostgres(name, column, value)).toEqual(value)
      }),
      { numRuns: 200 },
    )
  })

  test(`a ${name} that is null stays null where its column is nullable`, async () => {
    const column = nullable[name]
    const isNull = column === undefined || !column.isNullable || (await throughPostgres(name, column, null)) === null
    expect(isNull).toBe(true)
  })

  test(`a ${name} round-trips exactly through canonical JSON and through JSON`, () => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const text = encodeCanonical(value)
        expect(decodeCanonical(text)).toEqual(value)
        expect(decodeCanonical(JSON.stringify(JSON.parse(text)))).toEqual(value)
      }),
      { numRuns: 200 },
    )
  })
}

async function throughPostgres(name: string, column: Column, value: unknown): Promise<unknown> {
  const names = sqlColumns(name, column).map((one) => quoteName(one.name))
  const parameters = toSql(name, column, value)
  const isTenant = column.type.kind === 'tenant'
  const places = parameters.map((_, index) => `$${index + 1}`)
  const { rows } = await client.query<Record<string, string | null>>(
    `insert into sample (${isTenant ? '' : `tenant, `}id, ${names.join()}) values (${isTenant ? '' : `'t', `}gen_random_uuid(), ${places.join()}) returning ${names.join()}`,
    [...parameters],
  )
  const [row = {}] = rows
  return fromSql(column, Object.values(row))
}
