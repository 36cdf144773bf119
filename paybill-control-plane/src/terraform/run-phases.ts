// The phases of a run that holds its workspace: plan, apply, and giving up. What will be changed is on record before the
// first change, and what is applied is the saved plan whose hash is on record.

import { readFile } from 'node:fs/promises'
import { errorLine, PaybillError } from 'paybill/lib'
import { hashOf } from './configuration.ts'
import { intentText, parsePlan, type Plan } from './plan.ts'
import { runCommand, type RunGround } from './run-command.ts'
import { requireFreshPlan, runBeginPlan, runMove, type RunResult, type RunRow } from './run-record.ts'
import { endLeft, rescueState } from './take-over.ts'
import { removeFolder } from './work-folder.ts'
import { lockBeginApply, lockRelease, requireHeld } from './workspace-lock.ts'

/** Plans and, where the plan changes something, applies it. Gives the workspace back. */
export async function runPhases(ground: RunGround, planToken: string): Promise<RunResult> {
  const planned = await planPhase(ground, planToken)
  return planned.hasChanges ? applyPhase(ground, planned) : finish(ground, planned, 'planned_and_finished')
}

/** `facts` is what the record keeps of the plan. */
type Planned = { readonly plan: Plan; readonly hasChanges: boolean; readonly facts: PlanFacts }
type PlanFacts = Pick<RunRow, 'planHash' | 'planFileHash' | 'plan' | 'intent'>

const changesCode = 2

async function planPhase(ground: RunGround, token: string): Promise<Planned> {
  const { store, seal, claim, folder, kind, limits, names } = ground
  await store.transaction(async (tables) => runBeginPlan(tables, claim, ground))
  const words = ['-input=false', '-no-color']
  await runCommand(ground, { words: ['init', ...words, '-lockfile=readonly'], token, timeoutMs: limits.initMs, goodCodes: [0] })
  const destroys = kind === 'destroy' ? ['-destroy'] : []
  // A plan locks nothing: it only reads, and the claim keeps others away.
  const { code } = await runCommand(ground, {
    words: ['plan', ...words, '-lock=false', '-detailed-exitcode', `-out=${folder.planFile}`, ...destroys],
    token,
    timeoutMs: limits.planMs,
    goodCodes: [0, changesCode],
  })
  const shown = await runCommand(ground, {
    words: ['show', '-json', '-no-color', folder.planFile],
    token,
    timeoutMs: limits.planMs,
    goodCodes: [0],
    isQuiet: true,
  })
  const plan = parsePlan(shown.out.join('\n'))
  const hasChanges = code === changesCode
  const facts = {
    planHash: plan.hash,
    planFileHash: hashOf(await readFile(folder.planFile)),
    plan: Buffer.from(seal.seal(Buffer.from(plan.json))).toString('base64'),
    intent: hasChanges ? intentText(plan, names) : null,
  }
  if (hasChanges) await store.transaction(async (tables) => runMove(tables, claim, ['planned'], facts))
  return { plan, hasChanges, facts }
}

async function applyPhase(ground: RunGround, planned: Planned): Promise<RunResult> {
  const { store, claim, folder, limits } = ground
  const { token } = await store.transaction(async (tables) => {
    await requireFreshPlan(tables, claim)
    await runMove(tables, claim, ['confirmed', 'apply_queued', 'applying'])
    return lockBeginApply(tables, claim)
  })
  if (hashOf(await readFile(folder.planFile)) !== planned.facts.planFileHash)
    throw new PaybillError('TERRAFORM_PLAN_STALE', 'the saved plan is no longer the one that is on record')
  await runCommand(ground, {
    words: ['apply', '-input=false', '-no-color', folder.planFile],
    token,
    timeoutMs: limits.applyMs,
    goodCodes: [0],
  })
  return finish(ground, planned, 'applied')
}

async function finish(ground: RunGround, planned: Planned, state: RunResult['state']): Promise<RunResult> {
  const { store, claim, folder } = ground
  const { serial } = await store.transaction(async (tables) => {
    const { serial } = await requireHeld(tables, claim)
    await runMove(tables, claim, [state], { ...planned.facts, resultSerial: serial })
    await lockRelease(tables, claim)
    return { serial }
  })
  await removeFolder(folder)
  return { state, run: claim.run, planHash: planned.plan.hash, serial, hasChanges: planned.hasChanges }
}

const maxErrorCharacters = 4_000

/**
 * Ends the record of a run that failed, keeps the state that Terraform could not hand over, and gives the workspace back.
 * Where that is not possible, because the claim or the database is gone, the next run does it: the folder stays.
 */
export async function giveUp(ground: RunGround, because: unknown): Promise<void> {
  const { store, claim, folder, onProgress } = ground
  const error = errorLine(because).slice(0, maxErrorCharacters)
  try {
    await endLeft(ground, folder)
    await rescueState(ground, folder)
    await store.transaction(async (tables) => {
      await runMove(tables, claim, ['errored'], { error })
      await lockRelease(tables, claim)
    })
    await removeFolder(folder)
  } catch (failure) {
    onProgress(`left to the next run: ${errorLine(failure)}`)
  }
}
