// A company's inbox for tests of the job: a folder with the files that a test names, a database, a bank in a process of its
// own, and a model that answers what the test says.

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Database, openDatabase, type Session } from 'paybill/database'
import { journalTables } from 'paybill/journal'
import { prepareDatabase } from 'paybill/migrate'
import { createApp } from 'paybill/run'
import { temporaryDatabase } from 'paybill/testing'
import { Client } from 'pg'
import { inject } from 'vitest'
import { everyRow } from '../../src/app/every-row.ts'
import { type Job, openJob, type Progress } from '../../src/app/job.ts'
import { personOf } from '../../src/app/people.ts'
import { billPayRules } from '../../src/app/rules.ts'
import { billPaySchema } from '../../src/app/schema.ts'
import { readLedger } from '../../src/fake-bank/ledger.ts'
import type { Payment } from '../../src/fake-bank/payment.ts'
import { readInputFolder } from '../../src/invoice/input-folder.ts'
import { startProcess } from '../../src/process-start.ts'

const example = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export type Inbox = {
  readonly tenant: string
  /** The database as the clerk sees it. */
  readonly clerk: Session<typeof billPaySchema>
  /** Puts files of the example's own input into the folder, the first under the name of the second where two are given. */
  receive(...files: readonly string[]): Promise<void>
  /** Changes a file of the folder. */
  edit(file: string, change: (text: string) => string): Promise<void>
  /** Writes a file into the folder. */
  write(file: string, text: string): Promise<void>
  /** Opens the job on the folder as it is now, as a start of the program does. */
  job(onProgress?: (progress: Progress) => void): Promise<Job>
  /** One start of the program: takes in what is new and works until nothing goes on by itself. */
  start(): Promise<Job>
  /** A start that is cut off when the new files are received, and nothing of them is settled. */
  startUntilReceived(): Promise<void>
  /** Parks the runs that are alive, as a program does that does not have their version of the workflow. */
  parkRuns(): Promise<void>
  /** The decision and reason of each file. */
  decisions(): Promise<Readonly<Record<string, string>>>
  payments(): readonly Payment[]
  close(): Promise<void>
}

export type InboxDatabase = {
  readonly database: Database<typeof billPaySchema>
  /** Lets everybody look at invoices and nobody write one, until it is released. */
  holdInvoices(): Promise<Hold>
  /** As the server's own user, for what only the passing of time or a crash would do. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
}

export type Hold = {
  /** How many statements wait for a lock, this one or another. */
  readonly waiting: () => Promise<number>
  readonly release: () => Promise<void>
}

/** One database for the companies of a whole test file. */
export async function openInboxDatabase(): Promise<InboxDatabase> {
  const { name, drop, url: adminUrl } = await temporaryDatabase({ serverUrl: inject('serverUrl') })
  const { url } = await prepareDatabase({
    serverUrl: inject('serverUrl'),
    name,
    schema: billPaySchema,
    rules: billPayRules,
    statementLists: [{ name: 'journal', statements: journalTables }],
    secret: new Uint8Array(32).fill(1),
  })
  const database = await openDatabase({ url, schema: billPaySchema, rules: billPayRules })
  return {
    database,
    holdInvoices: () => holdInvoices(adminUrl),
    sql: async (text, values = []) => {
      const client = new Client({ connectionString: adminUrl })
      await client.connect()
      try {
        return (await client.query<Record<string, unknown>>(text, [...values])).rows
      } finally {
        await client.end()
      }
    },
    close: async () => {
      await database.close()
      await drop()
    },
  }
}

async function holdInvoices(adminUrl: string): Promise<Hold> {
  const client = new Client({ connectionString: adminUrl })
  await client.connect()
  await client.query('begin')
  await client.query('lock table invoice in share mode')
  return {
    waiting: async () => {
      // A transaction is otherwise shown what it saw at its first look.
      await client.query('select pg_stat_clear_snapshot()')
      const text = `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      return (await client.query(text)).rows.length
    },
    release: () => client.end(),
  }
}

/** A company of its own in that database. `verdict` is what the model answers. */
export async function openInbox({ database }: InboxDatabase, verdict: () => string): Promise<Inbox> {
  const folder = await mkdtemp(join(tmpdir(), 'bill-pay-inbox-'))
  const ledger = join(folder, '.bank.jsonl') // a name with a dot in front is no invoice
  const bank = await startProcess(join(example, 'src/fake-bank/main.ts'), ['--file', ledger])
  const model = await startModel(verdict)
  for (const file of ['company.json', 'vendors.csv']) await cp(join(example, 'input', file), join(folder, file))
  const tenant = `company-${randomUUID()}`
  const payloadKey = new Uint8Array(32).fill(2)

  const clerk = database.session({ principal: { id: 'clerk', tenant, roles: ['clerk'], claims: {} }, purpose: 'test' })

  const job = async (onProgress: (progress: Progress) => void = () => {}): Promise<Job> => {
    const content = await readInputFolder(folder)
    const ground = { tenant, database, bank: { url: bank.url }, model: model.address, keys: { payloadKey: () => payloadKey } }
    return openJob(ground, { folder, content }, onProgress)
  }
  return {
    tenant,
    clerk,
    receive: async (...files) => {
      for (const file of files) {
        const [from = '', as = from] = file.split(' as ')
        await cp(join(example, 'input', `invoice-${from}.xml`), join(folder, `invoice-${as}.xml`))
      }
    },
    edit: async (file, change) => writeFile(join(folder, file), change(await readFile(join(folder, file), 'utf8'))),
    write: (file, text) => writeFile(join(folder, file), text),
    job,
    start: async () => {
      const opened = await job()
      await opened.takeIn()
      await opened.app.work({ until: 'idle' })
      return opened
    },
    startUntilReceived: async () => {
      const stop = new AbortController()
      let taken = Infinity
      const opened = await job(({ received }) => {
        if (received === taken) stop.abort()
      })
      taken = await opened.takeIn()
      await opened.app.work({ until: 'idle', signal: stop.signal })
    },
    parkRuns: async () => {
      const app = createApp({ database, workflows: [], principal: personOf, payloadKey: () => payloadKey })
      await app.work({ until: 'idle' })
    },
    decisions: async () => {
      const rows = await everyRow(clerk.invoice, { key: 'file', select: ['file', 'decision', 'reason'] })
      return Object.fromEntries(
        rows.map((row) => [row.file.slice('invoice-'.length, -'.xml'.length), `${row.decision} ${row.reason}`]),
      )
    },
    payments: () => readLedger(ledger).payments,
    close: async () => {
      await bank.stop()
      await model.close()
      await rm(folder, { recursive: true })
    },
  }
}

async function startModel(verdict: () => string) {
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const message = { role: 'assistant', content: JSON.stringify({ decision: verdict() }) }
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 }
      const choices = [{ index: 0, finish_reason: 'stop', message }]
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ id: '1', object: 'chat.completion', created: 1, model: 'scripted', choices, usage }))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a server that listens on a port has an address of this kind
  return {
    address: { url: `http://127.0.0.1:${port}/v1`, name: 'scripted', key: null },
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
