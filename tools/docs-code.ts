// The TypeScript in the documentation is code like any other: it is type-checked against the workspace, and what is marked
// `run` is run and must print what the page says.
//
//   ```ts              type-checked as a file of its own
//   ```ts continued    joined to the fence of the page before it, as one file
//   ```ts run          run with Node; must end with exit code 0
//   ```text output     what the file before it prints, to the letter

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Finding } from './finding.ts'
import type { Fence, Page } from './markdown.ts'
import { runProgram } from './repository.ts'
import { parseSource } from './source-file.ts'

const runTimeoutMs = 120_000

/** One file made of fences. Each stands on the lines that it has on its page, so that errors name lines of the page. */
type Example = {
  readonly page: Page
  readonly file: string
  readonly fences: readonly Fence[]
  readonly output: string | null
}

export async function checkDocsCode(root: string, pages: readonly Page[]): Promise<readonly Finding[]> {
  const collected = pages.map(collectExamples)
  const findings = collected.flatMap((page) => page.findings)
  const examples = collected.flatMap((page) => page.examples)
  if (examples.length === 0) return findings
  // Inside the repository, where `paybill/…` is found, and in a folder that git ignores.
  await mkdir(join(root, '.paybill'), { recursive: true })
  const folder = await mkdtemp(join(root, '.paybill', 'docs-'))
  try {
    for (const example of examples) {
      await mkdir(dirname(join(folder, example.file)), { recursive: true })
      await writeFile(join(folder, example.file), textOf(example))
    }
    const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false, moduleDetection: 'force' }
    const config = { extends: '../../tsconfig.json', compilerOptions, include: ['.'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const typeErrors = await checkTypes(folder, examples)
    const wrong = new Set(typeErrors.map(({ file }) => file))
    const runs = examples.filter(({ page, fences }) => isRun(fences) && !wrong.has(page.path))
    const runErrors: Finding[] = []
    for (const example of runs) runErrors.push(...(await checkRun(folder, example)))
    return [...findings, ...examples.flatMap(checkImports), ...typeErrors, ...runErrors]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export type RunExample = { readonly code: string; readonly output: string | null }

/** The first example of a page that is run, whole, and what the page says that it prints; null if the page has none. */
export function firstRunExample(page: Page): RunExample | null {
  const example = collectExamples(page).examples.find(({ fences }) => isRun(fences))
  return example === undefined ? null : { code: example.fences.map(({ code }) => code).join(''), output: example.output }
}

const isRun = (fences: readonly Fence[]) => fences.some(({ marks }) => marks.includes('run'))
const firstLine = ({ fences }: Example) => fences[0]?.line ?? 1

function collectExamples(page: Page): { readonly examples: readonly Example[]; readonly findings: readonly Finding[] } {
  const examples: Example[] = []
  const findings: Finding[] = []
  const find = ({ line }: Fence, message: string) => findings.push({ file: page.path, line, message })
  for (const fence of page.fences) {
    const last = examples.at(-1)
    if (fence.language === 'ts') {
      const unknown = fence.marks.filter((mark) => mark !== 'run' && mark !== 'continued')
      if (unknown.length > 0) find(fence, `\`${unknown.join(' ')}\` is no mark of a \`ts\` fence: run, continued`)
      if (!fence.marks.includes('continued'))
        examples.push({ page, file: `${page.path}.${fence.line}.ts`, fences: [fence], output: null })
      else if (last === undefined) find(fence, 'there is no fence before it that this one could continue')
      else examples.splice(-1, 1, { ...last, fences: [...last.fences, fence] })
    } else if (fence.language === 'text' && fence.marks.includes('output')) {
      if (last === undefined || !isRun(last.fences))
        find(fence, 'there is no `ts run` fence before it whose output this could be')
      else examples.splice(-1, 1, { ...last, output: (last.output ?? '') + fence.code })
    }
  }
  return { examples, findings }
}

function textOf({ page, fences }: Example): string {
  const lines = Array.from({ length: page.lineCount }, () => '')
  for (const fence of fences)
    for (const [index, text] of fence.code.split('\n').entries()) if (text !== '') lines[fence.line - 1 + index] = text
  return `${lines.join('\n').trimEnd()}\n`
}

function checkImports(example: Example): readonly Finding[] {
  try {
    return parseSource(example.file, textOf(example))
      .imports.filter(({ specifier }) => specifier.startsWith('.') || specifier.startsWith('/'))
      .map(({ specifier, line }) => ({
        file: example.page.path,
        line,
        message: `\`${specifier}\`: an example imports what its reader can import, so packages only`,
      }))
  } catch {
    // It does not parse, which the type checker has said better.
    return []
  }
}

async function checkTypes(folder: string, examples: readonly Example[]): Promise<readonly Finding[]> {
  const { status, output } = await runProgram(['tsc', '--project', '.', '--pretty', 'false'], { cwd: folder })
  if (status === 0) return []
  const found = output.split('\n').flatMap((text) => {
    const [, file, line, message = ''] = /^(\S+?)\((\d+),\d+\): error (.*)$/.exec(text) ?? []
    const example = examples.find((candidate) => candidate.file === file)
    return example === undefined ? [] : [{ file: example.page.path, line: Number(line), message }]
  })
  return found.length > 0 ? found : [{ file: 'tsconfig.json', line: 1, message: output.trim() }]
}

async function checkRun(folder: string, example: Example): Promise<readonly Finding[]> {
  const file = join(folder, example.file)
  const env = { NO_COLOR: '1' }
  const { status, stdout, output } = await runProgram([process.execPath, file], {
    cwd: dirname(file),
    timeoutMs: runTimeoutMs,
    env,
  })
  const find = (message: string): readonly Finding[] => [{ file: example.page.path, line: firstLine(example), message }]
  if (status !== 0) return find(`the example ends with exit code ${status}:\n${output.trimEnd()}`)
  if (example.output === null || trimLines(stdout) === trimLines(example.output)) return []
  return find(`the example prints something else than the page says:\n${stdout.trimEnd()}`)
}

function trimLines(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
