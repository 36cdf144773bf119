// A worker: claims runs that have something to do, drives several at a time, and keeps their leases while it does. Any
// number of workers may run at once; what one of them drops, another takes over when the lease has run out.

import { randomUUID } from 'node:crypto'
import { approvalExpire } from '../invoke/approval-store.ts'
import { type ClaimedRun, leaseRenew, runClaim } from '../journal/run-store.ts'
import { errorLine, PaybillError } from '../lib/errors.ts'
import { drive, type DriveOutcome } from './drive.ts'
import type { Runtime } from './runtime.ts'

export type WorkOptions = {
  /** `idle`: return when no run can go on by itself. `stopped`: go on until the signal. */
  readonly until: 'idle' | 'stopped'
  readonly signal?: AbortSignal
}

/** What a worker did. `stalled` names the runs that it gave back because the outside did not answer. */
export type WorkSummary = {
  readonly driven: number
  readonly stalled: readonly { readonly runId: string; readonly why: string }[]
}

/** Settings of a worker: how many runs at once, how long a lease is, how often it looks for runs, in milliseconds. */
export type WorkerSettings = { readonly concurrency: number; readonly leaseMs: number; readonly pollMs: number }

export async function work(runtime: Runtime, settings: WorkerSettings, options: WorkOptions): Promise<WorkSummary> {
  return new Worker(runtime, settings, options).run()
}

class Worker {
  readonly #runtime: Runtime
  readonly #settings: WorkerSettings
  readonly #options: WorkOptions
  readonly #name = randomUUID()
  readonly #active = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>()
  readonly #stalled = new Map<string, string>()
  readonly #stop: AbortSignal
  #driven = 0
  /** Set where a wake-up came since the last look. */
  #isWoken = false
  #onWake: () => void = () => {}

  constructor(runtime: Runtime, settings: WorkerSettings, options: WorkOptions) {
    this.#runtime = runtime
    this.#settings = settings
    this.#options = options
    this.#stop = options.signal ?? new AbortController().signal
  }

  async run(): Promise<WorkSummary> {
    const renewals = setInterval(() => void this.#renew(), this.#settings.leaseMs / 3)
    const unlisten = this.#runtime.wakeUps.listen(() => {
      this.#isWoken = true
      this.#onWake()
    })
    try {
      while (!this.#stop.aborted) {
        this.#isWoken = false
        const claimed = await this.#look()
        if (claimed === 0 && this.#active.size === 0 && this.#options.until === 'idle' && !(await this.#othersReady())) break
        await this.#pause()
      }
    } finally {
      clearInterval(renewals)
      unlisten()
      for (const { abort } of this.#active.values()) abort.abort()
      await Promise.all(Array.from(this.#active.values(), (run) => run.done))
    }
    return { driven: this.#driven, stalled: Array.from(this.#stalled, ([runId, why]) => ({ runId, why })) }
  }

  async #look(): Promise<number> {
    try {
      await approvalExpire(this.#runtime.client)
      return await this.#claim()
    } catch (error) {
      // A worker that goes on outlives its database's restart; one that was to finish a job says that it could not.
      const mayPass = error instanceof PaybillError && error.code.startsWith('DATABASE_')
      if (this.#options.until === 'stopped' && mayPass) return 0
      throw error
    }
  }

  async #claim(): Promise<number> {
    const room = this.#settings.concurrency - this.#active.size
    if (room <= 0) return 0
    const claimed = await runClaim(this.#runtime.client, {
      worker: this.#name,
      leaseMs: this.#settings.leaseMs,
      limit: room,
      except: [...this.#stalled.keys()],
    })
    for (const run of claimed) this.#start(run)
    return claimed.length
  }

  #start(run: ClaimedRun): void {
    const abort = new AbortController()
    this.#active.set(run.runId, { abort, done: this.#drive(run, abort.signal) })
  }

  async #drive(run: ClaimedRun, signal: AbortSignal): Promise<void> {
    const outcome = await drive(this.#runtime, run, signal).catch((error: unknown): DriveOutcome => ({
      kind: 'stalled',
      why: errorLine(error),
    }))
    this.#active.delete(run.runId)
    this.#driven += 1
    if (outcome.kind !== 'stalled') return
    // A worker that works until it is idle tries a stalled run once; one that goes on finds it again after a while.
    this.#stalled.set(run.runId, outcome.why)
    if (this.#options.until === 'stopped') setTimeout(() => this.#stalled.delete(run.runId), this.#settings.leaseMs).unref()
  }

  // Runs that a worker which died still has on lease: they can be claimed soon, so there is something to wait for.
  async #othersReady(): Promise<boolean> {
    const { rows } = await this.#runtime.client.query({
      name: 'paybill_runs_ready',
      text: `select exists (select 1 from paybill.run where state = 'alive' and ready and not id = any($1::uuid[])) as ready`,
      values: [[...this.#stalled.keys()]],
    })
    return rows[0]?.['ready'] === 't'
  }

  async #renew(): Promise<void> {
    const runIds = [...this.#active.keys()]
    if (runIds.length === 0) return
    try {
      const held = await leaseRenew(this.#runtime.client, { worker: this.#name, leaseMs: this.#settings.leaseMs, runIds })
      for (const runId of runIds) if (!held.has(runId)) this.#active.get(runId)?.abort.abort()
    } catch {
      // The database cannot be reached: the fence keeps every write right, and the next statement of each run reports it.
    }
  }

  // Until a run ends and makes room, something came, or it is time to look again.
  async #pause(): Promise<void> {
    if (this.#isWoken) return
    const timer = Promise.withResolvers<void>()
    const handle = setTimeout(timer.resolve, this.#settings.pollMs)
    const onAbort = (): void => timer.resolve()
    this.#onWake = onAbort
    this.#stop.addEventListener('abort', onAbort, { once: true })
    await Promise.race([timer.promise, ...Array.from(this.#active.values(), (run) => run.done)])
    clearTimeout(handle)
    this.#stop.removeEventListener('abort', onAbort)
  }
}
