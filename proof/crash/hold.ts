// Holds a transaction of the job exactly at a boundary of the journal, from outside: by a trigger that the server's own
// user adds to the case's database. The product has no part in it and cannot tell.
//
// Before the commit of an entry: the trigger sleeps, so that the entry is written and not committed. After its commit: the
// transaction is told to wait for a standby server that does not exist, so that the entry is durable and the job not told.

import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import type { Moment } from './kill.ts'

const pollMs = 10

/** One armed boundary in one database. Closing it lets whatever is still held go, as a server does when a client is gone. */
export class Hold implements AsyncDisposable {
  readonly #client: Client
  readonly #database: string

  private constructor(client: Client, database: string) {
    this.#client = client
    this.#database = database
  }

  /** Adds the trigger to a database whose tables are there, and makes the server able to hold a commit back. */
  static async install(serverUrl: string, database: string): Promise<void> {
    await withClient(serverUrl, 'postgres', async (client) => {
      // First nobody waits for the standby that is then named, but who asks to.
      await client.query(`alter role all set synchronous_commit = 'local'`)
      await client.query(`set synchronous_commit = 'local'`)
      await client.query(`alter system set synchronous_standby_names = 'nobody'`)
      await client.query(`select pg_reload_conf()`)
    })
    await withClient(serverUrl, database, async (client) => {
      for (const statement of triggerStatements) await client.query(statement)
    })
  }

  static async arm(serverUrl: string, database: string, moment: Extract<Moment, { kind: 'entry' }>): Promise<Hold> {
    const client = await connect(serverUrl, database)
    const { entry, side } = moment
    const values = ['number' in entry ? entry.number : null, 'kind' in entry ? entry.kind : null, side === 'before its commit']
    await client.query(`delete from proof.boundary`)
    await client.query(`insert into proof.boundary (number, kind, is_before) values ($1, $2, $3)`, values)
    return new Hold(client, database)
  }

  /** Returns true once a transaction is held, false where `isOver` says that none will come. */
  async isHeld(isOver: () => boolean): Promise<boolean> {
    for (;;) {
      const over = isOver()
      const { rowCount } = await this.#client.query(held, [this.#database])
      if (rowCount !== 0) return true
      if (over) return false
      await pause(pollMs)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#client.query(`delete from proof.boundary`)
      await this.#client.query(`select pg_terminate_backend(pid, 5000) from (${held}) as held`, [this.#database])
      await this.#client.end()
    } catch {
      // The server was killed together with the job, and all that was held with it.
    }
  }
}

const held = `select pid from pg_stat_activity where datname = $1 and wait_event in ('PgSleep', 'SyncRep')`

const triggerStatements = [
  `create schema proof`,
  // Unlogged: a server that was killed empties it when it starts again, which is where nobody else could.
  `create unlogged table proof.boundary (number integer, kind text, is_before boolean not null)`,
  // As its definer, because the application role has no right to look at the table.
  `create function proof.hold() returns trigger language plpgsql security definer as $$
declare boundary record;
begin
  for boundary in select is_before from proof.boundary where number = new.number or kind = new.kind loop
    if boundary.is_before then perform pg_catalog.pg_sleep(60);
    else perform pg_catalog.set_config('synchronous_commit', 'on', true);
    end if;
  end loop;
  return null;
end $$`,
  `create trigger proof_hold after insert on paybill.entry for each row execute function proof.hold()`,
]

async function withClient(serverUrl: string, database: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = await connect(serverUrl, database)
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function connect(serverUrl: string, database: string): Promise<Client> {
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  const client = new Client({ connectionString: url.href })
  client.on('error', ignoreLost)
  await client.connect()
  return client
}

// The server is killed now and then; the next query on the connection says so.
function ignoreLost(): void {}
