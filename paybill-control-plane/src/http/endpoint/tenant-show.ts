import { readEndpoint } from '../endpoint.ts'
import { tenantForm, tenantIdParameter } from '../forms.ts'

export const tenantShowEndpoint = readEndpoint({
  name: 'tenantShow',
  path: '/v1/tenants/{id}',
  summary: 'Shows a tenant',
  pathForms: { id: tenantIdParameter },
  queryForms: {},
  answer: { status: 200, form: tenantForm, is: 'the tenant' },
  refusals: ['NOT_FOUND'],
  read: ({ plane, by, path }) => plane.tenantShow(by, path.id),
})
