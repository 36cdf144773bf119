// Proves that what would be published works for a user: the tarball, in an empty folder outside the repository, runs the
// first example of its README and is typed for the compilers and module settings that users have.

import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { firstRunExample, type RunExample } from '../tools/docs-code.ts'
import { readPage } from '../tools/markdown.ts'
import { packPaybill } from '../tools/package.ts'
import { readManifest, repositoryRoot, runProgram } from '../tools/repository.ts'
import type { ProofJob, Proved } from './prove.ts'

export const description = 'the packed package works outside the repository: Node 22 and 24, TypeScript 5.9 and 7, publint, attw'

const nodeVersions = { 'node-22': '22.23.3', 'node-24': '24.21.0' }
const typescriptVersions = { 'typescript-5': '5.9.3', 'typescript-7': '7.0.2' }
const publintVersion = '0.3.25'
const attwVersion = '0.18.5'
const moduleSettings = ['nodenext', 'bundler'] as const

/** The small size needs no network: it takes the Node, the compiler and the dependencies that the repository has. */
export async function prove({ size, log }: ProofJob): Promise<Proved> {
  const page = readPage('paybill/README.md', await readFile(join(repositoryRoot, 'paybill', 'README.md'), 'utf8'))
  const example = firstRunExample(page)
  if (example === null) throw new Error(`\`${page.path}\` has no \`ts run\` fence`)
  const folder = await mkdtemp(join(tmpdir(), 'paybill-package-'))
  try {
    const tarball = await packPaybill({ out: folder, stage: join(folder, 'stage') })
    const user = join(folder, 'user')
    await mkdir(user)
    await writeFile(join(user, 'package.json'), '{ "name": "user", "private": true, "type": "module" }')
    await writeFile(join(user, 'example.ts'), example.code)
    await writeFile(join(user, 'entries.ts'), everyEntry())
    const tools = size === 'full' ? await install(folder, user, tarball) : await link(user, tarball)

    const outcomes: Outcome[] = []
    for (const [node, program] of Object.entries(tools.nodes))
      outcomes.push(await runExample({ node, program, user, example }), await loadEntries({ node, program, user }))
    for (const [compiler, program] of Object.entries(tools.compilers))
      for (const module of moduleSettings) outcomes.push(await typeCheck({ compiler, program, user, module }))
    for (const words of tools.linters) outcomes.push(await lint(words, { tarball, cwd: folder }))
    for (const { name, fault } of outcomes)
      log(`${fault === null ? 'ok    ' : 'FAILED'} ${name}${fault === null ? '' : `\n${fault}`}`)
    const failed = outcomes.filter(({ fault }) => fault !== null).length
    return { passed: failed === 0, counts: { tried: outcomes.length, failed } }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Outcome = { readonly name: string; readonly fault: string | null }

type Tools = {
  readonly nodes: Readonly<Record<string, string>>
  readonly compilers: Readonly<Record<string, readonly [string, ...string[]]>>
  readonly linters: readonly (readonly [string, ...string[]])[]
}

/** Installs the tarball as a user does, and beside it the tools to judge it with. */
async function install(folder: string, user: string, tarball: string): Promise<Tools> {
  const tools = join(folder, 'tools')
  await mkdir(tools)
  await writeFile(join(tools, 'package.json'), '{ "name": "tools", "private": true }')
  const platform = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  await npmInstall(user, [tarball, `@types/node@${ownVersion('@types/node')}`])
  await npmInstall(tools, [
    ...Object.entries(nodeVersions).map(([name, version]) => `${name}@npm:node-${platform}@${version}`),
    ...Object.entries(typescriptVersions).map(([name, version]) => `${name}@npm:typescript@${version}`),
    `publint@${publintVersion}`,
    `@arethetypeswrong/cli@${attwVersion}`,
  ])
  const installed = (...path: string[]) => join(tools, 'node_modules', ...path)
  return {
    nodes: Object.fromEntries(Object.keys(nodeVersions).map((name) => [name, installed(name, 'bin', 'node')])),
    compilers: Object.fromEntries(
      Object.keys(typescriptVersions).map((name) => [name, [process.execPath, installed(name, 'bin', 'tsc')] as const]),
    ),
    linters: [
      [installed('.bin', 'publint'), 'run', '--strict'],
      [installed('.bin', 'attw'), '--profile', 'esm-only', '--format', 'ascii'],
    ],
  }
}

/** Unpacks the tarball and links the dependencies of the repository to it. */
async function link(user: string, tarball: string): Promise<Tools> {
  const modules = join(user, 'node_modules')
  const target = join(modules, 'paybill')
  await mkdir(target, { recursive: true })
  await mustRun(['tar', '-xzf', tarball, '--strip-components', '1', '-C', target], user)
  const { dependencies = {}, peerDependencies = {} } = readManifest(join(target, 'package.json'))
  for (const name of Object.keys({ ...dependencies, ...peerDependencies, '@types/node': '' })) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(join(repositoryRoot, 'node_modules', name), join(modules, name))
  }
  return { nodes: { 'node-24': process.execPath }, compilers: { 'typescript-7': ['tsc'] }, linters: [] }
}

async function runExample(run: { node: string; program: string; user: string; example: RunExample }): Promise<Outcome> {
  const { status, stdout, output } = await runProgram([run.program, 'example.ts'], { cwd: run.user, timeoutMs: 120_000 })
  const isAsSaid = run.example.output === null || stdout.trim() === run.example.output.trim()
  return { name: `${run.node} runs the first example of the README`, fault: status === 0 && isAsSaid ? null : output }
}

async function loadEntries({ node, program, user }: { node: string; program: string; user: string }): Promise<Outcome> {
  const { status, output } = await runProgram([program, 'entries.ts'], { cwd: user, timeoutMs: 60_000 })
  return { name: `${node} loads every entry point`, fault: status === 0 ? null : output }
}

/** A file that imports all that the package exports: an entry point may fail that no example happens to use. */
function everyEntry(): string {
  const { exports = {} } = readManifest(join(repositoryRoot, 'paybill', 'package.json'))
  const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.json'))
  const imports = entries.map((entry, index) => `import * as entry${index} from '${posix.join('paybill', entry)}'`)
  return `${imports.join('\n')}\nexport const entries = [${entries.map((_, index) => `entry${index}`).join(', ')}]\n`
}

async function typeCheck(check: {
  compiler: string
  program: readonly [string, ...string[]]
  user: string
  module: (typeof moduleSettings)[number]
}): Promise<Outcome> {
  const isBundler = check.module === 'bundler'
  const compilerOptions = {
    target: 'es2024',
    module: isBundler ? 'preserve' : 'nodenext',
    moduleResolution: check.module,
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  }
  const config = join(check.user, `tsconfig.${check.module}.json`)
  await writeFile(config, JSON.stringify({ compilerOptions, files: ['example.ts', 'entries.ts'] }))
  const { status, output } = await runProgram([...check.program, '--project', config], { cwd: check.user })
  return { name: `${check.compiler} takes it with module resolution ${check.module}`, fault: status === 0 ? null : output }
}

async function lint(
  [program, ...words]: readonly [string, ...string[]],
  { tarball, cwd }: { tarball: string; cwd: string },
): Promise<Outcome> {
  const { status, output } = await runProgram([program, ...words, tarball], { cwd })
  return { name: [program.split(/[\\/]/).at(-1), ...words].join(' '), fault: status === 0 ? null : output }
}

async function npmInstall(cwd: string, packages: readonly string[]): Promise<void> {
  await mustRun(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages], cwd)
}

async function mustRun(words: readonly [string, ...string[]], cwd: string): Promise<void> {
  const { status, output } = await runProgram(words, { cwd, timeoutMs: 300_000 })
  if (status !== 0) throw new Error(`\`${words.join(' ')}\` failed:\n${output}`)
}

function ownVersion(name: string): string {
  return readManifest(join(repositoryRoot, 'package.json')).devDependencies?.[name] ?? 'latest'
}
