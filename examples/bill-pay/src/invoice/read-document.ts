// The document level of an invoice or credit note, read out of the tree. What must be there is checked while reading; what must
// add up is checked afterwards, in rules.ts.

import type { Attachment, InvoiceDocument, Totals } from './document.ts'
import { collectFreeTexts } from './free-text.ts'
import { readLine, readPeriod } from './read-line.ts'
import { customerRules, hasVatRegistration, readParty, supplierRules } from './read-party.ts'
import { readPayments } from './read-payment.ts'
import { onDocument, readAllowance, readTaxTotals } from './read-tax.ts'
import {
  all,
  amountOf,
  dateOf,
  identifierText,
  optional,
  optionalAmount,
  optionalAt,
  optionalDate,
  optionalIdentifierText,
  required,
  requiredIdentifierText,
  textOf,
} from './reading.ts'
import { InvoiceRejected, quoted, type RuleId } from './rejection.ts'
import type { XmlElement } from './xml.ts'

const peppolBilling = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0'
// EN 16931 itself, or specifications that only narrow it (`#compliant#`: PEPPOL, XRechnung, NLCIUS and others). An extension
// (`#conformant#`) may change what amounts mean, so it is refused.
const compliant = /^urn:cen\.eu:en16931:2017(#compliant#[^#]+)*$/
const peppolProfile = /^urn:fdc:peppol\.eu:2017:poacc:billing:\d{2}:1\.0$/

const invoiceTypeCodes = new Set(
  '71 80 82 84 102 218 219 326 331 380 382 383 384 386 388 393 395 553 575 623 780 817 870 875 876 877'.split(' '),
)
const creditNoteTypeCodes = new Set('381 396 81 83 532'.split(' '))
const attachmentTypes = new Set([
  'application/pdf',
  'image/png',
  'image/jpeg',
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.oasis.opendocument.spreadsheet',
])
const currencyCodes: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

export function readDocument(root: XmlElement): InvoiceDocument {
  const kind = root.name === 'CreditNote' ? 'credit-note' : 'invoice'
  const peppol = readSpecification(root)
  const number = requiredIdentifierText(root, 'cbc:ID', 'BR-02')
  const issueDate = dateOf(required(root, 'cbc:IssueDate', 'BR-03'))
  const typeCode = readTypeCode(root, kind)
  const currency = readCurrency(root)
  const taxCurrency = readTaxCurrency(root, currency)
  const supplier = readParty(root, supplierRules, peppol)
  const customer = readParty(root, customerRules, peppol)
  const representative = optional(root, 'cac:TaxRepresentativeParty')
  const period = readPeriod(root, { end: 'BR-29', empty: 'BR-CO-19' })
  const lines = all(root, kind === 'invoice' ? 'cac:InvoiceLine' : 'cac:CreditNoteLine')
  if (lines.length === 0) throw new InvoiceRejected('BR-16', 'there is no line')
  const document: InvoiceDocument = {
    kind,
    peppol,
    number,
    issueDate,
    dueDate: kind === 'invoice' ? optionalDate(root, 'cbc:DueDate') : null,
    typeCode,
    currency,
    taxCurrency,
    buyerReference: optionalIdentifierText(root, 'cbc:BuyerReference'),
    orderReference: identifierAt(root, 'cac:OrderReference', 'cbc:ID'),
    period,
    precedingInvoices: all(root, 'cac:BillingReference').map((reference) =>
      requiredIdentifierText(required(reference, 'cac:InvoiceDocumentReference', 'BR-55'), 'cbc:ID', 'BR-55'),
    ),
    supplier,
    customer,
    payeeName: identifierAt(root, 'cac:PayeeParty', 'cac:PartyName', 'cbc:Name'),
    hasTaxRepresentative: representative !== null && hasVatRegistration(representative),
    delivery: readDelivery(root),
    payments: readPayments(root),
    paymentTerms: readPaymentTerms(root),
    allowances: all(root, 'cac:AllowanceCharge').map((allowance) => readAllowance(allowance, currency, onDocument)),
    taxTotals: readTaxTotals(root, currency, taxCurrency),
    totals: readTotals(root, currency),
    lines: lines.map((line) => readLine(line, currency)),
    attachments: all(root, 'cac:AdditionalDocumentReference').flatMap(readAttachment),
    freeTexts: collectFreeTexts(root),
  }
  if (peppol) checkPeppolHeader(root, document)
  return document
}

function readSpecification(root: XmlElement): boolean {
  const customization = requiredIdentifierText(root, 'cbc:CustomizationID', 'BR-01')
  if (!compliant.test(customization))
    throw new InvoiceRejected('PEPPOL-EN16931-R004', `specification ${quoted(customization)} is not known`)
  return customization.startsWith(peppolBilling)
}

function checkPeppolHeader(root: XmlElement, document: InvoiceDocument): void {
  const profile = requiredIdentifierText(root, 'cbc:ProfileID', 'PEPPOL-EN16931-R001')
  if (!peppolProfile.test(profile)) throw new InvoiceRejected('PEPPOL-EN16931-R007', `business process ${quoted(profile)}`)
  const germans = document.supplier.country === 'DE' && document.customer.country === 'DE'
  if (all(root, 'cbc:Note').length > 1 && !germans)
    throw new InvoiceRejected('PEPPOL-EN16931-R002', 'there is more than one note on the document')
  if (!germans && (document.typeCode === '326' || document.typeCode === '384'))
    throw new InvoiceRejected('PEPPOL-EN16931-P0112', `type ${document.typeCode} is for German buyers and sellers only`)
  if (document.buyerReference === null && document.orderReference === null)
    throw new InvoiceRejected('PEPPOL-EN16931-R003', 'there is neither a buyer reference nor an order reference')
}

function readTypeCode(root: XmlElement, kind: InvoiceDocument['kind']): string {
  const [name, codes, rule]: readonly [string, ReadonlySet<string>, RuleId] =
    kind === 'invoice'
      ? ['cbc:InvoiceTypeCode', invoiceTypeCodes, 'PEPPOL-EN16931-P0100']
      : ['cbc:CreditNoteTypeCode', creditNoteTypeCodes, 'PEPPOL-EN16931-P0101']
  const code = requiredIdentifierText(root, name, 'BR-04')
  if (!codes.has(code)) throw new InvoiceRejected(rule, `type ${quoted(code)} is not on the list`)
  return code
}

function readCurrency(root: XmlElement): string {
  const currency = requiredIdentifierText(root, 'cbc:DocumentCurrencyCode', 'BR-05')
  if (!currencyCodes.has(currency)) throw new InvoiceRejected('BR-CL-04', `currency ${quoted(currency)} is not on the list`)
  return currency
}

function readTaxCurrency(root: XmlElement, currency: string): string | null {
  const taxCurrency = optionalIdentifierText(root, 'cbc:TaxCurrencyCode')
  if (taxCurrency === null) return null
  if (!currencyCodes.has(taxCurrency))
    throw new InvoiceRejected('BR-CL-05', `tax currency ${quoted(taxCurrency)} is not on the list`)
  if (taxCurrency === currency)
    throw new InvoiceRejected('PEPPOL-EN16931-R005', 'the tax currency is the same as the invoice currency')
  return taxCurrency
}

function readTotals(root: XmlElement, currency: string): Totals {
  const totals = required(root, 'cac:LegalMonetaryTotal', 'BR-12')
  const amount = (name: string, missing: RuleId, decimals: RuleId) =>
    amountOf(required(totals, name, missing), currency, decimals)
  const ifAny = (name: string, decimals: RuleId) => optionalAmount(totals, name, currency, decimals)
  return {
    lines: amount('cbc:LineExtensionAmount', 'BR-12', 'BR-DEC-09'),
    taxExclusive: amount('cbc:TaxExclusiveAmount', 'BR-13', 'BR-DEC-12'),
    taxInclusive: amount('cbc:TaxInclusiveAmount', 'BR-14', 'BR-DEC-14'),
    payable: amount('cbc:PayableAmount', 'BR-15', 'BR-DEC-18'),
    allowances: ifAny('cbc:AllowanceTotalAmount', 'BR-DEC-10'),
    charges: ifAny('cbc:ChargeTotalAmount', 'BR-DEC-11'),
    prepaid: ifAny('cbc:PrepaidAmount', 'BR-DEC-16'),
    rounding: ifAny('cbc:PayableRoundingAmount', 'BR-DEC-17'),
  }
}

function readDelivery(root: XmlElement): InvoiceDocument['delivery'] {
  const delivery = optional(root, 'cac:Delivery')
  if (delivery === null) return null
  const country = optionalAt(delivery, 'cac:DeliveryLocation', 'cac:Address', 'cac:Country', 'cbc:IdentificationCode')
  return {
    date: optionalDate(delivery, 'cbc:ActualDeliveryDate'),
    country: country === null ? null : identifierText(country),
  }
}

function readPaymentTerms(root: XmlElement): string | null {
  const note = optionalAt(root, 'cac:PaymentTerms', 'cbc:Note')
  return note === null ? null : textOf(note)
}

function readAttachment(reference: XmlElement): readonly Attachment[] {
  const id = requiredIdentifierText(reference, 'cbc:ID', 'BR-52')
  const embedded = optionalAt(reference, 'cac:Attachment', 'cbc:EmbeddedDocumentBinaryObject')
  if (embedded === null) return []
  const mimeType = embedded.attributes.get('mimeCode') ?? ''
  if (!attachmentTypes.has(mimeType))
    throw new InvoiceRejected('PEPPOL-EN16931-CL001', `an attachment has the type ${quoted(mimeType)}`)
  const fileName = embedded.attributes.get('filename') ?? null
  // Four characters of base64 stand for three bytes; the padding makes it at most two bytes too many.
  return [{ id, mimeType, fileName, bytes: Math.floor((embedded.attachmentCharacters * 3) / 4) }]
}

function identifierAt(root: XmlElement, ...names: readonly string[]): string | null {
  const found = optionalAt(root, ...names)
  return found === null ? null : identifierText(found)
}
