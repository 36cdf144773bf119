import { changeEndpoint } from '../endpoint.ts'
import { tenantForm, tenantIdParameter } from '../forms.ts'

export const tenantDeleteEndpoint = changeEndpoint({
  name: 'tenantDelete',
  method: 'DELETE',
  path: '/v1/tenants/{id}',
  summary: 'Asks for a tenant to be deleted: it is suspended first, then nothing is left of it',
  pathForms: { id: tenantIdParameter },
  body: null,
  answer: { status: 202, form: tenantForm, is: 'the tenant, still to be deleted' },
  refusals: ['NOT_FOUND', 'CONFLICT'],
  make: ({ plane, by, path, alongside }) => plane.tenantDelete(by, path.id, alongside),
  again: ({ plane, by, effect }) => plane.tenantShow(by, effect),
})
