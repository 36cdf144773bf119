// How long the parts of a run may take.

import { PaybillError } from 'paybill/lib'

export type RunLimits = {
  /** A lease that was not renewed for so long is over. */
  readonly termMs: number
  /** What Terraform has to save its state after SIGINT, and then after SIGTERM, before it is killed. */
  readonly interruptMs: number
  readonly terminateMs: number
  readonly initMs: number
  readonly planMs: number
  readonly applyMs: number
}

const usualLimits: RunLimits = {
  termMs: 30_000,
  interruptMs: 20_000,
  terminateMs: 5_000,
  initMs: 120_000,
  planMs: 600_000,
  applyMs: 3_600_000,
}

const shortestTermMs = 500
// For SIGKILL, and for looking whether all are gone.
const reserveMs = 2_000

export function runLimits(given: Partial<RunLimits> = {}): RunLimits {
  const limits = { ...usualLimits, ...given }
  for (const [name, ms] of Object.entries(limits))
    if (!Number.isSafeInteger(ms) || ms < 1 || ms > 86_400_000)
      throw new PaybillError('ARGUMENT_INVALID', `\`${name}\` must be a whole number of milliseconds, of a day at most`)
  if (limits.termMs < shortestTermMs)
    throw new PaybillError(
      'ARGUMENT_INVALID',
      `\`termMs\` must be at least ${shortestTermMs}: a lease must survive a slow moment`,
    )
  return limits
}

/**
 * INVARIANT: a supervisor that cannot renew begins to end Terraform before the term is over, and has ended it this much
 * later at the latest; so nothing runs any more when the claim can become another's.
 */
export function killGraceMs({ interruptMs, terminateMs }: RunLimits): number {
  return interruptMs + terminateMs + reserveMs
}

const firstWaitSeconds = 1
const laterWaitSeconds = 2

/**
 * How often Terraform asks our backend again where it does not answer. After SIGINT it tries to hand over its state twice,
 * and only then keeps it in a file: all of that must fit into the time before SIGTERM, which would lose the state.
 */
export function backendRetries({ interruptMs }: RunLimits): {
  readonly count: number
  readonly waitSeconds: readonly [number, number]
} {
  const forOneTry = (interruptMs / 1_000 - 3) / 2
  const count = Math.max(1, 1 + Math.floor((forOneTry - firstWaitSeconds) / laterWaitSeconds))
  return { count, waitSeconds: [firstWaitSeconds, laterWaitSeconds] }
}
