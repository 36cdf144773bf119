// Drives one claimed run as far as it goes: replays its history, performs what is open, and ends, rests or gives it back.

import { approvalAsk, approvalHashes, approvalOutcome } from '../invoke/approval-store.ts'
import type { Door } from '../invoke/door.ts'
import { decide } from '../agent/decide.ts'
import { entryList } from '../journal/append.ts'
import { type ClaimedRun, leaseRelease, runEnd, runGiveBack, runInbox, runRest } from '../journal/run-store.ts'
import { systemLabel } from '../label/label.ts'
import { unwrap } from '../label/labeled.ts'
import { assert } from '../lib/assert.ts'
import { encodeCanonical } from '../lib/canonical.ts'
import { errorLine, PaybillError } from '../lib/errors.ts'
import { type Command, openCommands } from '../workflow/advance.ts'
import type { ApprovalNode } from '../workflow/node.ts'
import { nodeAt } from '../workflow/place.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { History } from './history.ts'
import { Parked, Stalled } from './interruption.ts'
import { performAction } from './perform-action.ts'
import { performStep } from './perform-step.ts'
import { personNow } from './person.ts'
import { controlOf, Progress } from './replay.ts'
import type { Runtime } from './runtime.ts'

export type DriveOutcome =
  | { readonly kind: 'ended'; readonly status: 'finished' | 'failed' | 'parked' }
  | { readonly kind: 'resting' }
  /** Given back: the outside did not answer, or another worker has it. */
  | { readonly kind: 'stalled'; readonly why: string }
  | { readonly kind: 'lost' }

const claimLimit = 50

export async function drive(runtime: Runtime, run: ClaimedRun, signal: AbortSignal): Promise<DriveOutcome> {
  const workflow = runtime.workflows.get(`${run.workflow}/${run.version}`)
  if (workflow === undefined || workflow.hash !== run.graphHash)
    return park(
      runtime,
      run,
      `VERSION_MISSING: \`${run.workflow}/${run.version}\` is not registered with the graph that this run was started with`,
    )
  if (run.claims > claimLimit) return park(runtime, run, `the run was claimed ${run.claims} times without an entry`)
  try {
    return await new Driver(runtime, run, workflow, signal).run()
  } catch (error) {
    if (error instanceof Parked) return park(runtime, run, error.message)
    if (error instanceof PaybillError && error.code === 'FENCE_LOST') return { kind: 'lost' }
    if (signal.aborted) {
      // This worker stops: the next one need not wait for the lease. Under a lost fence this changes nothing.
      await runGiveBack(runtime.client, run).catch(() => {})
      return { kind: 'lost' }
    }
    return { kind: 'stalled', why: errorLine(error) }
  }
}

async function park(runtime: Runtime, run: ClaimedRun, reason: string): Promise<DriveOutcome> {
  await runtime.transaction(async (tx) => {
    await runEnd(tx, run, { state: 'parked', reason })
    await leaseRelease(tx, run)
  })
  return { kind: 'ended', status: 'parked' }
}

class Driver {
  readonly #runtime: Runtime
  readonly #run: ClaimedRun
  readonly #progress: Progress
  readonly #stop: AbortController = new AbortController()
  readonly #signal: AbortSignal
  readonly #queue: Command[] = []
  #door: Door | null = null
  #stalled: Stalled | null = null
  #fatal: Error | null = null

  constructor(runtime: Runtime, run: ClaimedRun, workflow: Workflow, signal: AbortSignal) {
    this.#runtime = runtime
    this.#run = run
    this.#progress = new Progress(workflow)
    this.#signal = AbortSignal.any([signal, this.#stop.signal])
  }

