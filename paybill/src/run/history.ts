// The history of one run as its worker holds it: what was written, under which fence, and the next number. Numbers are
// gap-free because only one transaction at a time is between its first entry and its commit.

import type { Transaction } from '../database/transaction.ts'
import type { Append } from '../invoke/door.ts'
import { entryAppend } from '../journal/append.ts'
import type { Entry } from '../journal/entry.ts'
import { type ClaimedRun, runProgressed } from '../journal/run-store.ts'
import type { Clock } from '../lib/clock.ts'

export type TransactionRunner = <R>(work: (tx: Transaction) => Promise<R>) => Promise<R>

export class History {
  readonly #run: ClaimedRun
  readonly #payloadKey: Uint8Array
  readonly #transaction: TransactionRunner
  readonly #clock: Clock
  readonly #onEntry: (entry: Entry) => void
  #next: number
  #mustForgetClaims: boolean
  #last: Promise<void> = Promise.resolve()

  constructor(options: {
    readonly run: ClaimedRun
    readonly payloadKey: Uint8Array
    readonly transaction: TransactionRunner
    readonly clock: Clock
    readonly entries: number
    /** Called after the commit, in order, for each entry that was written. */
    readonly onEntry: (entry: Entry) => void
  }) {
    this.#run = options.run
    // Only where an earlier claim came to nothing; the usual run is claimed once and pays for no statement more.
    this.#mustForgetClaims = options.run.claims > 1
    this.#payloadKey = options.payloadKey
    this.#transaction = options.transaction
    this.#clock = options.clock
    this.#next = options.entries + 1
    this.#onEntry = options.onEntry
  }

  /** Runs work in one transaction; entries that it appends commit with everything else that it did, or not at all. */
  async transaction<R>(work: (tx: Transaction, append: Append) => Promise<R>): Promise<R> {
    const written: Entry[] = []
    let release: (() => void) | null = null
    try {
      const result = await this.#transaction((tx) =>
        work(tx, async (kind, path, payload) => {
          release ??= await this.#enter()
          const entry: Entry = { number: this.#next + written.length, kind, path, at: this.#clock.now(), payload }
          await entryAppend(tx, this.#payloadKey, this.#run, entry)
          if (this.#mustForgetClaims) await runProgressed(tx, this.#run)
          written.push(entry)
        }),
      )
      this.#next += written.length
      if (written.length > 0) this.#mustForgetClaims = false
      for (const entry of written) this.#onEntry(entry)
      return result
    } finally {
      this.#leave(release)
    }
  }

  // From the first entry to the commit one transaction at a time; bodies of steps before their first entry run side by side.
  async #enter(): Promise<() => void> {
    const before = this.#last
    const gate = Promise.withResolvers<void>()
    this.#last = before.then(() => gate.promise)
    await before
    return gate.resolve
  }

  #leave(release: (() => void) | null): void {
    release?.()
  }
}
