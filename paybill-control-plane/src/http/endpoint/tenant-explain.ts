import { readEndpoint } from '../endpoint.ts'
import { explanationForm, tenantIdParameter } from '../forms.ts'

export const tenantExplainEndpoint = readEndpoint({
  name: 'tenantExplain',
  path: '/v1/tenants/{id}/explain',
  summary: 'Says why a tenant is as it is, and what happens next',
  pathForms: { id: tenantIdParameter },
  queryForms: {},
  answer: { status: 200, form: explanationForm, is: 'one line for each thing to know' },
  refusals: ['NOT_FOUND'],
  read: async ({ plane, by, path }) => ({ lines: await plane.tenantExplain(by, path.id) }),
})
