// Cells: shared infrastructure with a capacity. What a cell has room for is counted in places, one kind for each way in
// which a tenant can live there.

import type { Isolation } from '../catalog/unit.ts'

/** Where a tenant's database lives: among the rows of others, as a database beside others, or on a server of its own. */
export const isolations = ['pooled', 'bridge', 'silo'] as const satisfies readonly Isolation[]

/** `active` takes tenants, `inactive` not yet or not now, `draining` is being emptied, `decommissioned` is gone. */
export const cellMoves = {
  inactive: ['active', 'decommissioned'],
  active: ['inactive', 'draining'],
  draining: ['active', 'decommissioned'],
  decommissioned: [],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type CellState = keyof typeof cellMoves

/** Places of one kind: how many there are, how many are taken, reservations among them. */
export type Places = { readonly total: number; readonly taken: number }

export type Cell = {
  readonly id: string
  readonly region: string
  readonly state: CellState
  readonly places: Readonly<Record<Isolation, Places>>
  /** How many of a hundred places are kept free for what lives there already. */
  readonly headroomPercent: number
}

/** How many places of a kind may be given away: the headroom is rounded up, so that a small cell has one too. */
export function offered(cell: Cell, isolation: Isolation): number {
  const { total } = cell.places[isolation]
  return total - Math.ceil((total * cell.headroomPercent) / 100)
}
