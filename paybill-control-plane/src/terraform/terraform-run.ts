// One run: claim the workspace, take over what an interrupted run left, plan, keep the plan, apply exactly that plan, give
// the workspace back. Safe to call again after any crash: it goes on from what is there, or answers with what was done.

import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { errorLine, PaybillError } from 'paybill/lib'
import { serveBackend } from './backend-server.ts'
import type { TerraformBinary } from './binary.ts'
import { renderModule, type TerraformModule } from './module.ts'
import { type RunGround, workspaceAddress } from './run-command.ts'
import { killGraceMs, type RunLimits, runLimits } from './run-limits.ts'
import { giveUp, runPhases } from './run-phases.ts'
import { finishedResult, isUnsettled, runCreate, type RunKind, type RunResult, type RunSource } from './run-record.ts'
import { stateBackend } from './state-backend.ts'
import { type Lock, maxStateBytes, type Seal, type TerraformStore } from './tables.ts'
import { openSupervisor } from './supervise.ts'
import { takeOver } from './take-over.ts'
import { prepareFolder, workFolderOf, workspaceFolder } from './work-folder.ts'
import { type Claim, lockClaim, lockStanding, workspaceEnsure } from './workspace-lock.ts'

export type TerraformRunOptions<Input> = {
  /** Lower-case letters, digits and hyphens; made where it is not there. */
  readonly workspace: string
  readonly module: TerraformModule<Input>
  readonly input: Input
  readonly store: TerraformStore
  readonly seal: Seal
  /** See `findTerraform`. */
  readonly binary: TerraformBinary | null
  /** A folder of this user's for what runs need on this machine. The same one each time: an interrupted run is taken over from there. */
  readonly folder: string
  /** What the module's programs are given. Of this process's own environment they see PATH and nothing else. */
  readonly environment?: Readonly<Record<string, string>>
  /** A folder that providers are taken from; where it is not given, they come from where each one is published. */
  readonly providerMirror?: string
  readonly limits?: Partial<RunLimits>
  /** One line at a time, without secrets. */
  readonly onProgress?: (line: string) => void
}

export type TerraformResult = RunResult | { readonly state: 'skipped'; readonly reason: 'terraform not found' }

/**
 * Makes what the module says. Throws TERRAFORM_LOCKED where another run holds the workspace and goes on, TERRAFORM_FAILED
 * with the last lines of Terraform's output, TERRAFORM_PLAN_STALE where the state moved between plan and apply.
 *
 * @example await terraformRun({ workspace: 'acme', module: localSiloServer, input, store, seal, binary, folder })
 */
export async function terraformRun<Input>(options: TerraformRunOptions<Input>): Promise<TerraformResult> {
  return runOf(options, 'apply')
}

/** Removes what the module made, also what an interrupted run has made and could not put on record. Throws as `terraformRun` does. */
export async function terraformDestroy<Input>(options: TerraformRunOptions<Input>): Promise<TerraformResult> {
  if (await isUnsettled(options.store, options.workspace))
    // Terraform removes only what it knows of. Making it again, which is safe, makes it known, also where it fails again.
    await terraformRun(options).catch((error: unknown) => {
      if (!(error instanceof PaybillError) || error.code !== 'TERRAFORM_FAILED') throw error
      options.onProgress?.(`what was half made is removed as it is: ${error.code}`)
    })
  return runOf(options, 'destroy')
}

async function runOf<Input>(options: TerraformRunOptions<Input>, kind: RunKind): Promise<TerraformResult> {
  const { workspace, module, input, store, seal, binary, environment = {}, onProgress = () => {} } = options
  const source = { kind, rendered: renderModule(module, input) }
  const limits = runLimits(options.limits)
  if (binary === null) return { state: 'skipped', reason: 'terraform not found' }
  const { mark } = await workspaceEnsure(store, workspace)
  const finished = await finishedResult(store, workspace, source)
  if (finished !== null) return finished

  const backend = await serveBackend({
    handler: stateBackend({ store, seal: () => seal }),
    maxBodyBytes: maxStateBytes + 1,
    onError: (error) => onProgress(`state backend: ${errorLine(error)}`),
  })
  try {
    const { claim, token } = await claimInTurn(store, { workspace, limits, source, onProgress })
    const place = workspaceFolder(options.folder, { workspace, mark })
    const folder = workFolderOf(place, claim.fence)
    const supervisor = openSupervisor({
      folder: folder.path,
      groupFile: folder.groupFile,
      secretFiles: [folder.planFile],
      lease: { url: `${workspaceAddress(backend, claim)}/lease`, user: claim.run, termMs: limits.termMs },
      ending: limits,
    })
    const known = { ...source, store, seal, binary, environment, names: module.names(input), limits, onProgress }
    const ground: RunGround = { ...known, claim, folder, backend, supervisor }
    try {
      await takeOver(ground, place)
      await prepareFolder(folder, ground.rendered, { providerMirror: options.providerMirror ?? null })
      return await runPhases(ground, token)
    } catch (error) {
      await giveUp(ground, error)
      throw error
    } finally {
      await supervisor.close()
    }
  } finally {
    await backend.close()
  }
}

const lookEveryMs = 200

type InTurn = {
  readonly workspace: string
  readonly limits: RunLimits
  readonly source: RunSource
  readonly onProgress: (line: string) => void
}

/** Claims the workspace; waits for the end of a lease that nobody renews, for the run that holds it may be dead. */
async function claimInTurn(store: TerraformStore, of: InTurn): Promise<{ readonly claim: Claim; readonly token: string }> {
  const { workspace, limits, source, onProgress } = of
  const terms = { termMs: limits.termMs, killGraceMs: killGraceMs(limits) }
  let seen: Lock | null = null
  for (;;) {
    try {
      return await store.transaction(async (tables) => {
        const claimed = await lockClaim(tables, { workspace, run: randomUUID(), terms })
        await runCreate(tables, claimed.claim, source)
        return claimed
      })
    } catch (error) {
      if (!(error instanceof PaybillError) || error.code !== 'TERRAFORM_LOCKED') throw error
      const standing = await lockStanding(store, workspace)
      if (standing.kind !== 'free') {
        const { lock } = standing
        if (seen === null) onProgress(`waiting: ${error.message}`)
        else if (lock.fence !== seen.fence || lock.renewedAt.getTime() !== seen.renewedAt.getTime()) throw error // it lives
        seen = lock
      }
      await wait(lookEveryMs)
    }
  }
}
