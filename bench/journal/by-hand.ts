// Two journals written by hand, with nothing but a table: what a step costs at the least. `openInsertPerStep` is what one
// writes first, a row for each step as it is done. `openGroupCommit` is the limit that we know of: what arrives while a
// flush is under way goes out together with the next one, and rows are written only where the run still has its fence.
// Neither knows access rules, labels, hashes, leases or recovery.

import { randomUUID } from 'node:crypto'
import { Pool, type PoolClient } from 'pg'
import { createDatabase, type Place } from './place.ts'
import { type Chain, type DurableSystem, poolSize, stepValue } from './system.ts'

const tables = `
create table run (id uuid primary key, fence bigint not null default 1, state text not null default 'alive', body jsonb not null);
create table entry (run_id uuid not null, number integer not null, body jsonb not null, primary key (run_id, number))`

export async function openInsertPerStep(place: Place): Promise<DurableSystem> {
  const pool = await openPool(place, poolSize)
  return chained(pool, {
    begin: async (runId, body) => {
      await pool.query({ name: 'begin', text: 'insert into run (id, body) values ($1, $2)', values: [runId, body] })
    },
    record: async (entry) => {
      await pool.query({
        name: 'record',
        text: 'insert into entry (run_id, number, body) values ($1, $2, $3)',
        values: [entry.runId, entry.number, entry.body],
      })
    },
    end: async (runId) => {
      await pool.query({ name: 'end', text: `update run set state = 'ended' where id = $1`, values: [runId] })
    },
  })
}

export async function openGroupCommit(place: Place): Promise<DurableSystem> {
  const pool = await openPool(place, maxFlushes)
  const begins = new Batcher<{ runId: string; body: string }>(pool, async (client, runs) => {
    await client.query({
      name: 'begin',
      text: 'insert into run (id, body) select * from unnest($1::uuid[], $2::jsonb[])',
      values: [runs.map((run) => run.runId), runs.map((run) => run.body)],
    })
  })
  const records = new Batcher<HandEntry>(pool, async (client, entries) => {
    const [single] = entries
    if (entries.length === 1 && single !== undefined) return recordOne(client, single)
    const { rowCount } = await client.query({
      name: 'record',
      text: `with held as (select id, fence from run where id = any($1::uuid[]) and state = 'alive' order by id for share)
insert into entry (run_id, number, body)
select b.run_id, b.number, b.body from unnest($1::uuid[], $2::bigint[], $3::integer[], $4::jsonb[]) as b (run_id, fence, number, body)
join held on held.id = b.run_id and held.fence = b.fence`,
      values: [
        entries.map((entry) => entry.runId),
        entries.map(() => fence),
        entries.map((entry) => entry.number),
        entries.map((entry) => entry.body),
      ],
    })
    if (rowCount !== entries.length) throw new Error('a run has lost its fence')
  })
  const ends = new Batcher<string>(pool, async (client, runIds) => {
    await client.query({ name: 'end', text: `update run set state = 'ended' where id = any($1::uuid[])`, values: [runIds] })
  })
  return chained(pool, {
    begin: (runId, body) => begins.add({ runId, body }),
    record: (entry) => records.add(entry),
    end: (runId) => ends.add(runId),
  })
}

type HandEntry = { readonly runId: string; readonly number: number; readonly body: string }

const maxFlushes = 2
const fence = 1

// Cheaper by a fifth than the statement for many.
async function recordOne(client: PoolClient, entry: HandEntry): Promise<void> {
  const { rowCount } = await client.query({
    name: 'record-one',
    text: `insert into entry (run_id, number, body) select id, $3, $4 from run where id = $1 and fence = $2 and state = 'alive' for share`,
    values: [entry.runId, fence, entry.number, entry.body],
  })
  if (rowCount !== 1) throw new Error('the run has lost its fence')
}

async function openPool(place: Place, max: number): Promise<Pool> {
  const pool = new Pool({ connectionString: await createDatabase(place), max })
  await pool.query(tables)
  return pool
}

function chained(
  pool: Pool,
  write: {
    readonly begin: (runId: string, body: string) => Promise<void>
    readonly record: (entry: HandEntry) => Promise<void>
    readonly end: (runId: string) => Promise<void>
  },
): DurableSystem {
  return {
    run: async ({ seed, steps }: Chain) => {
      const runId = randomUUID()
      await write.begin(runId, JSON.stringify({ seed }))
      let value = seed
      for (let step = 1; step <= steps; step += 1) {
        value = stepValue(value, step)
        await write.record({ runId, number: step, body: JSON.stringify({ result: value }) })
      }
      await write.end(runId)
      return {
        answer: async () => {
          const { rows } = await pool.query<{ result: number }>(
            `select (body -> 'result')::integer as result from entry where run_id = $1 order by number desc limit 1`,
            [runId],
          )
          return rows[0]?.result ?? Number.NaN
        },
      }
    },
    close: () => pool.end(),
  }
}

/** Collects what arrives while `maxFlushes` flushes are under way. No window of time: alone, an item goes out at once. */
class Batcher<Item> {
  readonly #pool: Pool
  readonly #flush: (client: PoolClient, items: readonly Item[]) => Promise<void>
  #waiting: { readonly item: Item; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []
  #flushing = 0
  #isDue = false

  constructor(pool: Pool, flush: (client: PoolClient, items: readonly Item[]) => Promise<void>) {
    this.#pool = pool
    this.#flush = flush
  }

  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      this.#arrange()
    })
  }

  // After the current turn of the event loop, so that everything that becomes ready in it goes out together.
  #arrange(): void {
    if (this.#isDue || this.#flushing === maxFlushes || this.#waiting.length === 0) return
    this.#isDue = true
    setImmediate(() => {
      this.#isDue = false
      void this.#send()
    })
  }

  async #send(): Promise<void> {
    const batch = this.#waiting
    this.#waiting = []
    this.#flushing += 1
    try {
      const client = await this.#pool.connect()
      try {
        await this.#flush(
          client,
          batch.map(({ item }) => item),
        )
      } finally {
        client.release()
      }
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    this.#flushing -= 1
    this.#arrange()
  }
}
