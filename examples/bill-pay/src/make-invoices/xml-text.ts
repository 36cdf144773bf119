// Writes a tree of UBL elements as XML bytes in one of the many ways that mean the same: other prefixes, indentation, encoding,
// CDATA, comments. For making invoices; a reader must not care.

export type Node = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly content: string | readonly Node[]
}

/** An element, or nothing where its content is null. Nothings are dropped from content. */
export function element(
  name: string,
  content: string | readonly (Node | null)[] | null,
  attributes: Readonly<Record<string, string>> = {},
): Node | null {
  if (content === null || content === '') return null
  return { name, attributes, content: typeof content === 'string' ? content : content.filter((node) => node !== null) }
}

export type XmlStyle = {
  /** What stands before the colon for the document's own namespace, `cbc:` and `cac:`; '' makes it the default namespace. */
  readonly prefixes: { readonly document: string; readonly cbc: string; readonly cac: string }
  readonly indent: string
  readonly lineEnd: '\n' | '\r\n'
  readonly encoding: 'utf-8' | 'utf-8 with mark' | 'utf-16le' | 'utf-16be' | 'iso-8859-1' | 'windows-1252'
  readonly declaration: boolean
  readonly cdata: boolean
  readonly comment: string | null
}

const ubl = 'urn:oasis:names:specification:ubl:schema:xsd:'

export function xmlBytes(root: Node, style: XmlStyle): Uint8Array {
  const namespaces = {
    [attributeFor(style.prefixes.document)]: `${ubl}${root.name}-2`,
    [attributeFor(style.prefixes.cac)]: `${ubl}CommonAggregateComponents-2`,
    [attributeFor(style.prefixes.cbc)]: `${ubl}CommonBasicComponents-2`,
  }
  const label = style.encoding.startsWith('utf-16') ? 'UTF-16' : style.encoding.replace(' with mark', '').toUpperCase()
  const declaration = style.declaration || isOneByte(style) ? `<?xml version="1.0" encoding="${label}"?>${style.lineEnd}` : ''
  const comment = style.comment === null ? '' : `<!-- ${style.comment} -->${style.lineEnd}`
  const tree = written({ ...root, attributes: { ...namespaces, ...root.attributes } }, style, '')
  return bytesOf(declaration + comment + tree + style.lineEnd, style.encoding)
}

function written(node: Node, style: XmlStyle, indent: string): string {
  const name = nameIn(node.name, style)
  const attributes = Object.entries(node.attributes).map(
    ([key, value]) => ` ${key}="${escaped(value, style).replaceAll('"', '&quot;')}"`,
  )
  const open = `${indent}<${name}${attributes.join('')}>`
  if (typeof node.content === 'string') return `${open}${textIn(node.content, style)}</${name}>`
  const lineEnd = style.indent === '' ? '' : style.lineEnd
  const children = node.content.map((child) => written(child, style, indent + style.indent) + lineEnd)
  return `${open}${lineEnd}${children.join('')}${indent}</${name}>`
}

function nameIn(name: string, { prefixes }: XmlStyle): string {
  const [prefix, local] = name.includes(':') ? name.split(':') : ['document', name]
  const written = prefix === 'cbc' ? prefixes.cbc : prefix === 'cac' ? prefixes.cac : prefixes.document
  return written === '' ? (local ?? '') : `${written}:${local ?? ''}`
}

function attributeFor(prefix: string): string {
  return prefix === '' ? 'xmlns' : `xmlns:${prefix}`
}

function textIn(text: string, style: XmlStyle): string {
  const needsEscape = /[<&]/.test(text)
  const plain = !text.includes(']]>') && !text.includes('\r') && (!isOneByte(style) || isLatin1(text))
  return style.cdata && needsEscape && plain ? `<![CDATA[${text}]]>` : escaped(text, style)
}

function escaped(text: string, style: XmlStyle): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;')
  return isOneByte(style) ? Array.from(safe, (letter) => (isLatin1(letter) ? letter : reference(letter))).join('') : safe
}

function reference(letter: string): string {
  return `&#x${(letter.codePointAt(0) ?? 0).toString(16)};`
}

function isOneByte({ encoding }: XmlStyle): boolean {
  return encoding === 'iso-8859-1' || encoding === 'windows-1252'
}

/** The characters that both one-byte encodings write with the same byte. */
function isLatin1(text: string): boolean {
  return /^[\n\t\x20-\x7e\xa0-\xff]*$/.test(text)
}

function bytesOf(text: string, encoding: XmlStyle['encoding']): Uint8Array {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text, 'utf8')
    case 'utf-8 with mark':
      return Buffer.from(`\ufeff${text}`, 'utf8')
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le')
    case 'utf-16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
    case 'iso-8859-1':
    case 'windows-1252':
      return Buffer.from(text, 'latin1')
    default:
      return encoding satisfies never
  }
}
