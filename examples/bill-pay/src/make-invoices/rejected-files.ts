// Files that the reader must refuse, each with the one rule that it breaks.

import type { RuleId } from '../invoice/rejection.ts'
import { maxElementDepth, maxElements, maxTextCharacters } from '../invoice/limits.ts'
import type { Draft, Sums } from './draft.ts'
import type { Random } from './random.ts'
import { plainStyle } from './random-style.ts'
import { ublDocument } from './ubl.ts'
import { type Node, xmlBytes, type XmlStyle } from './xml-text.ts'

export type RejectedFile = { readonly rule: RuleId; readonly bytes: Uint8Array }

/** Breaks one rule of an invoice that is in order, in a random way. */
export function rejectedFile(random: Random, draft: Draft, style: XmlStyle): RejectedFile {
  const [rule, make] = random.pick(makers)
  return { rule, bytes: make(draft, style) }
}

type Make = (draft: Draft, style: XmlStyle) => Uint8Array

// Sums that do not fit. The difference is above every tolerance.
const sum =
  (falsify: (sums: Sums) => Sums): Make =>
  (draft, style) =>
    xmlBytes(ublDocument({ ...draft, falsify }), style)

// A document whose tree was changed at one place.
const tree =
  (change: (root: Node) => Node): Make =>
  (draft, style) =>
    xmlBytes(change(ublDocument(draft)), style)

// A document whose text was changed: written plainly, because the change looks for something in it.
const text =
  (change: (xml: string) => string): Make =>
  (draft) =>
    Buffer.from(change(Buffer.from(xmlBytes(ublDocument(draft), plainStyle)).toString('utf8')), 'utf8')

const bytes =
  (content: string | Uint8Array): Make =>
  () =>
    Buffer.from(content)

