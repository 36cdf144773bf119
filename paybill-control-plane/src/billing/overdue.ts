// The overdue policy: what unpaid money does to access, by its age in days, as a table with a version. It is data, so that an
// operator can read it, and so that what a customer was told can be found again.

import { PaybillError } from 'paybill/lib'
import type { OverduePolicyReference } from '../catalog/plan-version.ts'
import { addDays } from './calendar.ts'

/** full: everything. grace: everything, with a notice. restricted: no growth. blocked: nothing, and the data is kept. */
export type Access = 'full' | 'grace' | 'restricted' | 'blocked'

export type OverduePolicy = {
  readonly id: string
  readonly version: number
  /** From which day after the due date which access holds. The first is day 0, the last blocks. */
  readonly steps: readonly OverdueStep[]
  /** After a cancellation: when infrastructure goes and the data is put away, and when the data goes too. */
  readonly archiveAfterDays: number
  readonly purgeAfterDays: number
}

export type OverdueStep = { readonly fromDay: number; readonly access: Exclude<Access, 'full'> }

const severity = { grace: 1, restricted: 2, blocked: 3 } as const satisfies Record<OverdueStep['access'], number>

const maxDays = 3_650

export const defaultOverduePolicy: OverduePolicy = overduePolicy({
  id: 'default',
  version: 1,
  steps: [
    { fromDay: 0, access: 'grace' },
    { fromDay: 8, access: 'restricted' },
    { fromDay: 15, access: 'blocked' },
  ],
  archiveAfterDays: 30,
  purgeAfterDays: 90,
})

/** Checks a policy. Throws ARGUMENT_INVALID naming what is wrong. */
export function overduePolicy(policy: OverduePolicy): OverduePolicy {
  const { id, version, steps, archiveAfterDays, purgeAfterDays } = policy
  const refuse = (message: string): never => {
    throw new PaybillError('ARGUMENT_INVALID', `overdue policy \`${id}\` version ${version}: ${message}`)
  }
  const days = [...steps.map(({ fromDay }) => fromDay), archiveAfterDays, purgeAfterDays]
  if (!days.every((day) => Number.isSafeInteger(day) && day >= 0 && day <= maxDays))
    refuse(`days are whole numbers from 0 to ${maxDays}`)
  if (!Number.isSafeInteger(version) || version < 1) refuse('the version is a whole number of at least 1')
  if (steps[0]?.fromDay !== 0) refuse('the first step is from day 0')
  if (steps.at(-1)?.access !== 'blocked') refuse('the last step is `blocked`, or nobody would know when a debt cuts access')
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]
    if (before === undefined) continue
    if (step.fromDay <= before.fromDay) refuse('each step is from a later day than the one before')
    if (severity[step.access] <= severity[before.access]) refuse('each step gives less access than the one before')
  }
  if (purgeAfterDays < archiveAfterDays) refuse('data is purged before it is archived')
  return { id, version, steps: Object.freeze(steps.map((step) => Object.freeze({ ...step }))), archiveAfterDays, purgeAfterDays }
}

/** The policy that a plan names, or the default one. Throws ARGUMENT_INVALID where it is not among the given ones. */
export function overduePolicyOf(policies: readonly OverduePolicy[], reference: OverduePolicyReference | null): OverduePolicy {
  if (reference === null) return defaultOverduePolicy
  const found = policies.find(({ id, version }) => id === reference.id && version === reference.version)
  if (found === undefined)
    throw new PaybillError('ARGUMENT_INVALID', `there is no overdue policy \`${reference.id}\` version ${reference.version}`)
  return found
}

/** The steps of a policy with the moments at which they begin for a debt. */
export function datedSteps(policy: OverduePolicy, dueAt: Date): readonly (OverdueStep & { readonly at: Date })[] {
  return policy.steps.map((step) => ({ ...step, at: addDays(dueAt, step.fromDay) }))
}

/** The moment at which a debt cuts access. */
export function blockedAt(policy: OverduePolicy, dueAt: Date): Date {
  return addDays(dueAt, policy.steps.at(-1)?.fromDay ?? 0)
}
