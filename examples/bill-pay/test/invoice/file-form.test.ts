// What may be a file at all: encodings, prefixes, well-formedness and limits.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  maxAttributesPerElement,
  maxElementDepth,
  maxElements,
  maxFileBytes,
  maxFreeTextCharacters,
  maxPrologCharacters,
  maxTextCharacters,
} from '../../src/invoice/limits.ts'
import { readInvoice, readInvoiceFile } from '../../src/invoice/read-invoice.ts'
import { InvoiceRejected, quoted } from '../../src/invoice/rejection.ts'
import { changed, goodInvoice, ruleThatRefuses } from './good-invoice.ts'

const note = 'Blåbær €'
const withNote = changed(goodInvoice, '  Takk &amp; hei  ', note)
const declared = (encoding: string) => changed(withNote, 'UTF-8', encoding)
const noteOf = async (file: Uint8Array) => (await readInvoice(file)).freeTexts[0]?.text
const inUtf16 = (text: string) => Buffer.from(text, 'utf16le')
const atEnd = (addition: string) => changed(goodInvoice, '</Invoice>', `${addition}</Invoice>`)

test.each([
  ['UTF-8', Buffer.from(withNote)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${withNote}`)],
  ['UTF-8 without a declaration', Buffer.from(changed(withNote, /^<\?xml.*\n/, ''))],
  ['UTF-16, little end first', inUtf16(`\ufeff${declared('UTF-16')}`)],
  ['UTF-16, big end first', inUtf16(`\ufeff${declared('UTF-16')}`).swap16()],
  ['UTF-16 without a mark', inUtf16(declared('UTF-16LE'))],
  ['windows-1252', Buffer.from(declared('Windows-1252').replace('€', '\u0080'), 'latin1')],
  ['ISO-8859-15', Buffer.from(declared('ISO-8859-15').replace('€', '\u00a4'), 'latin1')],
  ['ISO-8859-1 with a reference', Buffer.from(declared('iso-8859-1').replace('€', '&#x20ac;'), 'latin1')],
])('a file in %s reads as the same text', async (_encoding, file) => {
  expect(await noteOf(file)).toBe(note)
})

test.each([
  ['an encoding that is not supported', declared('UTF-7')],
  ['UTF-16 declared over UTF-8 bytes', declared('UTF-16')],
  ['Latin-1 declared over a UTF-8 mark', `\ufeff${declared('ISO-8859-1')}`],
  ['UTF-8 declared over UTF-16 bytes', inUtf16(`\ufeff${withNote}`)],
  ['bytes that are not UTF-8', Buffer.from(withNote, 'latin1')],
  ['half of a UTF-16 pair', inUtf16(`\ufeff${declared('UTF-16').replace('€', '\ud800')}`)],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0])],
])('XML-ENCODING refuses %s', async (_what, file) => {
  expect(await ruleThatRefuses(file)).toBe('XML-ENCODING')
})

test('prefixes mean nothing, namespaces everything', async () => {
  const renamed = goodInvoice
    .replaceAll('cbc:', 'x:')
    .replaceAll('xmlns:cbc', 'xmlns:x')
    .replaceAll('<cac:', '<cbc:')
    .replaceAll('</cac:', '</cbc:')
    .replaceAll('xmlns:cac', 'xmlns:cbc')
  expect((await readInvoice(Buffer.from(renamed))).number).toBe('F-1001')
  const foreign = changed(goodInvoice, 'CommonBasicComponents-2', 'CommonBasicComponents-3')
  expect(await ruleThatRefuses(foreign)).toBe('BR-01')
})

test('CDATA, references and comments inside a text change nothing', async () => {
  const written = changed(goodInvoice, '  Takk &amp; hei  ', 'Ta<!-- nei -->kk <![CDATA[& h]]>&#101;i')
  expect(await noteOf(Buffer.from(written))).toBe('Takk & hei')
})

test('an extension in another namespace is left alone', async () => {
  const extended = changed(
    goodInvoice,
    '<cbc:CustomizationID>',
    '<e:Ext xmlns:e="urn:x"><e:ID>9</e:ID></e:Ext><cbc:CustomizationID>',
  )
  expect((await readInvoice(Buffer.from(extended))).number).toBe('F-1001')
})

test.each([
  ['XML-WELL-FORMED', 'an empty file', ''],
  ['XML-WELL-FORMED', 'a file that is cut off', goodInvoice.slice(0, 4000)],
  ['XML-WELL-FORMED', 'tags that do not match', changed(goodInvoice, '</cac:Price>', '</cac:price>')],
  ['XML-WELL-FORMED', 'an entity that nobody declared', changed(goodInvoice, 'Takk', '&takk;')],
  ['XML-WELL-FORMED', 'a prefix that nobody declared', changed(goodInvoice, '<cbc:Note>', '<z:Note/><cbc:Note>')],
  ['XML-WELL-FORMED', 'a control character', changed(goodInvoice, 'Takk', '\u0008')],
  ['XML-WELL-FORMED', 'a control character by reference', changed(goodInvoice, 'Takk', '&#8;')],
  ['XML-WELL-FORMED', 'a second root element', `${goodInvoice}<Invoice/>`],
  ['XML-DOCTYPE', 'a document type', changed(goodInvoice, '?>', '?><!DOCTYPE Invoice>')],
  ['XML-DOCTYPE', 'a document type that never ends', `<!DOCTYPE a [${'<!ENTITY a "b">'.repeat(10_000)}`],
  ['UBL-MIXED-CONTENT', 'text beside elements', changed(goodInvoice, 'F-1001', 'F-<cbc:ID>1</cbc:ID>1001')],
  ['NOT-UBL', 'an order', goodInvoice.replaceAll('Invoice-2', 'Order-2')],
  ['NOT-UBL', 'a web page', '<html><body/></html>'],
  ['LIMIT-PROLOG', 'white space before everything', ' '.repeat(maxPrologCharacters + 1)],
  ['LIMIT-DEPTH', 'deep nesting', atEnd('<a>'.repeat(maxElementDepth) + '</a>'.repeat(maxElementDepth))],
  ['LIMIT-ELEMENTS', 'many elements', atEnd('<a/>'.repeat(maxElements))],
  ['LIMIT-ELEMENTS', 'many comments', atEnd('<!---->'.repeat(maxElements))],
  ['LIMIT-ATTRIBUTES', 'many attributes', atEnd(`<a ${Array.from({ length: maxAttributesPerElement + 1 }, (_, at) => `b${at}=""`).join(' ')}/>`)],
  ['LIMIT-ATTRIBUTES', 'a long attribute', atEnd(`<a b="${'c'.repeat(1001)}"/>`)],
  ['LIMIT-TEXT', 'a long text', changed(goodInvoice, 'Takk', 'x'.repeat(maxTextCharacters + 1))],
  ['LIMIT-TEXT', 'a long text in many pieces', changed(goodInvoice, 'Takk', '<![CDATA[x]]>'.repeat(maxTextCharacters + 1))],
  ['LIMIT-TEXT', 'a tag that never ends', changed(goodInvoice, /Takk[\s\S]*/, `<${'x'.repeat(1_000_000)}`)],
  ['LIMIT-FREE-TEXT', 'too many free texts', changed(goodInvoice, '<cac:PaymentMeans>', `<cac:X>${`<cbc:Note>${'x'.repeat(10_000)}</cbc:Note>`.repeat(maxFreeTextCharacters / 10_000)}</cac:X><cac:PaymentMeans>`)],
])('%s refuses %s', async (rule, _what, file) => {
  expect(await ruleThatRefuses(file)).toBe(rule)
}) // prettier-ignore

test('a source that is too large is read no further than the limit', async () => {
  const chunk = Buffer.alloc(1024 * 1024, 'QUJD')
  let given = 0
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(changed(goodInvoice, /JVBER[\s\S]*/, ''))
    for (;;) {
      given += chunk.length
      yield chunk
    }
  }
  await expect(readInvoice(endless())).rejects.toMatchObject({ rule: 'FILE_TOO_LARGE' })
  expect(given).toBeLessThanOrEqual(maxFileBytes + chunk.length)
})

test('a long invoice is read, with all the white space of its layout', async () => {
  const line = /<cac:InvoiceLine>\s*<cbc:ID>2<[\s\S]*<\/cac:InvoiceLine>/.exec(goodInvoice)?.[0] ?? ''
  const free = changed(changed(line, '>4</cbc:InvoicedQuantity>', '>0</cbc:InvoicedQuantity>'), '>450.00<', '>0.00<')
  const copies = changed(free, /<cac:AllowanceCharge>\s*<cbc:ChargeIndicator>false<[^]*?<\/cac:AllowanceCharge>/, '')
  const long = changed(goodInvoice, '</Invoice>', `\n        ${copies}`.repeat(3_000) + '</Invoice>')
  expect((await readInvoice(Buffer.from(long))).lines).toHaveLength(3_002)
})

test('an attachment of several megabytes is read and only its size kept', async () => {
  const large = changed(goodInvoice, 'JVBER i0xLjQ=', 'QUJD'.repeat(1024 * 1024))
  expect((await readInvoice(Buffer.from(large))).attachments[0]?.bytes).toBe(3 * 1024 * 1024)
})

test('a file on disk that is too large is refused by its size', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bill-pay-'))
  try {
    const path = join(directory, 'large.xml')
    await writeFile(path, Buffer.alloc(maxFileBytes + 1, ' '))
    await expect(readInvoiceFile(path)).rejects.toMatchObject({ rule: 'FILE_TOO_LARGE' })
    await writeFile(path, goodInvoice)
    expect((await readInvoiceFile(path)).number).toBe('F-1001')
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('what a rejection shows is short and hides nothing', async () => {
  expect(quoted(`a\u202eb\u200bc\nd\`${'x'.repeat(500)}`)).toMatch(/^`a·b·c·d·x{52}…`$/)
  const error = await readInvoice(Buffer.from(changed(goodInvoice, '>380<', `>${'9\u202e'.repeat(40)}<`))).catch(
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(InvoiceRejected)
  expect(String(error).length).toBeLessThan(140)
  expect(String(error)).not.toMatch(/\u202e/)
})
