// The architecture is checked on the repository as it is, and the check itself on a copy in which each line is crossed once.

import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkArchitecture } from '../architecture.ts'
import { findingLine } from '../finding.ts'
import { repositoryFiles, repositoryRoot } from '../repository.ts'

let copy: string
let files: readonly string[]
let before: ReadonlySet<string>

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'paybill-architecture-'))
  files = repositoryFiles(repositoryRoot).filter(
    (path) => /\.ts$|package\.json$|dependencies\.md$|\.txt$/.test(path) && !path.includes('/input/'),
  )
  for (const path of files) await cp(join(repositoryRoot, path), join(copy, path))
  before = new Set(findingsOf(files))
})

afterAll(() => rm(copy, { recursive: true, force: true }))

test('the repository keeps to its own architecture', () => {
  expect(checkArchitecture(repositoryRoot, repositoryFiles(repositoryRoot)).map(findingLine)).toEqual([])
})

const planted: readonly { readonly breach: string; readonly file: string; readonly text: string; readonly found: string }[] = [
  {
    breach: 'a lower module that imports a higher one',
    file: 'paybill/src/schema/planted.ts',
    text: `import { planted } from '../run/planted.ts'\nexport const use = planted\n`,
    found: 'schema/planted.ts:1 `schema` may not import `run`',
  },
  {
    breach: 'a lower module that imports only a type of a higher one',
    file: 'paybill/src/schema/planted.ts',
    text: `export type Use = import('../acl/planted.ts').Planted\n`,
    found: 'schema/planted.ts:1 `schema` may not import `acl`',
  },
  {
    breach: 'an import at run time that crosses the order',
    file: 'paybill/src/acl/planted.ts',
    text: `export const use = () => import('../database/planted.ts')\n`,
    found: 'acl/planted.ts:1 `acl` may not import `database`',
  },
  {
    breach: 'a side branch that another module imports',
    file: 'paybill/src/mcp/planted.ts',
    text: `import '../ai-sdk/planted.ts'\n`,
    found: 'mcp/planted.ts:1 `mcp` may not import `ai-sdk`',
  },
  {
    breach: 'a client that goes past the interface which it is a client of',
    file: 'paybill-control-plane/src/cli/planted.ts',
    text: `import '../tenant/planted.ts'\n`,
    found: 'cli/planted.ts:1 `cli` may not import `tenant`',
  },
  {
    breach: 'a client that brings a package of its own',
    file: 'paybill-control-plane/src/cli/planted.ts',
    text: `import 'paybill/database'\n`,
    found: 'cli/planted.ts:1 `cli` imports `paybill/lib` and no `paybill/database`',
  },
  {
    breach: 'a module that leans on the testing kit',
    file: 'paybill/src/cli/planted.ts',
    text: `import '../testing/planted.ts'\n`,
    found: 'cli/planted.ts:1 `cli` may not import `testing`',
  },
  {
    breach: 'the embedded database imported by what runs in production',
    file: 'paybill/src/run/planted.ts',
    text: `import '../embedded/planted.ts'\n`,
    found: 'run/planted.ts:1 `run` may not import `embedded`',
  },
  {
    breach: 'a module that is not in the table',
    file: 'paybill/src/planted/planted.ts',
    text: `export const planted = 1\nimport '../lib/index.ts'\n`,
    found: 'planted/planted.ts:2 `paybill/src/planted` is no module of the table',
  },
  {
    breach: 'a module that imports its own index',
    file: 'paybill/src/lib/planted.ts',
    text: `import { PaybillError } from './index.ts'\nexport const use = PaybillError\n`,
    found: 'lib/planted.ts:1 inside a module import the file',
  },
  {
    breach: 'a module that imports the package by its name',
    file: 'paybill/src/acl/planted.ts',
    text: `import { PaybillError } from 'paybill/lib'\nexport const use = PaybillError\n`,
    found: 'acl/planted.ts:1 import the file, not `paybill/lib`',
  },
  {
    breach: 'a pure module that reads the file system',
    file: 'paybill/src/workflow/planted.ts',
    text: `import { readFileSync } from 'node:fs'\nexport const use = readFileSync\n`,
    found: 'workflow/planted.ts:1 `workflow` is pure and does not import `node:fs`',
  },
  {
    breach: 'a pure module that builds SQL',
    file: 'paybill/src/label/planted.ts',
    text: `import type { Pool } from 'pg'\nexport type Use = Pool\n`,
    found: 'label/planted.ts:1 `label` is pure and does not import `pg`',
  },
  {
    breach: 'a journal that opens a connection',
    file: 'paybill/src/journal/planted.ts',
    text: `import pg from 'pg'\nexport const use = pg\n`,
    found: 'journal/planted.ts:1 `journal` opens no connection',
  },
  {
    breach: 'a part of the control plane that imports a higher one',
    file: 'paybill-control-plane/src/catalog/planted.ts',
    text: `import '../tenant/phase.ts'\n`,
    found: 'catalog/planted.ts:1 `catalog` may not import `tenant`',
  },
  {
    breach: 'a pure part of the control plane that starts a process',
    file: 'paybill-control-plane/src/tenant/planted.ts',
    text: `import 'node:child_process'\n`,
    found: 'tenant/planted.ts:1 `tenant` is pure and does not import `node:child_process`',
  },
  {
    breach: 'a control plane that reaches into the framework',
    file: 'paybill-control-plane/src/tenant/planted.ts',
    text: `import '../../../paybill/src/lib/errors.ts'\n`,
    found: 'tenant/planted.ts:1 `../../../paybill/src/lib/errors.ts` lies outside paybill-control-plane/src',
  },
  {
    breach: 'a control plane that enters the framework where there is no door',
    file: 'paybill-control-plane/src/tenant/planted.ts',
    text: `import { invoke } from 'paybill/invoke'\nexport const use = invoke\n`,
    found: 'tenant/planted.ts:1 `paybill/invoke` is no public entry point of paybill',
  },
  {
    breach: 'an example that reaches into the framework',
    file: 'examples/bill-pay/src/planted.ts',
    text: `import { PaybillError } from '../../../paybill/src/lib/errors.ts'\nexport const use = PaybillError\n`,
    found: 'planted.ts:1 `examples/*/` may not reach `paybill/src/lib/errors.ts`',
  },
  {
    breach: 'an example that reaches into another example',
    file: 'examples/bill-pay/src/planted.ts',
    text: `import '../../other/src/planted.ts'\n`,
    found: 'planted.ts:1 `examples/*/` may not reach `examples/other/src/planted.ts`',
  },
  {
    breach: 'a proof that reaches into the framework',
    file: 'proof/planted.ts',
    text: `import '../paybill/src/lib/errors.ts'\n`,
    found: 'proof/planted.ts:1 `proof/` may not reach `paybill/src/lib/errors.ts`',
  },
  {
    breach: 'a benchmark that measures the inside',
    file: 'bench/planted.ts',
    text: `import '../paybill/src/lib/errors.ts'\n`,
    found: 'bench/planted.ts:1 `bench/` may not reach `paybill/src/lib/errors.ts`',
  },
  {
    breach: 'an import of what is no public entry point',
    file: 'examples/bill-pay/src/planted.ts',
    text: `import 'paybill/src/lib/errors.ts'\n`,
    found: 'planted.ts:1 `paybill/src/lib/errors.ts` is no public entry point',
  },
  {
    breach: 'a re-export outside an index',
    file: 'paybill/src/lib/planted.ts',
    text: `import { PaybillError } from './errors.ts'\nexport { PaybillError }\n`,
    found: 'lib/planted.ts:2 only index.ts re-exports',
  },
  {
    breach: 'a re-export of everything',
    file: 'paybill/src/mcp/index.ts',
    text: `export * from './planted.ts'\n`,
    found: 'mcp/index.ts:1 re-export by name',
  },
  {
    breach: 'a default export',
    file: 'tools/planted.ts',
    text: `export default 1\n`,
    found: 'tools/planted.ts:1 no default exports',
  },
  {
    breach: 'a package that is not declared',
    file: 'paybill/src/database/planted.ts',
    text: `import 'left-pad'\n`,
    found: 'database/planted.ts:1 `left-pad` is not declared in paybill/package.json',
  },
  {
    breach: 'a development tool in what is shipped',
    file: 'paybill/src/run/planted.ts',
    text: `import 'fast-check'\n`,
    found: 'run/planted.ts:1 `fast-check` is not declared in paybill/package.json',
  },
  {
    breach: 'a dependency without a sentence',
    file: 'examples/planted/package.json',
    text: `{ "name": "planted", "dependencies": { "left-pad": "1.0.0" } }`,
    found: 'planted/package.json:1 `left-pad` has no line in docs/dependencies.md',
  },
  {
    breach: 'a system session that is not listed',
    file: 'paybill/src/run/planted.ts',
    text: `declare function asSystem(reason: string): unknown\n\nexport const use = asSystem('planted')\n`,
    found: 'run/planted.ts:3 `asSystem` (a session that is nobody in particular) is used here',
  },
  {
    breach: 'raw SQL that is not listed',
    file: 'examples/bill-pay/src/planted.ts',
    text: `export const use = (session: { dangerouslyRunSql(sql: string): void }) => session.dangerouslyRunSql('select 1')\n`,
    found: 'planted.ts:1 `dangerouslyRunSql` (SQL that no rule is woven into) is used here',
  },
]

