// Makes a proposal true: a place is taken by one conditional update together with its reservation, or not at all. Who loses
// a race for a place plans anew on the cells as they are then.

import type { SessionTables } from 'paybill/database'
import { PaybillError } from 'paybill/lib'
import type { Schema } from 'paybill/schema'
import type { Isolation } from '../catalog/unit.ts'
import type { Cell, Places } from './cell.ts'
import { place, type PlacementWish, proposalText } from './placer.ts'
import type { placementTables } from './tables.ts'

export type PlacementSession = SessionTables<Schema<typeof placementTables>>

export type Reservation = {
  readonly tenantId: string
  readonly cell: string
  readonly isolation: Isolation
  /** Until when the place is held for a tenant that does not live there yet; null when it does. */
  readonly leasedUntil: Date | null
  /** Why this cell, and why no other. */
  readonly reason: string
}

/** A race for the last places of a cell is lost to somebody who was placed, so so many rounds mean so many others. */
const mostRounds = 200

/**
 * Reserves a place until `leasedUntil`; for a tenant that has one already, answers that. Call it in a transaction: what is
 * written with it stands or falls with it. Throws CAPACITY_EXHAUSTED saying of each cell why not.
 */
export async function reservationMake(
  session: PlacementSession,
  wish: PlacementWish & { readonly tenantId: string; readonly leasedUntil: Date },
): Promise<Reservation> {
  const existing = await reservationFetch(session, wish.tenantId)
  if (existing !== null) return existing
  for (let round = 0; round < mostRounds; round += 1) {
    const cells = await cellList(session)
    const proposal = place(cells, wish)
    const reason = proposalText(proposal)
    if (proposal.kind === 'refused')
      throw new PaybillError('CAPACITY_EXHAUSTED', reason, {
        shown: `no cell has room for a ${wish.isolation} tenant: ${reason}`,
      })
    const cell = cells.find(({ id }) => id === proposal.cell)
    if (cell === undefined || !(await takePlace(session, cell, wish.isolation))) continue
    const made = { tenantId: wish.tenantId, cell: cell.id, isolation: wish.isolation, leasedUntil: wish.leasedUntil, reason }
    await session.reservation.insert({ ...made, reason: reason.slice(0, 1000) })
    return made
  }
  throw new PaybillError('CONFLICT', `no place was won in ${mostRounds} rounds`)
}

export async function reservationFetch(session: PlacementSession, tenantId: string): Promise<Reservation | null> {
  const row = await session.reservation.findFirst({ where: { tenantId } })
  if (row === null) return null
  const { cell, isolation, leasedUntil, reason } = row
  return { tenantId, cell, isolation, leasedUntil, reason }
}

/** The tenant lives there: the place does not fall back any more. Throws NOT_FOUND where the reservation has run out. */
export async function reservationConfirm(session: PlacementSession, tenantId: string): Promise<void> {
  const { count } = await session.reservation.update({ where: { tenantId }, set: { leasedUntil: null } })
  if (count === 0) throw new PaybillError('NOT_FOUND', `tenant \`${tenantId}\` has no place reserved`)
}

/** Gives the place back. Nothing happens where there is none. */
export async function reservationRelease(session: PlacementSession, tenantId: string): Promise<void> {
  const reservation = await reservationFetch(session, tenantId)
  if (reservation === null) return
  const { count } = await session.reservation.delete({ where: { tenantId } })
  // Somebody else gave it back at this moment, and counted it.
  if (count === 0) return
  await givePlaceBack(session, reservation)
}

/** Gives back what was reserved and not used in time. Answers the tenants whose places those were. */
export async function reservationExpire(session: PlacementSession, now: Date): Promise<readonly string[]> {
  const over = await session.reservation.findMany({
    where: { leasedUntil: { le: now } },
    select: ['tenantId'],
    orderBy: { tenantId: 'asc' },
    limit: 100,
  })
  for (const { tenantId } of over) await reservationRelease(session, tenantId)
  return over.map(({ tenantId }) => tenantId)
}

/** All cells of the organization, in the order of their ids. */
export async function cellList(session: PlacementSession): Promise<readonly Cell[]> {
  const rows = await session.cell.findMany({ orderBy: { id: 'asc' } })
  return rows.map((row) => ({
    id: row.id,
    region: row.region,
    state: row.state,
    headroomPercent: row.headroomPercent,
    places: {
      pooled: { total: row.pooledTotal, taken: row.pooledTaken },
      bridge: { total: row.bridgeTotal, taken: row.bridgeTaken },
      silo: { total: row.siloTotal, taken: row.siloTaken },
    },
  }))
}

// INVARIANT: the number is changed only from what it was read as, so that no two take the same place.
async function takePlace(session: PlacementSession, cell: Cell, isolation: Isolation): Promise<boolean> {
  return changeTaken(session, { cell: cell.id, isolation, places: cell.places[isolation], by: 1 })
}

async function givePlaceBack(session: PlacementSession, { cell: id, isolation }: Reservation): Promise<void> {
  for (let round = 0; round < mostRounds; round += 1) {
    const cell = (await cellList(session)).find((one) => one.id === id)
    if (cell === undefined) return
    if (await changeTaken(session, { cell: id, isolation, places: cell.places[isolation], by: -1 })) return
  }
  throw new PaybillError('CONFLICT', `the place in \`${id}\` was not given back in ${mostRounds} rounds`)
}

async function changeTaken(
  session: PlacementSession,
  change: { readonly cell: string; readonly isolation: Isolation; readonly places: Places; readonly by: 1 | -1 },
): Promise<boolean> {
  const { cell: id, isolation, by } = change
  const { taken } = change.places
  const { count } = await updateOf[isolation](session, { id, taken, next: taken + by })
  return count === 1
}

type Taken = { readonly id: string; readonly taken: number; readonly next: number }
type Updated = Promise<{ readonly count: number }>

const updateOf: Readonly<Record<Isolation, (session: PlacementSession, of: Taken) => Updated>> = {
  pooled: (session, { id, taken, next }) =>
    session.cell.update({ where: { id, pooledTaken: taken }, set: { pooledTaken: next } }),
  bridge: (session, { id, taken, next }) =>
    session.cell.update({ where: { id, bridgeTaken: taken }, set: { bridgeTaken: next } }),
  silo: (session, { id, taken, next }) => session.cell.update({ where: { id, siloTaken: taken }, set: { siloTaken: next } }),
}
