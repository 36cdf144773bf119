// Looks at a tenant and starts what its facts call for. Level-triggered: who calls it, how often and why does not matter. What
// it finds half begun it goes on with; two that look at once start one operation.

import type { Session } from 'paybill/database'
import { errorLine } from 'paybill/lib'
import type { Entry } from 'paybill/journal'
import type { App, RunRow } from 'paybill/run'
import type { ControlSchema } from '../control-database/schema.ts'
import { reservationExpire } from '../placement/reservation.ts'
import { diff, type Next, type OperationKind, type RunningOperation, type TenantFacts } from '../tenant/desired.ts'
import { operationBegin, operationEnd, tenantFacts, tenantFetch, tenantList, type TenantRow } from '../tenant/store.ts'
import type { OperationWorkflows } from './workflows.ts'

/** The principal under which operations are started and run. */
export const reconcilerId = 'reconciler'

export type ReconcilerParts = {
  readonly organization: string
  readonly session: Session<ControlSchema>
  readonly app: App
  readonly workflows: OperationWorkflows
  /** What the subscriptions of a tenant come to, as billing knows it now. */
  readonly billing: (tenantId: string) => Promise<Pick<TenantFacts, 'standing' | 'activation'>>
  readonly newId: () => string
  readonly now: () => Date
}

export type Reconciler = {
  /** All facts of a tenant. Throws NOT_FOUND. */
  readonly facts: (tenantId: string) => Promise<TenantFacts>
  /** Looks at one tenant. Answers what it started, or why nothing. Throws NOT_FOUND. */
  readonly look: (tenantId: string) => Promise<Next>
  /** Looks at every tenant, one after the other; one that cannot be looked at does not stop the others. */
  readonly lookAtAll: () => Promise<readonly { readonly tenantId: string; readonly next: Next }[]>
}

export function reconciler(parts: ReconcilerParts): Reconciler {
  const { session, app, organization } = parts
  const as = { id: reconcilerId, tenant: organization }

  const start = async (kind: OperationKind, input: { readonly tenantId: string; readonly operation: string }): Promise<void> => {
    // The key is the operation's id: after a crash between the two commits the run is started by whoever looks next.
    await app.start(parts.workflows[kind], input, { as, key: input.operation })
  }

  // An operation that is at work: its run is started where a crash came between, and ended where it failed before its first
  // step was done, so that nothing could be undone. Answers whether the facts have changed.
  const settle = async ({ id: tenantId, phase }: TenantFacts, { id, kind }: RunningOperation): Promise<boolean> => {
    await start(kind, { tenantId, operation: id })
    const run = await runOf(parts, kind, id)
    if (run?.state !== 'failed' && run?.state !== 'finished') return false
    // Its last step freed the tenant meanwhile, or nothing ever will.
    const { operation } = await tenantFetch(session, tenantId)
    if (operation !== id) return true
    const reason = await failureIn(parts, run.id)
    await operationEnd(session, { id, tenantId, kind, now: parts.now(), status: 'failed', phase, reason })
    return true
  }

  const facts = async (tenantId: string): Promise<TenantFacts> => {
    const stored = await tenantFacts(session, tenantId, (operation) => waitsFor(parts, operation))
    return { ...stored, ...(await parts.billing(tenantId)) }
  }

  const look = async (tenantId: string): Promise<Next> => {
    const found = await facts(tenantId)
    const known = found.operation !== null && (await settle(found, found.operation)) ? await facts(tenantId) : found
    const next = diff(known, parts.now())
    if (next.kind !== 'start') return next
    const id = parts.newId()
    const hasBegun = await session.transaction((tables) =>
      operationBegin(tables, {
        id,
        tenantId,
        kind: next.operation,
        phase: known.phase,
        because: next.because.join('; '),
      }),
    )
    // Somebody else decided first, on the same facts or newer ones.
    if (!hasBegun) return { kind: 'working', for: 'what somebody else has begun', since: parts.now() }
    await start(next.operation, { tenantId, operation: id })
    return next
  }

  return {
    facts,
    look,
    lookAtAll: async () => {
      await session.transaction((tables) => reservationExpire(tables, parts.now()))
      const seen: { tenantId: string; next: Next }[] = []
      let last: string | null = null
      for (;;) {
        const page: readonly TenantRow[] = await tenantList(session, {
          limit: pageSize,
          ...(last === null ? {} : { after: last }),
        })
        for (const { id } of page) {
          const next = await look(id).catch((error: unknown): Next => ({ kind: 'park', reason: errorLine(error) }))
          seen.push({ tenantId: id, next })
        }
        last = page.at(-1)?.id ?? null
        if (last === null || page.length < pageSize) return seen
      }
    },
  }
}

const pageSize = 200

function runOf(
  { app, organization, workflows }: ReconcilerParts,
  kind: OperationKind,
  operation: string,
): Promise<RunRow | null> {
  return app.runs.find({ id: reconcilerId, tenant: organization }, { workflow: workflows[kind].name, key: operation })
}

/** The place in its run where an operation is. */
async function waitsFor(
  parts: ReconcilerParts,
  { kind, id }: { readonly kind: OperationKind; readonly id: string },
): Promise<string> {
  const run = await runOf(parts, kind, id)
  if (run === null) return 'its run to be started'
  if (run.state === 'parked') return `a person, because its run is parked: ${run.reason ?? 'no reason given'}`
  const last = (await historyOf(parts, run.id)).at(-1)
  return last === undefined ? 'its first step' : `what follows ${last.path} (${last.kind})`
}

async function failureIn(parts: ReconcilerParts, runId: string): Promise<string> {
  const failed = (await historyOf(parts, runId)).findLast(({ kind }) => kind === 'leaf.failed')
  return failed === undefined ? 'its run ended without its last step' : `${failed.path}: ${String(failed.payload['message'])}`
}

function historyOf({ app, organization }: ReconcilerParts, runId: string): Promise<readonly Entry[]> {
  return app.runs.history({ id: reconcilerId, tenant: organization }, runId)
}
