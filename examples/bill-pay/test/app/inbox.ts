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
import { type Database, openDatabase } from 'paybill/database'
import { journalTables } from 'paybill/journal'
import { prepareDatabase } from 'paybill/migrate'
import { temporaryDatabase } from 'paybill/testing'
import { Client } from 'pg'
import { inject } from 'vitest'
import { type Job, openJob } from '../../src/app/job.ts'
import { billPayRules } from '../../src/app/rules.ts'
import { billPaySchema } from '../../src/app/schema.ts'
import { readLedger } from '../../src/fake-bank/ledger.ts'
import type { Payment } from '../../src/fake-bank/payment.ts'
import { readInputFolder } from '../../src/invoice/input-folder.ts'
import { startProcess } from '../../src/process-start.ts'

const example = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export type Inbox = {
  readonly tenant: string
  /** Puts files of the example's own input into the folder, the first under the name of the second where two are given. */
  receive(...files: readonly string[]): Promise<void>
  /** Changes one of the company's own files. */
  edit(file: string, change: (text: string) => string): Promise<void>
  /** Opens the job on the folder as it is now, as a start of the program does. */
  job(): Promise<Job>
  /** One start of the program: takes in what is new and works until nothing goes on by itself. */
  start(): Promise<Job>
  /** The decision and reason of each file. */
  decisions(): Promise<Readonly<Record<string, string>>>
  payments(): readonly Payment[]
  close(): Promise<void>
}

export type InboxDatabase = {
  readonly database: Database<typeof billPaySchema>
  /** As the server's own user, for what only the passing of time or a crash would do. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
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

/** A company of its own in that database. `verdict` is what the model answers. */
export async function openInbox({ database }: InboxDatabase, verdict: () => string): Promise<Inbox> {
  const folder = await mkdtemp(join(tmpdir(), 'bill-pay-inbox-'))
  const ledger = join(folder, '.bank.jsonl') // a name with a dot in front is no invoice
  const bank = await startProcess(join(example, 'src/fake-bank/main.ts'), ['--file', ledger])
  const model = await startModel(verdict)
  for (const file of ['company.json', 'vendors.csv']) await cp(join(example, 'input', file), join(folder, file))
  const tenant = `company-${randomUUID()}`
  const payloadKey = new Uint8Array(32).fill(2)

  const job = async (): Promise<Job> => {
    const content = await readInputFolder(folder)
    const ground = { tenant, database, bank: { url: bank.url }, model: model.address, keys: { payloadKey: () => payloadKey } }
    return openJob(ground, { folder, content }, () => {})
  }
  return {
    tenant,
    receive: async (...files) => {
      for (const file of files) {
        const [from = '', as = from] = file.split(' as ')
        await cp(join(example, 'input', `invoice-${from}.xml`), join(folder, `invoice-${as}.xml`))
      }
    },
    edit: async (file, change) => writeFile(join(folder, file), change(await readFile(join(folder, file), 'utf8'))),
    job,
    start: async () => {
      const opened = await job()
      await opened.takeIn()
      await opened.app.work({ until: 'idle' })
      return opened
    },
    decisions: async () => {
      const clerk = { id: 'clerk', tenant, roles: ['clerk'], claims: {} }
      const session = database.session({ principal: clerk, purpose: 'test' })
      const rows = await session.invoice.findMany({ select: ['file', 'decision', 'reason'] })
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
