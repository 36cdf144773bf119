import { randomBytes } from 'node:crypto'
import { createWriteStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { databaseUrl, dropDatabase } from 'paybill/migrate'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { loadRootKey, type TenantKey, tenantKeyCreate, tenantKeyFetch } from '../../src/secret/index.ts'
import { decodeFrames, encodeFrame, type Frame } from '../../src/tenant-database/backup-frame.ts'
import {
  backupFind,
  backupRead,
  backupRestore,
  backupVerify,
  backupWrite,
  bridgeCreate,
  bridgeDrop,
  type DatabasePlace,
  pooledCreate,
  pooledRetire,
  siloDatabasePlace,
  siloStart,
  tenantCount,
} from '../../src/tenant-database/index.ts'
import { memoryStore } from '../secret/scratch.ts'
import { asAdmin, newFolder, removeFolder } from './server.ts'
import { application, newName, rowsOf, secret, seedTenant } from './shop.ts'

const serverUrl = inject('serverUrl')
const cell = { serverUrl, name: `cell_${randomBytes(6).toString('hex')}`, application }
const url = databaseUrl(cell)
const tenant = 'ten_1'
const folder = newFolder()
const siloName = newName()
const rest = { application, secret, connectionLimit: 4, operation: 'op_1' }
let key: TenantKey
let stranger: TenantKey
let file = ''

beforeAll(async () => {
  const ring = { root: await loadRootKey(join(folder, 'root-key')), store: memoryStore() }
  const keyOf = async (owner: string): Promise<TenantKey> => {
    await tenantKeyCreate(ring, { organization: 'org_1', tenant: owner })
    return tenantKeyFetch(ring, { organization: 'org_1', tenant: owner })
  }
  key = await keyOf(tenant)
  stranger = await keyOf('ten_2')
  await pooledCreate({ ...cell, ...rest })
  await seedTenant(url, tenant, 300)
  await seedTenant(url, 'ten_2', 5)
  file = join(folder, 'backup')
  await backupWrite({ ...cell, tenant, file, id: 'bk_1', key })
})

afterAll(async () => {
  await dropDatabase(cell)
  await removeFolder(folder, [siloName])
})

/** Rows without what a restore sets anew: transactions of entries that were not sealed, and runs that come back parked. */
function comparable(rows: Readonly<Record<string, readonly string[]>>): unknown {
  return Object.fromEntries(
    Object.entries(rows).map(([name, texts]) => [
      name,
      name === 'paybill.entry'
        ? texts.map((text) => text.replace(/,\d+\)$/, ')'))
        : name === 'paybill.run'
          ? texts.length
          : texts,
    ]),
  )
}

test('a backup counts every row of its tenant and none of another, and is found only when it is whole', async () => {
  const manifest = await backupRead({ file, id: 'bk_1', key })
  const counts = Object.fromEntries(manifest.tables.filter(({ of }) => of === 'tenant').map(({ name, rows }) => [name, rows]))
  expect(counts).toEqual(await tenantCount({ ...cell, tenant }))
  expect(counts).toMatchObject({ customer: 2, order: 300, line: 300, 'paybill.payload': 5 })
  expect(manifest).toMatchObject({
    id: 'bk_1',
    tenant,
    bytes: statSync(file).size,
    versions: { schema: expect.any(String), journal: expect.any(String) },
  })
  expect(await backupFind({ file, id: 'bk_1', key })).toEqual(manifest)
  expect(await backupFind({ file: `${file}-2`, id: 'bk_1', key })).toBeNull()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(existsSync(`${file}.part`)).toBe(false)
})

test('nothing of a tenant can be read in its backup without the key', async () => {
  const bytes = readFileSync(file)
  for (const text of ['customer', tenant, 'child', 'NOK', 'paybill backup']) expect(bytes.includes(text)).toBe(false)
  await expect(backupRead({ file, id: 'bk_1', key: stranger })).rejects.toMatchObject({ code: 'SEAL_INVALID' })
  await expect(backupRead({ file, id: 'bk_2', key })).rejects.toMatchObject({ code: 'SEAL_INVALID' })
})

