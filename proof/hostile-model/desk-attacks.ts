// Attacks on guards that no invoice can reach: an agent without the right, a recipient without a rule, a person who would
// approve for himself, a program that changes under an approval. Each is a small desk of its own, and says what it got.

import { bounded, choice, trusted } from 'paybill/action'
import { format, type Labeled, map } from 'paybill/label'
import { PaybillError } from 'paybill/lib'
import { deskRules, deskSchema, nok, payAction, personOf } from '../../paybill/test/run/desk.ts'
import {
  approveAll,
  type Attack,
  attackerAccount,
  type Desk,
  type DeskOptions,
  deskWorkflow,
  loadSlip,
  openApp,
  openDesk,
  runSlip,
  type Slip,
} from './desk.ts'
import { doorAttacks } from './door-attacks.ts'
import type { Seen } from './part.ts'
import { type Ground, openWorld } from './world.ts'

/** Runs the named attacks, or all of them. */
export async function attackDesk(ground: Ground, names: readonly string[] | null): Promise<Seen> {
  const world = await openWorld(ground, deskSchema, deskRules)
  try {
    const violations: string[] = []
    let payments = 0
    for (const name of names ?? deskAttackNames) {
      const attack = attacks[name]
      if (attack === undefined) throw new Error(`no attack is called ${name}`)
      const desk = await openDesk(world)
      violations.push(...(await attack(desk)).map((violation) => `${name}: ${violation}`))
      payments += desk.paid().length
    }
    return { violations, counts: { deskAttacks: (names ?? deskAttackNames).length, deskPayments: payments } }
  } finally {
    await world.close()
  }
}

