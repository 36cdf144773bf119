// The docs check is tried on pages with one fault each, and on pages without.

import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { checkDocs, checkGenerated, writeGenerated } from '../docs.ts'
import { findingLine } from '../finding.ts'
import { checkForbiddenText } from '../forbidden-text.ts'
import { repositoryRoot } from '../repository.ts'

let folder: string
let root: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paybill-docs-'))
})

beforeEach(async () => {
  root = await mkdtemp(join(folder, 'repository-'))
  await symlink(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'))
  await cp(join(repositoryRoot, 'tsconfig.json'), join(root, 'tsconfig.json'))
  await writeFile(join(root, 'package.json'), '{ "type": "module", "scripts": { "start": "node .", "check": "node ." } }')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('an example that does not type-check is found on its line', async () => {
  const page = fence('ts', `const amount: number = 'ten'`)
  expect(await docsFindings({ 'README.md': `# Title\n\n${page}` })).toEqual([expect.stringContaining('README.md:4 TS2322')])
})

test('an example imports the public entry points, and nothing by a path', async () => {
  const good = fence('ts', `import { money } from 'paybill/lib'\nexport const fee = money(100n, 'NOK')`)
  expect(await docsFindings({ 'README.md': good })).toEqual([])
  const missing = fence('ts', `import { money } from 'paybill/src/lib/money.ts'\nexport const fee = money(100n, 'NOK')`)
  expect(await docsFindings({ 'README.md': missing })).toEqual([expect.stringContaining(`README.md:2 TS2307`)])
  const path = fence('ts', `import '../README.ts'`)
  expect(await docsFindings({ 'README.md': path })).toContainEqual(expect.stringContaining('README.md:2 `../README.ts`'))
})

test('a fence continues the one before it only when it says so', async () => {
  const first = fence('ts', `const amount = 10`)
  const second = `console.log(amount.toFixed(2))`
  expect(await docsFindings({ 'README.md': `${first}\n${fence('ts continued', second)}` })).toEqual([])
  expect(await docsFindings({ 'README.md': `${first}\n${fence('ts', second)}` })).toEqual([
    expect.stringContaining('README.md:6 TS2304'),
  ])
  expect(await docsFindings({ 'README.md': fence('ts continued', second) })).toEqual([
    expect.stringContaining('no fence before it'),
  ])
})

test('what an example prints is what the page says', async () => {
  const run = fence('ts run', `import { formatMoney, money } from 'paybill/lib'\nconsole.log(formatMoney(money(1050n, 'NOK')))`)
  expect(await docsFindings({ 'docs/guide.md': `${run}\n${fence('text output', '10.50 NOK')}` })).toEqual([])
  expect(await docsFindings({ 'docs/guide.md': `${run}\n${fence('text output', '10.5 NOK')}` })).toEqual([
    expect.stringMatching(/docs\/guide.md:2 the example prints something else[^]*10\.50 NOK/),
  ])
})

test('an example that fails when it is run is found', async () => {
  const run = fence('ts run', `throw new Error('no such vendor')`)
  expect(await docsFindings({ 'README.md': run })).toEqual([
    expect.stringMatching(/README.md:2 [^]*exit code 1[^]*no such vendor/),
  ])
})

test('output without an example that is run is found', async () => {
  const page = `${fence('ts', 'export {}')}\n${fence('text output', '10.50 NOK')}`
  expect(await docsFindings({ 'README.md': page })).toEqual([expect.stringContaining('no `ts run` fence before it')])
})

test('commands that do not exist are found, those that do are not', async () => {
  const good =
    '$ npm start -- --once   # once\ncd paybill && npm run check\nnpx paybill audit verify\nPORT=1 npm start\npaybillctl plans'
  const files = {
    'paybill/src/cli/audit.ts': '',
    'paybill-control-plane/src/cli/command/plans.ts': '',
    'README.md': fence('sh', good),
  }
  expect(await docsFindings(files)).toEqual([])
  const bad = 'npm run chekc\nnpm test\npaybill audti verify\nrm file\npaybillctl audit'
  expect(await docsFindings({ ...files, 'README.md': fence('sh', bad) })).toEqual([
    'README.md:2 there is no npm script `chekc`',
    'README.md:3 there is no npm script `test`',
    'README.md:4 there is no command `paybill audti`',
    expect.stringContaining('README.md:5 `rm` is none of the commands'),
    'README.md:6 there is no command `paybillctl audit`',
  ])
})

test('JSON that does not parse and languages without a check are found', async () => {
  const page = [
    fence('json', '{ "a": 1, }'),
    fence('json', '{ "a": 1 }'),
    fence('js', 'let a'),
    fence('', 'plain'),
    fence('sql', 'select 1'),
  ]
  expect(await docsFindings({ 'README.md': page.join('\n') })).toEqual([
    expect.stringContaining('README.md:2 does not parse'),
    expect.stringContaining('README.md:10 `js` is none of the languages'),
    expect.stringContaining('README.md:14 `` is none of the languages'),
  ])
})

test('links lead to files and headings that are there', async () => {
  const files = { 'docs/guide.md': '# The guide\n\n## Who may pay, and who not?\n\n## `paybill audit`\n', LICENSE: '' }
  const good = [
    '[a](docs/guide.md)',
    '[b](docs/guide.md#who-may-pay-and-who-not)',
    '[c](docs/guide.md#paybill-audit)',
    '[d](#title)',
  ]
  const more = ['[e](docs)', '[f](https://example.org/x)', '[g]: LICENSE', '`[h](nowhere.md)`', fence('text', '[i](nowhere.md)')]
  expect(await docsFindings({ ...files, 'README.md': `# Title\n\n${[...good, ...more].join('\n\n')}` })).toEqual([])
  const bad = '[a](docs/gide.md) [b](docs/guide.md#who) [c](#nothing) [d](/docs/guide.md)\n\n[e]: ../LICENSE'
  expect(await docsFindings({ ...files, 'README.md': bad })).toEqual([
    expect.stringContaining('README.md:1 links to `docs/gide.md`, which is not there'),
    expect.stringContaining('README.md:1 links to `docs/guide.md#who`, but'),
    expect.stringContaining('README.md:1 links to `#nothing`, but'),
    expect.stringContaining('README.md:1 links to `/docs/guide.md`, which is not there'),
    expect.stringContaining('README.md:3 links to `../LICENSE`, which is not there'),
  ])
})

test('a generated page that differs from the code is found, and written anew on request', async () => {
  expect(checkGenerated(root).map(findingLine)).toEqual([
    expect.stringContaining('docs/errors.md:1 is not what the code says'),
    expect.stringContaining('paybill-control-plane/openapi.json:1 is not what the code says'),
    expect.stringContaining('paybill-control-plane/src/cli/api.ts:1 is not what the code says'),
  ])
  await writeGenerated(root)
  expect(checkGenerated(root)).toEqual([])
  await writeFile(join(root, 'docs/errors.md'), '# Error codes\n')
  expect(checkGenerated(root)).toHaveLength(1)
})

test('text that is true on one machine only, or promises work, is found', async () => {
  // Put together here, so that this file does not hold what it tests for.
  const [promise, mend, machine, registry] = [
    ['TO', 'DO'],
    ['FIX', 'ME'],
    ['', 'root', 'notes'],
    ['registry', 'npmjs', 'org'],
  ]
  const files = {
    'a.ts': `// ${promise.join('')} later\n// ${mend.join('')}\n`,
    'b.md': `see ${machine.join('/')} and https://${registry.join('.')}/x\n`,
    'package-lock.json': `{\n"resolved": "https://packages.example/x.tgz" }`,
  }
  await writeFiles(files)
  expect(checkForbiddenText(root, Object.keys(files)).map(findingLine)).toEqual([
    expect.stringContaining('a.ts:1 promises work'),
    expect.stringContaining('a.ts:2 promises work'),
    expect.stringContaining('b.md:1 names a package registry'),
    expect.stringContaining('b.md:1 names a path that only one machine has'),
    expect.stringContaining('package-lock.json:2 names a package registry'),
  ])
  await writeFiles({ 'a.ts': '// todos; the method of a root/work balance\n' })
  expect(checkForbiddenText(root, ['a.ts'])).toEqual([])
})

const fence = (words: string, code: string) => `\`\`\`${words}\n${code}\n\`\`\`\n`

async function writeFiles(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

async function docsFindings(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await writeFiles(files)
  return (await checkDocs(root, Object.keys(files))).map(findingLine)
}
