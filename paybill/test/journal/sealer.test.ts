// Nothing is sealed twice and nothing is lost, whatever writers and sealers do at the same time.

import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { rm } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { Heads } from '../../src/journal/heads.ts'
import { loadKeys } from '../../src/journal/keys.ts'
import { runStart } from '../../src/journal/run-store.ts'
import { sealPass } from '../../src/journal/sealer.ts'
import { startSealer } from '../../src/journal/sealer-loop.ts'
import { leavesDecode } from '../../src/journal/segment.ts'
import type { SqlClient } from '../../src/lib/sql.ts'
import { type JournalDatabase, journalDatabase, scratchFolder, transactionOn, writeEntry, writeRun } from './journal-database.ts'

/** The places of all entries, and those of all leaves of all segments. */
async function places(journal: JournalDatabase): Promise<{ readonly written: string[]; readonly sealed: string[] }> {
  const entries = await journal.damage('select run_id, number from paybill.entry')
  const segments = await journal.damage(`select encode(leaves, 'hex') as leaves from paybill.segment`)
  const leaves = segments.flatMap((row) => leavesDecode(Buffer.from(row['leaves'] ?? '', 'hex')))
  return {
    written: entries.map((row) => `${row['run_id']}/${row['number']}`).toSorted(),
    sealed: leaves.map((leaf) => `${leaf.runId}/${leaf.number}`).toSorted(),
  }
}

async function newRun(client: SqlClient, journal: JournalDatabase, key: string): Promise<string> {
  const { runId } = await runStart(client, journal.keys.payloadKey('acme'), {
    tenant: 'acme',
    workflow: 'pay',
    version: 1,
    graphHash: 'graph',
    key,
    startedBy: 'anna',
    agent: null,
    at: new Date(),
    input: {},
  })
  return runId
}

test('what is written is sealed once, in one segment for each tenant', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 4 })
  await writeRun(journal, { tenant: 'other', entries: 2 })
  expect(await journal.seal()).toMatchObject({ segments: 2, entries: 6, isFull: false })
  expect(await journal.seal()).toMatchObject({ segments: 0, entries: 0 })
  const { written, sealed } = await places(journal)
  expect(sealed).toEqual(written)
})

test('a write transaction that is open holds back what others commit, and nothing of it is lost', async () => {
  const journal = await journalDatabase()
  await journal.horizonPassed()
  const slow = await journal.connect()
  await slow.run('begin')
  const slowRun = await newRun(slow, journal, 'slow')
  await writeRun(journal, { entries: 3 })
  expect(await journal.sealNow()).toMatchObject({ segments: 0, entries: 0 })
  expect((await journal.sealNow()).lagMs).toBeGreaterThan(0)
  await slow.run('commit')
  expect(await journal.seal()).toMatchObject({ segments: 1, entries: 4 })
  expect((await places(journal)).sealed).toContain(`${slowRun}/1`)
  expect(await journal.verify()).toMatchObject({ verified: true, unsealed: 0 })
})

test('a transaction that wrote early and commits late is sealed though later ones were sealed before', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 2 })
  await journal.horizonPassed()
  const early = await journal.connect()
  await early.run('begin')
  await newRun(early, journal, 'early')
  await writeRun(journal, { entries: 2 })
  expect(await journal.sealNow()).toMatchObject({ entries: 2 })
  await early.run('commit')
  expect(await journal.seal()).toMatchObject({ entries: 3 })
  expect(await journal.verify()).toMatchObject({ verified: true, entries: 5, unsealed: 0 })
})

test('a reading transaction holds nothing back', async () => {
  const journal = await journalDatabase()
  const reader = await journal.connect()
  await reader.run('begin isolation level repeatable read')
  await reader.query({ text: 'select count(*) from paybill.entry' })
  await writeRun(journal, { entries: 3 })
  expect(await journal.seal()).toMatchObject({ entries: 3 })
  await reader.run('commit')
})

