// Attacks by somebody who stands at the door itself and calls it as often, and with whatever, he likes. No workflow of
// today can: each place of a graph calls one action once, and once more when a person has decided. These guards are what
// holds when a place can do more. What got through is counted as intents in the journal's table.

import { type Action, type ArgumentSchemas, bounded } from 'paybill/action'
import { Labeled } from 'paybill/label'
import { nok, payAction, payWithFee } from '../../paybill/test/run/desk.ts'
import { openDoor } from '../../paybill/test/invoke/door.ts'
import { approveAll, type Attack, attackerAccount, type Desk, deskWorkflow, openApp } from './desk.ts'

const order = { payee: '100', account: 'NO1111111', amount: nok(140_00n), memo: 'stamps' }
const small = { ...order, amount: nok(1_00n) }

export const doorAttacks: Readonly<Record<string, Attack>> = {
  'an approval used twice': async (desk) => {
    // Without totals, so that nothing but its being used up stands in the way.
    const action = payAction(desk.pay, { amount: bounded({ max: [nok(100_00n)], over: 'ask' }) })
    const { approval, open } = await approved(desk, action, order)
    await open.call(action, order, { approval }).catch(expectVoid)
    await open.call(action, order, { approval }).catch(expectVoid)
    return intentsAtMost(desk, 1)
  },

  'the approval of another run': async (desk) => {
    const { action, approval } = await approvedCall(desk)
    const other = await openDoor(desk.world.database, { tenant: desk.tenant })
    await other.call(action, order, { approval }).catch(expectVoid)
    return intentsAtMost(desk, 0)
  },

  'an approval that nobody gave': async (desk) => {
    const action = payAction(desk.pay)
    const open = await openDoor(desk.world.database, { tenant: desk.tenant })
    const asked = await open.call(action, order)
    if (asked.kind === 'asked') await open.call(action, order, { approval: asked.approval }).catch(expectVoid)
    return intentsAtMost(desk, 0)
  },

  'an approval for an earlier version of the action': async (desk) => {
    const { call } = await approvedCall(desk)
    await call(payAction(desk.pay, { version: 2 })).catch(expectVoid)
    return intentsAtMost(desk, 0)
  },

  'an approval that did not name the total': async (desk) => {
    const { action, call } = await approvedCall(desk)
    const other = await openDoor(desk.world.database, { tenant: desk.tenant })
    await other.call(action, { ...order, amount: nok(50_00n) })
    await call(action).catch(expectVoid)
    return intentsAtMost(desk, 1)
  },

  'an approval for one limit, used over another that nobody may go over': async (desk) => {
    const per = [{ name: 'day', key: [], window: 'day', max: [nok(60_00n)] }] as const
    const action = payWithFee(desk.pay, bounded({ max: [nok(60_00n)], per, over: 'deny' }))
    const dear = { ...order, fee: nok(40_00n) }
    const { approval, open } = await approved(desk, action, dear)
    await open.call(action, { ...dear, amount: nok(1n) }, { path: 'desk/1/other' })
    await open.call(action, dear, { approval }).catch(expectVoid)
    return intentsAtMost(desk, 1)
  },

  'rows that a recipient may only read in part': async (desk) => {
    const action = payAction(desk.pay, { recipient: 'network:branch-bank' })
    const open = await openDoor(desk.world.database, { tenant: desk.tenant })
    const memo = new Labeled('all memos', { origins: ['slip.memo#*'], writers: ['ext:slip.memo'], influence: {} })
    await open.call(action, { ...small, memo })
    return intentsAtMost(desk, 0)
  },

  'trying until something passes': async (desk) => {
    const action = payAction(desk.pay)
    const open = await openDoor(desk.world.database, { tenant: desk.tenant })
    const often = { allowed: { actions: [action.name], calls: 1000, refusals: 5 } }
    for (let attempt = 0; attempt < 8; attempt += 1)
      await open.call(action, { ...small, account: `${attackerAccount}${attempt}` }, often)
    await open.call(action, small, often)
    return intentsAtMost(desk, 0)
  },

  'calling again and again': async (desk) => {
    const action = payAction(desk.pay)
    const open = await openDoor(desk.world.database, { tenant: desk.tenant })
    for (let attempt = 0; attempt < 8; attempt += 1) await open.call(action, small)
    return intentsAtMost(desk, 5)
  },

  'an action that the graph does not have here': async (desk) => {
    const open = await openDoor(desk.world.database, { tenant: desk.tenant })
    await open.call(payAction(desk.pay), small, { allowed: { actions: ['cash.count'], calls: 5, refusals: 5 } })
    return intentsAtMost(desk, 0)
  },
}

async function approvedCall(desk: Desk) {
  const action = payAction(desk.pay)
  const { approval, open } = await approved(desk, action, order)
  return { action, approval, call: (of: typeof action) => open.call(of, order, { approval }) }
}

/** Calls with values that a person is asked about, and has the answer yes. */
async function approved<A extends ArgumentSchemas, R>(
  desk: Desk,
  action: Action<A, R>,
  values: Readonly<Record<string, unknown>>,
) {
  const open = await openDoor(desk.world.database, { tenant: desk.tenant })
  const asked = await open.call(action, values)
  if (asked.kind !== 'asked') throw new Error('an amount over the limit asks a person')
  const flow = deskWorkflow((start) => start.action('send', payAction(desk.pay), () => order))
  await approveAll(desk, openApp(desk, flow))
  return { approval: asked.approval, open }
}

async function intentsAtMost(desk: Desk, most: number): Promise<readonly string[]> {
  const [row] = await desk.world.sql(
    `select count(*)::int as intents from paybill.entry where tenant = $1 and kind = 'action.intent'`,
    [desk.tenant],
  )
  const intents = Number(row?.['intents'])
  return intents > most ? [`${intents} intents where ${most} may be`] : []
}

function expectVoid(error: unknown): void {
  if (!(error instanceof Error) || error.constructor.name !== 'ApprovalVoid') throw error
}
