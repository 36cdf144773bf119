// From the bytes of an XML file to its text: by byte order mark, then by the XML declaration, then UTF-8, as the XML recommendation
// orders them. Bytes that are no text in that encoding refuse the file; so does a declaration that contradicts the bytes, because
// two readers would then see two documents.

import { TextDecoder } from 'node:util'
import { InvoiceRejected, quoted } from './rejection.ts'

/** Turns byte chunks into text chunks. `write` may give an empty string while too little is known. */
export type XmlDecoder = { write(bytes: Uint8Array): string; end(): string }

// Labels a declaration may use, and what they decode with. TextDecoder reads `iso-8859-1` as windows-1252, as browsers do: the
// two differ only where Latin-1 has control characters that no invoice holds.
const encodings: Readonly<Record<string, Encoding>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  'utf-16': 'utf-16',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  'iso-8859-1': 'windows-1252',
  'iso-8859-15': 'iso-8859-15',
  'windows-1252': 'windows-1252',
}
type Encoding = 'utf-8' | 'utf-16' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-15'

// Long enough for any sensible declaration; a longer one counts as none.
const declarationBytes = 256

export function xmlDecoder(): XmlDecoder {
  let waiting: Uint8Array = new Uint8Array(0)
  let decoder: TextDecoder | null = null

  function decode(bytes: Uint8Array | null): string {
    decoder ??= new TextDecoder(encodingOf(waiting), { fatal: true })
    try {
      return bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true })
    } catch {
      throw new InvoiceRejected('XML-ENCODING', `bytes that are not ${decoder.encoding}`)
    }
  }

  return {
    write(bytes) {
      if (decoder !== null) return decode(bytes)
      waiting = joined(waiting, bytes)
      return waiting.length < declarationBytes ? '' : decode(waiting)
    },
    end() {
      return decoder === null ? decode(waiting) + decode(null) : decode(null)
    },
  }
}

function encodingOf(start: Uint8Array): Encoding {
  const fromBytes = encodingOfBytes(start)
  const declared = declaredEncoding(start, fromBytes)
  if (declared === null) return fromBytes ?? 'utf-8'
  const encoding = encodings[declared.toLowerCase()]
  if (encoding === undefined) throw new InvoiceRejected('XML-ENCODING', `encoding ${quoted(declared)} is not supported`)
  if (fromBytes === null) {
    if (encoding.startsWith('utf-16')) throw new InvoiceRejected('XML-ENCODING', `declared ${encoding}, but the bytes are not`)
    return encoding
  }
  const agrees = encoding === fromBytes || (encoding === 'utf-16' && fromBytes.startsWith('utf-16'))
  if (!agrees) throw new InvoiceRejected('XML-ENCODING', `declared ${encoding}, but the bytes say ${fromBytes}`)
  return fromBytes
}

function encodingOfBytes([first, second, third, fourth]: Uint8Array): Encoding | null {
  if (first === 0xff && second === 0xfe && third === 0 && fourth === 0)
    throw new InvoiceRejected('XML-ENCODING', 'UTF-32 is not supported')
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  // Without a mark: the `<` that every document begins with.
  if (first === 0x3c && second === 0) return 'utf-16le'
  if (first === 0 && second === 0x3c) return 'utf-16be'
  return null
}

function declaredEncoding(start: Uint8Array, fromBytes: Encoding | null): string | null {
  // The declaration is ASCII in every encoding supported here, so a lenient decoder is enough to find it.
  const text = new TextDecoder(fromBytes ?? 'windows-1252').decode(start.subarray(0, declarationBytes))
  const declaration = /^<\?xml\s[^>]*?encoding\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*\?>/.exec(text)
  return declaration === null ? null : (declaration[1] ?? declaration[2] ?? null)
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length)
  both.set(left)
  both.set(right, left.length)
  return both
}
