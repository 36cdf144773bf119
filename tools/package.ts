// `npm run package [-- --out DIR]`: makes the tarball of `paybill` that is published. The workspace runs its TypeScript
// directly; Node refuses that below node_modules, so the tarball holds JavaScript and declarations, made by `tsc`, and a
// package.json that points at them. It is packed from a staged folder, since npm does not replace `exports` by itself.

import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { errorLine, PaybillError } from 'paybill/lib'
import { type Manifest, readManifest, repositoryRoot, runProgram } from './repository.ts'

/** Builds, stages and packs `paybill`; the tarball is put into `out`. Answers with its path. */
export async function packPaybill({ out, stage }: { readonly out: string; readonly stage: string }): Promise<string> {
  const source = join(repositoryRoot, 'paybill')
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(stage, { recursive: true })
  await build({ source, stage })
  const { name = 'paybill', version = '0.0.0', ...rest } = readManifest(join(source, 'package.json'))
  const manifest = publishedManifest({ name, version, ...rest })
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  for (const page of ['README.md', 'ARCHITECTURE.md'])
    if (existsSync(join(source, page))) cpSync(join(source, page), join(stage, page))
  cpSync(join(repositoryRoot, 'LICENSE'), join(stage, 'LICENSE'))
  for (const file of filesOf(manifest))
    if (!existsSync(join(stage, file)))
      throw new PaybillError('ARGUMENT_INVALID', `paybill/package.json names \`${file}\`, which was not built`)
  mkdirSync(out, { recursive: true })
  const packed = await runProgram(['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', resolve(out)], {
    cwd: stage,
  })
  if (packed.status !== 0) throw new Error(`\`npm pack\` failed:\n${packed.output}`)
  return join(resolve(out), `${name}-${version}.tgz`)
}

/** Compiles src to dist, and copies what is not TypeScript beside it. */
async function build({ source, stage }: { readonly source: string; readonly stage: string }): Promise<void> {
  const config = {
    extends: relative(stage, join(repositoryRoot, 'tsconfig.json')),
    compilerOptions: {
      typeRoots: [join(repositoryRoot, 'node_modules', '@types')],
      rootDir: join(source, 'src'),
      outDir: 'dist',
      noEmit: false,
      allowImportingTsExtensions: false,
      rewriteRelativeImportExtensions: true,
      declaration: true,
      // Our users may not skip the check of libraries, so it is not skipped here.
      skipLibCheck: false,
    },
    include: [join(source, 'src')],
  }
  const configFile = join(stage, 'tsconfig.json')
  writeFileSync(configFile, JSON.stringify(config))
  const built = await runProgram(['tsc', '--project', configFile], { cwd: repositoryRoot })
  rmSync(configFile)
  if (built.status !== 0) throw new Error(`\`tsc\` failed:\n${built.output}`)
  for (const entry of readdirSync(join(source, 'src'), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.ts')) continue
    const path = join(relative(join(source, 'src'), entry.parentPath), entry.name)
    cpSync(join(source, 'src', path), join(stage, 'dist', path))
  }
}

type PublishedManifest = Readonly<Record<string, unknown>> & {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly bin?: Readonly<Record<string, string>>
}

/** The package.json of the workspace, with `./src/x.ts` replaced by what is built from it. */
export function publishedManifest(manifest: Manifest): PublishedManifest {
  const { scripts: _scripts, devDependencies: _devDependencies, exports = {}, bin, ...kept } = manifest
  const built = (path: string, extension: string) => path.replace(/^\.\/src\/(.*)\.ts$/, `./dist/$1${extension}`)
  return {
    ...kept,
    files: ['dist', 'ARCHITECTURE.md'],
    exports: Object.fromEntries(
      Object.entries(exports).map(([entry, path]) => [
        entry,
        // A resolver takes the first condition that it knows, so the types come first.
        path.endsWith('.ts') ? { types: built(path, '.d.ts'), default: built(path, '.js') } : path,
      ]),
    ),
    ...(bin === undefined
      ? {}
      : { bin: Object.fromEntries(Object.entries(bin).map(([name, path]) => [name, built(path, '.js')])) }),
  }
}

function filesOf({ exports, bin = {} }: PublishedManifest): readonly string[] {
  const exported = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? [target] : [target.types, target.default],
  )
  return [...exported, ...Object.values(bin)]
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string', default: join(repositoryRoot, 'stage') } } })
    console.log(await packPaybill({ out: values.out, stage: join(repositoryRoot, 'stage', 'paybill') }))
  } catch (error) {
    // What `tsc` and `npm` said is shown as it is.
    console.error(error instanceof Error && !(error instanceof PaybillError) ? error.message : errorLine(error))
    process.exitCode = 1
  }
}
