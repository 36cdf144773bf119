// The route table: everything that the API has. The server answers out of it, and the OpenAPI document is made from it.

import type { Endpoint } from './endpoint.ts'
import { clockMoveEndpoint } from './endpoint/clock-move.ts'
import { clockShowEndpoint } from './endpoint/clock-show.ts'
import { documentEndpoint } from './endpoint/document.ts'
import { healthEndpoint } from './endpoint/health.ts'
import { paymentRequestListEndpoint } from './endpoint/payment-request-list.ts'
import { paymentRequestPaidEndpoint } from './endpoint/payment-request-paid.ts'
import { planListEndpoint } from './endpoint/plan-list.ts'
import { signUpEndpoint } from './endpoint/sign-up.ts'
import { tenantCertificateEndpoint } from './endpoint/tenant-certificate.ts'
import { tenantDeleteEndpoint } from './endpoint/tenant-delete.ts'
import { tenantExplainEndpoint } from './endpoint/tenant-explain.ts'
import { tenantListEndpoint } from './endpoint/tenant-list.ts'
import { tenantPreviewEndpoint } from './endpoint/tenant-preview.ts'
import { tenantResumeEndpoint } from './endpoint/tenant-resume.ts'
import { tenantRouteEndpoint } from './endpoint/tenant-route.ts'
import { tenantRunsEndpoint } from './endpoint/tenant-runs.ts'
import { tenantShowEndpoint } from './endpoint/tenant-show.ts'
import { tenantSuspendEndpoint } from './endpoint/tenant-suspend.ts'

export const routes: readonly Endpoint[] = [
  signUpEndpoint,
  tenantListEndpoint,
  tenantShowEndpoint,
  tenantSuspendEndpoint,
  tenantResumeEndpoint,
  tenantDeleteEndpoint,
  tenantExplainEndpoint,
  tenantPreviewEndpoint,
  tenantRouteEndpoint,
  tenantRunsEndpoint,
  tenantCertificateEndpoint,
  paymentRequestListEndpoint,
  paymentRequestPaidEndpoint,
  clockShowEndpoint,
  clockMoveEndpoint,
  planListEndpoint,
  documentEndpoint,
  healthEndpoint,
]

/** The methods that an address has, HEAD among them where it has GET; empty for an address that is none. */
export function methodsOf(pathname: string): readonly string[] {
  return routes
    .filter(({ path }) => matcherOf(path).test(pathname))
    .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
}

function matcherOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', String.raw`\.`).replace(/\{\w+\}/g, '[^/]+')}$`)
}
