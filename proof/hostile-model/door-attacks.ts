// Attacks by somebody who stands at the door itself and calls it as often, and with whatever, he likes. No workflow of
// today can: each place of a graph calls one action once, and once more when a person has decided. These guards are what
// holds when a place can do more. What got through is counted as intents in the journal's table.

import { nok, payAction } from '../../paybill/test/run/desk.ts'
import { openDoor } from '../../paybill/test/invoke/door.ts'
import { approveAll, type Attack, attackerAccount, type Desk, deskWorkflow, openApp } from './desk.ts'

const order = { payee: '100', account: 'NO1111111', amount: nok(140_00n), memo: 'stamps' }
const small = { ...order, amount: nok(1_00n) }

export const doorAttacks: Readonly<Record<string, Attack>> = {
  'an approval used twice': async (desk) => {
    const { action, call } = await approvedCall(desk)
    await call(action).catch(expectVoid)
    await call(action).catch(expectVoid)
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
  const open = await openDoor(desk.world.database, { tenant: desk.tenant })
  const asked = await open.call(action, order)
  if (asked.kind !== 'asked') throw new Error('an amount over the limit asks a person')
  const { approval } = asked
  await approveAll(
    desk,
    openApp(
      desk,
      deskWorkflow((start) => start.action('send', action, () => order)),
    ),
  )
  return { action, approval, call: (of: typeof action) => open.call(of, order, { approval }) }
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
