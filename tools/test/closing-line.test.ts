// The closing line of `npm test` is what people and machines believe, so it is tried on small vitest projects of every
// kind of failure, with vitest itself.

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repositoryRoot, runProgram } from '../repository.ts'
import { closingLine } from '../test.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paybill-closing-line-'))
  await symlink(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const passing = `import { expect, test } from 'vitest'\ntest('one is one', () => { expect(1).toBe(1) })\n`

test('a run that passes ends with the counts and exit code 0', async () => {
  expect(await runTests('passing', { 'a.test.ts': passing })).toEqual({ last: '1 passed, 0 failed', status: 0 })
})

test('skipped tests are named, not counted as passed', async () => {
  const skipped = `${passing}test('another day', { skip: true }, () => {})\n`
  expect(await runTests('skipped', { 'a.test.ts': skipped })).toEqual({ last: '1 passed, 0 failed, 1 skipped', status: 0 })
})

test('a failing test counts as failed', async () => {
  const failing = `${passing}test('one is two', () => { expect(1).toBe(2) })\n`
  expect(await runTests('failing', { 'a.test.ts': failing })).toEqual({ last: '1 passed, 1 failed', status: 1 })
})

test('a file that does not load counts as failed', async () => {
  const files = { 'a.test.ts': passing, 'b.test.ts': `import './missing.ts'\n${passing}` }
  expect(await runTests('broken-import', files)).toEqual({ last: '1 passed, 1 failed', status: 1 })
})

test('a failing global set-up counts as failed', async () => {
  const files = {
    'a.test.ts': passing,
    'set-up.ts': `export function setup() { throw new Error('no database') }\n`,
    'vitest.config.ts': `export default { test: { globalSetup: ['./set-up.ts'] } }\n`,
  }
  expect(await runTests('global-set-up', files)).toEqual({ last: '0 passed, 1 failed', status: 1 })
})

test('a failing global tear-down counts as failed', async () => {
  const files = {
    'a.test.ts': passing,
    'set-up.ts': `export function teardown() { throw new Error('still in use') }\n`,
    'vitest.config.ts': `export default { test: { globalSetup: ['./set-up.ts'] } }\n`,
  }
  expect(await runTests('global-tear-down', files)).toEqual({ last: '1 passed, 1 failed', status: 1 })
})

test('an unhandled rejection counts as failed', async () => {
  const rejecting = `${passing}test('forgets a promise', () => { void Promise.reject(new Error('nobody waits')) })\n`
  expect(await runTests('rejection', { 'a.test.ts': rejecting })).toEqual({ last: '2 passed, 1 failed', status: 1 })
})

test('a failing hook counts as failed', async () => {
  const hook = `import { beforeAll } from 'vitest'\n${passing}beforeAll(() => { throw new Error('no table') })\n`
  const { last, status } = await runTests('hook', { 'a.test.ts': hook })
  expect(last).toMatch(/^0 passed, 1 failed/)
  expect(status).toBe(1)
})

test('a run in which no test was executed counts as failed', async () => {
  expect(await runTests('empty', {})).toEqual({ last: '0 passed, 1 failed', status: 1 })
  const skipped = { 'a.test.ts': `import { test } from 'vitest'\ntest('another day', { skip: true }, () => {})\n` }
  expect(await runTests('all-skipped', skipped)).toEqual({ last: '0 passed, 1 failed, 1 skipped', status: 1 })
})

test('a vitest that dies before it could count is a failed run', async () => {
  const files = {
    'a.test.ts': passing,
    'set-up.ts': `export function setup() { process.exit(0) }\n`,
    'vitest.config.ts': `export default { test: { globalSetup: ['./set-up.ts'] } }\n`,
  }
  expect(await runTests('dies', files)).toEqual({ last: '0 passed, 1 failed', status: 1 })
})

test('an exit code of vitest that no counted failure explains makes the run fail', () => {
  const counts = { passed: 3, failed: 0, skipped: 0, outside: 0 }
  expect(closingLine({ counts, exitCode: 1 })).toEqual({ line: '3 passed, 1 failed', exitCode: 1 })
})

async function runTests(project: string, files: Readonly<Record<string, string>>): Promise<{ last: string; status: number }> {
  const root = join(folder, project)
  await mkdir(root)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const program = join(repositoryRoot, 'tools', 'test.ts')
  const run = await runProgram([process.execPath, program, '--root', root], { cwd: root, timeoutMs: 60_000 })
  return { last: run.stdout.split('\n').at(-2) ?? '', status: run.status }
}
