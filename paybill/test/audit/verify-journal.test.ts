// Damage done in the real tables by a superuser, one kind at a time: each must be found as what it is.

import { generateKeyPairSync, sign } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import type { Finding } from '../../src/audit/index.ts'
import { entryHash } from '../../src/journal/entry.ts'
import { headsFile } from '../../src/journal/heads.ts'
import { sealPass } from '../../src/journal/sealer.ts'
import { leavesDecode, leavesEncode, leavesRoot, noSegment, segmentHash } from '../../src/journal/segment.ts'
import { type JournalDatabase, journalDatabase, writeEntry, writeRun } from '../journal/journal-database.ts'

type Sealed = { readonly journal: JournalDatabase; readonly run: string; readonly runs: readonly string[] }

/** Three runs of different lengths, sealed in two segments, and one run of another tenant. */
async function sealRuns(): Promise<Sealed> {
  const journal = await journalDatabase()
  const run = await writeRun(journal, { entries: 5 })
  const second = await writeRun(journal, { entries: 3, isEnded: true })
  await journal.seal()
  const third = await writeRun(journal, { entries: 4, isEnded: true })
  await writeRun(journal, { tenant: 'other', entries: 2 })
  await journal.seal()
  return { journal, run, runs: [run, second, third] }
}

let original: Sealed
let heads: string

beforeAll(async () => {
  original = await sealRuns()
  heads = await readFile(original.journal.headsPath, 'utf8')
  await original.journal.damage('create schema saved')
  for (const table of tables) await original.journal.damage(`create table saved.${table} as table paybill.${table}`)
})

const tables = ['run', 'lease', 'entry', 'payload', 'segment']

/** The journal as it was sealed, whatever a test before has done to it. */
async function sealedJournal(): Promise<Sealed> {
  const { journal } = original
  for (const table of tables) {
    await journal.damage(`delete from paybill.${table}`)
    await journal.damage(`insert into paybill.${table} select * from saved.${table}`)
  }
  await writeFile(journal.headsPath, heads)
  return original
}

test('an untouched journal verifies', async () => {
  const { journal } = await sealedJournal()
  expect(await journal.verify()).toEqual({
    verified: true,
    entries: 14,
    segments: 3,
    unsealed: 0,
    erased: 0,
    found: 0,
    findings: [],
  })
})

async function kindsFound(journal: JournalDatabase): Promise<readonly string[]> {
  const { verified, findings } = await journal.verify()
  expect(verified).toBe(false)
  return [...new Set(findings.map((finding) => finding.kind))]
}

async function onlyFinding(journal: JournalDatabase): Promise<Finding> {
  const { findings } = await journal.verify()
  expect(findings).toHaveLength(1)
  const [finding] = findings
  if (finding === undefined) throw new Error('the line above expects one')
  return finding
}

/** Makes the hash of an entry fit what its row says now, as somebody would who knows how it is made. */
async function rehash(journal: JournalDatabase, run: string): Promise<void> {
  const rows = await journal.damage(
    `select number, tenant, kind, path, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, encode(payload_hmac, 'hex') as payload_hmac
     from paybill.entry where run_id = $1`,
    [run],
  )
  for (const row of rows) {
    const hash = entryHash({
      runId: run,
      number: Number(row['number']),
      tenant: row['tenant'] ?? '',
      kind: row['kind'] ?? '',
      path: row['path'] ?? '',
      at: row['at'] ?? '',
      payloadHmac: Buffer.from(row['payload_hmac'] ?? '', 'hex'),
    })
    await journal.damage(`update paybill.entry set hash = decode($3, 'hex') where run_id = $1 and number = $2`, [
      run,
      row['number'] ?? '',
      hash.toString('hex'),
    ])
  }
}

const exchange = `update paybill.entry set number = case number when 2 then -3 else -2 end where run_id = $1 and number in (2, 3)`
const settle = `update paybill.entry set number = -number where run_id = $1 and number < 0`

