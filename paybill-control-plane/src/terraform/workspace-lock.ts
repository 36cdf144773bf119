// Who holds a workspace. A run claims it for all of its phases; each claim has a number that only grows, and a lease that
// must be renewed. Times are the database's. A claim whose lease is over belongs to a run that is dead or dying: it is
// given to another only when whoever ran Terraform has had the time to end it.
//
// INVARIANT: whoever changes a workspace's lock or state takes its row first (`workspaceTake`), so that all such changes
// follow one another, and what was checked still holds when it is written.

import { assert, PaybillError } from 'paybill/lib'
import { databaseNow, type Lock, type TerraformSession } from './tables.ts'
import { newToken, type Phase } from './run-token.ts'

/** How long a lease lasts, and how long ending Terraform takes at most after its supervisor has noticed that it is over. */
export type LeaseTerms = { readonly termMs: number; readonly killGraceMs: number }

type Workspace = NonNullable<Awaited<ReturnType<TerraformSession['terraformWorkspace']['findFirst']>>>

/** How a workspace stands. `live`: the lease runs. `orphaned`: it is over, and may be claimed from `claimableAt` on. */
export type Standing =
  | { readonly kind: 'free' }
  | { readonly kind: 'live'; readonly lock: Lock; readonly leaseEndsAt: Date }
  | { readonly kind: 'orphaned'; readonly lock: Lock; readonly since: Date; readonly claimableAt: Date }

/** Takes the workspace's row until the end of the transaction. Null where there is no such workspace. */
export async function workspaceTake(tables: TerraformSession, id: string): Promise<Workspace | null> {
  await tables.terraformWorkspace.update({ where: { id }, set: { id } })
  return tables.terraformWorkspace.findFirst({ where: { id } })
}

/** Makes the workspace where it is not there, and gives its mark. */
export async function workspaceEnsure(tables: TerraformSession, id: string): Promise<{ readonly mark: string }> {
  const find = () => tables.terraformWorkspace.findFirst({ where: { id }, select: ['mark'] })
  const found = await find()
  if (found !== null) return found
  try {
    return await tables.terraformWorkspace.insert({ id }, { returning: ['mark'] })
  } catch (error) {
    const made = error instanceof PaybillError && error.code === 'CONFLICT' ? await find() : null
    if (made === null) throw error
    return made // Somebody else made it in between.
  }
}

/** How the workspace stands now. */
export async function lockStanding(tables: TerraformSession, workspace: string): Promise<Standing> {
  const lock = await newestLock(tables, workspace)
  if (lock === null || lock.isReleased) return { kind: 'free' }
  return standingAt(lock, await databaseNow(tables))
}

/** How a claim that is not released stands at a moment. */
export function standingAt(lock: Lock, now: Date): Exclude<Standing, { kind: 'free' }> {
  const leaseEndsAt = new Date(lock.renewedAt.getTime() + lock.termMs)
  if (now < leaseEndsAt) return { kind: 'live', lock, leaseEndsAt }
  return { kind: 'orphaned', lock, since: leaseEndsAt, claimableAt: new Date(leaseEndsAt.getTime() + lock.killGraceMs) }
}

export type Claim = { readonly workspace: string; readonly run: string; readonly fence: number }

/** Claims a workspace for a run, in its plan phase. Throws TERRAFORM_LOCKED where somebody holds it. */
export async function lockClaim(
  tables: TerraformSession,
  claim: { readonly workspace: string; readonly run: string; readonly terms: LeaseTerms },
): Promise<{ readonly claim: Claim; readonly token: string }> {
  const { workspace, run, terms } = claim
  const taken = await workspaceTake(tables, workspace)
  if (taken === null) throw new PaybillError('NOT_FOUND', `there is no workspace \`${workspace}\``)
  const now = await databaseNow(tables)
  const newest = await newestLock(tables, workspace)
  const standing: Standing = newest === null || newest.isReleased ? { kind: 'free' } : standingAt(newest, now)
  if (standing.kind === 'live' || (standing.kind === 'orphaned' && now < standing.claimableAt))
    throw lockedBy(workspace, standing)
  const fence = taken.fence + 1
  const { token, tokenHash } = newToken({ phase: 'plan', fence })
  await tables.terraformWorkspace.update({ where: { id: workspace }, set: { fence } })
  await tables.terraformLock.insert({ workspace, fence, run, phase: 'plan', tokenHash, renewedAt: now, ...terms })
  return { claim: { workspace, run, fence }, token }
}

