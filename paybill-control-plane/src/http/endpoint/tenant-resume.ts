import { changeEndpoint } from '../endpoint.ts'
import { reasonParameter, tenantForm, tenantIdParameter } from '../forms.ts'

export const tenantResumeEndpoint = changeEndpoint({
  name: 'tenantResume',
  method: 'DELETE',
  path: '/v1/tenants/{id}/suspensions/{reason}',
  summary: 'Takes one reason away. The tenant is resumed when no reason is left',
  pathForms: { id: tenantIdParameter, reason: reasonParameter },
  body: null,
  answer: { status: 200, form: tenantForm, is: 'the tenant' },
  refusals: ['NOT_FOUND', 'CONFLICT'],
  make: ({ plane, by, path, alongside }) => plane.tenantResume(by, path.id, path.reason, alongside),
  again: ({ plane, by, effect }) => plane.tenantShow(by, effect),
})
