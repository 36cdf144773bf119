import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { databaseUrl, dropDatabase } from 'paybill/migrate'
import { schema, t, table } from 'paybill/schema'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { pooledCreate } from '../../src/tenant-database/index.ts'
import { withCanaries } from '../../src/verify/canaries.ts'
import { tenantRows } from '../../src/verify/tenant-row.ts'
import { asAdmin } from '../tenant-database/server.ts'
import { application, secret, seedTenant } from '../tenant-database/shop.ts'

const serverUrl = inject('serverUrl')
const name = `pool_canaries_${randomBytes(4).toString('hex')}`
const url = databaseUrl({ serverUrl, name })
const under = (id: string) => ({ id, isolation: 'pooled' as const, place: { serverUrl, name } })

beforeAll(async () => {
  await pooledCreate({ serverUrl, name, application, secret, operation: 'op_1' })
  await seedTenant(url, 'ten_a', 2)
})

afterAll(() => dropDatabase({ serverUrl, name }))

const count = async (): Promise<number> => {
  const [row] = await asAdmin(
    url,
    `select (select count(*) from customer) + (select count(*) from "order") + (select count(*) from line) as rows`,
  )
  return Number(row?.['rows'])
}

test('canaries stand in every table of the tenant while the verifier works, and nothing of the journal is written', async () => {
  const before = await count()
  const journal = () =>
    asAdmin(url, 'select count(*)::int as runs, (select count(*)::int from paybill.entry) as entries from paybill.run')
  const written = await journal()
  await withCanaries(
    { schema: application.schema, secret, tenant: under('ten_a'), bystander: under('ten_b') },
    async ({ rows, markers }) => {
      expect(rows.map(({ table }) => table)).toEqual(['customer', 'order', 'line'])
      expect(await count()).toBe(before + 3)
      expect(new Set(markers.map(({ where }) => where))).toContain('`order.note`')
      expect(await journal()).toEqual(written)
    },
  )
  expect(await count()).toBe(before)
})

test('canaries are gone when the work fails, and the failure is what is reported', async () => {
  const before = await count()
  const failing = withCanaries({ schema: application.schema, secret, tenant: under('ten_a'), bystander: under('ten_b') }, () =>
    Promise.reject(new Error('the work failed')),
  )
  await expect(failing).rejects.toThrow('the work failed')
  expect(await count()).toBe(before)
})

test('canaries are gone soon after the verifier was killed', async () => {
  const before = await count()
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run-canaries.ts'), serverUrl, name, 'ten_a'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  expect(await count()).toBe(before + 3)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await expect.poll(count, { timeout: 10_000 }).toBe(before)
})

test('a table for which no row can be made is named, and so is what refers to it', () => {
  const made = tenantRows(
    schema({
      code: table(
        { tenant: t.tenant(), code: t.text({ pattern: '[0-9]{3}-[A-Z]{7}x[0-9]{2}' }) },
        { primaryKey: ['tenant', 'code'] },
      ),
      use: table(
        { tenant: t.tenant(), id: t.uuid(), code: t.text() },
        { primaryKey: ['tenant', 'id'], references: [{ columns: ['tenant', 'code'], table: 'code', to: ['tenant', 'code'] }] },
      ),
      other: table(
        { tenant: t.tenant(), id: t.uuid(), country: t.text({ pattern: '[A-Z]{2}' }) },
        { primaryKey: ['tenant', 'id'] },
      ),
    }),
  )
  expect(made.rows.map(({ table }) => table)).toEqual(['other'])
  expect(made.left).toEqual([expect.stringContaining('`code`'), expect.stringContaining('`use`')])
})
