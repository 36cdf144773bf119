// Every proof in its small size, as a test: a proof that nobody ran for a month would rot. The same command as people use.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseCommand, proofNames, runProof } from './prove.ts'

const limitMs = 180_000

for (const name of proofNames()) {
  test(`proof ${name} holds in its small size`, { timeout: limitMs }, () => expectSmallProof(name))
}

test('a proof is named, sized and seeded by its words, and anything else is refused by name', () => {
  expect(parseCommand([], ['crash'])).toBeNull()
  expect(parseCommand(['crash', '--size', 'small', '--seed', '7'], ['crash'])).toEqual({ name: 'crash', size: 'small', seed: 7 })
  expect(parseCommand(['crash'], ['crash'])).toMatchObject({ size: 'full', seed: expect.any(Number) })
  const refused = [
    ['crush'],
    ['crash', 'acl'],
    ['crash', '--size', 'huge'],
    ['crash', '--seed', '-1'],
    ['crash', '--seed', 'x'],
    ['crash', '--fast'],
  ]
  for (const words of refused)
    expect(() => parseCommand(words, ['crash'])).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
})

test('a proof that throws, or is not finished in time, has failed and says why', async () => {
  const lines: string[] = []
  const job = { size: 'small', seed: 1, log: (line: string) => void lines.push(line) } as const
  expect(await runProof({ prove: () => Promise.reject(new Error('no bank')) }, job)).toEqual({ passed: false, counts: {} })
  expect(await runProof({ prove: () => new Promise(() => undefined) }, job, 1)).toEqual({ passed: false, counts: {} })
  expect(lines.join('\n')).toContain('no bank')
  expect(lines.join('\n')).toContain('not finished')
})

/** Runs the small size of a proof as its own process and expects it to pass; a failure shows the end of what it printed. */
function expectSmallProof(name: string): void {
  const program = join(import.meta.dirname, 'prove.ts')
  const run = spawnSync(process.execPath, [program, name, '--size', 'small'], {
    encoding: 'utf8',
    timeout: limitMs - 5_000,
    killSignal: 'SIGKILL',
  })
  const last = run.stdout.trimEnd().split('\n').at(-1) ?? ''
  expect(last, `${run.stdout.slice(-4_000)}\n${run.stderr.slice(-4_000)}`).toMatch(/^\{"proof".*"passed":true/)
  expect(run.status).toBe(0)
}