for (const { breach, file, text, found } of planted)
  test(`found: ${breach}`, async () => {
    expect(await findingsWith({ [file]: text })).toEqual([expect.stringContaining(found)])
  })

test('found: a cycle of files, even of types only', async () => {
  const findings = await findingsWith({
    'paybill/src/acl/planted.ts': `import type { Second } from './planted-second.ts'\nexport type First = Second\n`,
    'paybill/src/acl/planted-second.ts': `import type { First } from './planted.ts'\nexport type Second = First\n`,
  })
  expect(findings).toEqual([expect.stringContaining('a cycle of imports: paybill/src/acl/planted')])
})

test('found: a line of docs/dependencies.md for a package that is gone', async () => {
  const page = 'docs/dependencies.md'
  const text = existsSync(join(copy, page)) ? await readFile(join(copy, page), 'utf8') : ''
  expect(await findingsWith({ [page]: `${text}\n| \`left-pad\` | pads |\n` })).toEqual([
    expect.stringContaining('`left-pad` is no dependency any more'),
  ])
})

test('a listed call is allowed in the files that the list gives a reason for, and a line without a use is found', async () => {
  const use = `declare function asSystem(reason: string): unknown\nexport const use = asSystem('planted')\n`
  const list = 'examples/planted/system-sessions.txt'
  const folder = { 'examples/planted/package.json': `{ "name": "planted" }`, 'examples/planted/src/planted.ts': use }
  expect(
    await findingsWith({ ...folder, [list]: '# who\nsrc/planted.ts: reads the register before anybody has signed in\n' }),
  ).toEqual([])
  expect(await findingsWith({ ...folder, [list]: 'src/planted.ts:\n' })).toEqual([
    expect.stringContaining('a line is `path: reason`'),
  ])
  expect(await findingsWith({ ...folder, [list]: 'src/planted.ts: reads\nsrc/gone.ts: wrote\n' })).toEqual([
    expect.stringContaining('`examples/planted/src/gone.ts` does not use `asSystem` any more'),
  ])
})

