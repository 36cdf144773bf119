// An application: one database with its rules, and the workflows, models, people and recipients that work on it.

import type { Agent, Principal } from '../acl/index.ts'
import type { Model } from '../agent/model.ts'
import { type Database, internals } from '../database/database.ts'
import { entryList } from '../journal/append.ts'
import type { Entry } from '../journal/entry.ts'
import { type RunState, runStart } from '../journal/run-store.ts'
import { assert } from '../lib/assert.ts'
import { PaybillError } from '../lib/errors.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import type { Schema } from '../schema/table.ts'
import { validate } from '../schema/standard.ts'
import type { Workflow } from '../workflow/workflow.ts'
import { type Approvals, approvals } from './approvals.ts'
import { type Page, pageOf } from './page.ts'
import { personNow, requireRight, type SignedIn } from './person.ts'
import { runFetch, runFind, runList, type RunRow } from './run-list.ts'
import { type Runtime, WakeUps } from './runtime.ts'
import { work, type WorkerSettings, type WorkOptions, type WorkSummary } from './worker.ts'

export type AppOptions<S extends Schema> = {
  readonly database: Database<S>
  readonly workflows: readonly Workflow[]
  readonly models?: Readonly<Record<string, Model>>
  readonly agents?: readonly Agent[]
  /** Who receives what actions send and models read, with the roles whose rules say what they may read. */
  readonly recipients?: Readonly<Record<string, { readonly roles: readonly string[] }>>
  /** Who an id is now. Answers null for somebody unknown: he may do nothing. Asked at each call, never kept. */
  readonly principal: (id: string, tenant: string) => Promise<Principal | null>
  /** The key of a tenant under which payloads are bound to their entries. It lies outside the database. */
  readonly payloadKey: (tenant: string) => Uint8Array
  readonly worker?: Partial<WorkerSettings>
  readonly clock?: Clock
  readonly onEntry?: Runtime['onEntry']
}

export type App = {
  /** Starts a run, once for each key. Throws ARGUMENT_INVALID for a wrong input, DENIED for somebody who may not start it. */
  readonly start: <Input>(
    workflow: Workflow<Input>,
    input: NoInfer<Input>,
    options: { readonly as: SignedIn; readonly key: string; readonly agent?: string },
  ) => Promise<{ readonly runId: string; readonly isNew: boolean }>
  /** Works on runs until there is nothing to do, or until the signal. */
  readonly work: (options: WorkOptions) => Promise<WorkSummary>
  readonly approvals: Approvals
  readonly runs: {
    /**
     * A page of the runs of the person's tenant in the given states (default: in any), newest first, 200 where no limit
     * is given. Throws DENIED for somebody unknown, and ARGUMENT_INVALID for an `after` that is no run of the tenant.
     *
     * @example const parked = await app.runs.list(as, { states: ['parked'], limit: 10 })
     */
    readonly list: (as: SignedIn, options?: Page & { readonly states?: readonly RunState[] }) => Promise<readonly RunRow[]>
    /** The run that was started with a key, or null. Throws DENIED for somebody unknown. */
    readonly find: (as: SignedIn, of: { readonly workflow: string; readonly key: string }) => Promise<RunRow | null>
    /**
     * The history of a run as it was written, with every value: it needs the right `history:NAME` of the workflow.
     * Throws NOT_FOUND, also for a run of another tenant, and DENIED.
     */
    readonly history: (as: SignedIn, runId: string) => Promise<readonly Entry[]>
  }
}

/** Puts an application together. Throws WORKFLOW_INVALID where two workflows have the same name and version. */
export function createApp<S extends Schema>(options: AppOptions<S>): App {
  const client = internals(options.database)
  const runtime: Runtime = {
    rules: options.database.rules,
    client,
    transaction: (work) => client.transaction(work),
    clock: options.clock ?? systemClock,
    workflows: byVersion(options.workflows),
    models: new Map(Object.entries(options.models ?? {})),
    agents: new Map((options.agents ?? []).map((agent) => [agent.id, agent])),
    recipients: new Map(Object.entries(options.recipients ?? {}).map(([name, recipient]) => [name, recipient.roles])),
    principal: options.principal,
    payloadKey: options.payloadKey,
    onEntry: options.onEntry ?? (() => {}),
    wakeUps: new WakeUps(),
  }
  const settings: WorkerSettings = { concurrency: 4, leaseMs: 10_000, pollMs: 200, ...options.worker }
  const app: App = {
    approvals: approvals(runtime),
    work: (how) => work(runtime, settings, how),
    start: async (workflow, input, start) => {
      const registered = runtime.workflows.get(`${workflow.name}/${workflow.version}`)
      if (registered?.hash !== workflow.hash)
        throw new PaybillError('VERSION_MISSING', `workflow \`${workflow.name}/${workflow.version}\` is not registered`)
      requireRight(runtime, await personNow(runtime, start.as), `start:${workflow.name}`)
      const checked = await validate(workflow.input, input, `input of \`${workflow.name}\``)
      const started = await runStart(client, runtime.payloadKey(start.as.tenant), {
        tenant: start.as.tenant,
        workflow: workflow.name,
        version: workflow.version,
        graphHash: workflow.hash,
        key: start.key,
        startedBy: start.as.id,
        agent: start.agent ?? null,
        at: runtime.clock.now(),
        input: checked,
      })
      runtime.wakeUps.wake()
      return started
    },
    runs: {
      list: async (as, options = {}) => {
        await personNow(runtime, as)
        return runList(client, { tenant: as.tenant, states: options.states ?? null, ...pageOf(options, 200) })
      },
      find: async (as, of) => {
        await personNow(runtime, as)
        return runFind(client, { tenant: as.tenant, ...of })
      },
      history: async (as, runId) => {
        const principal = await personNow(runtime, as)
        const run = await runFetch(client, as.tenant, runId)
        requireRight(runtime, principal, `history:${run.workflow}`)
        return entryList(client, runtime.payloadKey(as.tenant), runId)
      },
    },
  }
  runtimes.set(app, runtime)
  return app
}

const runtimes = new WeakMap<App, Runtime>()

/** What workers and the web handler of an application share. INTERNAL: not exported by the package. */
export function runtimeOf(app: App): Runtime {
  const runtime = runtimes.get(app)
  assert(runtime !== undefined, 'an application is made by createApp and nothing else')
  return runtime
}

function byVersion(workflows: readonly Workflow[]): ReadonlyMap<string, Workflow> {
  const map = new Map<string, Workflow>()
  for (const workflow of workflows) {
    const key = `${workflow.name}/${workflow.version}`
    if (map.has(key)) throw new PaybillError('WORKFLOW_INVALID', `workflow \`${key}\` is registered twice`)
    map.set(key, workflow)
  }
  return map
}
