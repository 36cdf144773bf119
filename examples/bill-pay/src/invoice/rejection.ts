// Why an invoice file was refused. A rejection always names one rule: the identifier of the European standard EN 16931 or of
// PEPPOL BIS Billing 3.0 where one exists, otherwise one of our own below. It is an answer about a file, not a failure of the program.

/** Rules that the standards leave to the reader: what may be a file at all, and how large. */
const ownRules = {
  FILE_UNREADABLE: 'the file cannot be opened or read',
  FILE_TOO_LARGE: 'the file is larger than the reader accepts',
  'XML-ENCODING': 'the bytes are not text in the encoding they claim',
  'XML-WELL-FORMED': 'the text is not well-formed XML 1.0 with namespaces',
  'XML-DOCTYPE': 'the document carries a document type declaration, the door to entity expansion',
  'NOT-UBL': 'the document is neither a UBL Invoice nor a UBL CreditNote',
  'LIMIT-PROLOG': 'no root element comes within reasonable reach',
  'LIMIT-DEPTH': 'elements are nested too deeply',
  'LIMIT-ELEMENTS': 'there are too many elements, comments and processing instructions',
  'LIMIT-ATTRIBUTES': 'an element has too many or too long attributes',
  'LIMIT-TEXT': 'an element holds too much text',
  'LIMIT-FREE-TEXT': 'all free texts together are too long',
  'UBL-MIXED-CONTENT': 'an element has text beside other elements, which UBL does not know',
  'UBL-CARDINALITY': 'an element that may occur once occurs again, so it is not clear which one counts',
  'NOT-DECIMAL': 'a number is not a plain decimal number',
  'AMOUNT-FRACTION': 'an amount has decimals that its currency does not have',
  'LIMIT-AMOUNT': 'an amount has more digits than a payment can have',
  'IDENTIFIER-TEXT': 'an identifier is too long or holds characters that cannot be seen',
} as const satisfies Record<string, string>

export type RuleId = keyof typeof ownRules | `BR-${string}` | `PEPPOL-${string}` | `UBL-SR-${string}`

/** Thrown by the reader. `detail` is safe to show: foreign text in it went through {@link quoted}. */
export class InvoiceRejected extends Error {
  readonly rule: RuleId
  readonly detail: string
  constructor(rule: RuleId, detail: string) {
    super(`${rule}: ${detail}`)
    this.name = 'InvoiceRejected'
    this.rule = rule
    this.detail = detail
  }
}

const maxQuotedCharacters = 60

/** Foreign text for a message: in backticks, short, and without characters that hide, reorder or break lines. */
export function quoted(text: string): string {
  const visible = text.slice(0, maxQuotedCharacters).replaceAll(/[\p{C}\p{Zl}\p{Zp}`]/gu, '·')
  return text.length > maxQuotedCharacters ? `\`${visible}…\`` : `\`${visible}\``
}