test('a restore into a database of its own brings back every value, from a database that others share', async () => {
  const own = { serverUrl, name: newName() }
  await bridgeCreate({ ...own, ...rest })
  try {
    const manifest = await backupRestore({ ...own, application, tenant, file, id: 'bk_1', key })
    expect(manifest.tables).toEqual((await backupRead({ file, id: 'bk_1', key })).tables)
    const there = databaseUrl(own)
    expect(comparable(await rowsOf(there, tenant))).toEqual(comparable(await rowsOf(url, tenant)))
    expect(await asAdmin(there, 'select count(*)::int as countries from country')).toEqual([{ countries: 2 }])
    expect(await asAdmin(there, 'select state, reason from paybill.run')).toEqual([
      { state: 'parked', reason: expect.stringContaining('bk_1') },
    ])
    expect(Object.values(await rowsOf(there, 'ten_2')).flat()).toEqual([])
    await expect(backupRestore({ ...own, application, tenant, file, id: 'bk_1', key })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  } finally {
    await bridgeDrop(own)
  }
})

test('a tenant goes from a server of its own into a shared database and back out, each time whole', async () => {
  await siloStart({ folder, name: siloName, ...rest })
  const silo = { ...(await siloDatabasePlace({ folder, name: siloName })), application }
  await seedTenant(databaseUrl(silo), 'ten_s', 7)
  // Sealed up to a transaction that each of these servers has reached.
  const wanted = comparable(await rowsOf(databaseUrl(silo), 'ten_s'))
  const copy = { file: join(folder, 'silo'), id: 'bk_s', key, tenant: 'ten_s' }
  await backupWrite({ ...silo, ...copy })
  await asAdmin(url, `update paybill.entry set xid = '2' where tenant in ('ten_1', 'ten_2')`) // sealed, as the segments say
  const neighbour = await rowsOf(url, 'ten_2')
  await backupRestore({ ...cell, ...copy })
  expect(comparable(await rowsOf(url, 'ten_s'))).toEqual(wanted)
  expect(await rowsOf(url, 'ten_2')).toEqual(neighbour)

  const back = { ...copy, file: join(folder, 'back'), id: 'bk_b' }
  await backupWrite({ ...cell, ...back })
  await pooledRetire({ ...silo, tenant: 'ten_s' })
  await backupRestore({ ...silo, ...back })
  expect(comparable(await rowsOf(databaseUrl(silo), 'ten_s'))).toEqual(wanted)
  await pooledRetire({ ...cell, tenant: 'ten_s' })
})

test('a journal sealed ahead of the server, or ahead of entries that are not sealed yet, is not put back', async () => {
  const own = { serverUrl, name: newName(), application }
  await bridgeCreate({ ...own, ...rest })
  try {
    const there = databaseUrl(own)
    await seedTenant(there, tenant, 1)
    await asAdmin(there, `update paybill.segment set high = '9000000000000'`)
    const ahead = { file: join(folder, 'ahead'), id: 'bk_ahead', key, tenant }
    await backupWrite({ ...own, ...ahead })
    await pooledRetire({ ...own, tenant })
    const attempt = backupRestore({ ...own, ...ahead })
    await expect(attempt).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('9000000000000') })
    await seedTenant(there, 'ten_2', 1)
    await asAdmin(there, `delete from paybill.segment`)
    await asAdmin(there, `update paybill.entry set xid = '1'`)
    await expect(backupRestore({ ...own, tenant, file, id: 'bk_1', key })).rejects.toThrow('not sealed yet')
    await asAdmin(there, `update paybill.entry set xid = '3'`)
    await backupRestore({ ...own, tenant, file, id: 'bk_1', key })
    // What was not sealed when it was backed up is in reach of the next seal, what was sealed is not.
    const [found] = await asAdmin(
      there,
      `select count(*) filter (where xid >= '3')::int as open, count(*)::int as all from paybill.entry where tenant = '${tenant}'`,
    )
    expect(found).toEqual({ open: 5, all: 5 })
  } finally {
    await bridgeDrop(own)
  }
})

test('a verified backup leaves no database or role behind', async () => {
  const made = () =>
    asAdmin(serverUrl, `select rolname::text as name from pg_roles union all select datname::text from pg_database order by 1`)
  const before = await made()
  const { tables } = await backupVerify({ serverUrl, application, tenant, file, id: 'bk_1', key })
  expect(tables).toEqual((await backupRead({ file, id: 'bk_1', key })).tables)
  expect((await made()).filter(({ name }) => String(name).startsWith('paybill_v_'))).toEqual([])
  expect((await made()).length).toBeLessThanOrEqual(before.length + 20) // others make theirs at the same time
})

