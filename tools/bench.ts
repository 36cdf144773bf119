// `npm run bench -- NAME [--json]`: runs one benchmark, a module of bench/. It installs the peers that bench/ compares with,
// which a first start does not need, prints a table, and ends with one line of JSON. `--json` leaves the table out.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { errorLine, PaybillError } from 'paybill/lib'
import { repositoryRoot, runProgram } from './repository.ts'
import { setup } from './setup.mjs'
import { table } from './table.ts'

/** What a module `bench/NAME.ts` exports. `log` prints a line of progress. */
export type Bench = { bench(job: { readonly log: (line: string) => void }): Promise<Measured> }

/** `figures` are the results that a target is set for; `rows` are what the table shows, one per system compared. */
export type Measured = {
  readonly figures: Readonly<Record<string, number>>
  readonly rows: readonly Readonly<Record<string, string | number>>[]
}

const folder = join(repositoryRoot, 'bench')

export function benchNames(): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted()
}

/** Reads the words of the command line; null where no benchmark is named. Throws ARGUMENT_INVALID. */
export function parseBenchCommand(words: readonly string[], names: readonly string[]): { name: string; json: boolean } | null {
  const { values, positionals } = parseWords(words)
  const [name, ...more] = positionals
  if (name === undefined) return null
  if (more.length > 0) throw new PaybillError('ARGUMENT_INVALID', `one benchmark at a time, not also \`${more.join(' ')}\``)
  if (!names.includes(name))
    throw new PaybillError('ARGUMENT_INVALID', `no benchmark is called \`${name}\`; there are: ${names.join(', ') || 'none'}`)
  return { name, json: values.json }
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: { json: { type: 'boolean', default: false } } })
  } catch (cause) {
    throw new PaybillError('ARGUMENT_INVALID', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

async function main(words: readonly string[]): Promise<void> {
  const names = benchNames()
  const command = parseBenchCommand(words, names)
  if (command === null) {
    for (const name of names) console.log(name)
    return
  }
  setup(folder)
  // Here and not in `npm run check`, which does not install the peers that the benchmarks are typed against.
  const types = await runProgram(['tsc', '--project', folder], { cwd: repositoryRoot })
  if (types.status !== 0) {
    process.stderr.write(types.output)
    process.exit(1)
  }
  const log = (line: string) => process.stderr.write(`${line}\n`)
  const { figures, rows } = await (await loadBench(command.name)).bench({ log })
  if (!command.json) {
    console.log(table(rows))
    console.log(table([figures]))
  }
  await print(JSON.stringify({ bench: command.name, figures, rows }))
}

async function loadBench(name: string): Promise<Bench> {
  const module: unknown = await import(join(folder, `${name}.ts`))
  if (typeof module === 'object' && module !== null && 'bench' in module && typeof module.bench === 'function')
    return module as Bench // the rest of its shape is the type checker's, a few lines above
  throw new PaybillError('ARGUMENT_INVALID', `\`bench/${name}.ts\` exports no function \`bench\``)
}

/** Waits until the line has left the process, since `process.exit` does not. */
function print(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()))
}

if (import.meta.main) {
  try {
    await main(process.argv.slice(2))
    // An explicit end: a connection that a peer leaves open must not keep the command alive.
    process.exit(0)
  } catch (error) {
    console.error(errorLine(error))
    process.exit(1)
  }
}
