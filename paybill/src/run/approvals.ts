// Looking at approvals, each value as the rules let the person read it, and deciding on them: by a signed-in person who has
// the right now, and is not the one who asked.

import {
  type Approval,
  approvalDecide,
  approvalFetch,
  approvalList,
  type ApprovalState,
  type ShownValue,
} from '../invoke/approval-store.ts'
import { runWake } from '../journal/run-store.ts'
import { PaybillError } from '../lib/errors.ts'
import { type Page, pageOf } from './page.ts'
import { personNow, requireRight, type SignedIn } from './person.ts'
import type { Runtime } from './runtime.ts'
import { type Viewer, viewerOf } from './viewer.ts'

/** An approval as somebody may see it: a value is null where he may neither decide on it nor read where it came from. */
export type VisibleApproval = Omit<Approval, 'shown'> & {
  readonly shown: readonly (Omit<ShownValue, 'value'> & { readonly value: string | null })[]
}

export type Approvals = {
  /**
   * A page of the approvals of the person's tenant in the given states (default: waiting), oldest first, 1000 where no
   * limit is given. Throws DENIED for somebody unknown, and ARGUMENT_INVALID for an `after` that is no approval of the
   * tenant.
   */
  readonly list: (
    as: SignedIn,
    options?: Page & { readonly states?: readonly ApprovalState[] },
  ) => Promise<readonly VisibleApproval[]>
  /** One approval. Throws DENIED for somebody unknown, and NOT_FOUND, also for an approval of another tenant. */
  readonly show: (as: SignedIn, id: string) => Promise<VisibleApproval>
  /** Approves exactly what is shown, once. Throws NOT_FOUND, DENIED, APPROVAL_OWN or APPROVAL_NOT_OPEN. */
  readonly approve: (as: SignedIn, id: string) => Promise<void>
  /** Refuses. Throws the same as `approve`. */
  readonly refuse: (as: SignedIn, id: string) => Promise<void>
}

export function approvals(runtime: Runtime): Approvals {
  const decide = async (as: SignedIn, id: string, state: 'approved' | 'refused'): Promise<void> => {
    const person = await personNow(runtime, as)
    const approval = await approvalOf(runtime, as.tenant, id)
    requireRight(runtime, person, approval.right)
    if (approval.requestedBy === as.id) throw new PaybillError('APPROVAL_OWN', `\`${as.id}\` asked for this approval`)
    await runtime.transaction(async (tx) => {
      const runId = await approvalDecide(tx, { tenant: as.tenant, id, state, by: as.id })
      await runWake(tx, runId)
    })
    runtime.wakeUps.wake()
  }
  return {
    list: async (as, options = {}) => {
      const viewer = await viewerOf(runtime, as)
      const { tenant } = as
      const { states = ['waiting'] } = options
      const listed = await approvalList(runtime.client, { tenant, states, ...pageOf(options, 1000) })
      return listed.map((approval) => visibleTo(viewer, approval))
    },
    show: async (as, id) => visibleTo(await viewerOf(runtime, as), await approvalOf(runtime, as.tenant, id)),
    approve: (as, id) => decide(as, id, 'approved'),
    refuse: (as, id) => decide(as, id, 'refused'),
  }
}

/** An approval with all its values. Throws NOT_FOUND, also for one of another tenant. INTERNAL: whoever gives it out filters it. */
export async function approvalOf(runtime: Pick<Runtime, 'client'>, tenant: string, id: string): Promise<Approval> {
  const approval = await approvalFetch(runtime.client, tenant, id)
  if (approval === null) throw new PaybillError('NOT_FOUND', `there is no approval \`${id}\``)
  return approval
}

// Whoever has the right to decide sees everything that he decides on; others see what they may read.
function visibleTo(viewer: Viewer, approval: Approval): VisibleApproval {
  if (viewer.may(approval.right)) return approval
  const shown = approval.shown.map((given) => (viewer.hides(given.origins) === null ? given : { ...given, value: null }))
  return { ...approval, shown }
}
