// A database with the journal's tables alone, reached as the superuser, who can do all the damage that a test needs.

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, expect, inject, onTestFinished, vi } from 'vitest'
import { journalLines } from '../../src/audit/export.ts'
import type { ExportLine } from '../../src/audit/line.ts'
import type { Verification, VerifyWith } from '../../src/audit/verify.ts'
import { verifyJournal } from '../../src/audit/verify-journal.ts'
import { textOnly } from '../../src/database/identified-query.ts'
import { entryAppend, type RunHold } from '../../src/journal/append.ts'
import type { EntryKind } from '../../src/journal/entry.ts'
import { headsFile, type Heads } from '../../src/journal/heads.ts'
import { type Keys, loadKeys } from '../../src/journal/keys.ts'
import { runEnd, runStart } from '../../src/journal/run-store.ts'
import { type InTransaction, type SealPass, sealPass } from '../../src/journal/sealer.ts'
import { journalTables } from '../../src/journal/tables.ts'
import { sha256Hex } from '../../src/lib/hash.ts'
import type { SqlClient, SqlRow, SqlValue } from '../../src/lib/sql.ts'
import { prepareTemplate, temporaryDatabase } from '../../src/testing/index.ts'

export type JournalDatabase = {
  readonly url: string
  readonly keys: Keys
  readonly heads: Heads
  readonly headsPath: string
  readonly inTransaction: InTransaction
  /** Seals when everything that was written so far can be: tests beside this one hold the horizon too, for a moment. */
  seal(): Promise<SealPass>
  /** Seals what can be sealed at once. */
  sealNow(): Promise<SealPass>
  /** Waits until what was written so far can be sealed. */
  horizonPassed(): Promise<void>
  verify(heads?: Heads): Promise<Verification>
  /** The exported journal, and what it is verified with. */
  export(options?: { readonly payloads: boolean }): Promise<{ readonly lines: ExportLine[]; readonly using: VerifyWith }>
  /** Runs statements as the superuser, outside any rule. */
  damage(text: string, values?: readonly string[]): Promise<readonly SqlRow[]>
  /** A connection of its own, for transactions that are held open. */
  connect(): Promise<SqlConnection>
}

export type SqlConnection = SqlClient & { run(text: string): Promise<void> }

/** A new one with empty tables, for one test, or for all of a file where it is made outside of one. */
export async function journalDatabase(): Promise<JournalDatabase> {
  const serverUrl = inject('serverUrl')
  const template = await prepareTemplate({ serverUrl, name: templateName, build: makeTables })
  const { url, drop } = await temporaryDatabase({ serverUrl, template })
  const folder = await scratchFolder()
  const headsPath = join(folder, 'heads.jsonl')
  const keys = await loadKeys(join(folder, 'keys'))
  const heads = headsFile(headsPath)

  const clients: Client[] = []
  const connect = async (): Promise<SqlConnection> => {
    const client = new Client({ connectionString: url, types: textOnly })
    await client.connect()
    clients.push(client)
    return connectionOver(client)
  }
  whenFinished(async () => {
    for (const client of clients) await client.end()
    // Not left to the next run: what is dropped need not be written to disk when the server stops.
    await drop()
  })
  const free: SqlConnection[] = []
  const inTransaction: InTransaction = async (work) => {
    const client = free.pop() ?? (await connect())
    try {
      return await transactionOn(client, work)
    } finally {
      free.push(client)
    }
  }
  let superuser: SqlConnection | undefined
  const sealNow = (): Promise<SealPass> => sealPass(inTransaction, { keys, heads })
  const horizonPassed = (): Promise<void> => inTransaction(waitForHorizon)
  return {
    url,
    keys,
    heads,
    headsPath,
    inTransaction,
    connect,
    sealNow,
    horizonPassed,
    seal: () => horizonPassed().then(sealNow),
    verify: (known = heads) =>
      inTransaction((client) =>
        verifyJournal(client, { publicKey: keys.publicKey, heads: known, payloadKey: (tenant) => keys.payloadKey(tenant) }),
      ),
    export: async (options = { payloads: true }) => {
      const using = { publicKey: keys.publicKey, heads: await heads.newest() }
      return { using, lines: await inTransaction((client) => Array.fromAsync(journalLines(client, options))) }
    },
    damage: async (text, values = []) => {
      superuser ??= await connect()
      // What a superuser can switch off is no defence: keys between tables hold only until then.
      await superuser.run(`set session_replication_role = 'replica'`)
      return (await superuser.query({ text, values })).rows
    },
  }
}

