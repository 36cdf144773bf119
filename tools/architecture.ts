// Checks that the imports of the repository keep to the lines drawn in tools/architecture-rules.ts, that every package used
// is declared and explained, and that the calls which a reviewer must know of are listed. Reads files, changes nothing.

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import {
  areaRules,
  defaultExportExceptions,
  importedOnlyBy,
  importExceptions,
  listedCalls,
  type ModuleRule,
  packageRules,
} from './architecture-rules.ts'
import type { Finding } from './finding.ts'
import { type Manifest, readManifest } from './repository.ts'
import { parseSource, type SourceFile, type SourceImport } from './source-file.ts'

/** Every breach of the architecture in the given files, whose paths are relative to `root`. */
export function checkArchitecture(root: string, files: readonly string[]): readonly Finding[] {
  const sources = files.filter(isSource).map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
  const manifests = new Map(
    files
      .filter((path) => posix.basename(path) === 'package.json')
      .map((path) => [posix.dirname(path), readManifest(join(root, path))]),
  )
  return [
    ...sources.flatMap((source) => [...checkImports(source, manifests), ...checkExports(source)]),
    ...checkDeclared(sources, manifests),
    ...checkExplained(root, manifests),
    ...findCycles(sources),
    ...staleExceptions(sources),
    ...listedCalls.flatMap((listed) => checkListed(root, sources, manifests, listed)),
  ].toSorted((left, right) => (left.file === right.file ? left.line - right.line : left.file < right.file ? -1 : 1))
}

type Manifests = ReadonlyMap<string, Manifest>

const isSource = (path: string) => path.endsWith('.ts') && !path.endsWith('.d.ts')
const isTest = (path: string) => path.includes('/test/') || path.endsWith('.test.ts')
const isRelative = (specifier: string) => specifier.startsWith('.')
const isNodes = (specifier: string) => specifier.startsWith('node:')

/** `@scope/name` or `name` of an imported package. */
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const targetOf = (source: SourceFile, specifier: string) => posix.join(posix.dirname(source.path), specifier)

/** The package whose src a path lies in, and the folder of it; null for other paths. */
function placeOf(path: string): { readonly inPackage: string; readonly module: string | null } | null {
  const inPackage = Object.keys(packageRules).find((name) => path.startsWith(`${name}/src/`))
  if (inPackage === undefined) return null
  return { inPackage, module: /^([^/]+)\//.exec(path.slice(`${inPackage}/src/`.length))?.[1] ?? null }
}

function checkImports(source: SourceFile, manifests: Manifests): readonly Finding[] {
  return source.imports.flatMap((imported) => {
    if (importExceptions.some(({ file, imports }) => file === source.path && imports === imported.specifier)) return []
    const message =
      placeOf(source.path) === null ? breachOutside(source, imported, manifests) : breachInside(source, imported, manifests)
    return message === null ? [] : [{ file: source.path, line: imported.line, message }]
  })
}

/** Exceptions that nothing needs any more; left standing, they would allow what nobody decided. */
function staleExceptions(sources: readonly SourceFile[]): readonly Finding[] {
  const rulesFile = 'tools/architecture-rules.ts'
  const uses = (file: string, specifier: string) =>
    sources.some((source) => source.path === file && source.imports.some((imported) => imported.specifier === specifier))
  return importExceptions
    .filter(({ file, imports }) => !uses(file, imports))
    .map(({ file, imports }) => ({ file: rulesFile, line: 1, message: `\`${file}\` does not import \`${imports}\` any more` }))
}

/** What is wrong with an import of a file in the src of a package; null if nothing. */
function breachInside(source: SourceFile, imported: SourceImport, manifests: Manifests): string | null {
  const { specifier } = imported
  const place = placeOf(source.path)
  const from = place?.module ?? null
  const rule = place === null || from === null ? undefined : packageRules[place.inPackage]?.[from]
  if (place === null || from === null || rule === undefined)
    return `\`${posix.dirname(source.path)}\` is no module of the table in tools/architecture-rules.ts`
  const { inPackage } = place
  if (!isRelative(specifier)) {
    if (packageOf(specifier) === inPackage) return `import the file, not \`${specifier}\``
    if (rule.isPure && (isNodes(specifier) || ['pg', 'kysely'].includes(packageOf(specifier))))
      return `\`${from}\` is pure and does not import \`${specifier}\``
    if (rule.packages !== undefined && !isNodes(specifier) && !rule.packages.includes(specifier))
      return `\`${from}\` imports ${rule.packages.map((name) => `\`${name}\``).join(', ')} and no \`${specifier}\``
    if (inPackage === 'paybill' && from === 'journal' && packageOf(specifier) === 'pg' && !imported.isType)
      return '`journal` opens no connection: no `pg`'
    return noEntryPoint(specifier, manifests)
  }
  const target = targetOf(source, specifier)
  const to = placeOf(target)
  if (to?.inPackage !== inPackage || to.module === null) return `\`${specifier}\` lies outside ${inPackage}/src`
  if (to.module === from) return posix.basename(target) === 'index.ts' ? 'inside a module import the file, not its index' : null
  return mayImport({ inPackage, from, to: to.module }, rule.mayImport) ? null : `\`${from}\` may not import \`${to.module}\``
}

