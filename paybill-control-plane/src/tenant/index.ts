export { type AccessDecision, accessOf, type PaymentStanding } from './access.ts'
export {
  type Activation,
  type Desired,
  desired,
  diff,
  type Next,
  operationKinds,
  type OperationKind,
  type RunningOperation,
  type TenantFacts,
} from './desired.ts'
export { explainTenant } from './explain.ts'
export {
  operationBegin,
  operationEnd,
  suspensionAdd,
  suspensionList,
  suspensionRemove,
  tenantFacts,
  tenantFetch,
  tenantList,
  type TenantRow,
  type TenantSession,
} from './store.ts'
export { tenantTables } from './tables.ts'
export { type KeyStore, keyStore } from './key-store.ts'
export { isServing, mayFollow, type Phase, phaseMoves } from './phase.ts'
export { type Suspension, type SuspensionReason, suspensionReasons } from './suspension.ts'
