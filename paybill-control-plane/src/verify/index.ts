export type { Leak, Method, OutOfPromise } from './attempt.ts'
export type { Controls } from './controls.ts'
export { type Isolation, verifyIsolation } from './isolation.ts'
export type { Attacker, TenantUnderTest } from './tenant.ts'
