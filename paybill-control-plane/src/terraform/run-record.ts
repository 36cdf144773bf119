// The record of a run. It moves only while its run holds the workspace: who lost the claim can write nothing of what it did
// after that, and whoever claims the workspace next ends the record.

import { assert, PaybillError } from 'paybill/lib'
import { type RenderedModule, runHash } from './module.ts'
import { finalRunStates, runMoves, type RunState } from './run-state.ts'
import type { TerraformSession } from './tables.ts'
import { type Claim, requireHeld } from './workspace-lock.ts'

export type RunKind = 'apply' | 'destroy'
export type RunRow = NonNullable<Awaited<ReturnType<TerraformSession['terraformRun']['findFirst']>>>
type RunFacts = Partial<
  Pick<
    RunRow,
    | 'runHash'
    | 'baseSerial'
    | 'baseLineage'
    | 'planHash'
    | 'planFileHash'
    | 'plan'
    | 'intent'
    | 'resultSerial'
    | 'error'
    | 'endedAt'
  >
>

/** What a run is made from. */
export type RunSource = { readonly kind: RunKind; readonly rendered: RenderedModule }

/** Puts a run on record and ends the records of runs that were interrupted. In the transaction of its claim. */
export async function runCreate(tables: TerraformSession, claim: Claim, { kind, rendered }: RunSource): Promise<void> {
  const { run, workspace, fence } = claim
  const { moduleHash, inputHash } = rendered
  await endInterrupted(tables, workspace)
  await tables.terraformRun.insert({ id: run, workspace, fence, kind, moduleHash, inputHash, state: 'pending' })
  await runMove(tables, claim, ['plan_queued'])
}

/** Notes what the plan will be made from. */
export async function runBeginPlan(tables: TerraformSession, claim: Claim, { kind, rendered }: RunSource): Promise<void> {
  const { serial, lineage } = await requireHeld(tables, claim)
  const facts = { runHash: runHash(rendered, { kind, serial }), baseSerial: serial, baseLineage: lineage }
  await runMove(tables, claim, ['planning'], facts)
}

/** Moves a run on, through every state given, and writes what became known. Throws TERRAFORM_LOCKED where the claim is lost. */
export async function runMove(
  tables: TerraformSession,
  claim: Claim,
  states: readonly RunState[],
  facts: RunFacts = {},
): Promise<void> {
  await requireHeld(tables, claim)
  for (const [index, state] of states.entries()) {
    const isLast = index === states.length - 1
    const set = { state, ...(isLast ? facts : {}), ...(isFinal(state) ? { endedAt: new Date() } : {}) }
    const { count } = await tables.terraformRun.update({ where: { id: claim.run }, set })
    assert(count === 1, 'a run is put on record with its claim')
  }
}

/** Throws TERRAFORM_PLAN_STALE unless the state is still the one that the run's plan was made from. */
export async function requireFreshPlan(tables: TerraformSession, claim: Claim): Promise<void> {
  const { serial, lineage } = await requireHeld(tables, claim)
  const run = await tables.terraformRun.findFirst({ where: { id: claim.run } })
  assert(run !== null, 'a run is put on record with its claim')
  if (run.baseSerial !== serial || run.baseLineage !== lineage)
    throw new PaybillError(
      'TERRAFORM_PLAN_STALE',
      `the plan of run \`${claim.run}\` was made from serial ${run.baseSerial ?? 'none'}, and the state is at ${serial}`,
    )
}

/** Whether the newest run that began to make something did not end well: what it has made may be on no record. */
export async function isUnsettled(tables: TerraformSession, workspace: string): Promise<boolean> {
  const where = { workspace, intent: { isNull: false } }
  const last = await tables.terraformRun.findFirst({ where, orderBy: { fence: 'desc' } })
  return last !== null && last.kind === 'apply' && last.state !== 'applied'
}

/** What a run came to. */
export type RunResult = {
  readonly state: 'applied' | 'planned_and_finished'
  readonly run: string
  readonly planHash: string
  /** Of the state that is now the newest; 0 where there is none. */
  readonly serial: number
  readonly hasChanges: boolean
}

/** The result of the newest run, where it ended well, was made from the same, and nothing has changed since; null where not. */
export async function finishedResult(tables: TerraformSession, workspace: string, source: RunSource): Promise<RunResult | null> {
  const place = await tables.terraformWorkspace.findFirst({ where: { id: workspace } })
  const run = await tables.terraformRun.findFirst({ where: { workspace }, orderBy: { fence: 'desc' } })
  if (place === null || run === null || (run.state !== 'applied' && run.state !== 'planned_and_finished')) return null
  const { kind, rendered } = source
  if (run.kind !== kind || run.moduleHash !== rendered.moduleHash || run.inputHash !== rendered.inputHash) return null
  if (run.resultSerial !== place.serial || run.fence !== place.fence || run.planHash === null) return null
  const { state, id, planHash } = run
  return { state, run: id, planHash, serial: place.serial, hasChanges: state === 'applied' }
}

async function endInterrupted(tables: TerraformSession, workspace: string): Promise<void> {
  const unfinished = (Object.keys(runMoves) as readonly RunState[]).filter((state) => !isFinal(state)) // its keys are the states
  await tables.terraformRun.update({
    where: { workspace, state: { in: unfinished } },
    set: { state: 'errored', error: 'the run was interrupted, and lost its claim', endedAt: new Date() },
  })
}

function isFinal(state: RunState): boolean {
  return finalRunStates.some((final) => final === state)
}
