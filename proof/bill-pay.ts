// Proves the story on folders that nobody has seen before: for each seed a folder of invoices is made, the job is run on it
// as people run it, and its decisions, payments and approvals are compared with the folder's key and with the bank's ledger.

import { existsSync } from 'node:fs'
import { readLedger } from '../examples/bill-pay/src/fake-bank/ledger.ts'
import type { Payment } from '../examples/bill-pay/src/fake-bank/payment.ts'
import { makeInvoices } from '../examples/bill-pay/src/make-invoices/make-folder.ts'
import { randomFrom } from '../examples/bill-pay/src/make-invoices/random.ts'
import { difference, disagreements } from './bill-pay/compare-with-key.ts'
import { type EndedJob, startJob } from './bill-pay/job.ts'
import { ScratchHome } from './bill-pay/scratch-home.ts'
import type { ProofJob, Proved } from './prove.ts'

export const description =
  'on made folders the job decides, pays and asks as their keys say, and starting it again changes nothing'

const seeds = { small: 2, full: 20 }

export async function prove({ size, seed, log }: ProofJob): Promise<Proved> {
  const random = randomFrom(seed)
  const counts = { seeds: 0, files: 0, payments: 0, approvals: 0, rejected: 0, disagreements: 0 }
  using home = await ScratchHome.open()
  await home.leaveServer()
  for (; counts.seeds < seeds[size]; counts.seeds += 1) {
    const folderSeed = random.integer(2 ** 31)
    const { files, key } = makeInvoices(folderSeed)
    const input = home.inputFolder(`seed-${folderSeed}`, files)
    const first = await startJob(home, input).ended
    const ledger = await paymentsOf(home, input)
    const second = await startJob(home, input).ended
    const after = await paymentsOf(home, input)

    const found = [
      ...(first.report === null ? [] : disagreements(key.files, first.report, ledger)),
      ...ended('first start', first),
      ...ended('second start', second),
      ...difference({ wanted: linesOf(first), given: linesOf(second), what: 'line after the second start' }),
      ...difference({ wanted: ledger.map(text), given: after.map(text), what: 'payment in the ledger after the second start' }),
    ]
    const entries = Object.values(key.files)
    counts.files += entries.length
    counts.payments += ledger.length
    counts.approvals += first.report?.approvals.length ?? 0
    counts.rejected += entries.filter((entry) => entry.decision === 'rejected').length
    counts.disagreements += found.length
    log(`folder of seed ${folderSeed}: ${entries.length} files, ${ledger.length} paid, ${found.length} disagreements`)
    for (const each of found) log(`  ${each}`)
    if (found.length > 0) log(`  to see it: npm run make-invoices -- --seed ${folderSeed} --out DIR`)
  }
  return { passed: counts.disagreements === 0, counts }
}

/** What the bank has in its file; nothing where the start failed before there was a bank. */
async function paymentsOf(home: ScratchHome, input: string): Promise<readonly Payment[]> {
  const file = await home.ledgerFile(input)
  return existsSync(file) ? readLedger(file).payments : []
}

/** What is wrong about how a start ended. */
function ended(name: string, { status, report, log }: EndedJob): readonly string[] {
  if (status === 0 && report !== null && report.failures.length === 0)
    return report.audit.verified ? [] : [`${name}: not verified`]
  return [`${name}: ended with ${status ?? 'no code, killed at its time limit'}\n${log.slice(-2_000)}`]
}

/** What must not change when the job is started again. */
function linesOf({ report }: EndedJob): readonly string[] {
  return report === null ? [] : [report.invoices, report.payments, report.approvals].flatMap((lines) => lines.map(text))
}

function text(value: unknown): string {
  return JSON.stringify(value)
}
