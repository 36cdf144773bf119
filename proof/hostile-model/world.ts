// What an attack runs in: a prepared database of its own and a bank that is another process with its own file. The attack
// acts inside; what it brought about is read from outside, from the bank's file and by SQL past every session.

import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Database, openDatabase } from 'paybill/database'
import type { Rules } from 'paybill/acl'
import { journalTables } from 'paybill/journal'
import { prepareDatabase } from 'paybill/migrate'
import type { Schema } from 'paybill/schema'
import { readLedger } from '../../examples/bill-pay/src/fake-bank/ledger.ts'
import type { Payment } from '../../examples/bill-pay/src/fake-bank/payment.ts'
import { startProcess } from '../../examples/bill-pay/src/process-start.ts'
import { asServerUser, withDatabase } from '../../paybill/test/run/outside.ts'

const bankProgram = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'examples/bill-pay/src/fake-bank/main.ts')

export type Ground = {
  /** Connects as a user that may create databases. */
  readonly serverUrl: string
  /** The database to make. Who started this program drops it. */
  readonly name: string
  /** Where the bank keeps its file, and invoices are written. */
  readonly folder: string
}

export type World<S extends Schema> = {
  readonly database: Database<S>
  readonly bankUrl: string
  readonly folder: string
  readonly payloadKey: () => Uint8Array
  /** What the bank has in its file. */
  payments(): readonly Payment[]
  /** Past every rule, as only an owner of the server could. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
}

export async function openWorld<S extends Schema>(ground: Ground, schema: S, rules: Rules<S>): Promise<World<S>> {
  const { serverUrl, name, folder } = ground
  await mkdir(folder, { recursive: true })
  const { url } = await prepareDatabase({
    serverUrl,
    name,
    schema,
    rules,
    statementLists: [{ name: 'journal', statements: journalTables }],
    secret: new Uint8Array(32).fill(3),
  })
  const database = await openDatabase({ url, schema, rules })
  const ledger = join(folder, 'bank.jsonl')
  const bank = await startProcess(bankProgram, ['--file', ledger])
  const payloadKey = new Uint8Array(32).fill(5)
  return {
    database,
    bankUrl: bank.url,
    folder,
    payloadKey: () => payloadKey,
    payments: () => readLedger(ledger).payments,
    sql: (text, values) => asServerUser(withDatabase(serverUrl, name), text, values),
    close: async () => {
      await database.close()
      await bank.stop()
    },
  }
}
