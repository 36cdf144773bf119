// The parties of an invoice: who sends it and who is to pay. Rules about a party's identifiers are checked where they are read.

import { identifierHolds } from './identifier-schemes.ts'
import type { Identifier, Party } from './document.ts'
import { all, identifierOf, identifierText, optional, optionalAt, required, requiredIdentifierText, textOf } from './reading.ts'
import { InvoiceRejected, quoted, type RuleId } from './rejection.ts'
import type { XmlElement } from './xml.ts'

export type PartyRules = {
  readonly element: 'cac:AccountingSupplierParty' | 'cac:AccountingCustomerParty'
  readonly name: RuleId
  readonly address: RuleId
  readonly country: RuleId
  readonly endpoint: RuleId
  readonly endpointScheme: RuleId
  readonly oneVatId: RuleId
}

export const supplierRules: PartyRules = {
  element: 'cac:AccountingSupplierParty',
  name: 'BR-06',
  address: 'BR-08',
  country: 'BR-09',
  endpoint: 'PEPPOL-EN16931-R020',
  endpointScheme: 'BR-62',
  oneVatId: 'UBL-SR-12',
}

export const customerRules: PartyRules = {
  element: 'cac:AccountingCustomerParty',
  name: 'BR-07',
  address: 'BR-10',
  country: 'BR-11',
  endpoint: 'PEPPOL-EN16931-R010',
  endpointScheme: 'BR-63',
  oneVatId: 'UBL-SR-18',
}

export function readParty(root: XmlElement, rules: PartyRules, peppol: boolean): Party {
  const party = required(required(root, rules.element, rules.name), 'cac:Party', rules.name)
  const legalEntity = required(party, 'cac:PartyLegalEntity', rules.name)
  const address = required(party, 'cac:PostalAddress', rules.address)
  const registration = optional(legalEntity, 'cbc:CompanyID')
  return {
    name: requiredIdentifierText(legalEntity, 'cbc:RegistrationName', rules.name),
    endpoint: readEndpoint(party, rules, peppol),
    identifiers: all(party, 'cac:PartyIdentification')
      .map((identification) => optional(identification, 'cbc:ID'))
      .filter((id) => id !== null)
      .map(checkedIdentifier),
    legalRegistration: registration === null ? null : checkedIdentifier(registration),
    vatId: vatId(party, rules),
    hasTaxRegistration: taxRegistrations(party, () => true).length > 0,
    country: requiredIdentifierText(required(address, 'cac:Country', rules.country), 'cbc:IdentificationCode', rules.country),
  }
}

export function hasVatRegistration(party: XmlElement): boolean {
  return taxRegistrations(party, (scheme) => scheme === 'VAT').length > 0
}

function readEndpoint(party: XmlElement, rules: PartyRules, peppol: boolean): Identifier | null {
  const element = peppol ? required(party, 'cbc:EndpointID', rules.endpoint) : optional(party, 'cbc:EndpointID')
  if (element === null) return null
  if (!element.attributes.has('schemeID'))
    throw new InvoiceRejected(rules.endpointScheme, `cbc:EndpointID has no schemeID in ${rules.element}`)
  return checkedIdentifier(element)
}

function checkedIdentifier(element: XmlElement): Identifier {
  const identifier = identifierOf(element)
  const broken = identifierHolds(identifier)
  if (broken !== null) throw new InvoiceRejected(broken, `${element.name} is ${quoted(identifier.value)}`)
  return identifier
}

function taxRegistrations(party: XmlElement, inScheme: (scheme: string) => boolean): readonly XmlElement[] {
  return all(party, 'cac:PartyTaxScheme').flatMap((registration) => {
    const scheme = optionalAt(registration, 'cac:TaxScheme', 'cbc:ID')
    const number = optional(registration, 'cbc:CompanyID')
    return scheme !== null && number !== null && inScheme(textOf(scheme).toUpperCase()) ? [number] : []
  })
}

function vatId(party: XmlElement, rules: PartyRules): string | null {
  const [first, ...others] = taxRegistrations(party, (scheme) => scheme === 'VAT')
  if (others.length > 0) throw new InvoiceRejected(rules.oneVatId, `${rules.element} has more than one VAT identifier`)
  return first === undefined ? null : identifierText(first)
}
