import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Connections, openConnections } from '../../src/database/connection.ts'
import { PaybillError } from '../../src/lib/errors.ts'
import type { SqlValue } from '../../src/lib/sql.ts'
import { type TemporaryDatabase, temporaryDatabase } from '../../src/testing/index.ts'

let database: TemporaryDatabase
let connections: Connections

beforeAll(async () => {
  database = await temporaryDatabase({ serverUrl: inject('serverUrl') })
  connections = openConnections({ url: database.url })
  await connections.run({ text: 'create table item (id int primary key, note text)' }, null)
})

afterAll(() => connections.close())

const who = `select current_setting('paybill.identity', true)`

/** A single connection, so that whatever a statement leaves behind is met by the next. */
async function onOneConnection(work: (single: Connections) => Promise<void>): Promise<void> {
  const single = openConnections({ url: database.url, maxConnections: 1 })
  try {
    await work(single)
  } finally {
    await single.close()
  }
}

async function failure(attempt: Promise<unknown>): Promise<PaybillError> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof PaybillError)) throw new Error(`not a PaybillError: ${inspect(error)}`)
  return error
}

test('600 mixed statements and errors on one connection each see the identity they were sent with', () =>
  onOneConnection(async (single) => {
    const wrong: string[] = []
    let failed = 0
    await Promise.all(
      Array.from({ length: 600 }, async (_, index) => {
        const identity = index % 7 === 0 ? null : `person-${index}`
        try {
          if (index % 5 === 0) await single.run({ text: `select 1 / ($1::int - $1::int)`, values: [index] }, identity)
          if (index % 11 === 0) await single.run({ text: `select no_such_column`, name: `broken_${index}` }, identity)
          if (index % 13 === 0) await single.run({ text: who, values: [undefined as unknown as string] }, identity)
          const statement = index % 2 === 0 ? { text: who, name: 'who' } : { text: who }
          const { rows } = await single.run(statement, identity)
          if ((rows[0]?.[0] ?? '') !== (identity ?? '')) wrong.push(`${index}: ${rows[0]?.[0] ?? ''}`)
        } catch (error) {
          if (!(error instanceof PaybillError)) throw error
          failed += 1
        }
      }),
    )
    expect(wrong).toEqual([])
    expect(failed).toBeGreaterThan(150)
  }))

test('600 mixed identities in one transaction each see their own, and a statement of nobody sees none', () =>
  onOneConnection((single) =>
    single.transaction(async (line) => {
      const seen = await Promise.all(
        Array.from({ length: 600 }, async (_, index) => {
          const identity = index % 3 === 0 ? null : `person-${index % 4}`
          const { rows } = await line.run({ text: who, name: 'who' }, identity)
          return [rows[0]?.[0], identity ?? '']
        }),
      )
      expect(seen.filter(([got, want]) => got !== want)).toEqual([])
    }),
  ))

test('a value that cannot be sent is refused before anything is, and leaves no identity behind', () =>
  onOneConnection(async (single) => {
    const throwing = {
      toPostgres: () => {
        throw new Error('from a value')
      },
    }
    const unsendable: unknown[] = [undefined, Number.NaN, 'a\0b', 5n, {}, throwing, () => 1, [1], ['a\0']]
    for (const value of unsendable) {
      const attempt = single.run({ text: 'select $1::text', name: 'one', values: [value as SqlValue] }, 'somebody')
      expect(await failure(attempt)).toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringContaining('`$1`') })
    }
    expect((await single.run({ text: who }, null)).rows).toEqual([['']])
    expect((await single.run({ text: 'select $1::text', name: 'one', values: ['x'] }, 'somebody')).rows).toEqual([['x']])
  }))

test('every kind of value arrives as it was given, and every answer is text', async () => {
  const bytes = new Uint8Array([0, 255, 39, 92])
  const list = ['a', null, 'NULL', '', '"', '\\', "'", '{,}', 'ø']
  const { rows } = await connections.run(
    {
      text: 'select $1::bytea, $2::text[] = $3::text[], to_json($2::text[]), $4::int, $5::bool, $6::float8',
      values: [bytes, list, list, 42, true, 1e-7],
    },
    null,
  )
  expect(rows).toEqual([['\\x00ff275c', 't', JSON.stringify(list), '42', 't', '1e-07']])
})

