// kill -9 between any two statements: each function is killed at random moments of its work and called again. What is
// there afterwards is counted in the catalogs and in the process table, by nobody who took part.

import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { serverProcesses } from 'paybill/embedded'
import { databaseUrl, dropDatabase, roleNames } from 'paybill/migrate'
import { afterAll, expect, inject, test } from 'vitest'
import {
  bridgeCreate,
  bridgeDrop,
  bridgeFind,
  pooledCreate,
  pooledRetire,
  siloDatabasePlace,
  siloDestroy,
  siloFind,
  type SiloPlace,
  siloStart,
} from '../../src/tenant-database/index.ts'
import { asAdmin, newFolder, removeFolder } from './server.ts'
import { application, newName, rowsOf, secret, seedTenant } from './shop.ts'
import { spawnTask } from './task.ts'

const serverUrl = inject('serverUrl')
const kills = 5
const rest = { application, secret, connectionLimit: 4, operation: 'op_1' }

/**
 * Kills the functions after a random part of the time that the whole takes. Answers how often they were killed before they
 * were through.
 */
async function killedOften(
  functions: string,
  options: () => object,
  afterwards: (count: number) => Promise<void>,
): Promise<number> {
  const began = performance.now()
  await spawnTask(functions, options()).answer()
  const wholeMs = performance.now() - began
  await afterwards(0)
  let cut = 0
  for (let count = 0; count < kills; count += 1) {
    const task = spawnTask(functions, options())
    const answered = task.answer().then(
      () => true,
      () => false,
    )
    // The process itself needs a while before it asks for anything.
    await pause(wholeMs * (0.15 + 0.85 * Math.random()))
    await task.kill()
    if (!(await answered)) cut += 1
    await afterwards(count)
  }
  return cut
}

async function bridgeObjects(name: string): Promise<readonly unknown[]> {
  const rows = await asAdmin(
    serverUrl,
    `select 'database' as kind from pg_database where datname = '${name}' union all
     select 'role' from pg_roles where rolname in ('${Object.values(roleNames(name)).join("', '")}') order by 1`,
  )
  return rows.map(({ kind }) => kind)
}

const objectsWhen = {
  absent: [[]],
  unfinished: [
    ['role', 'role'],
    ['database', 'role', 'role'],
  ],
  present: [['database', 'role', 'role']],
}

async function recreated(name: string): Promise<readonly unknown[]> {
  await bridgeCreate({ serverUrl, name, ...rest })
  await seedTenant(databaseUrl({ serverUrl, name }), 'ten_1', 1)
  return bridgeObjects(name)
}

async function restarted(own: SiloPlace): Promise<number> {
  const { pid } = await siloStart({ ...own, ...rest })
  await seedTenant(databaseUrl(await siloDatabasePlace(own)), 'ten_1', 1)
  return pid
}

test(
  'creating and dropping a database of its own, killed anywhere, is finished by calling it again',
  { timeout: 600_000 },
  async () => {
    let name = newName()
    const cut = await killedOften(
      'bridgeCreate,bridgeDrop',
      () => ({ serverUrl, name, connectionLimit: 4, operation: 'op_1' }),
      async (count) => {
        const { status } = await bridgeFind({ serverUrl, name })
        expect(objectsWhen[status]).toContainEqual(await bridgeObjects(name))
        // Half of them are finished by creating, half by dropping at once.
        const [whole] = objectsWhen.present
        expect(count % 2 === 0 ? await recreated(name) : whole).toEqual(whole)
        await bridgeDrop({ serverUrl, name })
        expect(await bridgeObjects(name)).toEqual([])
        name = newName()
      },
    )
    expect(cut).toBeGreaterThanOrEqual(kills / 2)
  },
)

const folder = newFolder()
const made: string[] = []
afterAll(() => removeFolder(folder, made))

test(
  'starting and destroying a server of its own, killed anywhere, is finished by calling it again',
  { timeout: 900_000 },
  async () => {
    let name = newName()
    made.push(name)
    const processes = () => serverProcesses().filter(({ dataFolder }) => dataFolder.includes(name))
    const cut = await killedOften(
      'siloStart,siloDestroy',
      () => ({ folder, name, connectionLimit: 4, operation: 'op_1' }),
      async (count) => {
        const own = { folder, name }
        const found = await siloFind(own)
        const pids = processes().map(({ pid }) => pid)
        expect(found.status === 'running' ? pids.includes(found.pid) : true).toBe(true)
        const folders = readdirSync(folder).filter((entry) => entry.includes(name))
        expect(found.status === 'absent' ? folders : []).toEqual([])
        // A third of them are finished by starting, the others by destroying at once.
        const pid = count % 3 === 0 ? await restarted(own) : null
        await expect.poll(() => pid === null || processes().every((process) => process.pid === pid)).toBe(true)
        await siloDestroy(own)
        expect(await siloFind(own)).toEqual({ status: 'absent' })
        expect(processes()).toEqual([])
        expect(readdirSync(folder).filter((entry) => entry !== '.locks')).toEqual([])
        name = newName()
        made.push(name)
      },
    )
    expect(cut).toBeGreaterThanOrEqual(kills / 2)
  },
)

test(
  'deleting the rows of a tenant, killed anywhere, is finished by calling it again, and the neighbour keeps his',
  { timeout: 600_000 },
  async () => {
    const cell = { serverUrl, name: `cell_${randomBytes(6).toString('hex')}`, application }
    const url = databaseUrl(cell)
    await pooledCreate({ ...cell, ...rest })
    try {
      await seedTenant(url, 'ten_b')
      await seedTenant(url, 'ten_a', 2_000)
      const neighbour = await rowsOf(url, 'ten_b')
      const cut = await killedOften(
        'pooledRetire',
        () => ({ serverUrl, name: cell.name, tenant: 'ten_a' }),
        async () => {
          await pooledRetire({ ...cell, tenant: 'ten_a' })
          expect(Object.values(await rowsOf(url, 'ten_a')).flat()).toEqual([])
          await seedTenant(url, 'ten_a', 2_000)
        },
      )
      expect(cut).toBeGreaterThanOrEqual(kills / 2)
      expect(await rowsOf(url, 'ten_b')).toEqual(neighbour)
    } finally {
      await dropDatabase(cell)
    }
  },
)