// The horizon is that of the whole server. A test of another file may hold it for as long as a test may take.
const horizonLimitMs = 60_000
vi.setConfig({ testTimeout: 2 * horizonLimitMs, hookTimeout: 2 * horizonLimitMs })

async function waitForHorizon(client: SqlClient): Promise<void> {
  const { rows } = await client.query({ text: 'select pg_snapshot_xmax(pg_current_snapshot()) as next' })
  const hasPassed = async (): Promise<boolean> => {
    const text = 'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 as passed'
    return (await client.query({ text, values: [rows[0]?.['next'] ?? null] })).rows[0]?.['passed'] === 't'
  }
  await vi.waitUntil(hasPassed, { timeout: horizonLimitMs, interval: 10 })
}

const templateName = `paybill_journal_${sha256Hex(journalTables.join(';')).slice(0, 16)}`

/** A folder that is gone when the test has finished. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paybill-journal-'))
  whenFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

function whenFinished(work: () => Promise<void>): void {
  if (expect.getState().currentTestName === undefined) afterAll(work)
  else onTestFinished(work)
}

export async function transactionOn<R>(client: SqlConnection, work: (client: SqlClient) => Promise<R>): Promise<R> {
  await client.run('begin')
  try {
    const result = await work(client)
    await client.run('commit')
    return result
  } catch (error) {
    await client.run('rollback')
    throw error
  }
}

export type NewRun = { readonly tenant?: string; readonly entries: number; readonly isEnded?: boolean }

/** Writes a run of so many entries, each in a transaction of its own as workers do. */
export async function writeRun(journal: JournalDatabase, { tenant = 'acme', entries, isEnded = false }: NewRun): Promise<string> {
  const payloadKey = journal.keys.payloadKey(tenant)
  const { runId } = await journal.inTransaction((client) =>
    runStart(client, payloadKey, {
      tenant,
      workflow: 'pay',
      version: 1,
      graphHash: 'graph',
      key: randomUUID(),
      startedBy: 'anna',
      agent: null,
      at: new Date(),
      input: { file: 'invoice.xml' },
    }),
  )
  const hold: RunHold = { runId, tenant, fence: 0n }
  for (let number = 2; number <= entries; number += 1) {
    const isLast = isEnded && number === entries
    await journal.inTransaction(async (client) => {
      await writeEntry(client, payloadKey, hold, { number, kind: isLast ? 'run.ended' : 'step.done' })
      if (isLast) await runEnd(client, hold, { state: 'finished', reason: null })
    })
  }
  return runId
}

export function writeEntry(
  client: SqlClient,
  payloadKey: Uint8Array,
  hold: RunHold,
  entry: { readonly number: number; readonly kind?: EntryKind },
): Promise<void> {
  const { number, kind = 'step.done' } = entry
  return entryAppend(client, payloadKey, hold, {
    number,
    kind,
    path: `pay/1/step-${number}`,
    at: new Date(),
    payload: { amount: number },
  })
}

async function makeTables(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('create schema paybill')
    for (const statement of journalTables) await client.query(statement.replace(/:app$/, 'current_user'))
  } finally {
    await client.end()
  }
}

function connectionOver(client: Client): SqlConnection {
  const query: SqlClient['query'] = async ({ text, values = [], name }) => {
    const { rows, rowCount } = await client.query<SqlRow>({
      text,
      values: values.map(toWire),
      ...(name === undefined ? {} : { name }),
    })
    return { rows, count: rowCount ?? 0 }
  }
  return { query, run: async (text) => void (await client.query(text)) }
}

function toWire(value: SqlValue): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : value
}
