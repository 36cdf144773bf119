// A catalog as YAML: the same declaration, and errors that name the line.

import { PaybillError } from 'paybill/lib'
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { type Catalog, checkCatalog } from './catalog.ts'
import { type Path, pathText } from './declared.ts'

const maxCharacters = 1_000_000

/**
 * Reads a catalog from YAML 1.2. Throws CATALOG_INVALID naming the line and what to change there.
 *
 * @example const catalog = readCatalog(await readFile('catalog.yaml', 'utf8'))
 */
export function readCatalog(yamlText: string): Catalog {
  if (yamlText.length > maxCharacters)
    throw new PaybillError('CATALOG_INVALID', `the file is longer than ${maxCharacters} characters`)
  const lines = new LineCounter()
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false, stringKeys: true })
  // A warning means that the text can be read in another way than it was meant.
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) return refuse(lines.linePos(fault.pos[0]).line, lowerFirst(fault.message))
  return checkCatalog(plainValue(document), (path, message) =>
    refuse(lineOf(document, lines, path), `\`${pathText(path)}\` ${message}`),
  )
}

function refuse(line: number, message: string): never {
  throw new PaybillError('CATALOG_INVALID', `line ${line}: ${message}`)
}

function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    // Aliases that unfold into more than the text could hold.
    throw new PaybillError('CATALOG_INVALID', 'the file refers to itself too often', { cause })
  }
}

/** The line where a place of the declaration begins: that of its key, where it has one. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  const last = path.at(-1)
  const parent = path.length === 0 ? null : nodeAt(document, path.slice(0, -1))
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === last) : undefined
  const node = isScalar(pair?.key) ? pair.key : nodeAt(document, path)
  return lines.linePos(node?.range?.[0] ?? 0).line
}

function nodeAt(document: Document, path: Path): Node | null {
  // With `true` the answer is the node itself and not its value.
  return (path.length === 0 ? document.contents : document.getIn(path, true)) as Node | null
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
