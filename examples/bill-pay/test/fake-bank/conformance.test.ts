// The fake bank passes what a real one must pass.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startProcess, type StartedProcess } from '../../src/process-start.ts'
import { bankFile } from './bank-process.ts'
import { bankCases } from './conformance.ts'

describe('the fake bank, like any bank:', () => {
  const folder = mkdtempSync(join(tmpdir(), 'paybill-bank-'))
  let bank: StartedProcess

  beforeAll(async () => {
    bank = await startProcess(bankFile, ['--file', join(folder, 'ledger.jsonl'), '--port', '0'])
  })
  afterAll(async () => {
    await bank.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(bankCases)('$name', async ({ run }) => {
    await expect(run(bank.url)).resolves.toBeUndefined()
  })
})