function mayImport(
  { inPackage, from, to }: { readonly inPackage: string; readonly from: string; readonly to: string },
  allowed: ModuleRule['mayImport'],
): boolean {
  if (to === 'lib') return true
  const only = importedOnlyBy[`${inPackage}/${to}`]
  if (only !== undefined && !only.includes(from)) return false
  return typeof allowed === 'string' ? true : allowed.includes(to)
}

/** A package is entered from outside by what its package.json exports. */
function noEntryPoint(specifier: string, manifests: Manifests): string | null {
  const name = packageOf(specifier)
  if (!Object.hasOwn(packageRules, name)) return null
  const entries = manifests.get(name)?.exports ?? {}
  return `.${specifier.slice(name.length)}` in entries ? null : `\`${specifier}\` is no public entry point of ${name}`
}

/** What is wrong with an import of a file outside paybill/src; null if nothing. */
function breachOutside(source: SourceFile, { specifier }: SourceImport, manifests: Manifests): string | null {
  if (!isRelative(specifier)) return noEntryPoint(specifier, manifests)
  const target = targetOf(source, specifier)
  for (const { folder, mayReach } of areaRules) {
    const own = new RegExp(`^${folder.replace('*', '([^/]+)')}`).exec(source.path)
    if (own === null) continue
    const reachable = mayReach.some((reach) => target.startsWith(reach.replace('*', own[1] ?? '*')))
    return reachable ? null : `\`${folder}\` may not reach \`${target}\``
  }
  return null
}

function checkExports(source: SourceFile): readonly Finding[] {
  const findings: Finding[] = []
  const find = (line: number, message: string) => findings.push({ file: source.path, line, message })
  for (const { line, isStar } of source.reExports) {
    if (posix.basename(source.path) !== 'index.ts') find(line, 'only index.ts re-exports')
    else if (isStar) find(line, 're-export by name, so that the public surface can be read here')
  }
  for (const { line } of source.defaultExports)
    if (!defaultExportExceptions.some(({ file }) => file === source.path)) find(line, 'no default exports')
  return findings
}

/** The folder of the nearest package.json above a file. */
function workspaceOf(path: string, manifests: Manifests): string {
  let folder = posix.dirname(path)
  while (folder !== '.' && !manifests.has(folder)) folder = posix.dirname(folder)
  return folder
}

function internalNames(manifests: Manifests): ReadonlySet<string> {
  return new Set([...manifests.values()].flatMap(({ name }) => (name === undefined ? [] : [name])))
}

/** Packages imported without being declared: those work only while another workspace happens to install them. */
function checkDeclared(sources: readonly SourceFile[], manifests: Manifests): readonly Finding[] {
  const internal = internalNames(manifests)
  return sources.flatMap((source) => {
    const folder = workspaceOf(source.path, manifests)
    const own = manifests.get(folder)
    const declared = new Set([
      ...Object.keys({ ...own?.dependencies, ...own?.peerDependencies, ...own?.optionalDependencies }),
      // What is not shipped may use the development tools, which the root installs for all.
      ...(isTest(source.path) || folder === '.'
        ? Object.keys({ ...own?.devDependencies, ...manifests.get('.')?.devDependencies })
        : []),
    ])
    return source.imports.flatMap(({ specifier, line }) => {
      const name = packageOf(specifier)
      if (isRelative(specifier) || isNodes(specifier) || internal.has(name) || declared.has(name)) return []
      return [{ file: source.path, line, message: `\`${name}\` is not declared in ${posix.join(folder, 'package.json')}` }]
    })
  })
}

const dependenciesPage = 'docs/dependencies.md'