test.for([
  ['kind', `'action.done'`],
  ['path', `'pay/1/elsewhere'`],
  ['at', `at + interval '1 millisecond'`],
  ['payload_hmac', `sha256('other')`],
  ['hash', `sha256('other')`],
])('a changed %s of a sealed entry is found with its place', async ([column, value]) => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`update paybill.entry set ${column} = ${value} where run_id = $1 and number = 3`, [run])
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'entry-changed', tenant: 'acme', run, number: 3 })
})

test('a changed entry whose hash was made anew is found with its place', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`update paybill.entry set path = 'pay/1/elsewhere' where run_id = $1 and number = 3`, [run])
  await rehash(journal, run)
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'entry-changed', run, number: 3 })
})

test('an entry given to another tenant is missing in the one and added to the other', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`update paybill.entry set tenant = 'other' where run_id = $1 and number = 3`, [run])
  await rehash(journal, run)
  expect(await kindsFound(journal)).toEqual(expect.arrayContaining(['entry-removed', 'entry-added']))
})

test.for([
  ['first', 1],
  ['middle', 3],
  ['last', 5],
])('a removed %s entry is found with its place', async ([, number]) => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`delete from paybill.payload where run_id = $1 and number = $2`, [run, String(number)])
  await journal.damage(`delete from paybill.entry where run_id = $1 and number = $2`, [run, String(number)])
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'entry-removed', run, number })
})

test('a removed entry is found where those behind it were moved up and all hashes made anew', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`delete from paybill.entry where run_id = $1 and number = 3`, [run])
  await journal.damage(`update paybill.entry set number = -(number - 1) where run_id = $1 and number > 3`, [run])
  await journal.damage(settle, [run])
  await rehash(journal, run)
  expect(await kindsFound(journal)).toEqual(expect.arrayContaining(['entry-removed', 'entry-reordered']))
})

test('the removed end of a run that has ended is found before it was sealed', async () => {
  const { journal } = await sealedJournal()
  const run = await writeRun(journal, { entries: 4, isEnded: true })
  await journal.damage(`delete from paybill.entry where run_id = $1 and number > 2`, [run])
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'entry-removed', run, number: 3 })
})

test('two exchanged entries are found as reordered and not as changed', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(exchange, [run])
  await journal.damage(settle, [run])
  const { findings } = await journal.verify()
  expect(findings.map(({ kind, number }) => [kind, number])).toEqual([
    ['entry-reordered', 2],
    ['entry-reordered', 3],
  ])
})

test('two exchanged entries are found as reordered where their hashes were made anew', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(exchange, [run])
  await journal.damage(settle, [run])
  await rehash(journal, run)
  expect(await kindsFound(journal)).toEqual(['entry-reordered'])
})

test('two exchanged entries of different segments are found as reordered', async () => {
  const journal = await journalDatabase()
  const early = await writeRun(journal, { entries: 2 })
  await journal.seal()
  const hold = { runId: early, tenant: 'acme', fence: 0n }
  await journal.inTransaction((client) => writeEntry(client, journal.keys.payloadKey('acme'), hold, { number: 3 }))
  await journal.seal()
  await journal.damage(exchange, [early])
  await journal.damage(settle, [early])
  await rehash(journal, early)
  expect(await kindsFound(journal)).toEqual(['entry-reordered'])
})

test('two exchanged entries that are not sealed yet are found by their hashes', async () => {
  const { journal } = await sealedJournal()
  const run = await writeRun(journal, { entries: 4 })
  await journal.damage(exchange, [run])
  await journal.damage(settle, [run])
  expect(await kindsFound(journal)).toEqual(['entry-reordered'])
})

test('an entry added under a sealed transaction is found', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(
    `insert into paybill.entry (run_id, number, tenant, kind, path, at, payload_hmac, hash, xid)
     select run_id, 6, tenant, kind, path, at, payload_hmac, hash, xid from paybill.entry where run_id = $1 and number = 5`,
    [run],
  )
  await rehash(journal, run)
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'entry-added', run, number: 6 })
})

