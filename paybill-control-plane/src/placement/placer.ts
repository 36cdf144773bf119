// Chooses a cell for a tenant. Pure and deterministic: the same cells in whatever order give the same answer, and the answer
// says of every cell why it was taken or not. It is a proposal; only the reservation makes it true.

import type { Isolation } from '../catalog/unit.ts'
import { type Cell, offered } from './cell.ts'

export type PlacementWish = {
  readonly isolation: Isolation
  readonly region: string
  /** Cells that must not be chosen, such as one that a race for its last place was lost in. */
  readonly except?: readonly string[]
}

export type Verdict = { readonly cell: string; readonly reason: string }

export type Proposal =
  | { readonly kind: 'placed'; readonly cell: string; readonly reason: string; readonly refused: readonly Verdict[] }
  | { readonly kind: 'refused'; readonly refused: readonly Verdict[] }

/**
 * The fullest cell that still has room, so that an empty one stays free for what is large; among equals the first by id.
 *
 * @example place([eu1, eu2], { isolation: 'bridge', region: 'eu' })
 */
export function place(cells: readonly Cell[], wish: PlacementWish): Proposal {
  const judged = cells.toSorted(byId).map((cell) => ({ cell, refusal: refusalOf(cell, wish) }))
  const refused = judged.flatMap(({ cell, refusal }) => (refusal === null ? [] : [{ cell: cell.id, reason: refusal }]))
  const [best] = judged
    .flatMap(({ cell, refusal }) => (refusal === null ? [cell] : []))
    .toSorted((left, right) => free(left, wish) - free(right, wish) || byId(left, right))
  if (best === undefined) return { kind: 'refused', refused }
  const { total, taken } = best.places[wish.isolation]
  return { kind: 'placed', cell: best.id, reason: `${taken} of ${total} ${wish.isolation} places were taken`, refused }
}

/** The answer in words: `eu-2 chosen: 3 of 10 … ; eu-1 refused: …`. */
export function proposalText(proposal: Proposal): string {
  const refusals = proposal.refused.map(({ cell, reason }) => `${cell} refused: ${reason}`)
  const parts = proposal.kind === 'placed' ? [`${proposal.cell} chosen: ${proposal.reason}`, ...refusals] : refusals
  return parts.length === 0 ? 'there is no cell' : parts.join('; ')
}

function refusalOf(cell: Cell, wish: PlacementWish): string | null {
  if (cell.region !== wish.region) return `it lies in \`${cell.region}\`, not in \`${wish.region}\``
  if (cell.state !== 'active') return `it is ${cell.state}`
  if (wish.except?.includes(cell.id) === true) return 'its last place was taken meanwhile'
  const { total, taken } = cell.places[wish.isolation]
  if (total === 0) return `it has no ${wish.isolation} places`
  if (free(cell, wish) > 0) return null
  const kept = total - offered(cell, wish.isolation)
  return `${taken} of ${total} ${wish.isolation} places are taken${kept === 0 ? '' : `, ${kept} are kept free`}`
}

function free(cell: Cell, { isolation }: PlacementWish): number {
  return offered(cell, isolation) - cell.places[isolation].taken
}

function byId(left: Cell, right: Cell): number {
  if (left.id === right.id) return 0
  return left.id < right.id ? -1 : 1
}
