// Around every question stand one honest approver, who writes down what he consents to, and an attacker who tries whatever
// else might pass for consent.

import type { App, SignedIn } from 'paybill/run'
import { PaybillError } from 'paybill/lib'
import type { Random } from '../../examples/bill-pay/src/make-invoices/random.ts'
import type { Consent } from './judge.ts'

type Approval = Awaited<ReturnType<App['approvals']['list']>>[number]

export type Approvers = {
  readonly consents: readonly Consent[]
  /** How often the attacker was turned away. */
  readonly turnedAway: () => number
  /** The attacker tries everything, then the honest approver decides at random. `mayConsent` false: he refuses all. */
  decide(app: App, mayConsent: boolean): Promise<void>
}

export function startApprovers(given: {
  readonly random: Random
  readonly honest: SignedIn
  readonly impostors: readonly SignedIn[]
  /** Lets the time of an approval run out. */
  readonly expire: (approvalId: string) => Promise<void>
  /** Changes the amount in the row that the approval was asked for. */
  readonly tamper: (invoiceId: string) => Promise<void>
}): Approvers {
  const { random, honest, impostors } = given
  const consents: Consent[] = []
  let turnedAway = 0

  const attempt = async (what: () => Promise<void>): Promise<void> => {
    try {
      await what()
    } catch (error) {
      if (!(error instanceof PaybillError)) throw error
      turnedAway += 1
    }
  }

  const consent = async (app: App, approval: Approval): Promise<void> => {
    await app.approvals.approve(honest, approval.id)
    consents.push(consentOf(approval))
  }

  const courses: readonly [Course, ...Course[]] = [
    (app, approval) => consent(app, approval),
    // Approved, and then the row is changed under it.
    async (app, approval) => {
      const cell = approval.shown.flatMap(({ origins }) => origins).find((origin) => origin.startsWith('invoice.'))
      await consent(app, approval)
      await given.tamper(cell?.slice(cell.indexOf('#') + 1) ?? '')
    },
    // Refused: whoever presses the other button afterwards comes too late.
    async (app, approval) => {
      await app.approvals.refuse(honest, approval.id)
      await attempt(() => app.approvals.approve(honest, approval.id))
    },
    // Expired before anybody decided.
    async (app, approval) => {
      await given.expire(approval.id)
      await attempt(() => app.approvals.approve(honest, approval.id))
    },
    // Approved and expired before it was used.
    async (app, approval) => {
      await app.approvals.approve(honest, approval.id)
      await given.expire(approval.id)
    },
  ]

  return {
    consents,
    turnedAway: () => turnedAway,
    decide: async (app, mayConsent) => {
      // Every course at least once, wherever there are questions enough.
      const plan = random.shuffled(courses)
      for (const approval of await app.approvals.list(honest)) {
        if (!mayConsent) {
          await app.approvals.refuse(honest, approval.id)
          continue
        }
        for (const impostor of impostors) await attempt(() => app.approvals.approve(impostor, approval.id))
        // Where an impostor got through, the honest approver finds it decided and has consented to nothing.
        const isOpen = (await app.approvals.show(honest, approval.id)).state === 'waiting'
        if (isOpen) await (plan.pop() ?? random.pick(courses))(app, approval)
      }
      for (const used of await app.approvals.list(honest, { states: ['used', 'refused', 'expired', 'void'] }))
        await attempt(() => app.approvals.approve(honest, used.id))
    },
  }
}

type Course = (app: App, approval: Approval) => Promise<void>

function consentOf(approval: Approval): Consent {
  const value = (name: string): string => approval.shown.find((shown) => shown.name === name)?.value ?? ''
  const [, currency = '', minor = '0'] = /"currency":"([A-Z]{3})","minor":\{"\$bigint":"(-?\d+)"\}/.exec(value('amount')) ?? []
  return { number: value('invoiceNumber'), account: value('account'), minor: BigInt(minor), currency }
}