test('a removed run is found by its id, though nothing of it is left', async () => {
  const { journal, runs } = await sealedJournal()
  const [, run = ''] = runs
  for (const table of ['payload', 'entry', 'lease', 'attempt', 'approval'])
    await journal.damage(`delete from paybill.${table} where run_id = $1`, [run])
  await journal.damage(`delete from paybill.run where id = $1`, [run])
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'run-removed', tenant: 'acme', run })
})

test('the removed row of a run is found though its entries are there', async () => {
  const { journal, runs } = await sealedJournal()
  await journal.damage(`delete from paybill.run where id = $1`, [runs[1] ?? ''])
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'run-removed', run: runs[1] })
})

test('a run whose row says that it was another workflow is found', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`update paybill.run set workflow = 'refund' where id = $1`, [run])
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'run-changed', run })
})

test('a run that goes on, rests or is claimed is no finding', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`update paybill.run set ready = false, fence = 7, claims = 3, state = 'parked' where id = $1`, [run])
  expect(await journal.verify()).toMatchObject({ verified: true })
})

test('a database that was put back to before its last segment is found by the head outside', async () => {
  const { journal, runs } = await sealedJournal()
  await journal.damage(`delete from paybill.segment where tenant = 'acme' and number = 2`)
  for (const table of ['payload', 'entry'])
    await journal.damage(`delete from paybill.${table} where run_id = $1`, [runs[2] ?? ''])
  await journal.damage(`delete from paybill.run where id = $1`, [runs[2] ?? ''])
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'rolled-back', tenant: 'acme' })
})

test('a tenant whose journal was removed altogether is found by the head outside', async () => {
  const { journal } = await sealedJournal()
  for (const table of ['segment', 'entry']) await journal.damage(`delete from paybill.${table} where tenant = 'other'`)
  await journal.damage(`delete from paybill.run where tenant = 'other'`)
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'rolled-back', tenant: 'other' })
})

test('a database that was put back and sealed on beside other heads is found by the published ones', async () => {
  const { journal } = await sealedJournal()
  await journal.damage(`delete from paybill.segment where tenant = 'acme' and number = 2`)
  const others = headsFile(`${journal.headsPath}.other`)
  await sealPass(journal.inTransaction, { keys: journal.keys, heads: others })
  expect(await kindsFound(journal)).toEqual(['rolled-back'])
  // By itself it is in order, which is why the heads have to lie elsewhere.
  expect(await journal.verify(others)).toMatchObject({ verified: true })
})

test.for([
  ['entries', 'entries + 1'],
  ['at', `at - interval '1 day'`],
  ['root', `sha256('other')`],
  ['previous', `sha256('other')`],
  ['hash', `sha256('other')`],
])('a segment with another %s is found', async ([column, value]) => {
  const { journal } = await sealedJournal()
  await journal.damage(`update paybill.segment set ${column} = ${value} where tenant = 'acme' and number = 2`)
  expect(await kindsFound(journal)).toContain('segment-changed')
})

test('a segment without its leaves is found', async () => {
  const { journal } = await sealedJournal()
  await journal.damage(`update paybill.segment set leaves = '' where tenant = 'acme' and number = 1`)
  expect(await kindsFound(journal)).toContain('segment-changed')
})

test('a segment taken out of the chain is found', async () => {
  const { journal } = await sealedJournal()
  await journal.damage(`delete from paybill.segment where tenant = 'acme' and number = 1`)
  expect(await kindsFound(journal)).toEqual(['segment-changed'])
})

test('a segment with a damaged signature is found', async () => {
  const { journal } = await sealedJournal()
  await journal.damage(
    `update paybill.segment set signature = set_byte(signature, 0, get_byte(signature, 0) # 1) where number = 2`,
  )
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'signature-invalid', tenant: 'acme' })
})

