// Kills at random moments. What is promised: nothing of a run is left running, the workspace can be had again, the next run
// ends well, and there is one server, counted outside.

import { execFile, spawn } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findTerraform, lockStanding, stateFetch, type TerraformStore } from '../../src/terraform/index.ts'
import type { RunProgramOptions } from './run-program.ts'
import { serverProgramsIn, type ServerPrograms } from './server-programs.ts'
import { openTerraformDatabase, type TerraformDatabase } from './terraform-database.ts'
import { sealWith, storeOf } from './terraform-schema.ts'

const binary = await findTerraform(process.env)
const skipped = binary === null ? ': SKIPPED, there is none here' : ''

let opened: TerraformDatabase
let store: TerraformStore
let outside: ServerPrograms
let workspace: string

beforeAll(async () => {
  opened = await openTerraformDatabase()
  store = storeOf(opened.database, 'acme')
})
afterAll(async () => {
  await opened.close()
})
beforeEach(async () => {
  outside = await serverProgramsIn('terraform-kill')
  workspace = `w-${randomUUID()}`
  await outside.setStart('sleep 79')
})
afterEach(async () => {
  await gone()
  await outside.remove()
})

const limits = { termMs: 4_000, interruptMs: 3_000, terminateMs: 500 }

const kinds = [
  ['supervisor-process', 'supervisor'],
  ['-chdir=', 'terraform'],
  ['run-program', 'runner'],
] as const

/** The living processes of this test, all of which name its folder, by what they are. */
async function processes(which: (kind: string) => boolean): Promise<readonly { id: number; kind: string }[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,stat=,args='], { maxBuffer: 64 * 1024 * 1024 })
  return stdout.split('\n').flatMap((line) => {
    const [, id, status = '', command = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (!command.includes(outside.root) || status.startsWith('Z')) return []
    const [, kind] = kinds.find(([sign]) => command.includes(sign)) ?? ['', 'program']
    return which(kind) ? [{ id: Number(id), kind }] : []
  })
}

type Started = {
  /** When the run has its workspace. */
  readonly works: Promise<void>
  readonly end: Promise<{ readonly said: unknown; readonly lines: readonly string[] }>
}

function start(kind: RunProgramOptions['kind'] = 'apply'): Started {
  const { folder, environment } = outside
  const options: RunProgramOptions = { url: opened.url, workspace, folder, environment, limits, kind }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run-program.ts'), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  const works = Promise.withResolvers<void>()
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString()
    if (text.includes('- init: ')) works.resolve()
  })
  const end = once(child, 'close').then(() => {
    const lines = text.trim().split('\n')
    const last = lines.at(-1) ?? ''
    return { lines, said: last.startsWith('{') ? (JSON.parse(last) as unknown) : null }
  })
  return { works: works.promise, end }
}

async function kill(kind: string): Promise<boolean> {
  const found = await processes((each) => each === kind)
  for (const { id } of found)
    try {
      process.kill(id, 'SIGKILL')
    } catch {
      continue // It ended by itself in between.
    }
  return found.length > 0
}

async function gone(): Promise<void> {
  await expect.poll(() => processes(() => true), { timeout: 20_000, interval: 100 }).toEqual([])
}

async function expectOneServer(): Promise<void> {
  const next = await start().end
  expect(next.said, next.lines.join('\n')).toMatchObject({ state: expect.stringMatching(/^(applied|planned_and_finished)$/) })
  expect(outside.servers()).toEqual(['acme-1'])
  expect(outside.ledger().filter((line) => line.startsWith('made'))).toHaveLength(1)
  expect(await lockStanding(store, workspace)).toEqual({ kind: 'free' })
  expect(await stateFetch(store, { workspace, seal: sealWith(7) })).not.toBeNull()
}

describe.skipIf(binary === null)(`with terraform${skipped}`, () => {
  for (const victim of ['runner', 'supervisor', 'terraform'] as const)
    test(
      `kill -9 of the ${victim} while the server starts: all ends, and the next run makes it one server`,
      { timeout: 90_000 },
      async () => {
        const started = start()
        await expect.poll(() => outside.ledger(), { timeout: 30_000, interval: 50 }).toContain('start acme-1')
        expect(await kill(victim)).toBe(true)
        await gone()
        await started.end
        await outside.setStart(':')
        await expectOneServer()
      },
    )

  test(
    'kill -9 of runner and supervisor at once: the next run ends what they left, and makes it one server',
    { timeout: 90_000 },
    async () => {
      const started = start()
      await expect.poll(() => outside.ledger(), { timeout: 30_000, interval: 50 }).toContain('start acme-1')
      const found = await processes((kind) => kind === 'runner' || kind === 'supervisor')
      for (const { id } of found) process.kill(id, 'SIGKILL')
      expect(found).toHaveLength(2)
      await started.end
      expect(await processes((kind) => kind === 'program')).not.toEqual([])
      await outside.setStart(':')
      await expectOneServer()
      expect(await processes(() => true)).toEqual([])
    },
  )

  test(
    'kill -9 at random moments of making and removing: never two servers, and the next run ends well',
    { timeout: 240_000 },
    async () => {
      await outside.setStart('sleep 0.5')
      await outside.setRemove('sleep 0.5')
      for (let round = 0; round < 6; round += 1) {
        const started = start(round % 2 === 0 ? 'apply' : 'destroy')
        await Promise.race([started.works, started.end])
        await wait(randomInt(1_500))
        await kill(['runner', 'supervisor', 'terraform'][randomInt(3)] ?? 'runner')
        await started.end
        await gone()
        expect(outside.servers().length).toBeLessThanOrEqual(1)
      }
      const said = (await start().end).said
      expect(said, outside.ledger().join('\n')).toMatchObject({ serial: expect.any(Number) })
      expect(outside.servers()).toEqual(['acme-1'])
      expect((await start('destroy').end).said).toMatchObject({ state: 'applied' })
      expect(outside.servers()).toEqual([])
    },
  )

  test('a destroy after a kill removes the server that no state knows of', { timeout: 90_000 }, async () => {
    await outside.setStart(`mkdir "$(dirname "$0")/servers/$1" && echo "made $1" >> "$(dirname "$0")/ledger"; sleep 2`)
    const started = start()
    await expect.poll(() => outside.servers(), { timeout: 30_000, interval: 50 }).toEqual(['acme-1'])
    await kill('terraform')
    await started.end
    expect(await stateFetch(store, { workspace, seal: sealWith(7) })).toBeNull()
    const destroyed = await start('destroy').end
    expect(destroyed.said, destroyed.lines.join('\n')).toMatchObject({ state: 'applied' })
    expect(outside.servers()).toEqual([])
  })
})
