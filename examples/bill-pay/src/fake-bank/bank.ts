// What the fake bank does with a payment order, without HTTP: it behaves as a bank does, not as a careful payer would
// wish. A second order under another key is carried out, however alike the two are; that is what proofs count.

import { randomUUID } from 'node:crypto'
import type { Clock } from 'paybill/lib'
import type { Ledger } from './ledger.ts'
import { countPayments, isSameOrder, type Payment, type PaymentCounts, type PaymentOrder } from './payment.ts'

export type PaymentOutcome =
  | { readonly kind: 'accepted'; readonly payment: Payment; readonly replayed: boolean }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'account-refused' }

export type Bank = {
  pay(order: PaymentOrder, idempotencyKey: string): PaymentOutcome
  findByKey(idempotencyKey: string): Payment | null
  listByPayer(payer: string): readonly Payment[]
  counts(): PaymentCounts
}

/** Makes a bank over a ledger. `refusedAccount` is an account that it will not pay to. */
export function createBank(ledger: Ledger, options: { readonly clock: Clock; readonly refusedAccount: string | null }): Bank {
  const byKey = new Map(ledger.payments.map((payment) => [payment.idempotencyKey, payment]))
  return {
    // INVARIANT: nothing is awaited between the look-up of the key and the append, or one key could be paid twice.
    pay(order, idempotencyKey) {
      const earlier = byKey.get(idempotencyKey)
      if (earlier !== undefined)
        return isSameOrder(earlier, order) ? { kind: 'accepted', payment: earlier, replayed: true } : { kind: 'key-reused' }
      if (order.account === options.refusedAccount) return { kind: 'account-refused' }
      const acceptedAt = options.clock.now().toISOString()
      const payment: Payment = { id: `payment-${randomUUID()}`, status: 'accepted', idempotencyKey, ...order, acceptedAt }
      ledger.append(payment)
      byKey.set(idempotencyKey, payment)
      return { kind: 'accepted', payment, replayed: false }
    },
    findByKey: (idempotencyKey) => byKey.get(idempotencyKey) ?? null,
    listByPayer: (payer) => [...byKey.values()].filter((payment) => payment.payer === payer),
    counts: () => countPayments([...byKey.values()]),
  }
}
