// The fake bank as a process of its own:
//   node examples/bill-pay/src/fake-bank/main.ts --file LEDGER --port 0
// It is a fake of the outside world for the example and its proofs, and moves no money.

import { parseArgs } from 'node:util'
import { errorLine, PaybillError, systemClock } from 'paybill/lib'
import { announceProcess } from '../process-start.ts'
import { createBank } from './bank.ts'
import { openLedger } from './ledger.ts'
import { serveBank } from './server.ts'

const flags = {
  file: { type: 'string' },
  port: { type: 'string', default: '0' },
  'delay-ms': { type: 'string', default: '0' },
  'fail-every': { type: 'string', default: '0' },
  'drop-answer-every': { type: 'string', default: '0' },
  'refuse-account': { type: 'string' },
} as const

async function main(): Promise<void> {
  const given = readFlags()
  const { file } = given
  if (file === undefined) throw new PaybillError('ARGUMENT_INVALID', '`--file` must name the ledger')
  const port = wholeNumber(given, 'port', 65_535)
  const misbehaviour = {
    delayMs: wholeNumber(given, 'delay-ms', 60_000),
    failEvery: wholeNumber(given, 'fail-every', 1_000_000),
    dropAnswerEvery: wholeNumber(given, 'drop-answer-every', 1_000_000),
  }
  const ledger = openLedger(file)
  const bank = createBank(ledger, { clock: systemClock, refusedAccount: given['refuse-account'] ?? null })
  const server = await serveBank(bank, { port, misbehaviour, failed: endWith })
  announceProcess(server.port, async () => {
    await server.close()
    ledger.close()
  })
}

function readFlags(): ReturnType<typeof parseArgs<{ options: typeof flags }>>['values'] {
  try {
    return parseArgs({ options: flags }).values
  } catch (cause) {
    throw new PaybillError('ARGUMENT_INVALID', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function wholeNumber(
  given: ReturnType<typeof readFlags>,
  flag: 'port' | 'delay-ms' | 'fail-every' | 'drop-answer-every',
  most: number,
): number {
  const text = given[flag]
  if (!/^\d{1,9}$/.test(text) || Number(text) > most)
    throw new PaybillError('ARGUMENT_INVALID', `\`--${flag}\` is \`${text}\` and must be a whole number up to ${most}`)
  return Number(text)
}

// What a failed write has left in the file is not known here. The next start reads it, and counts what is whole.
function endWith(error: unknown): void {
  process.stderr.write(`${errorLine(error)}\n`)
  process.exit(1)
}

main().catch(endWith)
