// Who in the vendor register sent this invoice, and does it ask for the account we know? Pure; decides nothing about paying. A name
// is never compared: anybody can write a name.

import type { Vendor } from '../vendor-register.ts'
import { isSameAccount, normalizedAccount } from './account.ts'
import type { Identifier, InvoiceDocument, Party } from './document.ts'

export type VendorMatch =
  /** The invoice names the registered account, perhaps beside others. */
  | { readonly match: 'matched'; readonly vendor: Vendor }
  /** The invoice names no account; the registered one is the only one there is. */
  | { readonly match: 'no-account'; readonly vendor: Vendor }
  /** The invoice asks for money on accounts that are not the registered one. */
  | { readonly match: 'account-changed'; readonly vendor: Vendor; readonly invoiceAccounts: readonly string[] }
  | { readonly match: 'unknown-supplier'; readonly reason: 'not in the register' | 'identifiers name different suppliers' }

/**
 * Finds the vendor by the supplier's electronic address, registration and VAT number. All of them that can be compared must mean
 * the same vendor: an invoice with one vendor's address and another company's registration belongs to neither.
 *
 * @example matchVendor(invoice, parseVendorRegister(csv)).match // 'matched'
 */
export function matchVendor(invoice: InvoiceDocument, register: readonly Vendor[]): VendorMatch {
  const { supplier } = invoice
  const candidates = register.filter((vendor) => comparisons(supplier, vendor).includes(true))
  const [vendor] = candidates
  if (vendor === undefined) return { match: 'unknown-supplier', reason: 'not in the register' }
  if (candidates.length > 1 || comparisons(supplier, vendor).includes(false))
    return { match: 'unknown-supplier', reason: 'identifiers name different suppliers' }
  const invoiceAccounts = accountsOf(invoice)
  if (invoiceAccounts.length === 0) return { match: 'no-account', vendor }
  if (invoiceAccounts.some((account) => isSameAccount(account, vendor.account))) return { match: 'matched', vendor }
  return { match: 'account-changed', vendor, invoiceAccounts }
}

/** The accounts that the invoice asks to be paid on, normalised, each once. */
function accountsOf(invoice: InvoiceDocument): readonly string[] {
  const accounts = invoice.payments.flatMap(({ account }) => (account === null ? [] : [normalizedAccount(account.id)]))
  return [...new Set(accounts)]
}

/** For each identifier that both sides have in one scheme: is it the same? */
function comparisons(supplier: Party, vendor: Vendor): readonly boolean[] {
  const { endpoint, legalRegistration, identifiers, vatId } = supplier
  const ofOrganization = [endpoint, legalRegistration, ...identifiers]
    .filter((identifier) => identifier !== null)
    .flatMap((identifier) => isOrganization(identifier, vendor))
  return vatId === null || vendor.vatId === null
    ? ofOrganization
    : [...ofOrganization, normalizedAccount(vatId) === normalizedAccount(vendor.vatId)]
}

/** Empty where the two cannot be compared: another scheme, or a number without a scheme, which could be any. */
function isOrganization({ scheme, value }: Identifier, vendor: Vendor): readonly boolean[] {
  const [vendorScheme, vendorNumber] = vendor.organizationId.split(':')
  return scheme === vendorScheme ? [normalizedAccount(value) === vendorNumber] : []
}
