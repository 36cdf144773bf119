// The door as a worker holds it, for those who want to call it more often, or with other things in hand, than any worker
// would: a run that is claimed, its history, and who everybody is.

import { randomUUID } from 'node:crypto'
import type { Agent, Principal } from '../../src/acl/principal.ts'
import type { Rules } from '../../src/acl/rules.ts'
import { type Database, type Internals, internals } from '../../src/database/database.ts'
import type { Action, ArgumentSchemas } from '../../src/action/action.ts'
import type { Door } from '../../src/invoke/door.ts'
import { type Call, invoke, type Verdict } from '../../src/invoke/invoke.ts'
import type { Entry } from '../../src/journal/entry.ts'
import { type ClaimedRun, runClaim, runStart } from '../../src/journal/run-store.ts'
import { assert } from '../../src/lib/assert.ts'
import { systemLabel } from '../../src/label/label.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { History } from '../../src/run/history.ts'
import { agents, deskRules, type deskSchema, personOf, recipients } from '../run/desk.ts'

export const payloadKey = new Uint8Array(32).fill(9)

export type OpenDoor = {
  readonly door: Door
  readonly run: ClaimedRun
  /** The entries that were written through this door. */
  readonly written: readonly Entry[]
  /** Calls the action at `desk/1/send`, as the graph would, except for what is given. */
  readonly call: <A extends ArgumentSchemas, R>(
    action: Action<A, R>,
    values: Call['values'],
    change?: Partial<Call>,
  ) => Promise<Verdict>
}

/** Starts a run of the desk, claims it and opens its door. */
export async function openDoor(
  database: Database<typeof deskSchema>,
  as: {
    readonly tenant: string
    readonly id?: string
    readonly agent?: string
    readonly principal?: () => Promise<Principal>
  },
): Promise<OpenDoor> {
  const client = internals(database) as Internals
  const run = await startClaimed(client, { tenant: as.tenant, startedBy: as.id ?? 'ann', agent: as.agent ?? null })
  const { door, written } = doorOf(client, run, as.principal)
  return {
    door,
    run,
    written,
    call: (action, values, change = {}) =>
      invoke(door, {
        path: 'desk/1/send',
        action: action as unknown as Action, // a call holds actions of every type
        allowed: { actions: [action.name], calls: 5, refusals: 5 },
        values,
        control: systemLabel,
        approval: null,
        ...change,
      }),
  }
}

/** A run of the desk that is claimed by nobody who does anything with it. */
export async function startClaimed(
  client: Internals,
  start: { readonly tenant: string; readonly startedBy: string; readonly agent: string | null },
): Promise<ClaimedRun> {
  const { runId } = await runStart(client, payloadKey, {
    ...start,
    workflow: 'desk',
    version: 1,
    graphHash: 'none',
    key: randomUUID(),
    at: new Date(),
    input: {},
  })
  const claimed = await runClaim(client, { worker: randomUUID(), leaseMs: 60_000, limit: 1000, except: [] })
  const run = claimed.find((one) => one.runId === runId)
  assert(run !== undefined, 'a run that was just started can be claimed')
  return run
}

function doorOf(
  client: Internals,
  run: ClaimedRun,
  principal: () => Promise<Principal> = async () => knownPerson(run),
  rules: Rules = deskRules,
): { readonly door: Door; readonly written: readonly Entry[] } {
  const written: Entry[] = []
  const history = new History({
    run,
    entries: 1,
    payloadKey,
    transaction: (work) => client.transaction(work),
    clock: systemClock,
    onEntry: (entry) => void written.push(entry),
  })
  const agent: Agent | null = run.agent === null ? null : (agents.find((one) => one.id === run.agent) ?? null)
  const door: Door = {
    rules,
    runId: run.runId,
    tenant: run.tenant,
    startedBy: run.startedBy,
    agent,
    now: () => new Date(),
    principal,
    recipient: (name) => {
      const found = Object.entries(recipients).find(([key]) => key === name)
      return found === undefined ? null : { id: name, tenant: run.tenant, roles: found[1].roles, claims: {} }
    },
    transaction: (work) => history.transaction(work),
  }
  return { door, written }
}

function knownPerson(run: ClaimedRun): Principal {
  const person = personOf(run.startedBy, run.tenant)
  assert(person !== null, 'the test knows everybody it lets start a run')
  return person
}