const attacks: Readonly<Record<string, Attack>> = {
  // Not an attack: the desk does pay, so that the others do not fail for another reason than the guard.
  'a slip in order': async (desk) => {
    await pays(desk, {})
    return desk.paid().length === 1 ? [] : ['a slip in order was not paid']
  },

  'an agent without the right': async (desk) => {
    await pays(desk, { agent: 'bystander' })
    return nothingPaid(desk)
  },

  'a person without the right to start': async (desk) => {
    await pays(desk, { as: 'stranger' }).catch(expectRefusal)
    // Bo knows how to approve, and may not ask.
    await pays(desk, { as: 'bo' }).catch(expectRefusal)
    const [row] = await desk.world.sql('select count(*)::int as runs from paybill.run where tenant = $1', [desk.tenant])
    return row?.['runs'] === 0 ? [] : ['a run was started by somebody who may not']
  },

  'approving what one asked for': async (desk) => {
    const app = await pays(desk, { as: 'una', slip: { minor: 140_00n } })
    for (const approval of await app.approvals.list(desk.as('una')))
      await app.approvals.approve(desk.as('una'), approval.id).catch(expectRefusal)
    await app.work({ until: 'idle' })
    return nothingPaid(desk)
  },

  'a recipient without a rule': async (desk) => {
    await pays(desk, { change: { recipient: 'mail:outside' } })
    return nothingPaid(desk)
  },

  'a recipient that nobody declared': async (desk) => {
    await pays(desk, { change: { recipient: 'mail:elsewhere' } })
    return nothingPaid(desk)
  },

  'a field that the recipient may not read': async (desk) => {
    const flow = deskWorkflow((start) =>
      start.step('load', loadSlip).action('send', payAction(desk.pay), ({ load }) => ({
        payee: load.payee,
        account: load.account,
        amount: load.amount,
        memo: load.remark,
      })),
    )
    await runSlip(desk, openApp(desk, flow), flow, { slip: await desk.slip() })
    return nothingPaid(desk)
  },

  'a model that reads what its provider may not': async (desk) => {
    let read = 0
    const flow = deskWorkflow((start) =>
      start.step('load', loadSlip).decide('verdict', {
        model: 'reader',
        task: 'decide',
        texts: ({ load }) => [load.remark],
        answers: ['pay', 'hold'],
        otherwise: 'hold',
      }),
    )
    const model: DeskOptions['model'] = async ({ texts }) => {
      read += texts.length
      return { answer: 'pay', tokens: 1 }
    }
    await runSlip(desk, openApp(desk, flow, { model }), flow, { slip: await desk.slip() })
    return read === 0 ? [] : ['the model was sent a text that its provider may not read']
  },

  'a model that decides whether money moves': async (desk) => {
    const flow = deskWorkflow((start) =>
      start
        .step('load', loadSlip)
        .decide('verdict', verdict)
        .branch('way', ({ verdict }) => verdict, {
          pay: (flow) => flow.action('send', payAction(desk.pay, { influence: 0 }), constantOrder),
          hold: (flow) => flow,
        }),
    )
    await runSlip(desk, openApp(desk, flow), flow, { slip: await desk.slip() })
    return nothingPaid(desk)
  },

  'a model that chooses who is paid': async (desk) => {
    const account = choice({ table: 'payee', column: 'account' })
    const flow = deskWorkflow((start) =>
      start
        .step('load', loadSlip)
        .decide('who', { ...verdict, answers: ['NO1111111', 'NO2222222', 'hold', 'fraud'], otherwise: 'hold' })
        .action('send', payAction(desk.pay, { account: { ...account, influence: 1 } }), ({ who }) => ({
          ...constantOrder(),
          account: who,
        })),
    )
    const model: DeskOptions['model'] = async () => ({ answer: 'NO2222222', tokens: 1 })
    await runSlip(desk, openApp(desk, flow, { model }), flow, { slip: await desk.slip() })
    return nothingPaid(desk)
  },

  'a stranger who chooses among all payees': async (desk) => {
    const account = choice({ table: 'payee', column: 'account', influence: 0.5 })
    await pays(desk, { change: { account }, slip: { account: 'NO2222222' } })
    return nothingPaid(desk)
  },

  'a stranger’s text beside a small decision': async (desk) => {
    const flow = deskWorkflow((start) =>
      start
        .step('load', loadSlip)
        .decide('verdict', verdict)
        // Four ways, of which the memo picks one: two bits, whatever the decision beside it counts.
        .branch('way', ({ verdict, load }) => mixed(format`${verdict}-${load.memo}`), {
          'pay-a': (flow) => flow.action('send', payAction(desk.pay, { influence: 1 }), constantOrder),
          'pay-b': (flow) => flow,
          'pay-c': (flow) => flow,
          'pay-d': (flow) => flow,
        }),
    )
    await runSlip(desk, openApp(desk, flow), flow, { slip: await desk.slip({ memo: 'a' }) })
    return nothingPaid(desk)
  },

  'a trusted row that a stranger looked up': async (desk) => {
    const flow = deskWorkflow((start) =>
      start
        .step('load', loadSlip)
        .step('look', {
          grant: { payee: { read: ['number', 'account'] } },
          run: async ({ session }, { load }) => {
            const found = await session.payee.choose({ by: { number: load.payee }, select: ['account'] })
            if (found === null) throw new Error('the payee of this slip is registered')
            return map(found.account, (account) => (account === 'NO1111111' ? 'first' : 'second'))
          },
        })
        .branch('way', ({ look }) => look, {
          first: (flow) => flow.action('send', payAction(desk.pay, { influence: 0 }), constantOrder),
          second: (flow) => flow,
        }),
    )
    await runSlip(desk, openApp(desk, flow), flow, { slip: await desk.slip() })
    return nothingPaid(desk)
  },

  'a stranger’s text where only trusted ones are taken': async (desk) => {
    await pays(desk, { change: { account: trusted({ influence: 16 }) }, slip: { account: attackerAccount } })
    return nothingPaid(desk)
  },

  'a stranger’s text that looks trusted after a restart': async (desk) => {
    const flow = orderFlow(desk, { account: trusted({ influence: 16 }) })
    let isLoaded = false
    const broken = openApp(desk, flow, {
      onEntry: ({ kind }) => (isLoaded ||= kind === 'step.done'),
      // The first worker dies between the step and the call.
      principal: async (id, tenant) => {
        if (isLoaded) throw new PaybillError('DATABASE_LOST', 'the worker is gone')
        return personOf(id, tenant)
      },
    })
    await runSlip(desk, broken, flow, { slip: await desk.slip({ account: attackerAccount }) })
    await openApp(desk, flow).work({ until: 'idle' })
    return nothingPaid(desk)
  },

  'a stranger’s text that was worked on': async (desk) => {
    const flow = deskWorkflow((start) =>
      start.step('load', loadSlip).action('send', payAction(desk.pay, { account: trusted({ influence: 16 }) }), ({ load }) => ({
        ...constantOrder(),
        account: map(load.account, (account) => account.toUpperCase()),
      })),
    )
    await runSlip(desk, openApp(desk, flow), flow, { slip: await desk.slip({ account: attackerAccount }) })
    return nothingPaid(desk)
  },

  // The branch has a way for `pay`, kept for a later version; the declared answers do not lead there.
  'an answer that was not declared': async (desk) => {
    const flow = deskWorkflow((start) =>
      start
        .step('load', loadSlip)
        .decide('verdict', { ...verdict, answers: ['hold', 'ask'], otherwise: 'hold' })
        .branch<'hold' | 'ask' | 'pay'>('way', ({ verdict }) => verdict, {
          pay: (flow) => flow.action('send', payAction(desk.pay), constantOrder),
          hold: (flow) => flow,
          ask: (flow) => flow,
        }),
    )
    await runSlip(desk, openApp(desk, flow), flow, { slip: await desk.slip() })
    return nothingPaid(desk)
  },

  'an answer that comes too late': async (desk) => {
    const flow = deskWorkflow((start) =>
      start
        .step('load', loadSlip)
        .decide('verdict', { ...verdict, limits: { calls: 1, tokens: 100, timeoutMs: 50 } })
        .branch('way', ({ verdict }) => verdict, {
          pay: (flow) => flow.action('send', payAction(desk.pay), constantOrder),
          hold: (flow) => flow,
        }),
    )
    const model: DeskOptions['model'] = () =>
      new Promise((resolve) => {
        setTimeout(() => resolve({ answer: 'pay', tokens: 1 }), 400)
      })
    await runSlip(desk, openApp(desk, flow, { model }), flow, { slip: await desk.slip() })
    return nothingPaid(desk)
  },

  'a step that writes what it was not granted': async (desk) => {
    const flow = deskWorkflow((start) =>
      start.step('load', {
        grant: { payee: { read: ['number'] } },
        run: ({ session }) => session.payee.update({ where: { number: '100' }, set: { account: attackerAccount } }),
      }),
    )
    await runSlip(desk, openApp(desk, flow), flow, { slip: await desk.slip(), agent: 'helper' })
    const [row] = await desk.world.sql('select account from payee where tenant = $1 and number = $2', [desk.tenant, '100'])
    return row?.['account'] === attackerAccount ? ['the register has the account of the attacker'] : []
  },

  'a right that was taken away': async (desk) => {
    let isDismissed = false
    const flow = orderFlow(desk, {})
    const app = openApp(desk, flow, {
      principal: async (id, tenant) => {
        const person = personOf(id, tenant)
        return id === 'ann' && isDismissed && person !== null ? { ...person, roles: ['bystander'] } : person
      },
    })
    await runSlip(desk, app, flow, { slip: await desk.slip({ minor: 140_00n }) })
    isDismissed = true
    await approveAll(desk, app)
    await app.work({ until: 'idle' })
    return nothingPaid(desk)
  },

  'other values than were approved': async (desk) => {
    // A program whose values are not only those of the run: what it asked for and what it would do are two things.
    let payee: keyof typeof accounts = '100'
    const accounts = { '100': 'NO1111111', '200': 'NO2222222' } as const
    const flow = deskWorkflow((start) =>
      start.action('send', payAction(desk.pay), () => ({
        payee,
        account: accounts[payee],
        amount: nok(140_00n),
        memo: 'stamps',
      })),
    )
    const app = openApp(desk, flow)
    await runSlip(desk, app, flow, { slip: await desk.slip() })
    await approveAll(desk, app)
    payee = '200'
    await app.work({ until: 'idle' })
    return nothingPaid(desk)
  },

  'an approval that runs out at the last moment': async (desk) => {
    let isLate = false
    const flow = orderFlow(desk, {})
    const app = openApp(desk, flow, {
      // Asked for between the reading of the decision and its use.
      principal: async (id, tenant) => {
        if (isLate && id === 'ann')
          await desk.world.sql(`update paybill.approval set expires_at = now() - interval '1 second' where tenant = $1`, [tenant])
        return personOf(id, tenant)
      },
    })
    await runSlip(desk, app, flow, { slip: await desk.slip({ minor: 140_00n }) })
    await approveAll(desk, app)
    isLate = true
    await app.work({ until: 'idle' })
    return nothingPaid(desk)
  },

  'an approval for what nobody may approve': async (desk) => {
    const amount = bounded({ max: [nok(100_00n)], over: 'deny' })
    const app = await pays(desk, { change: { amount }, slip: { minor: 140_00n } })
    await approveAll(desk, app)
    await app.work({ until: 'idle' })
    return nothingPaid(desk)
  },

  'a total that nobody may approve to exceed': async (desk) => {
    const per = [{ name: 'day', key: [], window: 'day', max: [nok(100_00n)] }] as const
    const amount = bounded({ max: [nok(100_00n)], per, over: 'deny' })
    for (const minor of [60_00n, 60_00n]) {
      const app = await pays(desk, { change: { amount }, slip: { minor } })
      await approveAll(desk, app)
      await app.work({ until: 'idle' })
    }
    return paidAtMost(desk, 100_00n)
  },

  'an amount below zero that makes room': async (desk) => {
    const change = { limits: { attempts: 1 } }
    await pays(desk, { change, slip: { minor: 90_00n } })
    await pays(desk, { change, slip: { minor: -80_00n } })
    await pays(desk, { change, slip: { minor: 90_00n } })
    return paidAtMost(desk, 150_00n)
  },

  'an approved amount that leaves no trace': async (desk) => {
    const app = await pays(desk, { slip: { minor: 140_00n } })
    await approveAll(desk, app)
    await app.work({ until: 'idle' })
    await pays(desk, { slip: { minor: 50_00n } })
    return desk.paid().length === 1 ? [] : [`${desk.paid().length} payments went through on one consent`]
  },

  'many at once': async (desk) => {
    const flow = orderFlow(desk, {})
    const app = openApp(desk, flow)
    const slips = await Promise.all(Array.from({ length: 12 }, () => desk.slip({ minor: 40_00n })))
    for (const slip of slips) await app.start(flow, { slip }, { as: desk.as('ann'), key: slip })
    await Promise.all([1, 2, 3].map(() => openApp(desk, flow).work({ until: 'idle' })))
    return paidAtMost(desk, 150_00n)
  },

  ...doorAttacks,
}

