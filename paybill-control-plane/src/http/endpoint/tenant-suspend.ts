import { changeEndpoint } from '../endpoint.ts'
import { suspensionForm, tenantForm, tenantIdParameter } from '../forms.ts'

export const tenantSuspendEndpoint = changeEndpoint({
  name: 'tenantSuspend',
  method: 'POST',
  path: '/v1/tenants/{id}/suspensions',
  summary: 'Suspends a tenant for a reason. Access is gone when this answers; infrastructure follows',
  pathForms: { id: tenantIdParameter },
  body: suspensionForm,
  answer: { status: 200, form: tenantForm, is: 'the tenant' },
  refusals: ['NOT_FOUND', 'CONFLICT'],
  make: ({ plane, by, path, body, alongside }) => plane.tenantSuspend(by, path.id, body.reason, alongside),
  again: ({ plane, by, effect }) => plane.tenantShow(by, effect),
})
