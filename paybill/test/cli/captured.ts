// A command line run inside the test: what it wrote and how it ended.

import { commandLine } from '../../src/cli/command-line.ts'

export async function runCommand(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: { readonly isColoured: boolean } = { isColoured: false },
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const out: string[] = []
  const err: string[] = []
  const io = {
    env,
    out: (line: string): void => void out.push(line),
    err: (line: string): void => void err.push(line),
    isColoured: options.isColoured,
  }
  const code = await commandLine(words, io)
  return { code, out: out.join('\n'), err: err.join('\n') }
}