const deskAttackNames: readonly string[] = Object.keys(attacks)

const verdict = {
  model: 'reader',
  task: 'decide',
  texts: ({ load }: { readonly load: Awaited<ReturnType<typeof loadSlip.run>> }) => [load.memo],
  answers: ['pay', 'hold'],
  otherwise: 'hold',
} as const

function constantOrder() {
  return { payee: '100', account: 'NO1111111', amount: nok(50_00n), memo: 'stamps' }
}

/** The branch knows these cases; that the text is one of them is what the attack is about. */
function mixed(text: Labeled<string>) {
  return text as unknown as Labeled<'pay-a' | 'pay-b' | 'pay-c' | 'pay-d'>
}

type Change = NonNullable<Parameters<typeof payAction>[1]>

/** Loads the slip and pays what it says. */
function orderFlow(desk: Desk, change: Change) {
  return deskWorkflow((start) =>
    start.step('load', loadSlip).action('send', payAction(desk.pay, change), ({ load }) => ({
      payee: load.payee,
      account: load.account,
      amount: load.amount,
      memo: load.memo,
    })),
  )
}

async function pays(desk: Desk, order: { change?: Change; slip?: Slip; as?: string; agent?: string }) {
  const { change = {}, slip = {}, ...who } = order
  const flow = orderFlow(desk, change)
  const app = openApp(desk, flow)
  await runSlip(desk, app, flow, { slip: await desk.slip(slip), ...who })
  return app
}

function nothingPaid(desk: Desk): readonly string[] {
  return desk.paid().map(({ amount, account }) => `${amount.minor} ${amount.currency} were paid to ${account}`)
}

function paidAtMost(desk: Desk, most: bigint): readonly string[] {
  const total = desk.paid().reduce((sum, { amount }) => sum + BigInt(amount.minor), 0n)
  return total > most ? [`${total} were paid, above ${most}`] : []
}

function expectRefusal(error: unknown): void {
  if (!(error instanceof PaybillError)) throw error
}