  async run(): Promise<DriveOutcome> {
    const { client, payloadKey } = this.#runtime
    const entries = await entryList(client, payloadKey(this.#run.tenant), this.#run.runId)
    for (const entry of entries) this.#progress.apply(entry)
    this.#door = this.#makeDoor(entries.length)
    this.#queue.push(...openCommands(this.#progress.workflow, this.#progress.state))

    let inbox = this.#run.inbox
    for (;;) {
      await this.#readDecisions()
      await this.#drain()
      if (this.#fatal !== null) throw this.#fatal
      const { status } = this.#progress.state
      if (status === 'finished' || status === 'failed') return this.#end(status)
      if (status === 'parked') throw new Parked(this.#progress.stuck ?? 'a compensation did not succeed')
      if (this.#stalled !== null) {
        await runGiveBack(client, this.#run)
        return { kind: 'stalled', why: this.#stalled.message }
      }
      if (await runRest(client, this.#run, inbox)) return { kind: 'resting' }
      inbox = await runInbox(client, this.#run)
    }
  }

  #makeDoor(entries: number): Door {
    const { runtime, run } = { runtime: this.#runtime, run: this.#run }
    const history = new History({
      run,
      entries,
      payloadKey: runtime.payloadKey(run.tenant),
      transaction: runtime.transaction,
      clock: runtime.clock,
      onEntry: (entry) => {
        this.#queue.push(...this.#progress.apply(entry))
        runtime.onEntry(run.runId, entry)
      },
    })
    return {
      rules: runtime.rules,
      runId: run.runId,
      tenant: run.tenant,
      startedBy: run.startedBy,
      agent: run.agent === null ? null : (runtime.agents.get(run.agent) ?? { id: run.agent, roles: [] }),
      now: () => runtime.clock.now(),
      principal: () => personNow(runtime, { id: run.startedBy, tenant: run.tenant }),
      recipient: (name) => {
        const roles = runtime.recipients.get(name)
        return roles === undefined ? null : { id: name, tenant: run.tenant, roles, claims: {} }
      },
      transaction: (work) => history.transaction(work),
    }
  }

  // Performs what is in the queue, and what comes into it meanwhile, until nothing is left that can go on.
  async #drain(): Promise<void> {
    const active = new Set<Promise<void>>()
    for (;;) {
      for (let command = this.#queue.shift(); command !== undefined; command = this.#queue.shift()) {
        // Once the run is to be parked, nothing is begun; what is under way may end, so that its outcome is known.
        if (command.kind === 'end' || this.#fatal !== null || this.#progress.state.status === 'parked') continue
        const task: Promise<void> = this.#perform(command).finally(() => active.delete(task))
        active.add(task)
      }
      if (active.size === 0) return
      await Promise.race(active)
    }
  }

  async #perform(command: Exclude<Command, { kind: 'end' }>): Promise<void> {
    try {
      if (command.kind === 'choose') await this.#choose(command.path)
      else if (command.kind === 'expand') await this.#expand(command.path)
      else await this.#leaf(command.path)
    } catch (error) {
      if (error instanceof Stalled) this.#stalled = error
      // Every connection was in use: nothing was done and nothing is wrong, so the run is tried again later.
      else if (isBusy(error)) this.#stalled = new Stalled(errorLine(error))
      else if (isLost(error) || error instanceof Parked || this.#signal.aborted) this.#abandon(error)
      else await this.#fail(command.path, error)
    }
  }

  #abandon(error: unknown): void {
    this.#fatal ??= error instanceof Error ? error : new Error(String(error))
    this.#stop.abort()
  }

  async #fail(path: string, error: unknown): Promise<void> {
    const code = error instanceof PaybillError ? error.code : 'INTERNAL'
    try {
      await this.#use().transaction((_tx, append) => append('leaf.failed', path, { code, message: errorLine(error) }))
    } catch (second) {
      this.#abandon(second)
    }
  }

  async #choose(path: string): Promise<void> {
    const node = nodeAt(this.#progress.workflow, path)
    assert(node.kind === 'branch', 'only a branch chooses')
    const chosen = node.on(this.#progress.scopes.at(path) as never) // the builder checked that the scope fits
    const { value } = unwrap(chosen, systemLabel)
    if (typeof value !== 'string' || !Object.hasOwn(node.cases, value))
      throw new PaybillError('WORKFLOW_INVALID', `\`${path}\` chose a case that it does not have`)
    const control = controlOf(chosen, path, Object.keys(node.cases).length)
    await this.#use().transaction((_tx, append) => append('branch.chosen', path, { to: value, control }))
  }

  async #expand(path: string): Promise<void> {
    const node = nodeAt(this.#progress.workflow, path)
    assert(node.kind === 'forEach', 'only a forEach expands')
    const items = node.over(this.#progress.scopes.at(path) as never) // the builder checked that the scope fits
    if (items.length > node.max)
      throw new PaybillError('WORKFLOW_INVALID', `\`${path}\` has ${items.length} items, and allows ${node.max}`)
    await this.#use().transaction((_tx, append) => append('each.expanded', path, { items: [...items] }))
  }

  async #leaf(path: string): Promise<void> {
    const door = this.#use()
    const { node, scope, control } = this.#progress.leaf(path)
    const past = this.#progress.open.get(path) ?? []
    const signal = this.#signal
    switch (node.kind) {
      case 'step':
        return performStep(door, { path, node, scope, signal })
      case 'action':
        return performAction(door, { path, node, scope, past, signal, control })
      case 'decide': {
        const model = this.#runtime.models.get(node.model)
        if (model === undefined)
          throw new PaybillError('WORKFLOW_INVALID', `\`${path}\` asks model \`${node.model}\`, which is not registered`)
        const asked = past.filter((entry) => entry.kind === 'decide.asked').length
        await decide(door, { path, node, model, signal, texts: node.texts(scope as never), history: { asked } })
        return
      }
      case 'approval': {
        const decided = past.findLast((entry) => entry.kind === 'approval.decided')
        if (decided === undefined) return this.#ask(path, node)
        return door.transaction((_tx, append) => append('approval.done', path, { outcome: decided.payload['outcome'] }))
      }
      default:
        return node satisfies never
    }
  }

  async #ask(path: string, node: ApprovalNode): Promise<void> {
    const door = this.#use()
    const shown = Object.entries(node.show(this.#progress.scopes.at(path) as never)).map(([name, given]) => {
      const { value, label } = unwrap(given, systemLabel)
      return {
        name,
        value: typeof value === 'string' ? value : encodeCanonical(value),
        origins: label.origins,
        writers: label.writers,
      }
    })
    await door.transaction(async (tx, append) => {
      const approval = await approvalAsk(tx, {
        tenant: door.tenant,
        runId: door.runId,
        path,
        right: node.right,
        subject: node.name,
        version: this.#run.version,
        hashes: approvalHashes({ shown }, {}),
        shown,
        reasons: [],
        requestedBy: door.startedBy,
        expiresMs: node.expiresMs,
      })
      await append('approval.asked', path, { approval })
    })
  }

  // Decisions of people reach the history here, by the lease holder alone.
  async #readDecisions(): Promise<void> {
    if (this.#progress.state.status !== 'running') return
    for (const path of this.#progress.state.waiting) {
      const approval = await approvalOutcome(this.#runtime.client, this.#run.runId, path)
      if (approval === null) continue
      const outcome = approval.state === 'approved' || approval.state === 'refused' ? approval.state : 'expired'
      await this.#use().transaction((_tx, append) =>
        append('approval.decided', path, { approval: approval.id, outcome, by: approval.decidedBy }),
      )
    }
  }

  async #end(status: 'finished' | 'failed'): Promise<DriveOutcome> {
    await this.#use().transaction(async (tx, append) => {
      await append('run.ended', this.#run.workflow, { status, failures: this.#progress.state.failures })
      await runEnd(tx, this.#run, { state: status, reason: null })
      await leaseRelease(tx, this.#run)
    })
    return { kind: 'ended', status }
  }

  #use(): Door {
    assert(this.#door !== null, 'the history was read before anything is done')
    return this.#door
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof PaybillError && error.code === 'DATABASE_BUSY'
}

function isLost(error: unknown): boolean {
  return error instanceof PaybillError && ['FENCE_LOST', 'DATABASE_UNREACHABLE', 'DATABASE_LOST'].includes(error.code)
}
