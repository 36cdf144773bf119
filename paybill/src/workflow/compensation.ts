// The compensation of a node: where it lies in a run, and what is performed there. It is no node of the graph of its own;
// it has the place of the node that it undoes, so that journal, approvals and idempotency keys tell the two apart.

import { assert } from '../lib/assert.ts'
import type { LeafNode, Node } from './node.ts'

/** The last part of every compensation's path. INVARIANT: no node and no case of a branch has this name. */
export const compensationName = 'compensate'

export function compensationPath(path: string): string {
  return `${path}/${compensationName}`
}

/** The path of the node that is undone at a path, or null where the path is no compensation's. */
export function compensatedPath(path: string): string | null {
  const end = `/${compensationName}`
  return path.endsWith(end) ? path.slice(0, -end.length) : null
}

export function hasCompensation(node: Node): boolean {
  return (node.kind === 'step' || node.kind === 'action') && node.compensate !== undefined
}

/** What undoes a node, as a leaf that is performed like any other. `produced` is what the node itself answered. */
export function compensationOf(node: Node, produced: unknown): LeafNode {
  const name = compensationName
  if (node.kind === 'action' && node.compensate !== undefined) {
    const { action, values } = node.compensate
    return { kind: 'action', name, action, values: (scope) => values(scope, produced as never) }
  }
  assert(node.kind === 'step' && node.compensate !== undefined, 'only a node that declares a compensation is compensated')
  const { grant, limits, run } = node.compensate
  // The builder checked that what a node answers is what its compensation takes.
  const undo = async (context: never, scope: never): Promise<void> => {
    await run(context, scope, produced as never)
  }
  return { kind: 'step', name, grant, limits, run: undo }
}
