// Loaded before the job with `--import`: makes it the mutant that PROOF_MUTANT names.

import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { repositoryRoot } from '../../tools/repository.ts'
import { mutants } from './mutants.ts'

const mutant = mutants.find(({ name }) => name === process.env['PROOF_MUTANT'])
if (mutant === undefined) throw new Error(`there is no mutant \`${process.env['PROOF_MUTANT']}\``)

const sources = new Map<string, string>()
for (const { file, from, to } of mutant.changes) {
  const path = join(repositoryRoot, file)
  const parts = readFileSync(path, 'utf8').split(from)
  if (parts.length !== 2)
    throw new Error(`\`${file}\` has \`${from}\` ${parts.length - 1} times: the mutant must be written anew`)
  sources.set(pathToFileURL(path).href, parts.join(to))
}

registerHooks({
  load: (url, context, nextLoad) => {
    const source = sources.get(url)
    return source === undefined ? nextLoad(url, context) : { format: 'module-typescript', source, shortCircuit: true }
  },
})
