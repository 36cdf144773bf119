// How the invoice asks to be paid. The account found here is only compared with the vendor register; money never goes to it
// because it stands in a file.

import type { PaymentInstruction } from './document.ts'
import { all, optional, optionalAt, optionalIdentifierText, identifierText, requiredIdentifierText } from './reading.ts'
import { InvoiceRejected } from './rejection.ts'
import type { XmlElement } from './xml.ts'

const creditTransferCodes = new Set(['30', '58'])
const directDebitCodes = new Set(['49', '59'])

export function readPayments(root: XmlElement): readonly PaymentInstruction[] {
  const payments = all(root, 'cac:PaymentMeans').map(readPayment)
  if (new Set(payments.map((payment) => payment.meansCode)).size > 1)
    throw new InvoiceRejected('UBL-SR-47', 'the payment instructions have different payment means codes')
  if (new Set(payments.map((payment) => payment.paymentId).filter((id) => id !== null)).size > 1)
    throw new InvoiceRejected('UBL-SR-44', 'the payment instructions have different payment references')
  return payments
}

function readPayment(means: XmlElement): PaymentInstruction {
  const meansCode = requiredIdentifierText(means, 'cbc:PaymentMeansCode', 'BR-49')
  const account = optional(means, 'cac:PayeeFinancialAccount')
  const accountId = account === null ? null : optionalIdentifierText(account, 'cbc:ID')
  if (creditTransferCodes.has(meansCode) && account !== null && (accountId ?? '') === '')
    throw new InvoiceRejected('BR-50', 'the account of a credit transfer has no number')
  if (creditTransferCodes.has(meansCode) && account === null)
    throw new InvoiceRejected('BR-61', 'a credit transfer names no account')
  const mandate = optionalAt(means, 'cac:PaymentMandate', 'cbc:ID')
  if (directDebitCodes.has(meansCode) && mandate === null)
    throw new InvoiceRejected('PEPPOL-EN16931-R061', 'a direct debit names no mandate')
  const bic = account === null ? null : optionalAt(account, 'cac:FinancialInstitutionBranch', 'cbc:ID')
  return {
    meansCode,
    paymentId: optionalIdentifierText(means, 'cbc:PaymentID'),
    account: accountId === null ? null : { id: accountId, bic: bic === null ? null : identifierText(bic) },
    mandate: mandate === null ? null : identifierText(mandate),
  }
}