test('somebody who makes every hash, leaf and root anew and signs with another key is found', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`update paybill.entry set path = 'pay/1/elsewhere' where run_id = $1 and number = 3`, [run])
  await rehash(journal, run)
  await resignAll(journal)
  expect(await kindsFound(journal)).toContain('signature-invalid')
})

test('somebody who makes every hash, leaf and root anew and keeps the old signatures is found', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`update paybill.entry set path = 'pay/1/elsewhere' where run_id = $1 and number = 3`, [run])
  await rehash(journal, run)
  await resignAll(journal, { keepSignatures: true })
  expect(await kindsFound(journal)).toContain('signature-invalid')
})

/** Builds the chain of `acme` anew over what the entries say now, signed with a key of the attacker's own. */
async function resignAll(journal: JournalDatabase, options: { readonly keepSignatures?: boolean } = {}): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519')
  const hashes = new Map(
    (await journal.damage(`select run_id, number, encode(hash, 'hex') as hash from paybill.entry`)).map((row) => [
      `${row['run_id']}/${row['number']}`,
      Buffer.from(row['hash'] ?? '', 'hex'),
    ]),
  )
  let previous = noSegment
  const segments = await journal.damage(
    `select *, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as time, encode(leaves, 'hex') as leaves_hex
     from paybill.segment where tenant = 'acme' order by number`,
  )
  for (const row of segments) {
    const leaves = leavesDecode(Buffer.from(row['leaves_hex'] ?? '', 'hex')).map(({ runId, number, hash }) => ({
      runId,
      number,
      hash: hashes.get(`${runId}/${number}`) ?? hash,
    }))
    const encoded = leavesEncode(leaves)
    const content = {
      tenant: 'acme',
      number: Number(row['number']),
      low: row['low'] ?? '',
      high: row['high'] ?? '',
      entries: leaves.length,
      root: leavesRoot(encoded),
      previous,
      keyId: row['key_id'] ?? '',
      at: row['time'] ?? '',
    }
    const hash = segmentHash(content)
    const signature = sign(null, Buffer.from(hash, 'hex'), privateKey).toString('hex')
    await journal.damage(
      `update paybill.segment set leaves = decode($2, 'hex'), root = decode($3, 'hex'), previous = decode($4, 'hex'), hash = decode($5, 'hex')
       ${options.keepSignatures === true ? '' : `, signature = decode('${signature}', 'hex')`} where tenant = 'acme' and number = $1`,
      [String(content.number), encoded.toString('hex'), content.root, previous, hash],
    )
    previous = hash
  }
}

test('a changed payload is found, and an erased one is counted and no finding', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(`delete from paybill.payload where run_id = $1 and number = 2`, [run])
  expect(await journal.verify()).toMatchObject({ verified: true, erased: 1 })
  await journal.damage(`update paybill.payload set body = replace(body, '3', '9') where run_id = $1 and number = 3`, [run])
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'payload-changed', run, number: 3 })
})

test('payloads of two entries that were exchanged are found', async () => {
  const { journal, run } = await sealedJournal()
  await journal.damage(exchange.replace('paybill.entry', 'paybill.payload'), [run])
  await journal.damage(settle.replace('paybill.entry', 'paybill.payload'), [run])
  expect(await kindsFound(journal)).toEqual(['payload-changed'])
})

test('a chain of which no head is known outside is found', async () => {
  const { journal } = await sealedJournal()
  await rm(journal.headsPath)
  expect(await onlyFinding(journal)).toMatchObject({ kind: 'head-missing', tenant: 'acme' })
})

test('entries that are not sealed yet are counted', async () => {
  const { journal } = await sealedJournal()
  await writeRun(journal, { entries: 3 })
  expect(await journal.verify()).toMatchObject({ verified: true, entries: 17, unsealed: 3 })
})
