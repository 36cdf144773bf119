// Deciding on approvals: by a signed-in person who has the right now, and is not the one who asked.

import { mayAct } from '../acl/decide.ts'
import { type Approval, approvalDecide, approvalFetch, approvalList, type ApprovalState } from '../invoke/approval-store.ts'
import { runWake } from '../journal/run-store.ts'
import { PaybillError } from '../lib/errors.ts'
import { known } from './perform-step.ts'
import type { Runtime } from './runtime.ts'

/** A signed-in person: the id that the identity provider gave, in its tenant. */
export type SignedIn = { readonly id: string; readonly tenant: string }

export type Approvals = {
  /** The approvals of the person's tenant in the given states (default: waiting), oldest first. */
  readonly list: (as: SignedIn, options?: { readonly states?: readonly ApprovalState[] }) => Promise<readonly Approval[]>
  /** One approval. Throws NOT_FOUND, also for one of another tenant. */
  readonly show: (as: SignedIn, id: string) => Promise<Approval>
  /** Approves exactly what is shown, once. Throws NOT_FOUND, DENIED, APPROVAL_OWN or APPROVAL_NOT_OPEN. */
  readonly approve: (as: SignedIn, id: string) => Promise<void>
  /** Refuses. Throws the same as `approve`. */
  readonly refuse: (as: SignedIn, id: string) => Promise<void>
}

export function approvals(runtime: Runtime): Approvals {
  const show = async (as: SignedIn, id: string): Promise<Approval> => {
    const approval = await approvalFetch(runtime.client, as.tenant, id)
    if (approval === null) throw new PaybillError('NOT_FOUND', `there is no approval \`${id}\``)
    return approval
  }
  const decide = async (as: SignedIn, id: string, state: 'approved' | 'refused'): Promise<void> => {
    const approval = await show(as, id)
    const person = known(await runtime.principal(as.id, as.tenant), as.id)
    const right = mayAct(runtime.rules, { principal: person, agent: null, grant: null }, approval.right, runtime.clock.now())
    if (!right.allowed) throw new PaybillError('DENIED', right.reason)
    if (approval.requestedBy === as.id) throw new PaybillError('APPROVAL_OWN', `\`${as.id}\` asked for this approval`)
    await runtime.transaction(async (tx) => {
      const runId = await approvalDecide(tx, { tenant: as.tenant, id, state, by: as.id })
      await runWake(tx, runId)
    })
    runtime.wakeUps.wake()
  }
  return {
    show,
    list: (as, options) => approvalList(runtime.client, as.tenant, options?.states ?? ['waiting']),
    approve: (as, id) => decide(as, id, 'approved'),
    refuse: (as, id) => decide(as, id, 'refused'),
  }
}
