// The typed builder. Its value is the graph itself; each method answers a new flow whose scope knows one name more.

import type { Grant } from '../acl/principal.ts'
import type { Action, ArgumentSchemas, ArgumentValues } from '../action/action.ts'
import type { Labeled, MaybeLabeled } from '../label/labeled.ts'
import { PaybillError } from '../lib/errors.ts'
import { compensationName } from './compensation.ts'
import type { DecideLimits, Node, Scope, StepLimits } from './node.ts'

/** What an action answered: done, with what the outside said, or refused by a guard; people find the reason in the journal. */
export type ActionOutcome<Result> = ActionDone<Result> | { readonly outcome: 'refused'; readonly code: string }

export type ActionDone<Result> = { readonly outcome: 'done'; readonly result: Labeled<Result> }

type ValuesOf<A extends ArgumentSchemas> = { readonly [K in keyof A]: MaybeLabeled<ArgumentValues<A>[K]> }

/** What a builder function answers: a flow, whatever its scope has become. */
export type BuiltFlow = { readonly nodes: readonly Node[] }

export type ApprovalOutcome = 'approved' | 'refused' | 'expired'

const stepLimits: StepLimits = { attempts: 3, timeoutMs: 30_000 }

/** A part of a workflow: nodes in sequence. `S` is what its nodes can see; `Context` is what a step's body gets. */
export class Flow<S extends Scope, Context> {
  readonly nodes: readonly Node[]

  constructor(nodes: readonly Node[] = []) {
    this.nodes = nodes
  }

  /**
   * Runs code with a session limited to `grant`; what it writes commits together with its journal entry. `compensate`
   * undoes it where something fails later: it sees what the step saw, and what the step answered.
   *
   * @example
   * flow.step('reserve', {
   *   grant: { seat: { create: ['id'] } },
   *   run: ({ session }) => session.seat.insert({ id: randomUUID() }, { returning: ['id'] }),
   *   compensate: {
   *     grant: { seat: { read: ['id'], delete: true } },
   *     run: async ({ session }, _scope, { id }) => {
   *       await session.seat.delete({ where: { id } })
   *     },
   *   },
   * })
   */
  step<const N extends string, R>(
    name: N,
    step: {
      readonly grant: Grant
      readonly limits?: Partial<StepLimits>
      readonly run: (context: Context, scope: S) => Promise<R>
      readonly compensate?: {
        readonly grant: Grant
        readonly limits?: Partial<StepLimits>
        readonly run: (context: Context, scope: S, result: NoInfer<R>) => Promise<void>
      }
    },
  ): Flow<S & { readonly [K in N]: R }, Context> {
    const { grant, limits, run, compensate } = step
    const undo =
      compensate === undefined ? {} : { compensate: { ...compensate, limits: { ...stepLimits, ...compensate.limits } } }
    return this.#with({ kind: 'step', name, grant, limits: { ...stepLimits, ...limits }, run, ...undo })
  }

  /**
   * Calls an action through the guards; a refusal is an outcome, not an error. `compensate` is the action that undoes it
   * where something fails later, through the same guards. An action that was refused did nothing and is not undone.
   *
   * @example
   * flow.action('charge', charge, ({ load }) => ({ amount: load.amount }), {
   *   compensate: { action: refund, values: ({ load }, charged) => ({ amount: load.amount, receipt: charged.result }) },
   * })
   */
  action<const N extends string, A extends ArgumentSchemas, R, Undo extends ArgumentSchemas>(
    name: N,
    action: Action<A, R>,
    values: (scope: S) => ValuesOf<A>,
    options: {
      readonly compensate?: {
        readonly action: Action<Undo>
        readonly values: (scope: S, outcome: ActionDone<NoInfer<R>>) => ValuesOf<NoInfer<Undo>>
      }
    } = {},
  ): Flow<S & { readonly [K in N]: ActionOutcome<R> }, Context> {
    const { compensate } = options
    // The argument types were checked just here; the node holds actions of every type.
    const undo =
      compensate === undefined
        ? {}
        : { compensate: { action: compensate.action as unknown as Action, values: compensate.values } }
    return this.#with({ kind: 'action', name, action: action as unknown as Action, values, ...undo })
  }

  /** Lets a model that has no tools read texts and choose one of the answers. */
  decide<const N extends string, const Answers extends readonly [string, ...string[]]>(
    name: N,
    decide: {
      readonly model: string
      readonly task: string
      readonly texts: (scope: S) => readonly MaybeLabeled<string | null>[]
      readonly answers: Answers
      readonly otherwise: Answers[number]
      readonly limits?: Partial<DecideLimits>
    },
  ): Flow<S & { readonly [K in N]: Labeled<Answers[number]> }, Context> {
    const limits = { calls: 2, tokens: 20_000, timeoutMs: 20_000, ...decide.limits }
    return this.#with({ kind: 'decide', name, ...decide, limits })
  }

  /** Waits until somebody with the right, other than who started the run, approves or refuses what `show` answers. */
  approval<const N extends string>(
    name: N,
    approval: {
      readonly right: string
      readonly expiresMs: number
      readonly show: (scope: S) => Readonly<Record<string, unknown>>
    },
  ): Flow<S & { readonly [K in N]: ApprovalOutcome }, Context> {
    return this.#with({ kind: 'approval', name, ...approval })
  }

  /** Goes one of several ways. What untrusted text chose here counts against every action inside. */
  branch<const Cases extends string>(
    name: string,
    on: (scope: S) => MaybeLabeled<Cases>,
    cases: { readonly [K in Cases]: (flow: Flow<S, Context>) => BuiltFlow },
  ): Flow<S, Context> {
    const built: Record<string, readonly Node[]> = {}
    for (const [key, build] of Object.entries<(flow: Flow<S, Context>) => BuiltFlow>(cases)) {
      checkName(key)
      built[key] = build(new Flow<S, Context>()).nodes
    }
    return this.#with({ kind: 'branch', name, on, cases: built })
  }

  /** Goes through a list, at most `max` items, `concurrency` of them at a time. */
  forEach<const As extends string, Item>(
    name: string,
    over: (scope: S) => readonly Item[],
    options: { readonly as: As; readonly max: number; readonly concurrency: number },
    build: (flow: Flow<S & { readonly [K in As]: Item }, Context>) => BuiltFlow,
  ): Flow<S, Context> {
    if (options.max < 1 || options.concurrency < 1)
      throw new PaybillError('WORKFLOW_INVALID', `\`${name}\`: max and concurrency must be at least 1`)
    return this.#with({
      kind: 'forEach',
      name,
      over,
      ...options,
      body: build(new Flow<S & { readonly [K in As]: Item }, Context>()).nodes,
    })
  }

  #with<Next extends Scope>(node: Node): Flow<Next, Context> {
    checkName(node.name)
    if (node.name === 'input' || this.nodes.some((other) => other.name === node.name))
      throw new PaybillError('WORKFLOW_INVALID', `the name \`${node.name}\` is taken`)
    return new Flow<Next, Context>([...this.nodes, node])
  }
}

function checkName(name: string): void {
  if (name === compensationName)
    throw new PaybillError('WORKFLOW_INVALID', `the name \`${name}\` is kept for the places of compensations`)
  if (!/^[a-z][A-Za-z0-9-]{0,39}$/.test(name))
    throw new PaybillError(
      'WORKFLOW_INVALID',
      `the name \`${name}\` must begin with a lower-case letter and have letters, digits and hyphens only`,
    )
}
