// The vitest reporter behind the closing line: counts the tests, and every failure that belongs to no test, and hands the
// counts to tools/test.ts, which started vitest. It prints nothing itself, since vitest may print after its reporters.

import type { Reporter, TestModule } from 'vitest/node'

/** `outside` counts failures of no test: a file that does not load, a hook around tests, an unhandled error. */
export type TestCounts = { readonly passed: number; readonly failed: number; readonly skipped: number; readonly outside: number }

/** vitest takes a reporter file by its default export and makes one of it with `new`. */
export default class ClosingReporter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): Promise<void> {
    await hand(countTests(modules, unhandledErrors.length))
  }
}

function countTests(modules: readonly TestModule[], unhandledErrors: number): TestCounts {
  let passed = 0
  let failed = 0
  let skipped = 0
  let outside = unhandledErrors
  for (const module of modules) {
    if (module.errors().length > 0) outside += 1
    for (const suite of module.children.allSuites()) if (suite.errors().length > 0) outside += 1
    for (const test of module.children.allTests()) {
      const state = test.result().state
      if (state === 'passed') passed += 1
      // A test that was never decided is no skipped test: its process died, or the run was broken off.
      else if (state === 'failed' || state === 'pending') failed += 1
      else skipped += 1
    }
  }
  return { passed, failed, skipped, outside }
}

async function hand(counts: TestCounts): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    if (process.send === undefined) reject(new Error('this reporter works below tools/test.ts only'))
    else process.send({ testCounts: counts }, (error: Error | null) => (error === null ? resolve() : reject(error)))
  })
}
