// What TypeScript sees of the verbs. `tsc` checks these; at run time they hold by themselves.

import { expectTypeOf, test } from 'vitest'
import type { Labeled } from '../../src/label/labeled.ts'
import type { Session, SessionTables } from '../../src/database/index.ts'
import type { Money } from '../../src/lib/money.ts'
import type { Bills } from './bills.ts'

// Never called: only its types are looked at.
function calls(session: Session<Bills>) {
  const { invoice } = session
  return {
    selected: () => invoice.findMany({ select: ['id', 'amount', 'note'] }),
    everything: () => invoice.findFirst(),
    returning: () => invoice.insert({ number: 'A-1', amount: { minor: 1n, currency: 'NOK' } }, { returning: ['status'] }),
    inserted: () => invoice.insert({ number: 'A-1', amount: { minor: 1n, currency: 'NOK' } }),
    chosen: () => invoice.choose({ by: { id: 'x' }, select: ['amount', 'note'] }),
    inTransaction: () => session.transaction(async (tables) => tables),
  }
}
type Result<Name extends keyof ReturnType<typeof calls>> = Awaited<ReturnType<ReturnType<typeof calls>[Name]>>

test('a row has the selected fields and no others', () => {
  expectTypeOf<Result<'selected'>[number]>().toEqualTypeOf<{
    readonly id: string
    readonly amount: Money
    readonly note: Labeled<string | null>
  }>()
  expectTypeOf<keyof NonNullable<Result<'everything'>>>().toEqualTypeOf<keyof Bills['tables']['invoice']['columns']>()
})

test('an insert gives back what it was asked for, and nothing otherwise', () => {
  expectTypeOf<Result<'returning'>>().toEqualTypeOf<{ readonly status: 'received' | 'paid' | 'held' }>()
  expectTypeOf<Result<'inserted'>>().toEqualTypeOf<void>()
})

test('every cell of a chosen row is labelled', () => {
  expectTypeOf<NonNullable<Result<'chosen'>>>().toEqualTypeOf<{
    readonly amount: Labeled<Money>
    readonly note: Labeled<string | null>
  }>()
})

test('a transaction cannot be opened in a transaction', () => {
  expectTypeOf<Result<'inTransaction'>>().toEqualTypeOf<SessionTables<Bills>>()
  expectTypeOf<'transaction'>().not.toExtend<keyof SessionTables<Bills>>()
})

test('conditions and values that are not of the column, and labelled ones, do not compile', () => {
  const wrong = ({ invoice }: Session<Bills>, labeled: Labeled<string>) => {
    // @ts-expect-error a status that is none
    void invoice.findMany({ where: { status: 'gone' } })
    // @ts-expect-error a field that is none
    void invoice.findMany({ select: ['nope'] })
    // @ts-expect-error a labelled value in a condition
    void invoice.findMany({ where: { number: labeled } })
    // @ts-expect-error a labelled value in a trusted column
    void invoice.update({ where: { id: 'x' }, set: { approvedBy: labeled } })
    // @ts-expect-error the tenant is never given
    void invoice.update({ where: { id: 'x' }, set: { tenant: 'other' } })
    // @ts-expect-error an update without a condition
    void invoice.update({ set: { note: 'x' } })
    void invoice.update({ where: { id: 'x' }, set: { note: labeled } })
    void invoice.choose({ by: { number: labeled }, select: ['id'] })
  }
  expectTypeOf(wrong).toBeFunction()
})
