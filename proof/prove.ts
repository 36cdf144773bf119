// `npm run prove -- NAME [--size small|full] [--seed N]`: runs one of the long proofs, the modules beside this file. A proof
// prints what it sees; the last line on stdout is one JSON object. `npm test` runs every proof in its small size.

import { randomInt } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { assert, errorLine, PaybillError } from 'paybill/lib'

/** What a module `proof/NAME.ts` exports. */
export type Proof = {
  /** One sentence on what is proved, for the list of proofs. */
  readonly description?: string
  prove(job: ProofJob): Promise<Proved>
}

/** `seed` decides every random choice, so that a failure can be repeated. `log` prints a line for people. */
export type ProofJob = { readonly size: ProofSize; readonly seed: number; readonly log: (line: string) => void }
export type ProofSize = 'small' | 'full'
export type Proved = { readonly passed: boolean; readonly counts: Readonly<Record<string, number>> }

const deadlineMs = 40 * 60_000
const seedBound = 2 ** 32

/** The names of all proofs, in order of the alphabet. */
export function proofNames(): readonly string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'prove.ts')
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted()
}

/** Runs a proof against the deadline. A proof that throws has failed: the error is printed, never passed on. */
export async function runProof(proof: Proof, job: ProofJob, limitMs: number = deadlineMs): Promise<Proved> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished within ${limitMs / 60_000} minutes`)), limitMs)
  })
  try {
    const proved = await Promise.race([proof.prove(job), deadline])
    assert(typeof proved.passed === 'boolean' && typeof proved.counts === 'object', 'a proof answers with `passed` and `counts`')
    return proved
  } catch (error) {
    job.log(
      error instanceof PaybillError ? errorLine(error) : error instanceof Error ? (error.stack ?? error.message) : String(error),
    )
    return { passed: false, counts: {} }
  } finally {
    clearTimeout(timer)
  }
}

type Command = { readonly name: string; readonly size: ProofSize; readonly seed: number }

/** Reads the words of the command line; null where no proof is named. Throws ARGUMENT_INVALID. */
export function parseCommand(words: readonly string[], names: readonly string[]): Command | null {
  const { values, positionals } = parseWords(words)
  const [name, ...more] = positionals
  if (name === undefined) return null
  if (more.length > 0) throw new PaybillError('ARGUMENT_INVALID', `one proof at a time, not also \`${more.join(' ')}\``)
  if (!names.includes(name))
    throw new PaybillError('ARGUMENT_INVALID', `no proof is called \`${name}\`; there are: ${names.join(', ') || 'none'}`)
  if (values.size !== 'small' && values.size !== 'full')
    throw new PaybillError('ARGUMENT_INVALID', `\`--size ${values.size}\` is neither small nor full`)
  const seed = values.seed === undefined ? randomInt(seedBound) : Number(values.seed)
  if (!Number.isInteger(seed) || seed < 0 || seed >= seedBound || values.seed === '')
    throw new PaybillError('ARGUMENT_INVALID', `\`--seed ${values.seed}\` is not a whole number from 0 to ${seedBound - 1}`)
  return { name, size: values.size, seed }
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { size: { type: 'string', default: 'full' }, seed: { type: 'string' } },
    })
  } catch (cause) {
    throw new PaybillError('ARGUMENT_INVALID', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

async function loadProof(name: string): Promise<Proof> {
  const module: unknown = await import(join(import.meta.dirname, `${name}.ts`))
  if (typeof module === 'object' && module !== null && 'prove' in module && typeof module.prove === 'function')
    return module as Proof // what `prove` gives back is checked where it is called
  throw new PaybillError('ARGUMENT_INVALID', `\`proof/${name}.ts\` exports no function \`prove\``)
}

async function main(words: readonly string[]): Promise<number> {
  const names = proofNames()
  const command = parseCommand(words, names)
  if (command === null) {
    for (const name of names) console.log(name.padEnd(16), (await loadProof(name)).description ?? '')
    return 0
  }
  const { name, size, seed } = command
  console.log(`proof ${name}, size ${size}, seed ${seed}`)
  const started = performance.now()
  const { passed, counts } = await loadProof(name)
    .then((proof) => runProof(proof, { size, seed, log: console.log }))
    .catch((error: unknown): Proved => {
      console.log(errorLine(error))
      return { passed: false, counts: {} }
    })
  console.log(`${passed ? 'holds' : 'DOES NOT HOLD'}, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  await print(JSON.stringify({ proof: name, size, seed, passed, counts }))
  return passed ? 0 : 1
}

/** Waits until the line has left the process, since `process.exit` does not. */
function print(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()))
}

if (import.meta.main) {
  // An explicit end: what a proof left open, such as a child of the deadline's, must not keep the command alive.
  process.exit(
    await main(process.argv.slice(2)).catch((error: unknown) => {
      console.error(errorLine(error))
      return 1
    }),
  )
}
