// npm run make-invoices -- --seed N --out DIR [--count N]: writes a random input folder, and its answer key beside it.

import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { randomInt } from 'node:crypto'
import { errorLine, PaybillError } from 'paybill/lib'
import { makeInvoices } from './make-invoices/make-folder.ts'

const maxCount = 1_000
const maxSeed = 2 ** 47

async function main(): Promise<void> {
  const { seed, count, directory } = readArguments()
  const keyFile = `${directory}.key.json`
  await refuseUsedDirectory(directory)
  const { files, key } = makeInvoices(seed, count)
  // The key first and only where there is none: a folder with somebody else's key would be judged by it.
  await writeFile(keyFile, `${JSON.stringify(key, null, 2)}\n`, { flag: 'wx' }).catch((cause: unknown) => {
    throw new PaybillError('ARGUMENT_INVALID', `cannot write \`${keyFile}\`; does it exist already?`, { cause })
  })
  await mkdir(directory, { recursive: true })
  for (const [name, bytes] of files) await writeFile(join(directory, name), bytes)
  console.log(`seed ${seed}: ${Object.keys(key.files).length} invoice files in ${directory}, the key in ${keyFile}`)
}

function readArguments(): { seed: number; count: number | undefined; directory: string } {
  const { values } = parsed()
  if (values.out === undefined || values.out === '') throw new PaybillError('ARGUMENT_INVALID', '`--out DIR` is missing')
  return {
    seed: values.seed === undefined ? randomInt(maxSeed) : wholeNumber('--seed', values.seed, { from: 0, to: maxSeed }),
    count: values.count === undefined ? undefined : wholeNumber('--count', values.count, { from: 1, to: maxCount }),
    directory: resolve(values.out),
  }
}

function parsed(): { values: { seed?: string; out?: string; count?: string } } {
  try {
    return parseArgs({ options: { seed: { type: 'string' }, out: { type: 'string' }, count: { type: 'string' } } })
  } catch (cause) {
    throw new PaybillError('ARGUMENT_INVALID', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function wholeNumber(name: string, text: string, range: { readonly from: number; readonly to: number }): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= range.from && value <= range.to) return value
  throw new PaybillError('ARGUMENT_INVALID', `\`${name}\` is \`${text}\`, write a whole number from ${range.from} to ${range.to}`)
}

async function refuseUsedDirectory(directory: string): Promise<void> {
  const names = await readdir(directory).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    if (code === 'ENOENT') return []
    throw new PaybillError('ARGUMENT_INVALID', `cannot use \`${directory}\` (${code})`, { cause })
  })
  if (names.length > 0) throw new PaybillError('ARGUMENT_INVALID', `\`${directory}\` is not empty; name a new folder`)
}

try {
  await main()
} catch (error) {
  console.error(errorLine(error))
  process.exitCode = 1
}
