// A workflow: a name, a version, what it takes and its graph. The graph is checked when it is made, hashed, and can be
// written as data without running anything.

import type { Grant } from '../acl/principal.ts'
import type { Action } from '../action/action.ts'
import type { SessionTables } from '../database/session.ts'
import { sha256Hex } from '../lib/hash.ts'
import { encodeCanonical } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import { columnOf, type Schema } from '../schema/table.ts'
import type { StandardSchema } from '../schema/standard.ts'
import { type BuiltFlow, Flow } from './flow.ts'
import { compensationPath } from './compensation.ts'
import type { LeafNode, Node } from './node.ts'

/** What the body of a step gets: a session limited to the step's grant, and nothing else that reaches outside. */
export type StepContext<S extends Schema> = {
  readonly session: SessionTables<S>
  /** Where in the run this is, such as `bill-pay/1/each[3]/read`: the same on every attempt. */
  readonly path: string
  /** The time of this attempt. */
  readonly now: Date
  /** Aborted when the step's time is over or the run was taken over by another worker. */
  readonly signal: AbortSignal
}

export type Workflow<Input = unknown> = {
  readonly name: string
  readonly version: number
  readonly input: StandardSchema<Input>
  readonly nodes: readonly Node[]
  /** SHA-256 of the graph as canonical JSON. */
  readonly hash: string
}

/**
 * Declares a workflow. Throws WORKFLOW_INVALID naming the node and what to change.
 *
 * @example
 * const greet = workflow('greet', { version: 1, schema: db, input: z.object({}) }, (flow) => flow.step('hello', { … }))
 */
export function workflow<S extends Schema, Input>(
  name: string,
  declaration: { readonly version: number; readonly schema: S; readonly input: StandardSchema<Input> },
  build: (flow: Flow<{ readonly input: Input }, StepContext<S>>) => BuiltFlow,
): Workflow<Input> {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
    throw new PaybillError('WORKFLOW_INVALID', `\`${name}\` must have lower-case letters, digits and hyphens only`)
  if (!Number.isInteger(declaration.version) || declaration.version < 1)
    throw new PaybillError('WORKFLOW_INVALID', `workflow \`${name}\`: the version must be a whole number of at least 1`)
  const { nodes } = build(new Flow())
  if (nodes.length === 0) throw new PaybillError('WORKFLOW_INVALID', `workflow \`${name}\` has no step`)
  for (const { node, path } of walk(nodes, `${name}/${declaration.version}`)) checkNode(declaration.schema, node, path)
  const hash = sha256Hex(encodeCanonical({ name, version: declaration.version, nodes: nodes.map(nodeData) }))
  return { name, version: declaration.version, input: declaration.input, nodes, hash }
}

/** Every node with its path in the graph, outer ones first. */
function* walk(nodes: readonly Node[], prefix: string): Generator<{ readonly node: Node; readonly path: string }> {
  for (const node of nodes) {
    const path = `${prefix}/${node.name}`
    yield { node, path }
    if (node.kind === 'forEach') yield* walk(node.body, path)
    if (node.kind === 'branch') for (const [key, inner] of Object.entries(node.cases)) yield* walk(inner, `${path}/${key}`)
  }
}

function checkNode(schema: Schema, node: Node, path: string): void {
  switch (node.kind) {
    case 'step':
      checkGrant(schema, node.grant, path)
      if (node.compensate !== undefined) checkGrant(schema, node.compensate.grant, compensationPath(path))
      return
    case 'decide':
      if (!node.answers.includes(node.otherwise))
        refuse(path, `\`otherwise\` is \`${node.otherwise}\`, which is not among the answers`)
      if (new Set(node.answers).size !== node.answers.length) refuse(path, 'an answer is listed twice')
      return
    case 'branch':
      if (Object.keys(node.cases).length === 0) refuse(path, 'a branch needs a case')
      return
    case 'forEach':
      if (node.body.length === 0) refuse(path, 'a forEach needs a step')
      return
    case 'action':
      checkChoices(schema, node.action, path)
      if (node.compensate !== undefined) checkChoices(schema, node.compensate.action, compensationPath(path))
      return
    case 'approval':
      return
    default:
      return node satisfies never
  }
}

// A choice is only as good as the rows it is made from: strangers must not be able to write them.
function checkChoices(schema: Schema, action: Action, path: string): void {
  for (const accepts of Object.values(action.accepts)) {
    if (accepts.kind !== 'choice') continue
    for (const name of [accepts.column, ...Object.keys(accepts.where)])
      if (columnOf(schema, accepts.table, name).trust !== 'trusted')
        refuse(path, `\`${action.name}\` chooses by \`${accepts.table}.${name}\`, which strangers may write`)
  }
}

function checkGrant(schema: Schema, grant: Grant, path: string): void {
  for (const [table, actions] of Object.entries(grant)) {
    if (!Object.hasOwn(schema.tables, table)) refuse(path, `the grant names table \`${table}\`, which the schema does not have`)
    for (const field of [...(actions.read ?? []), ...(actions.create ?? []), ...(actions.update ?? [])])
      columnOf(schema, table, field)
  }
}

function refuse(path: string, message: string): never {
  throw new PaybillError('WORKFLOW_INVALID', `\`${path}\`: ${message}`)
}

/** A node as plain data: what it and its compensation are and may do, without their functions. */
export function nodeData(node: Node): Readonly<Record<string, unknown>> {
  switch (node.kind) {
    case 'step': {
      const { kind, name, grant, limits, compensate } = node
      const undo = compensate === undefined ? {} : { compensate: { grant: compensate.grant, limits: compensate.limits } }
      return { kind, name, grant, limits, ...undo }
    }
    case 'action': {
      const { kind, name, compensate } = node
      // A node without a compensation is the data that it always was: its run goes on after the framework has changed.
      const undo = compensate === undefined ? {} : { compensate: actionData(compensate.action) }
      return { kind, name, ...actionData(node.action), ...undo }
    }
    case 'decide':
      return {
        kind: node.kind,
        name: node.name,
        model: node.model,
        task: node.task,
        answers: node.answers,
        otherwise: node.otherwise,
        limits: node.limits,
      }
    case 'approval':
      return { kind: node.kind, name: node.name, right: node.right, expiresMs: node.expiresMs }
    case 'branch':
      return {
        kind: node.kind,
        name: node.name,
        cases: Object.fromEntries(Object.entries(node.cases).map(([key, nodes]) => [key, nodes.map(nodeData)])),
      }
    case 'forEach':
      return {
        kind: node.kind,
        name: node.name,
        as: node.as,
        max: node.max,
        concurrency: node.concurrency,
        body: node.body.map(nodeData),
      }
    default:
      return node satisfies never
  }
}

function actionData(action: Action): Readonly<Record<string, unknown>> {
  return { action: action.name, version: action.version, recipient: action.recipient }
}

export function isLeaf(node: Node): node is LeafNode {
  return node.kind !== 'branch' && node.kind !== 'forEach'
}
