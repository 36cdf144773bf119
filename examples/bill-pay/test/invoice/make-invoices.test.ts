import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCompany } from '../../src/company.ts'
import { makeInvoices } from '../../src/make-invoices/make-folder.ts'
import { parseVendorRegister } from '../../src/vendor-register.ts'
import { outcome } from './outcome.ts'

function textOf(files: ReadonlyMap<string, Uint8Array>, name: string): string {
  return Buffer.from(files.get(name) ?? []).toString('utf8')
}

test('one seed makes one folder, byte for byte, and another seed another', () => {
  expect(makeInvoices(4711)).toEqual(makeInvoices(4711))
  expect(makeInvoices(4711).key).not.toEqual(makeInvoices(4712).key)
})

test.each(Array.from({ length: 20 }, (_, seed) => seed * 7919))(
  'seed %i: the reader and the register agree with the key about every file',
  async (seed) => {
    const { files, key } = makeInvoices(seed)
    const vendors = parseVendorRegister(textOf(files, 'vendors.csv'))
    const company = parseCompany(textOf(files, 'company.json'))
    expect([...files.keys()].toSorted()).toEqual([...Object.keys(key.files), 'company.json', 'vendors.csv'].toSorted())
    for (const [name, entry] of Object.entries(key.files)) {
      const { decision, reason, vendor, invoiceNumber, amount, currency, account } = entry
      const seen = await outcome(files.get(name) ?? new Uint8Array(), vendors)
      expect({ name, ...seen }).toMatchObject(
        decision === 'rejected'
          ? { name, rejected: reason }
          : { name, vendor, invoiceNumber, amount, currency, creditNote: reason === 'credit-note' },
      )
      // A duplicate is one whatever account it asks for.
      const changed = seen.match === 'account-changed' && reason !== 'duplicate'
      expect({ name, changed }).toEqual({ name, changed: reason === 'account-changed' })
      expect({ name, account }).toEqual({ name, account: decision === 'pay' ? seen.account : undefined })
      const limit = company.limits.get(currency ?? '')?.perInvoice.minor ?? 0n
      const isAbove = decision === 'pay' && BigInt(amount ?? '0') > limit
      expect({ name, needsApproval: entry.needsApproval }).toEqual({ name, needsApproval: isAbove })
    }
  },
)

test('of two files with one supplier and one number only the first by name is paid', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const paid = Object.entries(makeInvoices(seed).key.files).filter(([, { decision }]) => decision === 'pay')
    expect(new Set(paid.map(([, { vendor, invoiceNumber }]) => `${vendor} ${invoiceNumber}`)).size).toBe(paid.length)
  }
})

test('some folder has a duplicate that asks for another account, and some a duplicate that comes before the right one', async () => {
  const reasons = new Set<string>()
  for (let seed = 0; seed < 40; seed += 1) {
    const { files, key } = makeInvoices(seed)
    const vendors = parseVendorRegister(textOf(files, 'vendors.csv'))
    const entries = Object.entries(key.files)
    for (const [name, { reason, vendor, invoiceNumber }] of entries) {
      const isSame = (entry: (typeof entries)[number][1]) => entry.vendor === vendor && entry.invoiceNumber === invoiceNumber
      if (vendor === undefined || entries.filter(([, entry]) => isSame(entry)).length < 2) continue
      const { match } = await outcome(files.get(name) ?? new Uint8Array(), vendors)
      if (match === 'account-changed') reasons.add(reason)
    }
  }
  expect(reasons).toEqual(new Set(['duplicate', 'account-changed']))
})

test('every decision comes up in a folder of ordinary size, and the limits per day are out of reach', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const { files, key } = makeInvoices(seed)
    const entries = Object.values(key.files)
    expect(new Set(entries.map(({ decision }) => decision))).toEqual(new Set(['pay', 'hold', 'fraud', 'rejected']))
    for (const [currency, { perVendorDay }] of parseCompany(textOf(files, 'company.json')).limits) {
      const total = entries
        .filter((entry) => entry.currency === currency)
        .reduce((sum, { amount }) => sum + BigInt(amount ?? '0'), 0n)
      expect(total).toBeLessThan(perVendorDay.minor)
    }
  }
})

describe('the command', () => {
  const command = join(import.meta.dirname, '../../src/make-invoices.ts')
  const run = (...options: readonly string[]) => promisify(execFile)(process.execPath, [command, ...options])
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bill-pay-'))
  })
  afterAll(() => rm(directory, { recursive: true }))

  test('writes the folder, and the key beside it', async () => {
    const out = join(directory, 'made')
    await run('--seed', '12', '--out', out, '--count', '21')
    const { key } = makeInvoices(12, 21)
    expect(JSON.parse(await readFile(`${out}.key.json`, 'utf8'))).toEqual(key)
    expect((await readdir(out)).toSorted()).toEqual([...Object.keys(key.files), 'company.json', 'vendors.csv'].toSorted())
    expect(Object.keys(key.files)).toHaveLength(21)
  })

  test('prints the seed that it chose', async () => {
    const { stdout } = await run('--out', join(directory, 'chosen'))
    const seed = Number(/^seed (\d+):/.exec(stdout)?.[1])
    expect(JSON.parse(await readFile(join(directory, 'chosen.key.json'), 'utf8'))).toMatchObject({ seed })
  })

  test.each([
    ['no folder', [], /--out DIR/],
    ['a seed that is no number', ['--seed', '1e3', '--out', 'x'], /--seed/],
    ['too many files', ['--count', '5000', '--out', 'x'], /--count/],
    ['an option that it does not have', ['--sede', '1'], /--sede/],
    ['a folder that is in use', ['--out', import.meta.dirname], /is not empty/],
  ])('refuses %s in one line', async (_what, options, message) => {
    const failure: unknown = await run(...options).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(message) })
    expect(failure).toMatchObject({ stderr: expect.stringMatching(/^ARGUMENT_INVALID: [^\n]*\n$/) })
  })
})
