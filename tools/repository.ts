// Where the repository is, which files belong to it, and how a tool runs another program in it. Shared by the tools.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repositoryRoot = dirname(dirname(fileURLToPath(import.meta.url)))

export type Finished = { readonly status: number; readonly output: string; readonly stdout: string }

/**
 * Runs a program to its end and keeps what it printed; `output` is both streams in the order they were read. The programs of
 * the installed dependencies are found by their name.
 */
export async function runProgram(
  words: readonly [program: string, ...words: string[]],
  options: { readonly cwd: string; readonly timeoutMs?: number; readonly env?: Readonly<Record<string, string>> },
): Promise<Finished> {
  const [program, ...rest] = words
  const path = [dirname(process.execPath), join(repositoryRoot, 'node_modules', '.bin'), process.env['PATH']].join(delimiter)
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: { ...process.env, PATH: path, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: options.timeoutMs,
    killSignal: 'SIGKILL',
  })
  let output = ''
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: 1, output: `${output}${program}: ${error.message}\n`, stdout }))
    child.on('close', (code, signal) => {
      if (signal !== null) output += `${program}: ended by ${signal}\n`
      resolve({ status: code ?? 1, output, stdout })
    })
  })
}

/** Paths, relative to `root`, of every file that is in the repository or would be added to it: ignored files are not. */
export function repositoryFiles(root: string): readonly string[] {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (listed.status !== 0) throw new Error(`\`git ls-files\` failed in \`${root}\`: ${listed.stderr}`)
  return [...new Set(listed.stdout.split('\0'))]
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .toSorted((left, right) => (left < right ? -1 : 1))
}

/** The parts of a package.json that the tools read. */
export type Manifest = {
  readonly name?: string
  readonly version?: string
  readonly private?: boolean
  readonly scripts?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export function readManifest(file: string): Manifest {
  // Our own checked-in file: npm has refused it already if it were of another shape.
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest
}
