// What should be true of a tenant, and what to do next to make it so. Both are pure: the same facts always give the same
// answer, so that webhooks, timers and clicks need say no more than "look at this tenant".

import type { PaymentStanding } from './access.ts'
import type { Phase } from './phase.ts'
import type { Suspension } from './suspension.ts'

/** How a tenant's subscription stands towards being provisioned at all. */
export type Activation =
  | { readonly kind: 'may-begin' }
  | { readonly kind: 'waits'; readonly for: 'subscription' | 'payment' | 'approval'; readonly since: Date }
  | { readonly kind: 'over'; readonly reason: string }

export type TenantFacts = {
  readonly id: string
  readonly phase: Phase
  /** `observe` computes and shows, and does nothing. */
  readonly mode: 'observe' | 'enforce'
  readonly suspensions: readonly Suspension[]
  readonly standing: PaymentStanding
  readonly activation: Activation
  /** When somebody asked for the tenant to be deleted; null where nobody did. */
  readonly deletionAskedAt: Date | null
  /** The operation that is at work on it, and what that waits for. */
  readonly operation: RunningOperation | null
  /** Which operation failed last, and how often one did in a row; null after one that succeeded. */
  readonly failure: OperationFailure | null
}

export const operationKinds = ['provision', 'suspend', 'resume', 'delete'] as const

export type OperationKind = (typeof operationKinds)[number]

export type RunningOperation = {
  readonly id: string
  readonly kind: OperationKind
  readonly since: Date
  readonly waitsFor: string
}

export type OperationFailure = {
  readonly kind: OperationKind
  readonly times: number
  readonly reason: string
  readonly at: Date
}

export type Desired = {
  readonly existence: 'present' | 'absent'
  /** Whether what serves the tenant runs; its data is kept either way. */
  readonly isRunning: boolean
  readonly because: readonly string[]
}

/** What should be true, whatever is. */
export function desired(facts: Pick<TenantFacts, 'suspensions' | 'standing' | 'activation' | 'deletionAskedAt'>): Desired {
  const { suspensions, standing, activation, deletionAskedAt } = facts
  if (deletionAskedAt !== null)
    return { existence: 'absent', isRunning: false, because: [`its deletion was asked for at ${deletionAskedAt.toISOString()}`] }
  const stopped = [
    ...suspensions.map(({ reason, by }) => `suspended for ${reason} by ${by}`),
    ...(standing.access === 'blocked' ? [standing.reason] : []),
  ]
  if (activation.kind === 'over') return { existence: 'absent', isRunning: false, because: [activation.reason] }
  return { existence: 'present', isRunning: stopped.length === 0, because: stopped }
}

/** The one next thing. `working` and `wait` always name what for and since when. */
export type Next =
  | { readonly kind: 'start'; readonly operation: OperationKind; readonly because: readonly string[] }
  | { readonly kind: 'working'; readonly for: string; readonly since: Date }
  | { readonly kind: 'wait'; readonly for: string; readonly since: Date }
  | { readonly kind: 'park'; readonly reason: string }
  | { readonly kind: 'none'; readonly because: readonly string[] }

/** A tenant whose operation failed so often in a row is left to a person. */
export const mostFailures = 5
const firstRetryMs = 5_000

/** At most one operation: the first step of the way from what is to what should be. */
export function diff(facts: TenantFacts, now: Date): Next {
  const { operation, failure } = facts
  if (operation !== null) return { kind: 'working', for: `${operation.kind}: ${operation.waitsFor}`, since: operation.since }
  const wanted = step(facts)
  if (wanted.kind !== 'start') return wanted
  if (facts.mode === 'observe')
    return { kind: 'none', because: [`it is observed only; it would ${wanted.operation}`, ...wanted.because] }
  if (failure === null || failure.kind !== wanted.operation) return wanted
  if (failure.times >= mostFailures)
    return { kind: 'park', reason: `${wanted.operation} failed ${failure.times} times: ${failure.reason}` }
  const retryAt = new Date(failure.at.getTime() + firstRetryMs * 2 ** (failure.times - 1))
  return retryAt <= now ? wanted : { kind: 'wait', for: `the next try at ${retryAt.toISOString()}`, since: failure.at }
}

function step(facts: TenantFacts): Next {
  const { phase, activation } = facts
  const goal = desired(facts)
  const start = (operation: OperationKind): Next => ({ kind: 'start', operation, because: goal.because })
  switch (phase) {
    case 'pending':
    case 'provision_failed':
      if (goal.existence === 'absent') return start('delete')
      if (activation.kind === 'waits') return { kind: 'wait', for: activation.for, since: activation.since }
      return goal.isRunning ? start('provision') : { kind: 'none', because: goal.because }
    case 'active':
    case 'update_failed':
      // A tenant that serves is taken apart in two operations: first it stops, then it goes.
      return goal.existence === 'absent' || !goal.isRunning ? start('suspend') : { kind: 'none', because: [] }
    case 'suspended':
      if (goal.existence === 'absent') return start('delete')
      return goal.isRunning ? start('resume') : { kind: 'none', because: goal.because }
    case 'archived':
      return goal.existence === 'absent' ? start('delete') : { kind: 'none', because: ['it is archived'] }
    case 'deprovision_failed':
      return start('delete')
    case 'provisioning':
    case 'updating':
    case 'migrating':
    case 'deprovisioning':
      return { kind: 'park', reason: `it is ${phase}, and no operation is at work on it` }
    case 'deleted':
      return { kind: 'none', because: ['it is deleted'] }
    default:
      return phase satisfies never
  }
}
