export {
  type Catalog,
  catalog,
  type CatalogDeclaration,
  type Plan,
  type PlanVersionDeclaration,
  planVersionOf,
  type PriceDeclaration,
  type Product,
  type ProductDeclaration,
} from './catalog.ts'
export { type CatalogDiff, catalogDiff } from './catalog-diff.ts'
export type {
  Activation,
  BillingInterval,
  Entitlement,
  OverduePolicyReference,
  PlanId,
  PlanPrice,
  PlanVersion,
  ProductId,
} from './plan-version.ts'
export { readCatalog } from './read-catalog.ts'
export { type Isolation, isolationOf, isolationPresets, type UnitKind, unitKinds, type Units } from './unit.ts'