/** A backup with the same seal whose frames were changed by somebody who has the key. */
async function forged(
  name: string,
  change: (frame: Frame, index: number) => readonly Frame[],
): Promise<{ file: string; id: string; key: TenantKey }> {
  const context = { purpose: 'backup', id: 'bk_1' }
  const opened = key.openBytes(readFileSync(file), context)
  const frames = await Array.fromAsync(decodeFrames(chunks(opened)))
  const changed = Buffer.concat(frames.flatMap((frame, index) => change(frame, index).map(encodeFrame)))
  const to = join(folder, name)
  await pipeline(key.sealStream(chunks(changed), context), createWriteStream(to))
  return { file: to, id: 'bk_1', key }
}

async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
}

function replaced(frame: Frame, what: string, by: string): Frame {
  if (frame.kind !== 'rows') return frame
  return { kind: 'rows', bytes: Buffer.from(Buffer.from(frame.bytes).toString().replace(what, by)) }
}

function withoutFirstRow(frame: Frame): Frame {
  return frame.kind === 'rows' ? { kind: 'rows', bytes: frame.bytes.subarray(frame.bytes.indexOf(10) + 1) } : frame
}

test.each([
  ['nothing changed', (frame: Frame) => [frame], null],
  ['one changed value', (frame: Frame) => [replaced(frame, 'SEK', 'DKK')], 'BACKUP_INVALID'],
  ['one row less', (frame: Frame) => [withoutFirstRow(frame)], 'BACKUP_INVALID'],
  ['no rows at all', (frame: Frame) => (frame.kind === 'rows' ? [] : [frame]), 'BACKUP_INVALID'],
  ['a table twice', (frame: Frame, index: number) => (index === 2 ? [frame, frame] : [frame]), 'BACKUP_INVALID'],
  ['no header', (frame: Frame) => (frame.kind === 'header' ? [] : [frame]), 'BACKUP_INVALID'],
])('a backup with %s, sealed with the right key, is judged by its counts and checksums', async (what, change, code) => {
  const backup = await forged(`forged ${what}`, change)
  const outcome = await backupRead(backup).then(
    () => null,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )
  expect(outcome).toBe(code)
})

test('a backup of another tenant, or of another version of the schema, is refused although its counts fit', async () => {
  const foreign = await forged('foreign', (frame) => [
    frame.kind === 'header' ? { ...frame, header: { ...frame.header, tenant: 'ten_2' } } : frame,
  ])
  await expect(backupVerify({ serverUrl, application, tenant, ...foreign })).rejects.toMatchObject({ code: 'BACKUP_INVALID' })
  await expect(backupVerify({ serverUrl, application, ...foreign, tenant: 'ten_2' })).rejects.toMatchObject({
    code: 'BACKUP_INVALID',
    message: expect.stringContaining('rows of another tenant'),
  })
  const older = await forged('older', (frame) => [
    frame.kind === 'header'
      ? { ...frame, header: { ...frame.header, versions: { ...frame.header.versions, schema: 'older' } } }
      : frame,
  ])
  await expect(backupVerify({ serverUrl, application, tenant, ...older })).rejects.toMatchObject({ code: 'SCHEMA_INVALID' })
})

test('a damaged, shortened or missing file is noticed by who reads, verifies or restores it', async () => {
  const whole = readFileSync(file)
  const middle = Buffer.from(whole)
  middle[Math.floor(whole.length / 2)] = (middle[Math.floor(whole.length / 2)] ?? 0) ^ 1
  for (const [name, bytes] of [
    ['changed', middle],
    ['shortened', whole.subarray(0, -1)],
    ['half', whole.subarray(0, whole.length / 2)],
    ['empty', Buffer.alloc(0)],
  ] as const) {
    const damaged = { file: join(folder, name), id: 'bk_1', key }
    writeFileSync(damaged.file, bytes)
    await expect(backupRead(damaged)).rejects.toMatchObject({ code: 'SEAL_INVALID' })
    await expect(backupVerify({ serverUrl, application, tenant, ...damaged })).rejects.toMatchObject({ code: 'SEAL_INVALID' })
  }
})