test('eight writers with delays, savepoints and rollbacks while two sealers work: none lost, none twice', async () => {
  const journal = await journalDatabase()
  const end = performance.now() + 3_000
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    const client = await journal.connect()
    for (let round = 0; performance.now() < end; round += 1) await writeSomehow(client, journal, `${writer}/${round}`)
  })
  let passes = 0
  const sealers = Array.from({ length: 2 }, async () => {
    while (performance.now() < end) {
      await journal.sealNow()
      passes += 1
      await pause(randomInt(10))
    }
  })
  await Promise.all([...writers, ...sealers])
  await journal.seal()
  const { written, sealed } = await places(journal)
  expect(written.length).toBeGreaterThan(50)
  expect(passes).toBeGreaterThan(2)
  expect(sealed).toEqual(written)
  expect(await journal.verify()).toMatchObject({ verified: true, unsealed: 0, entries: written.length })
})

async function writeSomehow(
  client: Awaited<ReturnType<JournalDatabase['connect']>>,
  journal: JournalDatabase,
  key: string,
): Promise<void> {
  const payloadKey = journal.keys.payloadKey('acme')
  await client.run('begin')
  const runId = await newRun(client, journal, key)
  await pause(randomInt(15))
  await client.run('savepoint inner_part')
  await writeEntry(client, payloadKey, { runId, tenant: 'acme', fence: 0n }, { number: 2 })
  if (randomInt(4) === 0) await client.run('rollback to savepoint inner_part')
  await pause(randomInt(15))
  await client.run(randomInt(10) === 0 ? 'rollback' : 'commit')
}

test('two sealers at once seal each entry once', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 5 })
  await journal.horizonPassed()
  const passes = await Promise.all(Array.from({ length: 4 }, () => journal.sealNow()))
  expect(passes.map((pass) => pass.entries).toSorted((left, right) => left - right)).toEqual([0, 0, 0, 5])
  expect(await journal.verify()).toMatchObject({ verified: true, segments: 1 })
})

test('a crash between commit and head leaves a journal that verifies, and the next pass publishes the head', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 3 })
  await journal.seal()
  await writeRun(journal, { entries: 2 })
  const torn: Heads = { ...journal.heads, publish: () => Promise.reject(new Error('power failure')) }
  await journal.horizonPassed()
  await expect(sealPass(journal.inTransaction, { keys: journal.keys, heads: torn })).rejects.toThrow('power failure')
  expect((await journal.heads.newest()).get('acme')?.number).toBe(1)
  expect(await journal.verify()).toMatchObject({ verified: true, segments: 2, unsealed: 0 })
  expect(await journal.seal()).toMatchObject({ segments: 0 })
  expect((await journal.heads.newest()).get('acme')?.number).toBe(2)
})

test('nothing more is sealed while the last heads cannot be published', async () => {
  const journal = await journalDatabase()
  const torn: Heads = { ...journal.heads, publish: () => Promise.reject(new Error('disk is gone')) }
  await writeRun(journal, { entries: 2 })
  await journal.horizonPassed()
  await expect(sealPass(journal.inTransaction, { keys: journal.keys, heads: torn })).rejects.toThrow('disk is gone')
  await writeRun(journal, { entries: 2 })
  await journal.horizonPassed()
  await expect(sealPass(journal.inTransaction, { keys: journal.keys, heads: torn })).rejects.toThrow('disk is gone')
  expect(await journal.verify()).toMatchObject({ verified: true, segments: 1, unsealed: 2 })
})

test('a database that was put back is not sealed on', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 2 })
  await journal.seal()
  await writeRun(journal, { entries: 2 })
  await journal.seal()
  await journal.damage('delete from paybill.segment where number = 2')
  await expect(journal.seal()).rejects.toMatchObject({ code: 'JOURNAL_BROKEN', message: expect.stringContaining('put back') })
})

test('a tenant whose segments are gone is not begun anew', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 2 })
  await journal.seal()
  await journal.damage('delete from paybill.segment')
  await expect(journal.seal()).rejects.toMatchObject({ code: 'JOURNAL_BROKEN' })
})

