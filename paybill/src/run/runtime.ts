// What workers share: the database, the registered workflows and models, who is who, and the keys of the journal.

import type { Agent, Principal } from '../acl/principal.ts'
import type { Rules } from '../acl/rules.ts'
import type { Model } from '../agent/model.ts'
import type { Clock } from '../lib/clock.ts'
import type { SqlClient } from '../lib/sql.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { TransactionRunner } from './history.ts'

/** Tells the workers of this process that there may be something to claim. A hint: they look by themselves too. */
export class WakeUps {
  readonly #listeners = new Set<() => void>()

  wake(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Answers how to stop listening. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

export type Runtime = {
  readonly wakeUps: WakeUps
  readonly rules: Rules
  readonly client: SqlClient
  readonly transaction: TransactionRunner
  readonly clock: Clock
  /** By `name/version`. */
  readonly workflows: ReadonlyMap<string, Workflow>
  readonly models: ReadonlyMap<string, Model>
  readonly agents: ReadonlyMap<string, Agent>
  readonly recipients: ReadonlyMap<string, readonly string[]>
  /** Who an id is now, or null for somebody who is no longer known. */
  readonly principal: (id: string, tenant: string) => Promise<Principal | null>
  readonly payloadKey: (tenant: string) => Uint8Array
  /** Told of each entry after its commit, for progress on a terminal. */
  readonly onEntry: (runId: string, entry: { readonly kind: string; readonly path: string }) => void
}
