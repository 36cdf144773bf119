// What the architecture check needs to know of one TypeScript file: what it imports, re-exports and calls. Read with a real
// parser, since a text search takes comments and strings for code.

import { parseSync, Visitor } from 'oxc-parser'

export type SourceFile = {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string
  readonly imports: readonly SourceImport[]
  /** Lines with `export … from`, or with the export of an imported name. `isStar` where no names are given. */
  readonly reExports: readonly { readonly line: number; readonly isStar: boolean }[]
  readonly defaultExports: readonly { readonly line: number }[]
  readonly calls: readonly { readonly name: string; readonly line: number }[]
}

/** `isType` where nothing is loaded at run time. An import whose path is computed is not listed. */
export type SourceImport = { readonly specifier: string; readonly line: number; readonly isType: boolean }

/** Throws where the text does not parse; `tsc` says more about why. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, module, errors } = parseSync(path, text)
  const error = errors[0]
  if (error !== undefined) throw new Error(`${path}: ${error.message}`)
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length
  const imports: SourceImport[] = []
  const reExports: { line: number; isStar: boolean }[] = []
  const defaultExports: { line: number }[] = []
  const calls: { name: string; line: number }[] = []

  for (const { start, moduleRequest, entries } of module.staticImports)
    imports.push({
      specifier: moduleRequest.value,
      line: lineOf(start),
      isType: entries.length > 0 && entries.every((entry) => entry.isType),
    })
  for (const { start, entries } of module.staticExports)
    for (const entry of entries) {
      // As a string: the declared `const enum` does not exist at run time.
      const exportKind: string = entry.exportName.kind
      if (exportKind === 'Default') defaultExports.push({ line: lineOf(start) })
      if (entry.moduleRequest === null) continue
      reExports.push({ line: lineOf(entry.start), isStar: entry.importName.kind.startsWith('All') })
      imports.push({ specifier: entry.moduleRequest.value, line: lineOf(start), isType: entry.isType })
    }
  new Visitor({
    ImportExpression({ source, start }) {
      if (source.type === 'Literal' && typeof source.value === 'string')
        imports.push({ specifier: source.value, line: lineOf(start), isType: false })
    },
    TSImportType({ source, start }) {
      imports.push({ specifier: source.value, line: lineOf(start), isType: true })
    },
    CallExpression({ callee, start }) {
      if (callee.type === 'Identifier') calls.push({ name: callee.name, line: lineOf(start) })
      else if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier')
        calls.push({ name: callee.property.name, line: lineOf(start) })
    },
  }).visit(program)
  return { path, imports, reExports, defaultExports, calls }
}
