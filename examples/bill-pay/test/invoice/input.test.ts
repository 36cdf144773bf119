// The input folder of the example against expectations that were written by hand beside it: what is read, who sent it, what is refused.

import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { readInputFolder } from '../../src/invoice/input-folder.ts'
import { readInvoiceFile } from '../../src/invoice/read-invoice.ts'
import { hugeFileName, makeHugeFile } from '../../src/make-invoices/huge-file.ts'
import type { KeyEntry } from '../../src/make-invoices/key.ts'
import { outcome } from './outcome.ts'

const directory = join(import.meta.dirname, '../../input')
type Expected = KeyEntry & { readonly match?: string }
let expected: Readonly<Record<string, Expected>>

beforeAll(async () => {
  expected = JSON.parse(await readFile(join(import.meta.dirname, 'expected.json'), 'utf8')) as typeof expected // our own file
})

test('there is an expectation for every file, and a file for every expectation', async () => {
  const { invoiceFiles } = await readInputFolder(directory)
  expect([...new Set([...invoiceFiles, hugeFileName])].toSorted()).toEqual(Object.keys(expected))
})

test('every file is read and matched, or refused, as expected', async () => {
  const { invoiceFiles, vendors } = await readInputFolder(directory)
  for (const name of invoiceFiles) {
    const { match, vendor, invoiceNumber, amount, currency, reason, decision } = expected[name] ?? {}
    const creditNote = reason === 'credit-note'
    expect({ name, ...(await outcome(await readFile(join(directory, name)), vendors)) }).toMatchObject(
      decision === 'rejected' ? { name, rejected: reason } : { name, match, vendor, invoiceNumber, amount, currency, creditNote },
    )
  }
})

test('a payment is expected to the account of the register only, and nothing is both paid and approved', async () => {
  const { vendors } = await readInputFolder(directory)
  for (const [name, { decision, account, vendor, paid, needsApproval }] of Object.entries(expected)) {
    const registered = vendors.find(({ number }) => number === vendor)?.account
    expect({ name, account, asks: paid || needsApproval }).toEqual({
      name,
      account: decision === 'pay' ? registered : undefined,
      asks: decision === 'pay',
    })
    expect(paid && needsApproval).toBe(false)
  }
})

test('the file that is too large is made once and refused', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'bill-pay-'))
  try {
    expect(await makeHugeFile(elsewhere)).toBe(true)
    expect(await makeHugeFile(elsewhere)).toBe(false)
    const path = join(elsewhere, hugeFileName)
    expect((await stat(path)).size).toBeGreaterThan(50 * 1024 * 1024)
    await expect(readInvoiceFile(path)).rejects.toMatchObject({ rule: expected[hugeFileName]?.reason })
  } finally {
    await rm(elsewhere, { recursive: true })
  }
})
