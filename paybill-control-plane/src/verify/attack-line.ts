// One connection of somebody who tries: SQL as he likes, each piece in a transaction that is rolled back.
//
// INVARIANT: nothing that is asked here stays. What cannot be rolled back (a transaction of its own, a command outside of
// one) is not asked but read off the catalog: an attempt that succeeds must not have harmed anybody.

import { quoteText } from 'paybill/schema'
import { Client, type ClientConfig, type QueryResult } from 'pg'
import { type Answer, answerOf } from './answer.ts'

export type AttackLine = {
  ask(text: string): Promise<Answer>
  /** What he reads to find out what there is to attack. */
  rows(text: string): Promise<readonly Readonly<Record<string, string | null>>[]>
  /** Hears what is sent on the channel, from now on. */
  listen(channel: string): Promise<void>
  /** What was heard since the last time. */
  heard(): Promise<string>
  close(): Promise<void>
}

/** `identity` is set in each transaction before anything is asked. Throws what the driver throws where he is not let in. */
export async function attackLine(url: string, identity: string | null = null): Promise<AttackLine> {
  const { client, notices } = await connected({ connectionString: url })
  const heard: string[] = []
  client.on('notification', ({ channel, payload = '' }) => heard.push(`${channel} ${payload}`))
  const begin = identity === null ? 'begin' : `begin; select set_config('paybill.identity', ${quoteText(identity)}, true)`
  return {
    ask: async (text) => {
      await client.query(begin)
      notices.length = 0
      try {
        return await answerOf(async () => [resultText(await client.query<Row, []>({ ...all, text })), ...notices].join('\n'))
      } finally {
        await client.query('rollback')
      }
    },
    rows: async (text) => (await client.query<Readonly<Record<string, string | null>>>({ text, types: textOnly })).rows,
    listen: async (channel) => void (await client.query(`listen ${channel}`)),
    heard: async () => {
      // What was sent before this statement comes with its answer.
      await client.query('select 1')
      return heard.splice(0).join('\n')
    },
    close: () => client.end(),
  }
}

/** Whether somebody is let in, and what he is told where he is not. */
export function connectionAnswer(config: ClientConfig): Promise<Answer> {
  return answerOf(async () => {
    const { client, notices } = await connected(config)
    await client.end()
    return ['connected', ...notices].join('\n')
  })
}

const limits = { connectionTimeoutMillis: 5_000, statement_timeout: 5_000, lock_timeout: 2_000 }

async function connected(config: ClientConfig): Promise<{ readonly client: Client; readonly notices: string[] }> {
  const client = new Client({ ...limits, application_name: 'paybill verify', ...config })
  const notices: string[] = []
  client.on('notice', ({ message, detail, hint }) => notices.push([message, detail, hint].join('\n')))
  // A connection that breaks is found out by the statement on it; without a listener the event would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => undefined) // it was refused, and there is nothing to end
    throw error
  }
  return { client, notices }
}

type Row = (string | null)[]

const textOnly = { getTypeParser: () => (text: string) => text }
const all = { rowMode: 'array', types: textOnly } as const

// Several statements in one text have several results, which the type of the driver does not say.
function resultText(result: QueryResult<never> | { readonly rows: readonly Row[] } | readonly object[]): string {
  const results = (Array.isArray(result) ? result : [result]) as readonly {
    readonly command: string
    readonly rowCount: number | null
    readonly rows: readonly Row[]
  }[]
  return results
    .map(({ command, rowCount, rows }) => [`${command} ${rowCount ?? ''}`, ...rows.map((row) => row.join('\t'))].join('\n'))
    .join('\n')
}