/** Moves the claim on to its apply phase: the token of the plan phase is worth nothing from here on. Throws TERRAFORM_LOCKED where the claim is lost. */
export async function lockBeginApply(tables: TerraformSession, claim: Claim): Promise<{ readonly token: string }> {
  await requireHeld(tables, claim)
  const { token, tokenHash } = newToken({ phase: 'apply', fence: claim.fence })
  await setLock(tables, claim, { phase: 'apply', tokenHash, renewedAt: await databaseNow(tables) })
  return { token }
}

/** Gives the lease another term. False where the claim is no longer the run's. */
export async function lockRenew(tables: TerraformSession, claim: Claim): Promise<boolean> {
  if ((await heldLock(tables, claim)) === null) return false
  await setLock(tables, claim, { renewedAt: await databaseNow(tables) })
  return true
}

/** Gives the workspace back, with Terraform's own lock. False where the claim was no longer the run's: nothing is touched then. */
export async function lockRelease(tables: TerraformSession, claim: Claim): Promise<boolean> {
  if ((await heldLock(tables, claim)) === null) return false
  await setLock(tables, claim, { isReleased: true, isLocked: false })
  return true
}

/** Takes the workspace and throws TERRAFORM_LOCKED unless the claim holds it. */
export async function requireHeld(tables: TerraformSession, claim: Claim): Promise<Workspace> {
  if ((await heldLock(tables, claim)) === null)
    throw new PaybillError('TERRAFORM_LOCKED', `run \`${claim.run}\` no longer holds workspace \`${claim.workspace}\``)
  const workspace = await tables.terraformWorkspace.findFirst({ where: { id: claim.workspace } })
  assert(workspace !== null, 'a workspace with a lock is there, and is never deleted')
  return workspace
}

/** The newest claim of a workspace, released or not. */
export async function newestLock(tables: TerraformSession, workspace: string): Promise<Lock | null> {
  return tables.terraformLock.findFirst({ where: { workspace }, orderBy: { fence: 'desc' } })
}

/** Takes the workspace; the claim's row where it is the newest one and not released. */
async function heldLock(tables: TerraformSession, { workspace, fence }: Claim): Promise<Lock | null> {
  await workspaceTake(tables, workspace)
  const newest = await newestLock(tables, workspace)
  return newest !== null && newest.fence === fence && !newest.isReleased ? newest : null
}

type LockChange = {
  readonly phase?: Phase
  readonly tokenHash?: string
  readonly renewedAt?: Date
  readonly isReleased?: boolean
  readonly isLocked?: boolean
}

async function setLock(tables: TerraformSession, { workspace, fence }: Claim, set: LockChange): Promise<void> {
  const { count } = await tables.terraformLock.update({ where: { workspace, fence }, set })
  assert(count === 1, 'the row was read in this transaction, and locks are never deleted')
}

function lockedBy(workspace: string, standing: Exclude<Standing, { kind: 'free' }>): PaybillError {
  const { run } = standing.lock
  return new PaybillError(
    'TERRAFORM_LOCKED',
    standing.kind === 'live'
      ? `workspace \`${workspace}\` is held by run \`${run}\`, whose lease runs until ${standing.leaseEndsAt.toISOString()}`
      : `workspace \`${workspace}\` was held by run \`${run}\`, which may still be ending until ${standing.claimableAt.toISOString()}`,
  )
}