test('a segment of another key is neither published nor sealed on', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 2 })
  await journal.seal()
  await rm(journal.headsPath)
  const others = await loadKeys(`${await scratchFolder()}/keys`)
  await journal.horizonPassed()
  await expect(sealPass(journal.inTransaction, { keys: others, heads: journal.heads })).rejects.toMatchObject({
    code: 'JOURNAL_BROKEN',
    message: expect.stringContaining('not signed'),
  })
  expect(await journal.heads.newest()).toEqual(new Map())
})

test('a journal moved to a server with lower transaction ids is not sealed on', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 2 })
  await journal.seal()
  const heads: Heads = { newest: () => Promise.resolve(new Map()), publish: () => Promise.resolve() }
  await journal.damage(`update paybill.segment set high = '9000000000000'`)
  await journal.horizonPassed()
  await expect(sealPass(journal.inTransaction, { keys: journal.keys, heads })).rejects.toMatchObject({ code: 'JOURNAL_BROKEN' })
})

test('more than one pass can hold is sealed by several, with no gap between their ranges', async () => {
  const journal = await journalDatabase()
  const run = await writeRun(journal, { entries: 1 })
  // Three transactions of ten thousand entries; a pass ends behind the transaction in which its limit falls.
  for (let part = 0; part < 3; part += 1)
    await journal.damage(
      `insert into paybill.entry (run_id, number, tenant, kind, path, at, payload_hmac, hash)
       select $1, number, 'acme', 'step.done', 'pay/1/step', now(), '', sha256(number::text::bytea)
       from generate_series($2::integer, $3::integer) as number`,
      [run, String(part * 10_000 + 2), String(part * 10_000 + 10_001)],
    )
  expect(await journal.seal()).toMatchObject({ segments: 1, entries: 20_001, isFull: true })
  expect(await journal.seal()).toMatchObject({ segments: 1, entries: 10_000, isFull: false })
  const { written, sealed } = await places(journal)
  expect(sealed).toEqual(written)
})

test('the loop seals while writers write, and for the last time when it is stopped', async () => {
  const journal = await journalDatabase()
  const failures: unknown[] = []
  const sealer = startSealer({ ...journal, everyMs: 20, onLag: () => {}, onFailure: (error) => failures.push(error) })
  for (let run = 0; run < 5; run += 1) await writeRun(journal, { entries: 3 })
  await journal.horizonPassed()
  await sealer.stop()
  expect(failures).toEqual([])
  expect(await journal.verify()).toMatchObject({ verified: true, entries: 15, unsealed: 0 })
})

test('the loop raises an alarm while a transaction holds the horizon, and goes on after a failure', async () => {
  const journal = await journalDatabase()
  const slow = await journal.connect()
  await slow.run('begin')
  await newRun(slow, journal, 'slow')
  await writeRun(journal, { entries: 2 })
  const lags: number[] = []
  const failures: unknown[] = []
  let isFirst = true
  const sealer = startSealer({
    ...journal,
    inTransaction: (work) => {
      const fails = isFirst
      isFirst = false
      return fails ? Promise.reject(new Error('connection lost')) : journal.inTransaction(work)
    },
    everyMs: 5,
    onLag: (lagMs) => lags.push(lagMs),
    onFailure: (error) => failures.push(error),
  })
  onTestFinished(() => sealer.stop())
  await expect.poll(() => lags.length, { timeout: 60_000 }).toBeGreaterThan(0)
  expect(failures).toHaveLength(1)
  await slow.run('commit')
  await expect.poll(async () => (await journal.verify()).unsealed, { timeout: 60_000 }).toBe(0)
})

test('a journal is verified without a finding while it is written and sealed', async () => {
  const journal = await journalDatabase()
  await writeRun(journal, { entries: 1 })
  await journal.seal()
  const end = performance.now() + 1_500
  const writers = Array.from({ length: 3 }, async () => {
    const client = await journal.connect()
    while (performance.now() < end)
      await transactionOn(client, (inside) => newRun(inside, journal, `${Math.random()}`).then(() => pause(randomInt(5))))
  })
  const sealing = (async () => {
    while (performance.now() < end) await journal.sealNow()
  })()
  const found: unknown[] = []
  while (performance.now() < end) found.push(...(await journal.verify()).findings)
  await Promise.all([...writers, sealing])
  expect(found).toEqual([])
})
