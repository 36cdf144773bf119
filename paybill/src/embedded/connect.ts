// One connection to a server, for questions about the server itself: which it is, how old, who else is connected. Not for
// application data: sessions bound to a principal are in `database`.

import { Client, type QueryResultRow } from 'pg'
import { PaybillError } from '../lib/errors.ts'

const connectLimitMs = 15_000

/** `name` is what the server lists the connection under. */
export type ConnectOptions = { readonly name: string; readonly queryLimitMs: number }

/** Connects within 15 seconds. Throws DATABASE_UNREACHABLE naming the address and the reason, never the password. */
export async function connectTo(url: string, options: ConnectOptions): Promise<Client> {
  try {
    const client = new Client({
      connectionString: url,
      application_name: options.name,
      connectionTimeoutMillis: connectLimitMs,
      query_timeout: options.queryLimitMs,
    })
    client.on('error', ignoreLostConnection)
    await client.connect()
    return client
  } catch (cause) {
    throw new PaybillError('DATABASE_UNREACHABLE', `no connection to ${addressOf(url)}: ${reasonOf(cause)}`, { cause })
  }
}

/** Connects, asks once, and leaves. */
export async function ask<Row extends QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = await connectTo(url, { name: 'paybill asks', queryLimitMs: 5_000 })
  try {
    return (await client.query<Row>(text)).rows
  } catch (cause) {
    throw new PaybillError('DATABASE_UNREACHABLE', `no answer from ${addressOf(url)}: ${reasonOf(cause)}`, { cause })
  } finally {
    await client.end()
  }
}

/** Lets the process end although the connection is open. It then shows the server that somebody is there, and no more. */
export function keepInBackground(client: Client): void {
  withReferences(client).unref()
}

/** Closes a connection, also one that was in the background, and waits until the server has seen it. */
export async function leave(client: Client): Promise<void> {
  withReferences(client).ref()
  await client.end()
}

/** The text that may be shown of a URL. */
export function addressOf(url: string): string {
  const { hostname, port, username, pathname } = new URL(url)
  return `\`${username === '' ? '' : `${username}@`}${hostname}${port === '' ? '' : `:${port}`}${pathname}\``
}

// pg documents `ref` and `unref` on the client; its type declarations leave them out.
function withReferences(client: Client): Client & { ref(): void; unref(): void } {
  return client as Client & { ref(): void; unref(): void }
}

// A connection that the server ends is found out by the next query; without a listener it would end the process.
function ignoreLostConnection(): void {}

function reasonOf(error: unknown): string {
  // `localhost` is tried on every address it has, which gives one error without a text of its own.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}
