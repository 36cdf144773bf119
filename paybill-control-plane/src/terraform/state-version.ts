// The versions of a workspace's state: sealed, and never changed or removed. A version is written only on top of the one
// that its writer knew: the lineage must be the same, the serial a later one.

import { PaybillError } from 'paybill/lib'
import { databaseNow, maxStateBytes, type Seal, type TerraformSession, type TerraformStore } from './tables.ts'
import { newestLock, standingAt, workspaceTake } from './workspace-lock.ts'

/** A state as Terraform writes it, with the two facts that order it among others. */
export type StateContent = { readonly bytes: Uint8Array; readonly serial: number; readonly lineage: string }

/** Reads a state. Null where the bytes are none that Terraform 0.12 or newer wrote. */
export function parseState(bytes: Uint8Array): StateContent | null {
  const facts = parseObject(Buffer.from(bytes).toString('utf8'))
  if (facts === null) return null
  const { version, serial, lineage } = facts
  if (version !== 4 || typeof serial !== 'number' || !Number.isSafeInteger(serial) || serial < 0 || serial > 2_147_483_647)
    return null
  if (typeof lineage !== 'string' || lineage === '' || lineage.length > 100) return null
  return { bytes, serial, lineage }
}

/**
 * Reads the state that Terraform kept in a file. Where it could not even ask whether there was one before, the file has no
 * lineage yet: it is the first state, of the lineage given, and `stateWrite` refuses it where there is another.
 */
export function parseErroredState(bytes: Uint8Array, lineage: string): StateContent | null {
  const state = parseState(bytes)
  if (state !== null) return state
  const facts = parseObject(Buffer.from(bytes).toString('utf8'))
  return facts?.['lineage'] === '' ? parseState(withFacts(facts, { serial: 1, lineage })) : null
}

export type StateWritten = 'written' | 'same' | 'other-lineage' | 'older-serial' | 'other-content'

/** Writes a state on top of the newest. The caller has taken the workspace and checked that the writer holds it. */
export async function stateWrite(
  tables: TerraformSession,
  write: {
    readonly workspace: string
    readonly state: StateContent
    readonly seal: Seal
    readonly source: 'terraform' | 'rescued' | 'rolled-back'
    readonly run: string | null
  },
): Promise<StateWritten> {
  const { workspace, state, seal, source, run } = write
  const { serial, lineage } = state
  const newest = await stateFetch(tables, { workspace, seal })
  if (newest !== null) {
    if (lineage !== newest.lineage) return 'other-lineage'
    if (serial < newest.serial) return 'older-serial'
    if (serial === newest.serial) return Buffer.compare(state.bytes, newest.bytes) === 0 ? 'same' : 'other-content'
  }
  const sealed = Buffer.from(seal.seal(state.bytes)).toString('base64')
  await tables.terraformStateVersion.insert({ workspace, serial, lineage, source, run, sealed })
  await tables.terraformWorkspace.update({ where: { id: workspace }, set: { serial, lineage } })
  return 'written'
}

/** A version of the state, the newest where no serial is given; null where there is none. Throws STATE_BROKEN where it cannot be opened. */
export async function stateFetch(
  tables: TerraformSession,
  of: { readonly workspace: string; readonly seal: Seal; readonly serial?: number },
): Promise<StateContent | null> {
  const { workspace, seal, serial } = of
  const row = await tables.terraformStateVersion.findFirst({
    where: serial === undefined ? { workspace } : { workspace, serial },
    select: ['serial', 'lineage', 'sealed'],
    orderBy: { serial: 'desc' },
  })
  if (row === null) return null
  const state = parseState(openSealed(seal, row.sealed, workspace))
  // What was sealed for another row would open too: it must be the state that its row speaks of.
  if (state === null || state.serial !== row.serial || state.lineage !== row.lineage)
    throw new PaybillError('STATE_BROKEN', `version ${row.serial} of workspace \`${workspace}\` holds another state`)
  return state
}

/**
 * Makes an earlier version the newest: its content with the next serial. Nothing outside changes; the next run shows what
 * would. `from` is the serial that the caller has seen. Throws TERRAFORM_LOCKED where a run holds the workspace, CONFLICT
 * where the state has moved.
 */
export async function stateRollBack(
  store: TerraformStore,
  rollBack: { readonly workspace: string; readonly seal: Seal; readonly from: number; readonly to: number },
): Promise<{ readonly serial: number }> {
  const { workspace, seal, from, to } = rollBack
  return store.transaction(async (tables) => {
    const taken = await workspaceTake(tables, workspace)
    if (taken === null) throw new PaybillError('NOT_FOUND', `there is no workspace \`${workspace}\``)
    const lock = await newestLock(tables, workspace)
    // Also where the lease is over: the run that held it may have left a state that only its successor finds.
    if (lock !== null && !lock.isReleased)
      throw new PaybillError(
        'TERRAFORM_LOCKED',
        `run \`${lock.run}\` holds workspace \`${workspace}\`, ${standingAt(lock, await databaseNow(tables)).kind}`,
      )
    if (taken.serial !== from)
      throw new PaybillError('CONFLICT', `the state of workspace \`${workspace}\` is at ${taken.serial} and not at ${from}`)
    const earlier = await stateFetch(tables, { workspace, seal, serial: to })
    if (earlier === null) throw new PaybillError('NOT_FOUND', `workspace \`${workspace}\` has no version ${to}`)
    const { lineage } = earlier
    const bytes = withFacts(parseObject(Buffer.from(earlier.bytes).toString('utf8')), { serial: from + 1, lineage })
    const state = { bytes, serial: from + 1, lineage }
    const written = await stateWrite(tables, { workspace, state, seal, source: 'rolled-back', run: null })
    if (written !== 'written') throw new PaybillError('CONFLICT', `the state of workspace \`${workspace}\` is of another lineage`)
    return { serial: state.serial }
  })
}

/** Opens what a column holds. Throws STATE_BROKEN. */
function openSealed(seal: Seal, sealed: string, workspace: string): Uint8Array {
  try {
    return seal.open(Buffer.from(sealed, 'base64'))
  } catch (cause) {
    throw new PaybillError('STATE_BROKEN', `what is kept of workspace \`${workspace}\` cannot be opened with its key`, { cause })
  }
}

/** Whether a state is too long to keep. */
export function isTooLong(bytes: Uint8Array): boolean {
  return bytes.byteLength > maxStateBytes
}

function withFacts(facts: object | null, changed: { readonly serial: number; readonly lineage: string }): Uint8Array {
  return Buffer.from(`${JSON.stringify({ ...facts, ...changed }, null, 2)}\n`)
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : null
  } catch {
    return null
  }
}
