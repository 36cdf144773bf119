// Where the systems keep their runs: one PostgreSQL server of our own in a scratch folder, for each system a database of
// its own, made empty for each round.

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedDatabase } from 'paybill/embedded'

export type Place = { readonly serverUrl: string; readonly database: string }

export type ScratchServer = {
  readonly url: string
  readonly version: string
  /** Removes a database, whoever is still connected, and leaves the disk quiet for the next system. */
  dropDatabase(name: string): Promise<void>
  /** Stops the server and removes everything that it wrote. */
  remove(): Promise<void>
}

export async function scratchServer(log: (line: string) => void): Promise<ScratchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'paybill-bench-'))
  await chmod(folder, 0o755) // so that the server's account reaches it, where that is another one
  const server = await startEmbeddedDatabase({ folder, onProgress: log })
  const remove = async (): Promise<void> => {
    // Connections of a turn that was killed may still be open.
    await asAdmin(server.url, (client) =>
      client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname <> current_database()`),
    )
    const outcome = await server.stop()
    if (outcome !== 'stopped') throw new Error(`the server in \`${server.dataFolder}\` is still in use; stop it by its pid file`)
    // The folder asked for, or the one outside of it where the account could not reach that.
    for (const written of new Set([folder, dirname(dirname(server.dataFolder))])) await rm(written, { recursive: true })
  }
  try {
    await checkDurable(server.url)
  } catch (error) {
    await remove()
    throw error
  }
  return {
    url: server.url,
    version: server.version,
    dropDatabase: (name) =>
      asAdmin(server.url, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`)
        await client.query('checkpoint')
      }),
    remove,
  }
}

/** Makes an empty database and gives its URL. */
export async function createDatabase({ serverUrl, database }: Place): Promise<string> {
  await asAdmin(serverUrl, (client) => client.query(`create database ${database}`))
  const url = new URL(serverUrl)
  url.pathname = `/${database}`
  return url.href
}

// A comparison in which a commit may be lost would say nothing.
async function checkDurable(url: string): Promise<void> {
  const { rows } = await asAdmin(url, (client) =>
    client.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') and setting <> 'on'`,
    ),
  )
  if (rows.length > 0) throw new Error(`the server has ${rows.map(({ name, setting }) => `${name} = ${setting}`).join(', ')}`)
}

async function asAdmin<R>(url: string, work: (client: Client) => Promise<R>): Promise<R> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
