export { type Cell, cellMoves, type CellState, isolations, type Places } from './cell.ts'
export { place, type PlacementWish, type Proposal, proposalText, type Verdict } from './placer.ts'
export {
  cellList,
  type PlacementSession,
  type Reservation,
  reservationConfirm,
  reservationExpire,
  reservationFetch,
  reservationMake,
  reservationRelease,
} from './reservation.ts'
export { placementTables } from './tables.ts'
