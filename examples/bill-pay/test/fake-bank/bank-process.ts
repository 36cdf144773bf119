// Starts the fake bank for a test, with a ledger in a folder of its own, and clears both away.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { startProcess, type StartedProcess } from '../../src/process-start.ts'

export const bankFile = fileURLToPath(new URL('../../src/fake-bank/main.ts', import.meta.url))

/** A file name for a ledger that does not exist yet. */
export function newLedgerFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paybill-bank-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'ledger.jsonl')
}

/** A running bank, stopped when the test ends. */
export async function startBank(ledgerFile: string, flags: readonly string[] = []): Promise<StartedProcess> {
  const bank = await startProcess(bankFile, ['--file', ledgerFile, '--port', '0', ...flags])
  onTestFinished(() => bank.stop())
  return bank
}
