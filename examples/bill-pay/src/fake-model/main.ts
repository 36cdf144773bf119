// The fake model as a process of its own, in place of a model provider:
//   node examples/bill-pay/src/fake-model/main.ts --port 0 [--key KEY] [--hostile [--malformed-every N] [--huge-every N]]

import { parseArgs } from 'node:util'
import { errorLine, PaybillError, systemClock } from 'paybill/lib'
import { announceProcess } from '../process-start.ts'
import { honestAnswer, hostileAnswerer } from './answer.ts'
import { serveModel } from './server.ts'

const flags = {
  port: { type: 'string', default: '0' },
  key: { type: 'string' },
  hostile: { type: 'boolean', default: false },
  'malformed-every': { type: 'string', default: '0' },
  'huge-every': { type: 'string', default: '0' },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

async function main(): Promise<void> {
  const given = readFlags()
  const port = wholeNumber(given, 'port', 65_535)
  const hostility = {
    malformedEvery: wholeNumber(given, 'malformed-every', 1_000_000),
    hugeEvery: wholeNumber(given, 'huge-every', 1_000_000),
  }
  if (!given.hostile && (hostility.malformedEvery > 0 || hostility.hugeEvery > 0))
    throw new PaybillError('ARGUMENT_INVALID', '`--malformed-every` and `--huge-every` need `--hostile`')
  const answerer = given.hostile ? hostileAnswerer(hostility) : honestAnswer
  const server = await serveModel(answerer, { port, key: given.key ?? null, clock: systemClock })
  announceProcess(server.port, () => server.close())
}

function readFlags(): Flags {
  try {
    return parseArgs({ options: flags }).values
  } catch (cause) {
    throw new PaybillError('ARGUMENT_INVALID', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function wholeNumber(given: Flags, flag: 'port' | 'malformed-every' | 'huge-every', most: number): number {
  const text = given[flag]
  if (!/^\d{1,9}$/.test(text) || Number(text) > most)
    throw new PaybillError('ARGUMENT_INVALID', `\`--${flag}\` is \`${text}\` and must be a whole number up to ${most}`)
  return Number(text)
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorLine(error)}\n`)
  process.exit(1)
})
