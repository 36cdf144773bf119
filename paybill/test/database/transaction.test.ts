import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { type Connections, openConnections } from '../../src/database/connection.ts'
import type { Line } from '../../src/database/open-transaction.ts'
import { temporaryDatabase } from '../../src/testing/index.ts'

let connections: Connections

beforeAll(async () => {
  const database = await temporaryDatabase({ serverUrl: inject('serverUrl') })
  connections = openConnections({ url: database.url })
  await connections.run({ text: 'create table item (id int primary key deferrable initially deferred)' }, null)
})

beforeEach(() => connections.run({ text: 'delete from item' }, null))

afterAll(() => connections.close())

const add = (line: Line, id: number) => line.run({ text: 'insert into item values ($1::int)', values: [id] }, null)

async function items(): Promise<number[]> {
  const { rows } = await connections.run({ text: 'select id from item order by id' }, null)
  return rows.map(([id]) => Number(id))
}

test('what a transaction did is there when it is over, and its result is given', async () => {
  const result = await connections.transaction(async (line) => {
    await add(line, 1)
    expect(await items()).toEqual([])
    await add(line, 2)
    return 'done'
  })
  expect(result).toBe('done')
  expect(await items()).toEqual([1, 2])
})

test('a transaction that throws leaves nothing', async () => {
  const attempt = connections.transaction(async (line) => {
    await add(line, 1)
    throw new Error('changed my mind')
  })
  await expect(attempt).rejects.toThrow('changed my mind')
  expect(await items()).toEqual([])
})

test('a failed statement ends the whole transaction, also where the caller went on', async () => {
  const attempt = connections.transaction(async (line) => {
    await add(line, 1)
    await line.run({ text: `do $$ begin raise sqlstate '40001'; end $$` }, null).catch(() => {})
    await expect(add(line, 2)).rejects.toMatchObject({ code: 'CONFLICT' })
    return 'went on'
  })
  await expect(attempt).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await items()).toEqual([])
})

test('what fails at the commit fails the transaction', async () => {
  const attempt = connections.transaction(async (line) => {
    await add(line, 1)
    await add(line, 1)
  })
  await expect(attempt).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await items()).toEqual([])
})

test('statements asked for at the same time run one after the other, in the order of asking', async () => {
  await connections.transaction(async (line) => {
    const seen = Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const [, counted] = await Promise.all([add(line, index), line.run({ text: 'select count(*) from item' }, null)])
        return Number(counted.rows[0]?.[0])
      }),
    )
    expect(await seen).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })
})

test('a statement that nobody awaited is part of the commit', async () => {
  await connections.transaction(async (line) => {
    void add(line, 1)
  })
  expect(await items()).toEqual([1])
})

test('nothing runs in a transaction after its end', async () => {
  const kept: Line[] = []
  await connections.transaction(async (line) => {
    kept.push(line)
    await add(line, 1)
  })
  await expect(
    connections.transaction(async (line) => {
      kept.push(line)
      throw new Error('rolled back')
    }),
  ).rejects.toThrow('rolled back')
  for (const line of kept) await expect(add(line, 2)).rejects.toMatchObject({ code: 'TRANSACTION_OVER' })
  expect(await items()).toEqual([1])
})

test('a transaction without a statement costs nothing and ends well', async () => {
  expect(await connections.transaction(async () => 'nothing to do')).toBe('nothing to do')
})

test('a value that cannot be sent does not end the transaction', async () => {
  await connections.transaction(async (line) => {
    await expect(add(line, Number.NaN)).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
    await add(line, 1)
  })
  expect(await items()).toEqual([1])
})
