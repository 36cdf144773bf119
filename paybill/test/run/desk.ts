// A petty-cash desk: the smallest company on which every part of the engine has something to do. Slips are written by
// strangers, payees are registered, money leaves through one action.

import { acl } from '../../src/acl/index.ts'
import { any, type Bounded, bounded, choice } from '../../src/action/index.ts'
import { type Action, action, type ActionLimits, type ExternalCall, type Recovery } from '../../src/action/action.ts'
import type { Accepts } from '../../src/action/accepts.ts'
import type { Principal } from '../../src/acl/principal.ts'
import { type Money, money } from '../../src/lib/money.ts'
import { schema, t, table } from '../../src/schema/index.ts'
import { z } from 'zod'

export const deskSchema = schema({
  payee: table(
    {
      tenant: t.tenant(),
      number: t.text({ maxLength: 20 }).trusted(),
      account: t.text({ maxLength: 34 }).trusted(),
    },
    { primaryKey: ['tenant', 'number'] },
  ),
  slip: table(
    {
      tenant: t.tenant(),
      id: t.uuid().defaultRandom(),
      payee: t.text({ maxLength: 20 }),
      account: t.text({ maxLength: 34 }),
      amount: t.money().untrusted(),
      memo: t.text({ maxLength: 200 }),
      // What the payer noted for himself: neither the bank nor a model may read it.
      remark: t.text({ maxLength: 200 }),
    },
    { primaryKey: ['tenant', 'id'] },
  ),
})

export const deskRules = acl(deskSchema, {
  roles: ['keeper', 'cashier', 'approver', 'helper', 'bystander', 'bank', 'branch-bank', 'model-provider'],
  rules: ({ allow }) => [
    allow('keeper').read('payee'),
    allow('keeper').create('payee'),
    allow('keeper').update('payee'),
    allow('keeper').create('slip'),
    allow('keeper').read('slip').fields('id'),
    allow('cashier').act('start:desk'),
    allow('cashier').act('history:desk'),
    allow('cashier').act('cash.pay'),
    allow('cashier').read('payee'),
    allow('cashier').update('payee'),
    allow('cashier').read('slip'),
    allow('cashier').create('slip'),
    allow('approver').act('approve:cash.pay'),
    allow('approver').act('approve:desk'),
    // The agent that may do all that a cashier may, and one that may only look.
    allow('helper').act('cash.pay'),
    allow('helper').read('payee'),
    allow('helper').update('payee'),
    allow('helper').read('slip'),
    allow('helper').create('slip'),
    allow('bystander').read('payee'),
    allow('bystander').read('slip'),
    allow('bank').read('slip').fields('id', 'payee', 'account', 'amount', 'memo'),
    // A bank that may know of the slips of one payee only.
    allow('branch-bank')
      .read('slip')
      .fields('id', 'memo')
      .where(({ row }) => row.payee.eq('100')),
    allow('model-provider').read('slip').fields('id', 'memo'),
  ],
})

export const nok = (minor: bigint): Money => money(minor, 'NOK')

export type Pay = (call: ExternalCall<PayValues>) => Promise<PayResult>
export type PayValues = { readonly payee: string; readonly account: string; readonly amount: Money; readonly memo: string }
export type PayResult = { readonly paid: string }
type PayArguments = {
  readonly payee: z.ZodString
  readonly account: z.ZodString
  readonly amount: z.ZodType<Money>
  readonly memo: z.ZodString
}

/** At most 100.00 by one call without a person, 150.00 for a payee and day, 300.00 for a day. */
export function payAction(
  pay: Pay,
  change: {
    readonly account?: Accepts
    readonly amount?: Accepts
    readonly influence?: number
    readonly recipient?: string
    readonly limits?: Partial<ActionLimits>
    readonly recovery?: Recovery<PayValues, PayResult>
    readonly version?: number
  } = {},
): Action<PayArguments, PayResult> {
  return action('cash.pay', {
    version: change.version ?? 1,
    arguments: {
      payee: z.string(),
      account: z.string(),
      amount: z.object({ minor: z.bigint(), currency: z.string() }),
      memo: z.string(),
    },
    accepts: {
      payee: payees,
      account: change.account ?? accountOfPayee,
      amount: change.amount ?? amountLimits,
      memo: any(),
    },
    recipient: change.recipient ?? 'network:bank',
    influence: change.influence ?? 4,
    limits: { attempts: 2, timeoutMs: 2_000, ...change.limits },
    recovery: change.recovery ?? { kind: 'retry' },
    run: pay,
  })
}

/** The same with a second bounded argument. */
export function payWithFee(pay: Pay, fee: Bounded) {
  const plain = payAction(pay)
  return action('cash.pay', {
    version: 1,
    arguments: { ...plain.arguments, fee: plain.arguments.amount },
    accepts: { payee: payees, account: accountOfPayee, amount: amountLimits, memo: any(), fee },
    recipient: plain.recipient,
    recovery: { kind: 'retry' },
    run: pay,
  })
}

const payees = choice({ table: 'payee', column: 'number' })
const accountOfPayee = choice({ table: 'payee', column: 'account', where: { number: 'payee' } })
const amountLimits = bounded({
  max: [nok(100_00n)],
  per: [
    { name: 'payee and day', key: ['payee'], window: 'day', max: [nok(150_00n)] },
    { name: 'day', key: [], window: 'day', max: [nok(300_00n)] },
  ],
  over: 'ask',
})

/** Ann starts runs and Bo approves; Una could do both and must not approve what she asked for herself. */
const people: Readonly<Record<string, readonly string[]>> = {
  keeper: ['keeper'],
  ann: ['cashier'],
  bo: ['approver'],
  una: ['cashier', 'approver'],
  stranger: [],
}

export function personOf(id: string, tenant: string): Principal | null {
  const roles = Object.hasOwn(people, id) ? people[id] : undefined
  return roles === undefined ? null : { id, tenant, roles, claims: {} }
}

export const recipients = {
  'network:bank': { roles: ['bank'] },
  'network:branch-bank': { roles: ['branch-bank'] },
  'provider:model': { roles: ['model-provider'] },
  // Declared, and no rule lets it read anything.
  'mail:outside': { roles: [] },
} as const

export const agents = [
  { id: 'helper', roles: ['helper'] },
  { id: 'bystander', roles: ['bystander'] },
] as const