const makers: readonly [readonly [RuleId, Make], ...(readonly [RuleId, Make])[]] = [
  ['BR-CO-10', sum((sums) => ({ ...sums, lineTotal: sums.lineTotal + 10_000n }))],
  ['BR-CO-13', sum((sums) => ({ ...sums, taxExclusive: sums.taxExclusive - 5_000n }))],
  ['BR-CO-14', sum((sums) => ({ ...sums, taxTotal: sums.taxTotal + 2_500n }))],
  ['BR-CO-15', sum((sums) => ({ ...sums, taxInclusive: sums.taxInclusive + 100n }))],
  ['BR-CO-16', sum((sums) => ({ ...sums, payable: sums.payable * 10n }))],
  ['BR-CO-17', sum(withTooMuchTax)],
  ['PEPPOL-EN16931-R120', sum((sums) => ({ ...sums, lines: sums.lines.map((line, at) => (at === 0 ? line + 9_900n : line)) }))],
  ['BR-01', tree((root) => without(root, 'cbc:CustomizationID'))],
  ['BR-02', tree((root) => without(root, 'cbc:ID'))],
  ['BR-03', tree((root) => without(root, 'cbc:IssueDate'))],
  ['BR-05', tree((root) => without(root, 'cbc:DocumentCurrencyCode'))],
  ['BR-06', tree((root) => without(root, 'cac:AccountingSupplierParty'))],
  ['BR-16', tree((root) => without(root, 'cac:InvoiceLine'))],
  ['BR-CO-18', tree((root) => without(root, 'cac:TaxTotal'))],
  ['PEPPOL-EN16931-R008', tree((root) => withText(root, 'cbc:IssueDate', ' '))],
  ['PEPPOL-EN16931-F001', tree((root) => withText(root, 'cbc:IssueDate', '31.03.2026'))],
  [
    'PEPPOL-EN16931-R004',
    tree((root) => withText(root, 'cbc:CustomizationID', 'urn:www.cenbii.eu:transaction:biitrns010:ver2.0')),
  ],
  ['BR-CL-04', tree((root) => withText(root, 'cbc:DocumentCurrencyCode', 'KRX'))],
  ['UBL-CARDINALITY', tree((root) => ({ ...root, content: [...childrenOf(root), ...childrenOf(root).slice(0, 3)] }))],
  ['NOT-UBL', tree((root) => ({ ...root, name: 'Order' }))],
  ['NOT-DECIMAL', text((xml) => xml.replace(/(<cbc:PayableAmount[^>]*>)[^<]*/, '$11 234,50'))],
  [
    'PEPPOL-EN16931-R051',
    text((xml) => xml.replace(/<cbc:PayableAmount currencyID="..."/, '<cbc:PayableAmount currencyID="XOF"')),
  ],
  ['XML-WELL-FORMED', text((xml) => xml.slice(0, Math.floor(xml.length * 0.7)))],
  ['XML-WELL-FORMED', text((xml) => xml.replace('</cac:Party>', '</cac:party>'))],
  ['XML-WELL-FORMED', text((xml) => xml.replace('<cbc:IssueDate>', '<cbc:IssueDate>&nbsp;'))],
  ['XML-WELL-FORMED', text((xml) => `${xml}<Invoice/>`)],
  ['XML-WELL-FORMED', bytes('')],
  ['XML-WELL-FORMED', bytes('%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n')],
  ['XML-WELL-FORMED', bytes('{"invoice": 4711, "amount": "1200.00"}\n')],
  ['NOT-UBL', bytes('<html><body><h1>Invoice 4711</h1></body></html>\n')],
  ['XML-DOCTYPE', text((xml) => withDoctype(xml, entityBomb()))],
  ['XML-DOCTYPE', text((xml) => withDoctype(xml, '<!DOCTYPE Invoice SYSTEM "http://127.0.0.1/invoice.dtd">'))],
  ['XML-ENCODING', text((xml) => xml.replace('encoding="UTF-8"', 'encoding="UTF-7"'))],
  ['XML-ENCODING', text((xml) => xml.replace('encoding="UTF-8"', 'encoding="UTF-16"'))],
  ['XML-ENCODING', (draft) => withBrokenByte(xmlBytes(ublDocument(draft), plainStyle))],
  ['LIMIT-DEPTH', text((xml) => beforeEnd(xml, '<x>'.repeat(maxElementDepth) + '</x>'.repeat(maxElementDepth)))],
  ['LIMIT-ELEMENTS', text((xml) => beforeEnd(xml, '<x/>'.repeat(maxElements)))],
  ['LIMIT-TEXT', tree((root) => withText(root, 'cbc:ID', 'A'.repeat(maxTextCharacters + 1)))],
  ['IDENTIFIER-TEXT', tree((root) => withText(root, 'cbc:ID', '4711\u200b'))],
]

function withTooMuchTax(sums: Sums): Sums {
  const extra = 500_000n
  const [first, ...others] = sums.taxes
  return {
    ...sums,
    taxes: first === undefined ? others : [{ ...first, amount: first.amount + extra }, ...others],
    taxTotal: sums.taxTotal + extra,
    taxInclusive: sums.taxInclusive + extra,
    payable: sums.payable + extra,
  }
}

function childrenOf(node: Node): readonly Node[] {
  return typeof node.content === 'string' ? [] : node.content
}

function without(root: Node, name: string): Node {
  return { ...root, content: childrenOf(root).filter((child) => child.name !== name) }
}

function withText(root: Node, name: string, content: string): Node {
  return {
    ...root,
    content: childrenOf(root).map((child) => (child.name === name ? { name, attributes: child.attributes, content } : child)),
  }
}

function beforeEnd(xml: string, addition: string): string {
  return xml.replace(/<\/Invoice>\s*$/, `${addition}</Invoice>\n`)
}

function withDoctype(xml: string, doctype: string): string {
  return xml.replace('?>\n', `?>\n${doctype}\n`)
}

/** Nine entities, each ten times the one before: a billion copies of one word, were it ever expanded. */
function entityBomb(): string {
  const entities = Array.from({ length: 9 }, (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`)
  return `<!DOCTYPE Invoice [\n<!ENTITY e0 "faktura">\n${entities.join('\n')}\n]>`
}

function withBrokenByte(file: Uint8Array): Uint8Array {
  const at = Buffer.from(file).indexOf('<cbc:IssueDate>') + '<cbc:IssueDate>'.length
  return Buffer.concat([file.subarray(0, at), Buffer.of(0xc3, 0x28), file.subarray(at)])
}
