// The same through the public interface, as the application role and beside real sessions.

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditExport, auditSeal, startSealing, tamperControls, verifyExport } from '../../src/audit/index.ts'
import { type Database, internals, openDatabase } from '../../src/database/database.ts'
import { entryAppend } from '../../src/journal/append.ts'
import { headsFile, type Keys, loadKeys, journalTables } from '../../src/journal/index.ts'
import { runStart } from '../../src/journal/run-store.ts'
import { billRules, bills } from '../database/bills.ts'
import { asAdmin, type PreparedDatabase, preparedDatabase } from '../database/prepared.ts'
import { scratchFolder } from '../journal/journal-database.ts'

let prepared: PreparedDatabase
let database: Database<typeof bills>
let keys: Keys
let heads: ReturnType<typeof headsFile>

beforeAll(async () => {
  prepared = await preparedDatabase(billRules, { statementLists: [{ name: 'journal', statements: journalTables }] })
  database = await openDatabase({ url: prepared.url, schema: bills, rules: billRules })
  const folder = await scratchFolder()
  keys = await loadKeys(join(folder, 'keys'))
  heads = headsFile(join(folder, 'heads.jsonl'))
})

afterAll(async () => {
  await database.close()
  await prepared.drop()
})

async function writeSome(key: string): Promise<void> {
  const payloadKey = keys.payloadKey('acme')
  await internals(database).transaction(async (client) => {
    const start = {
      tenant: 'acme',
      workflow: 'pay',
      version: 1,
      graphHash: '',
      key,
      startedBy: 'anna',
      agent: null,
      at: new Date(),
      input: {},
    }
    const { runId } = await runStart(client, payloadKey, start)
    const entry = { number: 2, kind: 'step.done', path: 'pay/1/read', at: new Date(), payload: { key } } as const
    await entryAppend(client, payloadKey, { runId, tenant: 'acme', fence: 0n }, entry)
  })
}

async function unsealed(): Promise<number> {
  const using = {
    publicKey: keys.publicKey,
    heads: await heads.newest(),
    payloadKey: (tenant: string) => keys.payloadKey(tenant),
  }
  const verification = await auditExport(database, (lines) => verifyExport(lines, using))
  expect(verification.findings).toEqual([])
  return verification.unsealed
}

test('the application role seals, exports and verifies', async () => {
  await writeSome('one')
  await expect
    .poll(
      async () => {
        await auditSeal(database, { keys, heads })
        return unsealed()
      },
      { timeout: 60_000 },
    )
    .toBe(0)
  const using = { publicKey: keys.publicKey, heads: await heads.newest() }
  const controls = await auditExport(database, async (lines) => tamperControls(await Array.fromAsync(lines), using))
  expect(controls).toEqual({ seeded: 5, found: 5, missed: [] })
})

test('the application role can neither change nor remove what is sealed', async () => {
  for (const statement of [
    'update paybill.entry set path = path',
    'delete from paybill.entry',
    'delete from paybill.segment',
    'update paybill.segment set at = at',
  ])
    await expect(asAdmin(prepared.url, statement)).rejects.toMatchObject({ code: '42501' })
})

test('a sealer seals beside the application until it is stopped', async () => {
  const failures: unknown[] = []
  const sealer = startSealing(database, { keys, heads, everyMs: 10, onLag: () => {}, onFailure: (error) => failures.push(error) })
  await writeSome('two')
  await expect.poll(unsealed, { timeout: 60_000 }).toBe(0)
  await sealer.stop()
  expect(failures).toEqual([])
})
