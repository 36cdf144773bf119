// The nodes of a workflow graph. A node is data with a few functions beside it: the data can be drawn, hashed and
// questioned before anything runs; the functions only resolve arguments or run inside a step.

import type { Grant } from '../acl/principal.ts'
import type { Action } from '../action/action.ts'

/** What earlier nodes produced, by name, and `input`. Values may be labelled. */
export type Scope = Readonly<Record<string, unknown>>

/** Attempts of a step's body, each at most `timeoutMs` milliseconds. */
export type StepLimits = { readonly attempts: number; readonly timeoutMs: number }

/** Calls of the model, tokens over all of them, and time for each. */
export type DecideLimits = { readonly calls: number; readonly tokens: number; readonly timeoutMs: number }

export type StepNode = {
  readonly kind: 'step'
  readonly name: string
  readonly grant: Grant
  readonly limits: StepLimits
  /** Called with the step's context; its type is kept by the builder and given by the runtime. */
  readonly run: (context: never, scope: never) => Promise<unknown>
  readonly compensate?: StepCompensation
}

/** Undoes a step: code with a grant and limits of its own, which is also given what the step answered. */
export type StepCompensation = {
  readonly grant: Grant
  readonly limits: StepLimits
  readonly run: (context: never, scope: never, result: never) => Promise<void>
}

export type ActionNode = {
  readonly kind: 'action'
  readonly name: string
  readonly action: Action
  readonly values: (scope: never) => Readonly<Record<string, unknown>>
  readonly compensate?: ActionCompensation
}

/** Undoes an action that was done: by another action, through the same door. */
export type ActionCompensation = {
  readonly action: Action
  readonly values: (scope: never, outcome: never) => Readonly<Record<string, unknown>>
}

export type DecideNode = {
  readonly kind: 'decide'
  readonly name: string
  readonly model: string
  readonly task: string
  readonly answers: readonly [string, ...string[]]
  /** The answer that stands where the model gives none of the answers within its limits. */
  readonly otherwise: string
  readonly limits: DecideLimits
  readonly texts: (scope: never) => readonly unknown[]
}

export type ApprovalNode = {
  readonly kind: 'approval'
  readonly name: string
  readonly right: string
  readonly expiresMs: number
  readonly show: (scope: never) => Readonly<Record<string, unknown>>
}

export type BranchNode = {
  readonly kind: 'branch'
  readonly name: string
  readonly on: (scope: never) => unknown
  readonly cases: Readonly<Record<string, readonly Node[]>>
}

export type ForEachNode = {
  readonly kind: 'forEach'
  readonly name: string
  readonly as: string
  readonly max: number
  readonly concurrency: number
  readonly over: (scope: never) => readonly unknown[]
  readonly body: readonly Node[]
}

export type LeafNode = StepNode | ActionNode | DecideNode | ApprovalNode
export type Node = LeafNode | BranchNode | ForEachNode
