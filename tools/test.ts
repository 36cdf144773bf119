// `npm test [-- vitest words]`: runs vitest once and closes with one line, `N passed, N failed`, the last on stdout.
// A failure outside any test counts as failed: a broken global set-up, a file that does not load, an unhandled error, a
// run without any test. vitest is a process of its own, so that the line also comes when vitest itself dies.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { TestCounts } from './closing-reporter.ts'
import { repositoryRoot } from './repository.ts'

/** What to say of a run: its counts, none where vitest died before it could tell, and vitest's own exit code. */
export function closingLine(run: { readonly counts: TestCounts | null; readonly exitCode: number }): {
  readonly line: string
  readonly exitCode: number
} {
  const { passed, failed: failedTests, skipped, outside } = run.counts ?? { passed: 0, failed: 0, skipped: 0, outside: 0 }
  const seen = failedTests + outside
  const nothingRan = passed + seen === 0
  const failed = seen === 0 && (nothingRan || run.exitCode !== 0) ? 1 : seen
  const line = `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
  return { line, exitCode: failed === 0 ? 0 : 1 }
}

async function runVitest(words: readonly string[]): Promise<{ counts: TestCounts | null; exitCode: number }> {
  const vitest = join(repositoryRoot, 'node_modules', 'vitest', 'vitest.mjs')
  const reporters = ['--reporter=default', `--reporter=${join(repositoryRoot, 'tools', 'closing-reporter.ts')}`]
  const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...words], {
    cwd: repositoryRoot,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  // Ctrl-C reaches vitest by itself; this process stays to print the closing line.
  process.on('SIGINT', () => undefined)
  let counts: TestCounts | null = null
  child.on('message', (message) => {
    // The channel is open to one sender, our own reporter.
    if (typeof message === 'object' && message !== null && 'testCounts' in message) counts = message.testCounts as TestCounts
  })
  const exitCode = await new Promise<number>((resolve) => {
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })
  return { counts, exitCode }
}

if (import.meta.main) {
  const closing = closingLine(await runVitest(process.argv.slice(2)))
  process.exitCode = closing.exitCode
  process.stdout.write(`${closing.line}\n`)
}