test('a table that the application does not declare stops the backup by name, and no file is left under its name', async () => {
  await asAdmin(url, 'create table forgotten (tenant text)')
  try {
    const attempt = backupWrite({ ...cell, tenant, file: join(folder, 'none'), id: 'bk_n', key })
    await expect(attempt).rejects.toMatchObject({ code: 'OBJECT_UNKNOWN', message: expect.stringContaining('forgotten') })
    expect(existsSync(join(folder, 'none'))).toBe(false)
  } finally {
    await asAdmin(url, 'drop table forgotten')
  }
})

test('a backup is as of one moment, whatever is written while it is made', async () => {
  const done = new AbortController()
  const writing = (async () => {
    while (!done.signal.aborted)
      await asAdmin(
        url,
        `with o as (insert into "order" (tenant, customer_id, number, amount_minor, amount_currency, rate, day, placed_at, is_open, quantity, meta)
           select tenant, id, 1, 1, 'NOK', 1, '2026-01-01', now(), true, 1, '{}' from customer where tenant = 'ten_2' limit 1 returning tenant, id)
         insert into line (tenant, order_id, text) select tenant, id, 'same moment' from o`,
      )
  })()
  try {
    for (let count = 0; count < 5; count += 1) {
      const { tables } = await backupWrite({
        ...cell,
        tenant: 'ten_2',
        file: join(folder, `moment-${count}`),
        id: 'bk_m',
        key: stranger,
      })
      const rows = (name: string) => tables.find((table) => table.name === name)?.rows ?? 0
      expect(rows('order')).toBe(rows('line'))
    }
  } finally {
    done.abort()
    await writing
  }
  await backupVerify({ serverUrl, application, tenant: 'ten_2', file: join(folder, 'moment-4'), id: 'bk_m', key: stranger })
})

test('a backup that is whole but does not come back as it was is found by the verification', async () => {
  const louder = {
    ...application,
    statementLists: [
      ...application.statementLists,
      {
        name: 'louder',
        statements: [
          `create function louder() returns trigger language plpgsql as $louder$ begin new.text := upper(new.text); return new; end $louder$`,
          `create trigger louder before insert on line for each row execute function louder()`,
        ],
      },
    ],
  }
  const own = { serverUrl, name: newName() }
  await bridgeCreate({ ...own, ...rest, application: louder })
  try {
    await seedTenant(databaseUrl(own), tenant, 3)
    await asAdmin(databaseUrl(own), `update line set text = 'quiet'`)
    const copy = { file: join(folder, 'louder'), id: 'bk_l', key, tenant }
    await backupWrite({ ...own, application: louder, ...copy })
    const attempt = backupVerify({ serverUrl, application: louder, ...copy })
    await expect(attempt).rejects.toMatchObject({
      code: 'BACKUP_INVALID',
      message: expect.stringContaining('3 of 3 rows of `line`'),
    })
  } finally {
    await bridgeDrop(own)
  }
})

test('a user that is no superuser backs up, verifies and restores', async () => {
  const user = `keeper_${randomBytes(4).toString('hex')}`
  await asAdmin(serverUrl, `create role ${user} login createdb createrole password 'pass'`)
  const own = Object.assign(new URL(serverUrl), { username: user, password: 'pass' }).href
  const from = { serverUrl: own, name: newName() }
  const to = { serverUrl: own, name: newName() }
  try {
    for (const place of [from, to]) await bridgeCreate({ ...place, ...rest })
    await seedTenant(databaseUrl({ serverUrl, name: from.name }), tenant, 5)
    const copy = { file: join(folder, 'keeper'), id: 'bk_k', key, tenant }
    await backupWrite({ ...from, application, ...copy })
    await backupVerify({ serverUrl: own, application, ...copy })
    await backupRestore({ ...to, application, ...copy })
    const rows = (place: DatabasePlace) => rowsOf(databaseUrl({ serverUrl, name: place.name }), tenant)
    expect(comparable(await rows(to))).toEqual(comparable(await rows(from)))
  } finally {
    for (const place of [from, to]) await bridgeDrop(place)
    await asAdmin(serverUrl, `drop role ${user}`)
  }
})
