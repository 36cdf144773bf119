// What TypeScript sees of a table. `tsc` checks these; at run time they hold by themselves.

import { expectTypeOf, test } from 'vitest'
import type { Labeled } from '../../src/label/labeled.ts'
import type { Money } from '../../src/lib/money.ts'
import { type Insert, type Row, t, table, type Update } from '../../src/schema/index.ts'

const invoice = table(
  {
    tenant: t.tenant(),
    id: t.uuid().defaultRandom(),
    number: t.text(),
    amount: t.money(),
    status: t.states({ received: ['paid'], paid: [] }).default('received'),
    kind: t.enum('invoice', 'credit'),
    note: t.text().nullable(),
    paidAt: t.timestamp().nullable(),
    guess: t.integer().untrusted(),
  },
  { primaryKey: ['tenant', 'id'] },
)

test('a cell is plain where its column is trusted, and labelled where it is not', () => {
  type R = Row<typeof invoice>
  expectTypeOf<R['id']>().toEqualTypeOf<string>()
  expectTypeOf<R['amount']>().toEqualTypeOf<Money>()
  expectTypeOf<R['status']>().toEqualTypeOf<'received' | 'paid'>()
  expectTypeOf<R['kind']>().toEqualTypeOf<'invoice' | 'credit'>()
  expectTypeOf<R['paidAt']>().toEqualTypeOf<Date | null>()
  expectTypeOf<R['number']>().toEqualTypeOf<Labeled<string>>()
  expectTypeOf<R['note']>().toEqualTypeOf<Labeled<string | null>>()
  expectTypeOf<R['guess']>().toEqualTypeOf<Labeled<number>>()
})

test('an insert needs what has no default, and never the tenant', () => {
  type I = Insert<typeof invoice>
  expectTypeOf<{ number: string; amount: Money; kind: 'invoice'; guess: number }>().toExtend<I>()
  expectTypeOf<{
    number: string
    amount: Money
    kind: 'invoice'
    guess: number
    note: null
    status: 'paid'
    id: string
  }>().toExtend<I>()
  expectTypeOf<{ number: string; amount: Money; guess: number }>().not.toExtend<I>()
  expectTypeOf<{ number: string; amount: Money; kind: 'other'; guess: number }>().not.toExtend<I>()
  expectTypeOf<'tenant'>().not.toExtend<keyof I>()
})

test('a labelled value fits an untrusted column and no trusted one', () => {
  type I = Insert<typeof invoice>
  expectTypeOf<Labeled<string>>().toExtend<I['number']>()
  expectTypeOf<Labeled<number>>().toExtend<I['guess']>()
  expectTypeOf<Labeled<'invoice'>>().not.toExtend<I['kind']>()
  expectTypeOf<Labeled<Money>>().not.toExtend<I['amount']>()
})

test('an update sets any field but the tenant, to values of its type only', () => {
  type U = Update<typeof invoice>
  expectTypeOf<{ status: 'paid' }>().toExtend<U>()
  expectTypeOf<{ note: null; kind: 'credit' }>().toExtend<U>()
  expectTypeOf<{ status: 'gone' }>().not.toExtend<U>()
  expectTypeOf<{ amount: null }>().not.toExtend<U>()
  expectTypeOf<{ paidAt: null }>().toExtend<U>()
  expectTypeOf<'tenant'>().not.toExtend<keyof U>()
})
