// What a call needs of its surroundings. The worker that holds the run gives it; nothing else can.

import type { Agent, Principal } from '../acl/principal.ts'
import type { Rules } from '../acl/rules.ts'
import type { Transaction } from '../database/transaction.ts'
import type { EntryKind, Payload } from '../journal/entry.ts'

/** Adds an entry to the run's history under the writer's fence, in the transaction that it was made for. */
export type Append = (kind: EntryKind, path: string, payload: Payload) => Promise<void>

export type Door = {
  readonly rules: Rules
  readonly runId: string
  readonly tenant: string
  readonly agent: Agent | null
  readonly startedBy: string
  readonly now: () => Date
  /** The principal with the roles and claims that it has now, never those of the start. */
  readonly principal: () => Promise<Principal>
  /** A declared recipient as a principal of the tenant, or null. An unmapped recipient reads nothing. */
  readonly recipient: (name: string) => Principal | null
  readonly transaction: <R>(work: (tx: Transaction, append: Append) => Promise<R>) => Promise<R>
}
