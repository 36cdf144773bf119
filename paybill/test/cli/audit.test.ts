import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { auditCommand } from '../../src/cli/audit.ts'
import { UsageError } from '../../src/cli/usage.ts'
import { type JournalDatabase, journalDatabase, scratchFolder, writeRun } from '../journal/journal-database.ts'

type Ran = { readonly code: number; readonly shown: string }

async function run(words: readonly string[], more: { readonly isColoured?: boolean; readonly url?: string } = {}): Promise<Ran> {
  const lines: string[] = []
  const io = {
    env: { PAYBILL_DATABASE_URL: more.url },
    out: (line: string) => void lines.push(line),
    err: (line: string) => void lines.push(line),
    isColoured: more.isColoured ?? false,
  }
  return { code: await auditCommand(words, io), shown: lines.join('\n') }
}

let journal: JournalDatabase
let runId: string

beforeAll(async () => {
  journal = await journalDatabase()
  runId = await writeRun(journal, { entries: 3 })
  await journal.seal()
})

async function exported(): Promise<{ readonly file: string; readonly verify: readonly string[] }> {
  const folder = await scratchFolder()
  const file = join(folder, 'journal.jsonl')
  const key = join(folder, 'public-key.pem')
  await writeFile(key, journal.keys.publicKey.export({ type: 'spki', format: 'pem' }))
  expect(await run(['export', '--out', file], { url: journal.url })).toEqual({ code: 0, shown: `7 lines written to ${file}` })
  return { file, verify: ['verify', file, '--key', key, '--heads', journal.headsPath] }
}

test('an exported journal verifies with the public key and the heads alone', async () => {
  const { verify } = await exported()
  const { code, shown } = await run(verify)
  expect(code).toBe(0)
  expect(shown).toMatch(
    /^verified: 3 entries, 1 segments signed with key [0-9a-f]{16}, 0 entries not sealed yet, 0 payloads erased$/,
  )
})

test('damage in the file ends with 1 and a table of what was found and where', async () => {
  const { file, verify } = await exported()
  await writeFile(file, (await readFile(file, 'utf8')).replace('pay/1/step-2', 'pay/1/step-9'))
  const { code, shown } = await run(verify)
  expect(code).toBe(1)
  expect(shown).toContain(`entry-changed  acme    ${runId}      2  entry 2 is not what was sealed`)
  expect(shown).toContain('NOT VERIFIED')
})

test('colours are shown on a terminal and nowhere else', async () => {
  const { verify } = await exported()
  expect((await run(verify)).shown).not.toContain('\u001B')
  expect((await run(verify, { isColoured: true })).shown).toContain('\u001B')
})

test('an export is for its owner alone, and never replaces a file', async () => {
  const { file } = await exported()
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  await expect(run(['export', '--out', file], { url: journal.url })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
})

test('payloads are left out where that is asked for', async () => {
  const { verify, file } = await exported()
  const out = `${file}.bare`
  await run(['export', '--out', out, '--database', journal.url, '--without-payloads'])
  expect(await readFile(out, 'utf8')).not.toContain('invoice.xml')
  expect(await run(verify.with(1, out))).toMatchObject({ code: 0 })
})

test('heads that are not there are not taken for none', async () => {
  const { verify } = await exported()
  await expect(run(verify.with(5, 'no-such-file'))).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
})

test.for([
  [[]],
  [['look']],
  [['verify']],
  [['verify', 'file']],
  [['verify', 'file', '--key', 'key']],
  [['verify', 'one', 'two', '--key', 'key', '--heads', 'heads']],
  [['export']],
  [['export', '--out', 'file']],
  [['export', '--out', 'file', '--nonsense']],
] satisfies string[][][])('`audit %s` says what is missing or wrong', async ([words = []]) => {
  await expect(run(words)).rejects.toBeInstanceOf(UsageError)
})
