// `paybillctl` as the process that it is, against an API on a real socket.

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Site } from '../http/site.ts'

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

const program = join(import.meta.dirname, '../../src/cli/main.ts')

/** Runs it in an environment that holds nothing but what is given. */
export function runProgram(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...words], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

/** Runs it with the address of a site and the key of one of its people. */
export async function runAs(
  site: Site,
  person: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return runProgram(words, { PAYBILLCTL_URL: site.url, PAYBILLCTL_KEY: await site.keyOf(person), ...env })
}
