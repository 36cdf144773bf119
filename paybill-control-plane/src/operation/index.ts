export { type Reconciler, reconciler, reconcilerId, type ReconcilerParts } from './reconciler.ts'
export type { PlaceMade, PlaceOrder, PlaceRefused, TenantPlaces } from './tenant-places.ts'
export { cellRecipient } from './place-actions.ts'
export { type OperationInput, type OperationParts, type OperationWorkflows, operationWorkflows } from './workflows.ts'
