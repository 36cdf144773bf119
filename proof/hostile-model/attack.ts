// One attack as a process of its own, against the product that lies beside it: the real one, or a copy that lost a guard.
//   node attack.ts '{"part":"inbox","seed":1,…}'
// The last line that it prints is what it saw, as JSON.

import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { billPayRules } from '../../examples/bill-pay/src/app/rules.ts'
import { billPaySchema } from '../../examples/bill-pay/src/app/schema.ts'
import { readInputFolder } from '../../examples/bill-pay/src/invoice/input-folder.ts'
import { randomFrom } from '../../examples/bill-pay/src/make-invoices/random.ts'
import { attackDesk } from './desk-attacks.ts'
import { attackFolder, attackInbox } from './inbox.ts'
import type { Part, Seen } from './part.ts'
import type { Truth } from './variations.ts'
import { type Ground, openWorld } from './world.ts'

const exampleFolder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'examples/bill-pay')

async function attack(part: Part, ground: Ground): Promise<Seen> {
  switch (part.part) {
    case 'inbox': {
      const world = await openWorld(ground, billPaySchema, billPayRules)
      try {
        const seen: Seen[] = []
        for (let batch = 0; batch < part.batches; batch += 1) {
          seen.push(await attackInbox(world, { seed: part.seed + batch, count: part.size, isDayShort: batch % 3 === 1 }))
        }
        return together(seen)
      } finally {
        await world.close()
      }
    }
    case 'folder': {
      const world = await openWorld(ground, billPaySchema, billPayRules)
      try {
        const folder = join(exampleFolder, 'input')
        return await attackFolder(world, randomFrom(part.seed), folder, await truthsOf(folder))
      } finally {
        await world.close()
      }
    }
    case 'desk':
      return attackDesk(ground, part.names)
    default:
      return part satisfies never
  }
}

/** What is true of the example's own invoices stands in the file that its tests use too. */
async function truthsOf(folder: string): Promise<readonly Truth[]> {
  const text = await readFile(join(exampleFolder, 'test/invoice/expected.json'), 'utf8')
  // A checked-in file, which the example's own tests read in the same way.
  const expected = JSON.parse(text) as Readonly<
    Record<
      string,
      { match?: string; reason: string; invoiceNumber?: string; amount?: string; currency?: string; vendor?: string }
    >
  >
  const { vendors, invoiceFiles } = await readInputFolder(folder)
  return invoiceFiles.flatMap((file) => {
    const known = expected[file]
    if (known === undefined) return []
    const isPayable = (known.match === 'matched' || known.match === 'no-account') && known.reason !== 'credit-note'
    return [
      {
        number: known.invoiceNumber ?? '',
        vendor: isPayable ? (vendors.find(({ number }) => number === known.vendor) ?? null) : null,
        minor: BigInt(known.amount ?? 0),
        currency: known.currency ?? '',
      },
    ]
  })
}

function together(seen: readonly Seen[]): Seen {
  const counts: Record<string, number> = {}
  for (const one of seen) for (const [name, count] of Object.entries(one.counts)) counts[name] = (counts[name] ?? 0) + count
  return { violations: seen.flatMap(({ violations }) => violations), counts }
}

if (import.meta.main) {
  const { ground, part } = JSON.parse(process.argv[2] ?? '') as { ground: Ground; part: Part } // written by our own parent
  const seen = await attack(part, ground)
  process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0))
}
