// Places in a run. A path names a node of the run: `pay/1/each[12]/outcome/yes/transfer`.

import { assert } from '../lib/assert.ts'
import type { Node } from './node.ts'

export type Graph = { readonly name: string; readonly version: number; readonly nodes: readonly Node[] }

export function rootPath(graph: Graph): string {
  return `${graph.name}/${graph.version}`
}

/** The node that a path of a run names. */
export function nodeAt(graph: Graph, path: string): Node {
  const parent = parentPath(path)
  const name = path.slice(parent.length + 1)
  const found = sequenceAt(graph, parent).find((node) => node.name === name)
  assert(found !== undefined, 'a path of a run names a node of its graph')
  return found
}

/** The nodes of the sequence at a path: the root, an item `…/each[3]`, or a case `…/outcome/yes`. */
export function sequenceAt(graph: Graph, path: string): readonly Node[] {
  const root = rootPath(graph)
  if (path === root) return graph.nodes
  assert(path.startsWith(`${root}/`), 'a path of a run lies below its root')
  const item = /^(.*)\[\d+\]$/.exec(path)
  if (item !== null) {
    const node = nodeAt(graph, item[1] ?? '')
    assert(node.kind === 'forEach', 'only a forEach has items')
    return node.body
  }
  const parent = parentPath(path)
  const node = nodeAt(graph, parent)
  assert(node.kind === 'branch', 'only a branch has cases')
  const inner = node.cases[path.slice(parent.length + 1)]
  assert(inner !== undefined, 'a chosen case is a case of the branch')
  return inner
}

export function parentPath(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

/** The scope whose end the failure of a leaf brings about: the innermost item around it, or the run. */
export function scopeOf(graph: Graph, path: string): string {
  return innermostItem(path) ?? rootPath(graph)
}

/** The path of the innermost forEach item around a path, `…/each[3]`, or null. */
export function innermostItem(path: string): string | null {
  const end = path.lastIndexOf('/')
  const close = path.lastIndexOf(']', end)
  return close === -1 ? null : path.slice(0, close + 1)
}
