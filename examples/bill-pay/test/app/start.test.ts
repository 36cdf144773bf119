// The main job as people run it: the program itself, in a process of its own, with its state in a scratch folder.

import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLedger } from '../../src/fake-bank/ledger.ts'

const example = fileURLToPath(new URL('../..', import.meta.url))
const ownInput = join(example, 'input')
let home = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'paybill-start-'))
})

afterAll(async () => {
  await rm(home, { recursive: true, force: true })
})

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

function start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const env = { ...process.env, PAYBILL_DATABASE_URL: '', PAYBILL_HOME: home, NODE_ENV: 'test', ...environment }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(example, 'src/start.ts'), ...words],
      { env, timeout: 120_000, maxBuffer: 64_000_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr })
      },
    )
  })
}

type Shown = {
  readonly invoices: readonly {
    readonly file: string
    readonly id: string
    readonly decision: string
    readonly reason: string
    readonly amount: string | null
  }[]
  readonly payments: readonly {
    readonly invoice: string
    readonly account: string
    readonly amount: string
    readonly currency: string
    readonly idempotencyKey: string
  }[]
  readonly refusals: readonly { readonly code: string; readonly argument: string; readonly origins: readonly string[] }[]
  readonly approvals: readonly { readonly state: string }[]
  readonly audit: {
    readonly entries: number
    readonly verified: boolean
    readonly tamperControls: { readonly seeded: number; readonly found: number }
  }
}

function lastLine(ended: Ended): Shown {
  return JSON.parse(ended.stdout.trimEnd().split('\n').at(-1) ?? '') as Shown
}

test(
  'the whole story is decided as expected, paid once, verified, and a second start changes nothing',
  { timeout: 240_000 },
  async () => {
    const expected = JSON.parse(await readFile(join(example, 'test/invoice/expected.json'), 'utf8')) as Record<
      string,
      { readonly decision: string }
    >
    const first = await start(['--once', '--json'])
    expect(first.code, first.stderr).toBe(0)
    const shown = lastLine(first)
    const decisions = Object.fromEntries(shown.invoices.map(({ file, decision }) => [file, decision]))
    expect(decisions).toEqual(Object.fromEntries(Object.entries(expected).map(([file, { decision }]) => [file, decision])))
    expect(shown.audit).toMatchObject({ verified: true, tamperControls: { seeded: 5, found: 5 } })
    expect(shown.refusals).toMatchObject([{ code: 'ARGUMENT_NOT_ACCEPTED', argument: 'account' }])
    expect(shown.approvals).toMatchObject([{ state: 'waiting' }])
    const ids = new Set(shown.invoices.map(({ id }) => id))
    expect(shown.payments.every(({ invoice }) => ids.has(invoice))).toBe(true)

    const second = await start(['--once', '--json'])
    expect(second.code, second.stderr).toBe(0)
    const again = lastLine(second)
    expect(again.payments).toEqual(shown.payments)
    expect(again.invoices).toEqual(shown.invoices)
    const ledgers = await bankLedgers()
    expect(ledgers.flatMap(({ doubled }) => doubled)).toEqual([])
    expect(ledgers.flatMap(({ payments }) => payments)).toHaveLength(shown.payments.length)
  },
)

async function bankLedgers() {
  const { readdir } = await import('node:fs/promises')
  const folders = await readdir(join(home, 'bill-pay'))
  return folders.map((folder) => readLedger(join(home, 'bill-pay', folder, 'bank.jsonl')))
}

async function brokenInput(change: (folder: string) => Promise<void>): Promise<string> {
  const folder = await mkdtemp(join(home, 'input-'))
  for (const name of ['company.json', 'vendors.csv', 'invoice-001.xml']) await cp(join(ownInput, name), join(folder, name))
  await change(folder)
  return folder
}

const badInputs: readonly {
  readonly name: string
  readonly code: string
  readonly words?: () => Promise<string[]>
  readonly environment?: Record<string, string>
}[] = [
  { name: 'an unknown flag', code: 'ARGUMENT_INVALID', words: async () => ['--onec'] },
  { name: 'an input folder that is not there', code: 'ARGUMENT_INVALID', words: async () => ['--input', '/no/such/folder'] },
  {
    name: 'a broken vendor register',
    code: 'VENDOR_REGISTER_INVALID',
    words: async () => ['--input', await brokenInput((folder) => writeFile(join(folder, 'vendors.csv'), 'number,name\n1,x\n'))],
  },
  {
    name: 'a broken company file',
    code: 'COMPANY_INVALID',
    words: async () => ['--input', await brokenInput((folder) => writeFile(join(folder, 'company.json'), '{'))],
  },
  {
    name: 'an unreachable database',
    code: 'DATABASE_UNREACHABLE',
    environment: { PAYBILL_DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:1/none' },
  },
  { name: 'too little disk', code: 'DISK_FULL', environment: { PAYBILL_MIN_FREE_MB: '100000000' } },
  { name: 'the embedded database in production', code: 'DATABASE_PRODUCTION', environment: { NODE_ENV: 'production' } },
]

test.each(badInputs)(
  '$name is told in one line with a code and what to do',
  { timeout: 60_000 },
  async ({ code, words, environment }) => {
    const ended = await start(['--once', ...(words === undefined ? [] : await words())], environment)
    expect(ended.code).not.toBe(0)
    const lines = ended.stderr.trimEnd().split('\n')
    expect(lines.at(-1)).toMatch(new RegExp(`^${code}: .+; .+`))
    expect(lines.filter((line) => line.startsWith('    at '))).toEqual([])
    expect(ended.stderr).not.toContain('secret-word')
  },
)

test('a port that is taken is told by its code, after the job was done', { timeout: 60_000 }, async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const address = other.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const input = await brokenInput(async () => {})
  const ended = await start(['--input', input, '--port', String(port)])
  other.close()
  expect(ended.code).not.toBe(0)
  expect(ended.stderr).toMatch(/^PORT_TAKEN: /m)
  expect(ended.stdout).toMatch(/invoice-001\.xml.+pay/)
})
