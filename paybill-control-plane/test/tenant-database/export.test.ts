import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { databaseUrl, dropDatabase } from 'paybill/migrate'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { exportFind, exportWrite, pooledCreate, tenantCount } from '../../src/tenant-database/index.ts'
import { asAdmin, newFolder, removeFolder } from './server.ts'
import { application, awkward, secret, seedTenant } from './shop.ts'

const serverUrl = inject('serverUrl')
const cell = { serverUrl, name: `cell_${randomBytes(6).toString('hex')}`, application }
const folder = newFolder()
const tenant = 'ten_1'

beforeAll(async () => {
  await pooledCreate({ ...cell, operation: 'op_1', secret })
  await seedTenant(databaseUrl(cell), tenant, 2_500)
  await seedTenant(databaseUrl(cell), 'ten_2', 3)
})
afterAll(async () => {
  await dropDatabase(cell)
  await removeFolder(folder, [])
})

test('an export holds every row of the tenant and none of another, and its manifest says how many and which bytes', async () => {
  const to = join(folder, 'export')
  const manifest = await exportWrite({ ...cell, tenant, folder: to })
  expect(Object.fromEntries(manifest.tables.map(({ table, rows }) => [table, rows]))).toEqual(
    await tenantCount({ ...cell, tenant }),
  )
  expect(readdirSync(to).toSorted()).toEqual([...manifest.tables.map(({ file }) => file), 'manifest.json'].toSorted())
  for (const { file, rows, bytes, sha256 } of manifest.tables) {
    const content = readFileSync(join(to, file))
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256)
    expect(content.length).toBe(bytes)
    const lines = content.toString().split('\n').slice(0, -1)
    expect(lines).toHaveLength(rows)
    for (const line of lines) JSON.parse(line)
    expect(content.includes('ten_2')).toBe(false)
  }
  expect(await exportFind(to)).toEqual(manifest)
  expect(existsSync(`${to}.part`)).toBe(false)
})

test('every value is exact, under the name that the application gave it', async () => {
  const to = join(folder, 'values')
  await exportWrite({ ...cell, tenant, folder: to })
  const read = (table: string) =>
    readFileSync(join(to, `${table}.jsonl`), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const order = read('order').find(({ quantity }) => quantity === 6)
  expect(order).toMatchObject({
    tenant,
    number: '9223372036854775801',
    amount: { minor: '-9007199254740999', currency: 'NOK' },
    tip: { minor: '6', currency: 'SEK' },
    rate: '12345678901234567896.1234567890',
    day: '0001-01-01',
    placedAt: '2026-03-29T01:59:59.123+00:00',
    isOpen: true,
    note: awkward,
    meta: { n: 0.1, long: '\u2028', list: [null, { a: 1e300 }] },
  })
  expect(read('order').find(({ quantity }) => quantity === 7)).toMatchObject({ tip: null, note: '' })
  expect(read('customer').map(({ name }) => name)).toEqual(expect.arrayContaining([awkward, 'child']))
  expect(read('paybill.budget')).toEqual([expect.objectContaining({ spent: '12345678901234567890123456789' })])
})

test('an export that is made again replaces the one before, also where that was damaged or killed half-way', async () => {
  const to = join(folder, 'again')
  const first = await exportWrite({ ...cell, tenant, folder: to })
  rmSync(join(to, 'line.jsonl'))
  mkdirSync(`${to}.part`)
  writeFileSync(join(`${to}.part`, 'half.jsonl'), '')
  const { tables } = await exportWrite({ ...cell, tenant, folder: to })
  expect(tables).toEqual(first.tables)
  expect(await exportFind(to)).toMatchObject({ tables })
  expect(readdirSync(to)).not.toContain('half.jsonl')
})

test('a changed, prolonged or missing file is named, and no export is none', async () => {
  expect(await exportFind(join(folder, 'never'))).toBeNull()
  for (const damage of [
    (file: string) => appendFileSync(file, '\n'),
    (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('child', 'chile')),
    (file: string) => rmSync(file),
  ]) {
    const to = join(folder, randomBytes(4).toString('hex'))
    await exportWrite({ ...cell, tenant, folder: to })
    damage(join(to, 'customer.jsonl'))
    await expect(exportFind(to)).rejects.toMatchObject({
      code: 'EXPORT_INVALID',
      message: expect.stringContaining('customer.jsonl'),
    })
  }
})

test('a table that the application does not declare stops the export by name', async () => {
  await asAdmin(databaseUrl(cell), 'create table forgotten (tenant text)')
  try {
    const attempt = exportWrite({ ...cell, tenant, folder: join(folder, 'forgotten') })
    await expect(attempt).rejects.toMatchObject({ code: 'OBJECT_UNKNOWN', message: expect.stringContaining('forgotten') })
  } finally {
    await asAdmin(databaseUrl(cell), 'drop table forgotten')
  }
})
