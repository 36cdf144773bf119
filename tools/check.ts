// `npm run check [-- --write]`: everything about the code and its documentation that a machine can judge without running the
// tests. Runs all checks, prints what each found and a table, ends with 1 if any failed. `--write` first makes the
// generated pages anew.

import { parseArgs, stripVTControlCharacters, styleText } from 'node:util'
import { checkArchitecture } from './architecture.ts'
import { checkDocs, checkGenerated, writeGenerated } from './docs.ts'
import { type Finding, findingLine } from './finding.ts'
import { checkForbiddenText } from './forbidden-text.ts'
import { repositoryFiles, repositoryRoot, runProgram } from './repository.ts'

/** A check answers with what it found; with nothing, it has passed. */
type Check = { readonly name: string; readonly run: () => Promise<string> }

const checks: readonly Check[] = [
  { name: 'types (tsc)', run: () => program('tsc', '--project', '.') },
  { name: 'lint (oxlint)', run: () => program('oxlint', '--type-aware', '--deny-warnings') },
  { name: 'format (oxfmt)', run: () => program('oxfmt', '--check') },
  { name: 'unused (knip)', run: () => program('knip', '--no-progress') },
  { name: 'architecture', run: async () => print(checkArchitecture(repositoryRoot, repositoryFiles(repositoryRoot))) },
  { name: 'docs', run: async () => print(await checkDocs(repositoryRoot, repositoryFiles(repositoryRoot))) },
  { name: 'generated pages', run: async () => print(checkGenerated(repositoryRoot)) },
  { name: 'forbidden text', run: async () => print(checkForbiddenText(repositoryRoot, repositoryFiles(repositoryRoot))) },
]

async function program(...words: [string, ...string[]]): Promise<string> {
  const { status, output } = await runProgram(words, { cwd: repositoryRoot })
  // Some colour what they print even into a pipe, when they think that they run on a build server.
  return status === 0 ? '' : stripVTControlCharacters(output).trim() || `exit code ${status}`
}

function print(findings: readonly Finding[]): string {
  return findings.map(findingLine).join('\n')
}

type Outcome = { readonly name: string; readonly findings: string; readonly seconds: number }

async function runCheck({ name, run }: Check): Promise<Outcome> {
  const started = performance.now()
  const findings = await run().catch((error: unknown) =>
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  )
  return { name, findings, seconds: (performance.now() - started) / 1000 }
}

// `styleText` leaves the colour out where stdout is no terminal or the reader asked for none.
function outcomeLine({ name, findings, seconds }: Outcome): string {
  const word = findings === '' ? styleText('green', 'ok    ') : styleText('red', 'failed')
  return `${name.padEnd(18)}${word}${seconds.toFixed(1).padStart(8)} s`
}

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
if (values.write) await writeGenerated(repositoryRoot)
const outcomes: Outcome[] = []
for (const check of checks) outcomes.push(await runCheck(check))
const failed = outcomes.filter(({ findings }) => findings !== '')
for (const { name, findings } of failed) console.log(`${styleText('bold', name)}\n${findings}\n`)
for (const outcome of outcomes) console.log(outcomeLine(outcome))
console.log(failed.length === 0 ? 'all checks passed' : `${failed.length} of ${outcomes.length} checks failed`)
process.exitCode = failed.length === 0 ? 0 : 1
