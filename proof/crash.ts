// Proves that a job may be killed at any moment: at random ones, and on both sides of every entry of its journal. It is then
// started again until it ends, and the bank's own count is compared with that of a job that nobody killed.

import { makeInvoices } from '../examples/bill-pay/src/make-invoices/make-folder.ts'
import { ScratchHome } from './bill-pay/scratch-home.ts'
import { boundaryCases, extent, mutantCases, randomCase, usualKills } from './crash/plan.ts'
import { type Case, runCase } from './crash/run-case.ts'
import { Tally } from './crash/tally.ts'
import type { ProofJob, Proved } from './prove.ts'

export const description = 'killed at random moments and at every journal boundary, the job loses no payment and doubles none'

/** One invoice of each kind that there is, by seed: paid, above the limit, fraud, held, rejected, twice. */
const folderFiles = 12

export async function prove({ size, seed, log }: ProofJob): Promise<Proved> {
  const folder = makeInvoices(seed, folderFiles)
  const homes: ScratchHome[] = []
  try {
    const first = await ScratchHome.open()
    homes.push(first)
    while (homes.length < extent[size].lanes) homes.push(await ScratchHome.open(first))
    const undisturbed = await runCase(first, folder, { name: 'undisturbed', kills: [], mutant: null })
    const tally = new Tally(size, undisturbed, log)
    tally.judgeUndisturbed(folder.key.files)
    const { entries } = undisturbed.report.audit
    const cases = [...boundaryCases(size, seed, entries), ...mutantCases(size)]
    let [begun, ended] = [0, 0]
    const nextCase = (): Case | null => {
      const planned = cases.shift()
      if (planned !== undefined) return planned
      // Some moments come after the end of their job, so that nobody knows beforehand how many jobs it takes.
      const { randomKills } = extent[size]
      if (tally.randomKills() + (begun - ended) * usualKills >= randomKills || begun > randomKills) return null
      begun += 1
      return randomCase(seed, begun, undisturbed.lasted)
    }
    await Promise.all(
      homes.map(async (home) => {
        for (let next = nextCase(); next !== null; next = nextCase()) {
          const each = next
          await runCase(home, folder, each).then(
            (result) => tally.judge(each, result),
            (error: unknown) => tally.broke(each, error),
          )
          if (isRandom(each)) ended += 1
        }
      }),
    )
    return tally.close(entries)
  } finally {
    for (const home of homes) home[Symbol.dispose]()
  }
}

function isRandom({ kills }: Case): boolean {
  return kills.some(({ moment }) => moment.kind === 'clock')
}