test('an address where nobody listens, and a wrong password, are DATABASE_UNREACHABLE without the password', async () => {
  for (const [part, value] of [
    ['port', '1'],
    ['password', 'wrong-pass'],
    ['pathname', '/no_such_database'],
  ] as const) {
    const url = new URL(database.url)
    const password = part === 'password' ? value : decodeURIComponent(url.password)
    url[part] = value
    const lost = openConnections({ url: url.href })
    const error = await failure(lost.run({ text: 'select 1' }, null))
    expect(error.code).toBe('DATABASE_UNREACHABLE')
    expect(inspect(error)).not.toContain(password)
    await lost.close()
  }
})

test('a backend that is killed inside a statement gives DATABASE_LOST, and the next statement has a new connection', () =>
  onOneConnection(async (single) => {
    const pid = (await single.run({ text: 'select pg_backend_pid()' }, null)).rows[0]?.[0] ?? ''
    const sleeping = failure(single.run({ text: 'select pg_sleep(20)' }, 'somebody'))
    await waitUntilActive(pid)
    await connections.run({ text: 'select pg_terminate_backend($1::int)', values: [pid] }, null)
    expect((await sleeping).code).toBe('DATABASE_LOST')
    const next = await single.run({ text: 'select pg_backend_pid()' }, null)
    expect(next.rows[0]?.[0]).not.toBe(pid)
  }))

test('a backend that is killed inside a transaction gives DATABASE_LOST, undoes everything, and the pool recovers', () =>
  onOneConnection(async (single) => {
    const attempt = single.transaction(async (line) => {
      await line.run({ text: `insert into item values (1, 'lost')` }, null)
      const pid = (await line.run({ text: 'select pg_backend_pid()' }, null)).rows[0]?.[0] ?? ''
      await connections.run({ text: 'select pg_terminate_backend($1::int, 5000)', values: [pid] }, null)
      await line.run({ text: `insert into item values (2, 'lost')` }, null)
    })
    expect((await failure(attempt)).code).toBe('DATABASE_LOST')
    expect((await single.run({ text: 'select count(*) from item' }, null)).rows).toEqual([['0']])
  }))

test('a connection that was killed while idle is replaced', () =>
  onOneConnection(async (single) => {
    const pid = (await single.run({ text: 'select pg_backend_pid()' }, null)).rows[0]?.[0] ?? ''
    await connections.run({ text: 'select pg_terminate_backend($1::int, 5000)', values: [pid] }, null)
    await pause(50)
    expect((await single.run({ text: 'select 1' }, null)).rows).toEqual([['1']])
  }))

test('who finds every connection in use is told so, and not kept waiting for ever', () =>
  onOneConnection((single) =>
    single.transaction(async (line) => {
      await line.run({ text: 'select 1' }, null)
      expect((await failure(single.run({ text: 'select 1' }, null))).code).toBe('DATABASE_BUSY')
    }),
  ))

test('a statement that runs too long is stopped, with LIMIT_TIME', async () => {
  const attempt = connections.transaction(async (line) => {
    await line.run({ text: `select set_config('statement_timeout', '50', true)` }, null)
    await line.run({ text: 'select pg_sleep(10)' }, null)
  })
  expect((await failure(attempt)).code).toBe('LIMIT_TIME')
  const { rows } = await connections.run(
    {
      text: `select current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), current_setting('application_name')`,
    },
    null,
  )
  expect(rows).toEqual([['15s', '30s', 'paybill']])
})

test('an error of the database shows no value that was in it, nor does its cause', async () => {
  for (const text of [
    `select 'hidden-value'::int`,
    `select 'hidden-value'::uuid`,
    `insert into item values (1, 'hidden-value'), (1, 'hidden-value')`,
    `do $$ begin raise exception 'hidden-value'; end $$`,
  ]) {
    const error = await failure(connections.run({ text }, null))
    expect(inspect(error, { depth: 9, showHidden: true }).replaceAll(text, '')).not.toContain('hidden-value')
    expect(error.cause).toBeInstanceOf(Error)
  }
})

test('a connection keeps no more than its share of prepared statements', () =>
  onOneConnection(async (single) => {
    for (let index = 0; index < 520; index += 1)
      await single.run({ text: `select ${index}`, name: `statement_${index}` }, 'somebody')
    const { rows } = await single.run({ text: `select count(*) from pg_prepared_statements` }, null)
    expect(Number(rows[0]?.[0])).toBeLessThanOrEqual(502)
    expect((await single.run({ text: 'select 0', name: 'statement_0' }, 'somebody')).rows).toEqual([['0']])
  }))

async function waitUntilActive(pid: string): Promise<void> {
  for (;;) {
    const { rows } = await connections.run(
      { text: `select from pg_stat_activity where pid = $1::int and state = 'active' and wait_event = 'PgSleep'`, values: [pid] },
      null,
    )
    if (rows.length > 0) return
    await pause(10)
  }
}
