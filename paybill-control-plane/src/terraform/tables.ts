// What is kept of Terraform: workspaces, who holds them, every version of their state, and the runs. An application puts
// these tables into its schema; the tenant key is the organization. States and plans are secrets, so they lie here sealed.

import type { SessionTables } from 'paybill/database'
import { type Schema, t, table } from 'paybill/schema'
import { runMoves } from './run-state.ts'

/** The longest state that is kept, in bytes. */
export const maxStateBytes = 8 * 1024 * 1024

// Sealing adds a nonce and a tag, and base64 a third.
const maxSealedCharacters = 12 * 1024 * 1024
const hash = () => t.text({ maxLength: 64, pattern: '[0-9a-f]{64}' }).trusted()
const workspaceId = () => t.text({ maxLength: 63, pattern: '[a-z0-9][a-z0-9-]*' }).trusted()
const lineage = () => t.text({ maxLength: 100 }).trusted()
const sealed = () => t.text({ maxLength: maxSealedCharacters }).trusted().sensitive('terraform')

export const terraformTables = {
  terraformWorkspace: table(
    {
      tenant: t.tenant(),
      id: workspaceId(),
      /** Names the folder of the workspace's runs on a machine: two organizations may call their workspaces the same. */
      mark: t.uuid().defaultRandom(),
      /** The number of the newest claim: whoever holds an earlier one can write nothing. */
      fence: t.integer({ minimum: 0 }).default(0),
      /** Of the newest state; 0 with no lineage where there is none. */
      serial: t.integer({ minimum: 0 }).default(0),
      lineage: lineage().nullable(),
    },
    { primaryKey: ['tenant', 'id'] },
  ),
  // One row for each claim of a workspace, the newest of which counts. Earlier ones say who held it.
  terraformLock: table(
    {
      tenant: t.tenant(),
      workspace: workspaceId(),
      fence: t.integer({ minimum: 1 }),
      run: t.uuid(),
      phase: t.states({ plan: ['apply'], apply: [] }),
      tokenHash: hash(),
      termMs: t.integer({ minimum: 1 }),
      killGraceMs: t.integer({ minimum: 0 }),
      renewedAt: t.timestamp(),
      isReleased: t.boolean().default(false),
      /** Terraform's own lock inside of the claim: its id and what it said of itself. */
      lockId: t.text({ maxLength: 200 }).trusted().nullable(),
      lockInfo: t.text({ maxLength: 4_000 }).trusted().nullable(),
      isLocked: t.boolean().default(false),
    },
    {
      primaryKey: ['tenant', 'workspace', 'fence'],
      references: [{ columns: ['tenant', 'workspace'], table: 'terraformWorkspace', to: ['tenant', 'id'] }],
    },
  ),
  terraformStateVersion: table(
    {
      tenant: t.tenant(),
      workspace: workspaceId(),
      serial: t.integer({ minimum: 0 }),
      lineage: lineage(),
      source: t.enum('terraform', 'rescued', 'rolled-back'),
      run: t.uuid().nullable(),
      sealed: sealed(),
      at: t.timestamp().defaultNow(),
    },
    {
      primaryKey: ['tenant', 'workspace', 'serial'],
      references: [{ columns: ['tenant', 'workspace'], table: 'terraformWorkspace', to: ['tenant', 'id'] }],
    },
  ),
  terraformRun: table(
    {
      tenant: t.tenant(),
      id: t.uuid(),
      workspace: workspaceId(),
      fence: t.integer({ minimum: 1 }),
      kind: t.enum('apply', 'destroy'),
      state: t.states(runMoves),
      moduleHash: hash(),
      inputHash: hash(),
      /** Over module, input, lock file and the serial that the plan was made from. */
      runHash: hash().nullable(),
      baseSerial: t.integer({ minimum: 0 }).nullable(),
      baseLineage: lineage().nullable(),
      planHash: hash().nullable(),
      planFileHash: hash().nullable(),
      plan: sealed().nullable(),
      /** Written before the apply begins, one line for each change: actions, address, name. */
      intent: t.text({ maxLength: 1_000_000 }).trusted().nullable(),
      resultSerial: t.integer({ minimum: 0 }).nullable(),
      error: t.text({ maxLength: 4_000 }).trusted().nullable(),
      createdAt: t.timestamp().defaultNow(),
      endedAt: t.timestamp().nullable(),
    },
    {
      primaryKey: ['tenant', 'id'],
      unique: [{ columns: ['tenant', 'workspace', 'fence'] }],
      references: [{ columns: ['tenant', 'workspace'], table: 'terraformWorkspace', to: ['tenant', 'id'] }],
    },
  ),
  // Sessions read no clock. A row that takes the time of its transaction, and goes again, tells the database's.
  terraformMoment: table(
    { tenant: t.tenant(), id: t.uuid().defaultRandom(), at: t.timestamp().defaultNow() },
    { primaryKey: ['tenant', 'id'] },
  ),
}

/** The tables as one organization's session sees them. */
export type TerraformSession = SessionTables<Schema<typeof terraformTables>>

/** A session of one organization over a schema that has these tables. */
export type TerraformStore = TerraformSession & {
  transaction<R>(work: (tables: TerraformSession) => Promise<R>): Promise<R>
}

/** One claim of a workspace. */
export type Lock = NonNullable<Awaited<ReturnType<TerraformSession['terraformLock']['findFirst']>>>

/** Encryption under the key of the tenant that a workspace belongs to. `open` throws where the bytes are not what `seal` made. */
export type Seal = { seal(bytes: Uint8Array): Uint8Array; open(bytes: Uint8Array): Uint8Array }

/** The time of the transaction by the database's clock, which all holders of leases share. */
export async function databaseNow(tables: TerraformSession): Promise<Date> {
  const { id, at } = await tables.terraformMoment.insert({}, { returning: ['id', 'at'] })
  await tables.terraformMoment.delete({ where: { id } })
  return at
}
