// What a run does about an earlier one that was interrupted: ends what may still run of it, and keeps the state that it
// could not hand over.

import { randomUUID } from 'node:crypto'
import { PaybillError } from 'paybill/lib'
import type { RunGround } from './run-command.ts'
import { parseErroredState, stateWrite } from './state-version.ts'
import { endLeftGroup } from './supervise.ts'
import { earlierFolders, erroredState, removeFolder, type WorkFolder } from './work-folder.ts'
import { requireHeld } from './workspace-lock.ts'

/** Ends what earlier claims of the workspace may still run on this machine, and takes over the states that they left. */
export async function takeOver(ground: RunGround, workspaceFolder: string): Promise<void> {
  for (const folder of await earlierFolders(workspaceFolder, ground.claim.fence)) {
    await endLeft(ground, folder)
    await rescueState(ground, folder)
    await removeFolder(folder)
  }
}

/** Throws TERRAFORM_FAILED where something of a folder's run is still there after SIGKILL. */
export async function endLeft({ limits }: RunGround, { path, groupFile }: WorkFolder): Promise<void> {
  const isGone = await endLeftGroup({ folder: path, groupFile, ending: limits })
  if (!isGone) throw new PaybillError('TERRAFORM_FAILED', `processes of the run in \`${path}\` could not be ended`)
}

/** Writes the state that Terraform left in a folder because it could not hand it over. */
export async function rescueState({ store, seal, claim, onProgress }: RunGround, folder: WorkFolder): Promise<void> {
  const bytes = await erroredState(folder)
  if (bytes === null) return
  const state = parseErroredState(bytes, randomUUID())
  if (state === null) {
    onProgress('rescue: what was left is no whole state')
    return
  }
  const { workspace, run } = claim
  const written = await store.transaction(async (tables) => {
    await requireHeld(tables, claim)
    return stateWrite(tables, { workspace, state, seal, source: 'rescued', run })
  })
  onProgress(`rescue: the state that was left, serial ${state.serial}: ${written}`)
}
