// Moves of a status are kept by the database, whoever writes.

import { Client, DatabaseError } from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createStatements, schema, t, table } from '../../src/schema/index.ts'
import { temporaryDatabase } from '../../src/testing/index.ts'

const moves = { received: ['approved', 'held'], held: ['approved'], approved: ['paid'], paid: [] } as const
const tables = schema({
  invoice: table({ tenant: t.tenant(), id: t.integer(), status: t.states(moves) }, { primaryKey: ['tenant', 'id'] }),
  note: table(
    { tenant: t.tenant(), id: t.integer(), status: t.states({ only: [] }).nullable() },
    { primaryKey: ['tenant', 'id'] },
  ),
})

let client: Client

beforeAll(async () => {
  const database = await temporaryDatabase({ serverUrl: inject('serverUrl') })
  client = new Client({ connectionString: database.url })
  await client.connect()
  for (const statement of createStatements(tables)) await client.query(statement)
})

afterAll(() => client.end())

async function move(from: string, to: string): Promise<string> {
  await client.query(`delete from invoice`)
  await client.query(`insert into invoice values ('acme', 1, $1)`, [from])
  try {
    await client.query(`update invoice set status = $1`, [to])
    return 'moved'
  } catch (error) {
    return error instanceof DatabaseError ? (error.code ?? '') : String(error)
  }
}

test('the database makes every legal move, staying included, and refuses every other', async () => {
  const states = Object.keys(moves) as (keyof typeof moves)[]
  for (const from of states)
    for (const to of states) {
      const next: readonly string[] = moves[from]
      expect([from, to, await move(from, to)]).toEqual([from, to, from === to || next.includes(to) ? 'moved' : '23514'])
    }
})

test('a value that is no state is refused, also on insert', async () => {
  expect(await move('received', 'stolen')).toBe('23514')
  await expect(client.query(`insert into invoice values ('acme', 2, 'stolen')`)).rejects.toMatchObject({ code: '23514' })
})

test('a status with no moves cannot become or stop being NULL', async () => {
  await client.query(`insert into note values ('acme', 1, null), ('acme', 2, 'only')`)
  await expect(client.query(`update note set status = 'only' where id = 1`)).rejects.toMatchObject({ code: '23514' })
  await expect(client.query(`update note set status = null where id = 2`)).rejects.toMatchObject({ code: '23514' })
})