test('what the order allows is no finding', async () => {
  const findings = await findingsWith({
    'paybill/src/acl/planted.ts': `import type { Planted } from '../schema/planted.ts'\nexport type Use = Planted\n`,
    'paybill/src/schema/planted.ts': `import { PaybillError } from '../lib/errors.ts'\nexport type Planted = PaybillError\n`,
    'paybill/src/testing/planted.ts': `import '../embedded/planted.ts'\n// import '../../../examples/planted.ts'\n`,
    'examples/bill-pay/src/planted.ts': `import { PaybillError } from 'paybill/lib'\nexport const use = PaybillError\n`,
  })
  expect(findings).toEqual([])
})

function findingsOf(paths: readonly string[]): readonly string[] {
  return checkArchitecture(copy, paths).map(findingLine)
}

/** The findings that planted files add; afterwards the copy is as it was. */
async function findingsWith(added: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const kept = new Map<string, string | null>()
  for (const [path, text] of Object.entries(added)) {
    kept.set(path, existsSync(join(copy, path)) ? await readFile(join(copy, path), 'utf8') : null)
    await mkdir(dirname(join(copy, path)), { recursive: true })
    await writeFile(join(copy, path), text)
  }
  const findings = findingsOf([...new Set([...files, ...Object.keys(added)])]).filter((finding) => !before.has(finding))
  for (const [path, text] of kept) await (text === null ? rm(join(copy, path)) : writeFile(join(copy, path), text))
  return findings
}
