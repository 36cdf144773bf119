// Versions of the product with one guard against crashes taken out, to show that the proof would notice. Each is a change of
// the source text, made while it is loaded; a text that is not there exactly once is an error, so that no mutant goes stale.

import type { EntryBoundary, Moment } from './kill.ts'

type Change = { readonly file: string; readonly from: string; readonly to: string }

export type Mutant = {
  readonly name: string
  readonly changes: readonly Change[]
  /** Where the job is killed. */
  readonly moment: Extract<Moment, { kind: 'entry' }>
}

const paid: EntryBoundary = { kind: 'action.done' }
const intended: EntryBoundary = { kind: 'action.intent' }

export const mutants: readonly Mutant[] = [
  {
    name: 'each attempt at the bank has a key of its own',
    changes: [
      {
        file: 'examples/bill-pay/src/app/transfer.ts',
        from: 'bank.pay(payment, { idempotencyKey, signal })',
        to: 'bank.pay(payment, { idempotencyKey: crypto.randomUUID(), signal })',
      },
    ],
    moment: { kind: 'entry', entry: paid, side: 'before its commit' },
  },
  {
    // The key has to be random too: one that follows from run and path is the same without an intent that keeps it.
    name: 'the intent, with the key in it, is forgotten',
    changes: [
      {
        file: 'paybill/src/invoke/invoke.ts',
        from: '= idempotencyKeyOf(door.runId, call.path)',
        to: '= crypto.randomUUID()',
      },
      {
        file: 'paybill/src/run/perform-action.ts',
        from: "past.findLast((entry) => entry.kind === 'action.intent')",
        to: 'past.find(() => false)',
      },
    ],
    moment: { kind: 'entry', entry: paid, side: 'before its commit' },
  },
  {
    name: 'an intent is taken for a payment, and the bank is not asked',
    changes: [
      {
        file: 'examples/bill-pay/src/app/transfer.ts',
        from: 'await bank.find(idempotencyKey, { signal })',
        to: "{ id: 'believed' }",
      },
    ],
    moment: { kind: 'entry', entry: intended, side: 'after its commit' },
  },
]
