export { type Alongside, type ControlPlane, type ControlPlaneParts, createControlPlane } from './control-plane.ts'
export type { SignUp } from './sign-up.ts'
export type { Offer } from './tenant-billing.ts'
export type { PaymentRequestView, RouteView, RunView, TenantView, TimelineView } from './views.ts'
