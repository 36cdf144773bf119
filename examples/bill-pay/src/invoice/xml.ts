// From bytes to a small tree of UBL elements, within limits and while streaming. Elements are named by their namespace, never by
// the prefix a file chose: `cbc:` and `cac:` here always mean the UBL namespaces. It knows nothing of invoices but that an
// embedded attachment is counted and dropped.

import { SaxesParser } from 'saxes'
import { xmlDecoder } from './decode.ts'
import {
  maxAttributeCharacters,
  maxAttributesPerElement,
  maxElementDepth,
  maxElements,
  maxFileBytes,
  maxNodeCharacters,
  maxPrologCharacters,
  maxTextCharacters,
} from './limits.ts'
import { InvoiceRejected, quoted } from './rejection.ts'

export type XmlElement = {
  /** `cbc:ID`, `cac:Party`; the root is `Invoice` or `CreditNote`; anything foreign is `other:` and its local name. */
  readonly name: string
  /** Attributes without a namespace. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** Character data as it stands, untrimmed; white space for an element with children, empty for an attachment. */
  readonly text: string
  /** How many characters of content an attachment had, white space not counted; 0 elsewhere. */
  readonly attachmentCharacters: number
}

const prefixes: Readonly<Record<string, string>> = {
  'urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2': 'cbc:',
  'urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2': 'cac:',
}
const roots: ReadonlySet<string> = new Set([
  'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 Invoice',
  'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2 CreditNote',
])
const attachmentName = 'cbc:EmbeddedDocumentBinaryObject'
// Small enough that a limit stops a hostile file early, also when its bytes are already in memory.
const chunkBytes = 64 * 1024

/** Reads a whole file into its root element, or throws InvoiceRejected and reads no further. */
export async function readXml(source: AsyncIterable<Uint8Array> | Uint8Array): Promise<XmlElement> {
  const builder = treeBuilder()
  const decoder = xmlDecoder()
  let bytesRead = 0
  for await (const bytes of chunks(source)) {
    bytesRead += bytes.length
    if (bytesRead > maxFileBytes) throw new InvoiceRejected('FILE_TOO_LARGE', `more than ${maxFileBytes} bytes`)
    builder.write(decoder.write(bytes))
  }
  builder.write(decoder.end())
  return builder.end()
}

async function* chunks(source: AsyncIterable<Uint8Array> | Uint8Array): AsyncGenerator<Uint8Array> {
  for await (const bytes of source instanceof Uint8Array ? [source] : source)
    for (let from = 0; from < bytes.length; from += chunkBytes) yield bytes.subarray(from, from + chunkBytes)
}

type OpenElement = {
  name: string
  attributes: ReadonlyMap<string, string>
  children: XmlElement[]
  text: string
  attachmentCharacters: number
}

const noAttributes: ReadonlyMap<string, string> = new Map()

function treeBuilder(): { write(text: string): void; end(): XmlElement } {
  // INVARIANT: XML 1.0 is forced: 1.1 would let control characters through.
  const parser = new SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true })
  const open: OpenElement[] = []
  let root: XmlElement | null = null
  // Elements, comments and processing instructions.
  let nodes = 0
  let attributesOfElement = 0
  // What was written since the parser last reported something: it reports a text, a comment or a tag only when that has ended.
  let charactersInNode = 0
  let rootSeen = false
  let prolog = ''

  parser.on('error', (error) => {
    throw new InvoiceRejected('XML-WELL-FORMED', quoted(error.message))
  })
  parser.on('doctype', refuseDoctype)
  const countNode = (): void => {
    nodes += 1
    if (nodes > maxElements) throw new InvoiceRejected('LIMIT-ELEMENTS', `more than ${maxElements} elements`)
    charactersInNode = 0
  }
  parser.on('comment', countNode)
  parser.on('processinginstruction', countNode)
  parser.on('opentagstart', () => {
    countNode()
    attributesOfElement = 0
    if (open.length >= maxElementDepth) throw new InvoiceRejected('LIMIT-DEPTH', `deeper than ${maxElementDepth} elements`)
  })
  parser.on('attribute', ({ value }) => {
    attributesOfElement += 1
    if (attributesOfElement > maxAttributesPerElement || value.length > maxAttributeCharacters)
      throw new InvoiceRejected(
        'LIMIT-ATTRIBUTES',
        `more than ${maxAttributesPerElement} attributes, or one longer than ${maxAttributeCharacters}`,
      )
  })
  parser.on('opentag', (tag) => {
    rootSeen = true
    if (open.length === 0 && !roots.has(`${tag.uri} ${tag.local}`))
      throw new InvoiceRejected('NOT-UBL', `the root element is ${quoted(tag.local)}`)
    const parent = open.at(-1)
    // White space between elements says nothing, and there is much of it in a long invoice.
    if (parent !== undefined && isBlank(parent.text)) parent.text = ''
    const plain = Object.values(tag.attributes).filter((attribute) => attribute.uri === '')
    open.push({
      name: open.length === 0 ? tag.local : (prefixes[tag.uri] ?? 'other:') + tag.local,
      attributes: plain.length === 0 ? noAttributes : new Map(plain.map(({ local, value }) => [local, value])),
      children: [],
      text: '',
      attachmentCharacters: 0,
    })
  })
  const addText = (text: string): void => {
    charactersInNode = 0
    const element = open.at(-1)
    if (element === undefined) return
    if (element.name === attachmentName) element.attachmentCharacters += visibleCharacters(text)
    else element.text += text
    if (element.text.length > maxTextCharacters)
      throw new InvoiceRejected('LIMIT-TEXT', `${quoted(element.name)} holds more than ${maxTextCharacters} characters`)
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    charactersInNode = 0
    const element = open.pop()
    if (element === undefined) return
    if (element.children.length > 0 && !isBlank(element.text))
      throw new InvoiceRejected('UBL-MIXED-CONTENT', `${quoted(element.name)} has text beside elements`)
    const parent = open.at(-1)
    if (parent === undefined) root = element
    else parent.children.push(element)
  })

  return {
    write(text) {
      charactersInNode += text.length
      if (!rootSeen) prolog += text
      parser.write(text)
      if (!rootSeen && prolog.length > maxPrologCharacters) refuseProlog(prolog)
      if (charactersInNode > maxNodeCharacters && open.at(-1)?.name !== attachmentName)
        throw new InvoiceRejected('LIMIT-TEXT', `more than ${maxNodeCharacters} characters without the end of a text or tag`)
    },
    end() {
      parser.close()
      if (root === null) throw new InvoiceRejected('XML-WELL-FORMED', 'the document has no root element')
      return root
    },
  }
}

function refuseDoctype(): never {
  throw new InvoiceRejected('XML-DOCTYPE', 'a document type declaration is not accepted')
}

/** The parser reports a document type declaration when it has ended, which a hostile one never does. */
function refuseProlog(prolog: string): never {
  if (prolog.includes('<!DOCTYPE')) refuseDoctype()
  throw new InvoiceRejected('LIMIT-PROLOG', `no element in the first ${maxPrologCharacters} characters`)
}

export function isBlank(text: string): boolean {
  return !/[^ \t\r\n]/.test(text)
}

function visibleCharacters(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x20) count += 1
  return count
}
