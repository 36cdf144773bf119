import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { runCommand } from './captured.ts'

const id = '6f1c2d3e-0000-4000-8000-000000000001'
const server = { PAYBILL_URL: 'http://127.0.0.1:9', PAYBILL_TOKEN: 'secret-token' }

test('help and version go to the output and end with 0', async () => {
  expect(await runCommand(['--help'])).toMatchObject({ code: 0, err: '', out: expect.stringContaining('paybill approvals list') })
  expect(await runCommand(['--version'])).toEqual({ code: 0, err: '', out: manifest.version })
})

describe('a command that is written wrongly ends with 2 and one line that says how', () => {
  test.each([
    [[], 'no command was given'],
    [['aprovals'], 'there is no command `aprovals`'],
    [['audit'], 'needs one of verify and export'],
    [['approvals'], 'needs one of list, show, approve and refuse'],
    [['approvals', 'aprove', id], 'needs one of list, show, approve and refuse'],
    [['approvals', 'approve'], '`approve` needs the id of an approval'],
    [['approvals', 'show', '../runs'], '`show` needs the id of an approval'],
    [['approvals', 'approve', id, id], 'too many words'],
    [['approvals', 'list', id], 'too many words'],
    [['approvals', 'show', id, '--state', 'waiting'], '`--state` is for `list` only'],
    [['approvals', 'show', id, '--after', id], '`--after` is for `list` only'],
    [['approvals', 'list', '--after', '1&state=all'], '`--after` needs the id of an approval'],
    [['approvals', 'list', '--token', 'x'], "Unknown option '--token'"],
    [['approvals', 'list', '--url', 'not an address'], 'is no address'],
    [['approvals', 'list', '--url', 'http://example.com'], 'https addresses only'],
    [['approvals', 'list', '--url', 'https://ann:word@example.com'], 'holds a user name'],
  ])('%j', async (words, message) => {
    const { code, out, err } = await runCommand(words, server)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain(message)
    expect(err).toMatch(/; see paybill --help$/)
    expect(err).not.toContain('\n')
  })
})

test('what is missing in the environment is named', async () => {
  expect((await runCommand(['approvals', 'list'], {})).err).toContain('give --url, or set PAYBILL_URL')
  expect((await runCommand(['approvals', 'list'], { PAYBILL_URL: 'https://a.test' })).err).toContain('set PAYBILL_TOKEN')
})

test('a server that does not answer is one line with a code and what to do, without the token', async () => {
  const { code, err } = await runCommand(['approvals', 'list'], server)
  expect(code).toBe(1)
  expect(err).toBe('SERVER_UNREACHABLE: `http://127.0.0.1:9` does not answer; start the server, or give its address with --url')
})

test('a token file that cannot be read, or holds no token, is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paybill-cli-'))
  try {
    const missing = await runCommand(['approvals', 'list', '--token-file', join(folder, 'none')], server)
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read') })
    const odd = join(folder, 'odd')
    writeFileSync(odd, 'two lines\nof text')
    const refused = await runCommand(['approvals', 'list', '--token-file', odd], server)
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('characters that no token has') })
    expect(refused.err).not.toContain('two lines')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the command runs as a process of its own', () => {
  const main = join(import.meta.dirname, '../../src/cli/main.ts')
  const done = spawnSync(process.execPath, [main, '--version'], { encoding: 'utf8' })
  expect(done).toMatchObject({ status: 0, stdout: `${manifest.version}\n` })
  expect(spawnSync(process.execPath, [main, 'nothing'], { encoding: 'utf8' }).status).toBe(2)
})
