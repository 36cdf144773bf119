// From a draft to the tree of a PEPPOL BIS Billing 3.0 document, in the order that the schema of UBL 2.1 asks for.

import { type Draft, type DraftAllowance, type DraftLine, type Sums, sumsOf, type Tax } from './draft.ts'
import type { Supplier } from './suppliers.ts'
import { element, type Node } from './xml-text.ts'

type Part = Node | null

export function ublDocument(draft: Draft): Node {
  const sums = sumsOf(draft)
  const invoice = draft.kind === 'invoice'
  return {
    name: invoice ? 'Invoice' : 'CreditNote',
    attributes: {},
    content: [
      element('cbc:CustomizationID', 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0'),
      element('cbc:ProfileID', 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0'),
      element('cbc:ID', draft.number),
      element('cbc:IssueDate', draft.issueDate),
      invoice ? element('cbc:DueDate', draft.dueDate) : null,
      invoice ? element('cbc:InvoiceTypeCode', '380') : element('cbc:CreditNoteTypeCode', '381'),
      element('cbc:Note', draft.note),
      element('cbc:DocumentCurrencyCode', draft.currency),
      element('cbc:BuyerReference', draft.buyerReference),
      element('cac:OrderReference', [element('cbc:ID', draft.orderReference)]),
      ...draft.attachments.map(attachment),
      element('cac:AccountingSupplierParty', [supplierParty(draft.supplier)]),
      element('cac:AccountingCustomerParty', [buyerParty(draft.buyer)]),
      ...paymentMeans(draft),
      draft.paymentTerms === null ? null : element('cac:PaymentTerms', [element('cbc:Note', draft.paymentTerms)]),
      ...draft.allowances.map((each) => allowance(each, draft.currency, each.tax)),
      taxTotal(sums, draft.currency),
      monetaryTotal(draft, sums),
      ...draft.lines.map((line, at) => documentLine(draft, line, at, sums.lines[at] ?? 0n)),
    ].filter((node) => node !== null),
  }
}

/** An amount in hundredths as the standard writes it. */
export function decimalText(hundredths: bigint): string {
  const digits = (hundredths < 0n ? -hundredths : hundredths).toString().padStart(3, '0')
  return `${hundredths < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function amount(name: string, hundredths: bigint | null, currency: string): Part {
  return hundredths === null ? null : element(name, decimalText(hundredths), { currencyID: currency })
}

function attachment({ name, description, content }: Draft['attachments'][number]): Part {
  return element('cac:AdditionalDocumentReference', [
    element('cbc:ID', name.replace(/\.pdf$/, '')),
    element('cbc:DocumentDescription', description),
    element('cac:Attachment', [
      element('cbc:EmbeddedDocumentBinaryObject', content, { mimeCode: 'application/pdf', filename: name }),
    ]),
  ])
}

function supplierParty(supplier: Supplier): Part {
  return element('cac:Party', [
    element('cbc:EndpointID', supplier.organizationNumber, { schemeID: supplier.scheme }),
    element('cac:PartyName', [element('cbc:Name', supplier.name)]),
    address(supplier.street, supplier.city, supplier.country),
    taxScheme(supplier.vatId),
    element('cac:PartyLegalEntity', [
      element('cbc:RegistrationName', supplier.name),
      element('cbc:CompanyID', supplier.organizationNumber, { schemeID: supplier.scheme }),
    ]),
  ])
}

function buyerParty({ name, organizationNumber, street, city }: Draft['buyer']): Part {
  return element('cac:Party', [
    element('cbc:EndpointID', organizationNumber, { schemeID: '0192' }),
    address(street, city, 'NO'),
    taxScheme(`NO${organizationNumber}MVA`),
    element('cac:PartyLegalEntity', [
      element('cbc:RegistrationName', name),
      element('cbc:CompanyID', organizationNumber, { schemeID: '0192' }),
    ]),
  ])
}

function address(street: string, city: string, country: string): Part {
  return element('cac:PostalAddress', [
    element('cbc:StreetName', street),
    element('cbc:CityName', city),
    element('cac:Country', [element('cbc:IdentificationCode', country)]),
  ])
}

function taxScheme(vatId: string): Part {
  return element('cac:PartyTaxScheme', [element('cbc:CompanyID', vatId), vat()])
}

function vat(): Part {
  return element('cac:TaxScheme', [element('cbc:ID', 'VAT')])
}

function paymentMeans({ payment }: Draft): readonly Part[] {
  if (payment === null) return []
  const instruction = (account: Part): Part =>
    element('cac:PaymentMeans', [
      element('cbc:PaymentMeansCode', payment.meansCode),
      element('cbc:PaymentID', payment.reference),
      account,
    ])
  if (payment.accounts.length === 0) return [instruction(null)]
  return payment.accounts.map(({ id, name, bic }) =>
    instruction(
      element('cac:PayeeFinancialAccount', [
        element('cbc:ID', id),
        element('cbc:Name', name),
        bic === null ? null : element('cac:FinancialInstitutionBranch', [element('cbc:ID', bic)]),
      ]),
    ),
  )
}

function allowance(each: Omit<DraftAllowance, 'tax'>, currency: string, tax: Tax | null): Part {
  return element('cac:AllowanceCharge', [
    element('cbc:ChargeIndicator', String(each.charge)),
    element('cbc:AllowanceChargeReason', each.reason),
    element('cbc:MultiplierFactorNumeric', each.percentOf?.percent ?? null),
    amount('cbc:Amount', each.amount, currency),
    amount('cbc:BaseAmount', each.percentOf?.base ?? null, currency),
    tax === null ? null : taxCategory('cac:TaxCategory', tax, false),
  ])
}

function taxCategory(name: string, tax: Tax, withReason: boolean): Part {
  return element(name, [
    element('cbc:ID', tax.code),
    element('cbc:Percent', tax.percent),
    withReason ? element('cbc:TaxExemptionReason', tax.exemptionReason) : null,
    vat(),
  ])
}

function taxTotal({ taxTotal, taxes }: Sums, currency: string): Part {
  return element('cac:TaxTotal', [
    amount('cbc:TaxAmount', taxTotal, currency),
    ...taxes.map((each) =>
      element('cac:TaxSubtotal', [
        amount('cbc:TaxableAmount', each.taxable, currency),
        amount('cbc:TaxAmount', each.amount, currency),
        taxCategory('cac:TaxCategory', each.tax, true),
      ]),
    ),
  ])
}

function monetaryTotal(draft: Draft, sums: Sums): Part {
  const { currency } = draft
  const ifAny = (value: bigint, charge: boolean) => (draft.allowances.some((each) => each.charge === charge) ? value : null)
  return element('cac:LegalMonetaryTotal', [
    amount('cbc:LineExtensionAmount', sums.lineTotal, currency),
    amount('cbc:TaxExclusiveAmount', sums.taxExclusive, currency),
    amount('cbc:TaxInclusiveAmount', sums.taxInclusive, currency),
    amount('cbc:AllowanceTotalAmount', ifAny(sums.allowanceTotal, false), currency),
    amount('cbc:ChargeTotalAmount', ifAny(sums.chargeTotal, true), currency),
    amount('cbc:PrepaidAmount', draft.prepaid, currency),
    amount('cbc:PayableRoundingAmount', draft.rounding, currency),
    amount('cbc:PayableAmount', sums.payable, currency),
  ])
}

function documentLine({ kind, currency }: Draft, line: DraftLine, at: number, net: bigint): Part {
  const invoice = kind === 'invoice'
  return element(invoice ? 'cac:InvoiceLine' : 'cac:CreditNoteLine', [
    element('cbc:ID', String(at + 1)),
    element('cbc:Note', line.note),
    element(invoice ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity', quantityText(line.quantity), { unitCode: line.unit }),
    amount('cbc:LineExtensionAmount', net, currency),
    ...line.allowances.map((each) => allowance(each, currency, null)),
    element('cac:Item', [
      element('cbc:Description', line.description),
      element('cbc:Name', line.name),
      taxCategory('cac:ClassifiedTaxCategory', line.tax, false),
      line.property === null
        ? null
        : element('cac:AdditionalItemProperty', [
            element('cbc:Name', line.property.name),
            element('cbc:Value', line.property.value),
          ]),
    ]),
    element('cac:Price', [amount('cbc:PriceAmount', line.price, currency)]),
  ])
}

function quantityText(thousandths: bigint): string {
  const digits = thousandths.toString().padStart(4, '0')
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`.replace(/\.?0+$/, '')
}
