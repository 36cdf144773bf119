// The one action that moves money. Whoever writes the invoice and whatever the model says: the account is one that the
// register has for this vendor, and the amount is inside the company's limits or a person has said yes.

import { action, any, bounded, choice } from 'paybill/action'
import { PaybillError } from 'paybill/lib'
import { z } from 'zod'
import type { BankClient } from '../bank-client.ts'
import type { Company, PaymentLimits } from '../company.ts'

const amount = z.object({ minor: z.bigint(), currency: z.string() })

/** What the bank said. */
export type TransferResult =
  | { readonly kind: 'accepted'; readonly id: string; readonly idempotencyKey: string }
  | { readonly kind: 'refused' }

export function transferAction(company: Company, bank: BankClient) {
  const limit = (kind: keyof PaymentLimits) => Array.from(company.limits.values(), (limits) => limits[kind])
  return action('bank.transfer', {
    version: 1,
    arguments: { vendor: z.string(), account: z.string(), amount, invoiceNumber: z.string(), reference: z.string().nullable() },
    accepts: {
      vendor: choice({ table: 'vendor', column: 'number' }),
      account: choice({ table: 'vendor', column: 'account', where: { number: 'vendor' } }),
      amount: bounded({
        max: limit('perInvoice'),
        per: [
          { name: 'vendor and day', key: ['vendor'], window: 'day', max: limit('perVendorDay') },
          { name: 'day', key: [], window: 'day', max: limit('perDay') },
        ],
        over: 'ask',
      }),
      invoiceNumber: any(),
      reference: any(),
    },
    recipient: 'network:bank',
    // One of eight standings and one of three verdicts may lead here: together less than five bits.
    influence: 5,
    recovery: {
      kind: 'verify',
      find: async ({ idempotencyKey, signal }): Promise<TransferResult | null> => {
        const found = await bank.find(idempotencyKey, { signal })
        return found === null ? null : { kind: 'accepted', id: found.id, idempotencyKey }
      },
    },
    run: async ({ values, idempotencyKey, signal }): Promise<TransferResult> => {
      const payment = {
        payer: company.account,
        account: values.account,
        amount: values.amount,
        invoiceNumber: values.invoiceNumber,
        reference: values.reference ?? values.invoiceNumber,
      }
      const answer = await bank.pay(payment, { idempotencyKey, signal }).catch(refusedForm)
      return answer.kind === 'accepted' ? { kind: 'accepted', id: answer.id, idempotencyKey } : { kind: 'refused' }
    },
  })
}

// A field that the bank calls malformed, such as a reference with a control character in it, is as good as a refusal:
// nothing was paid, and asking again would be answered in the same way for ever.
function refusedForm(error: unknown): { readonly kind: 'refused' } {
  if (error instanceof PaybillError && error.code === 'ARGUMENT_INVALID') return { kind: 'refused' }
  throw error
}