/** Declared packages without a line in docs/dependencies.md, and lines there for packages that are gone. */
function checkExplained(root: string, manifests: Manifests): readonly Finding[] {
  const page = join(root, dependenciesPage)
  const explained = existsSync(page) ? explainedPackages(readFileSync(page, 'utf8')) : []
  const internal = internalNames(manifests)
  const declared = [...manifests].flatMap(([folder, manifest]) =>
    Object.keys({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.peerDependencies,
      ...manifest.optionalDependencies,
    })
      .filter((name) => !internal.has(name))
      .map((name) => ({ name, file: posix.join(folder, 'package.json') })),
  )
  const missing = declared
    .filter(({ name }) => !explained.some(({ matches }) => matches(name)))
    .map(({ name, file }) => ({ file, line: 1, message: `\`${name}\` has no line in ${dependenciesPage}` }))
  const stale = explained
    .filter(({ matches }) => !declared.some(({ name }) => matches(name)))
    .map(({ text, line }) => ({ file: dependenciesPage, line, message: `\`${text}\` is no dependency any more` }))
  return [...missing, ...stale]
}

type Explained = { readonly text: string; readonly line: number; readonly matches: (name: string) => boolean }

/** The names in backticks in the first cell of each table row; one `*` in a name stands for any text. */
function explainedPackages(page: string): readonly Explained[] {
  return page.split('\n').flatMap((row, index) => {
    const cell = /^\|([^|]*)\|/.exec(row)?.[1] ?? ''
    return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => {
      const [head = '', tail] = text.split('*')
      const matches = (name: string) => (tail === undefined ? name === text : name.startsWith(head) && name.endsWith(tail))
      return { text, line: index + 1, matches }
    })
  })
}

/** One finding per import that closes a cycle of files; types count too, since a cycle is a design without a first file. */
function findCycles(sources: readonly SourceFile[]): readonly Finding[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const findings: Finding[] = []
  const done = new Set<string>()
  const visit = (source: SourceFile, above: readonly string[]) => {
    if (done.has(source.path)) return
    const way = [...above, source.path]
    for (const { specifier, line } of source.imports.filter((imported) => isRelative(imported.specifier))) {
      const target = targetOf(source, specifier)
      const start = way.indexOf(target)
      if (start !== -1)
        findings.push({ file: source.path, line, message: `a cycle of imports: ${[...way.slice(start), target].join(' → ')}` })
      else {
        const next = byPath.get(target)
        if (next !== undefined) visit(next, way)
      }
    }
    done.add(source.path)
  }
  for (const source of sources) visit(source, [])
  return findings
}

/** Files that use a listed call without standing in the list, and lines of the list that no file needs any more. */
function checkListed(
  root: string,
  sources: readonly SourceFile[],
  manifests: Manifests,
  { call, list, why }: (typeof listedCalls)[number],
): readonly Finding[] {
  const shipped = sources.filter(({ path }) => !isTest(path) && !path.startsWith('proof/') && !path.startsWith('bench/'))
  const uses = shipped.flatMap((source) => {
    const use = source.calls.find(({ name }) => name === call)
    return use === undefined ? [] : [{ file: source.path, line: use.line }]
  })
  const listed = [...manifests.keys()].flatMap((folder) => readList(root, folder, list))
  const unlisted = uses
    .filter(({ file }) => !listed.some((entry) => entry.path === file))
    .map(({ file, line }) => ({
      file,
      line,
      message: `\`${call}\` (${why}) is used here, but ${posix.join(workspaceOf(file, manifests), list)} does not say why`,
    }))
  const stale = listed.flatMap(({ path, reason, file, line }) => {
    if (reason === '') return [{ file, line, message: 'a line is `path: reason`' }]
    return uses.some((use) => use.file === path) ? [] : [{ file, line, message: `\`${path}\` does not use \`${call}\` any more` }]
  })
  return [...unlisted, ...stale]
}

/** The lines `path: reason` of a list; paths in it are relative to the folder that it lies in. Lines with `#` are comments. */
function readList(root: string, folder: string, list: string) {
  const file = posix.join(folder, list)
  if (!existsSync(join(root, file))) return []
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .map((text, index) => ({ text: text.trim(), line: index + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'))
    .map(({ text, line }) => {
      const [path = '', ...reason] = text.split(':')
      return { path: posix.join(dirname(file), path.trim()), reason: reason.join(':').trim(), file, line }
    })
}
