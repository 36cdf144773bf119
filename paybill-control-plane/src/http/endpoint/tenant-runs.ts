import { readEndpoint } from '../endpoint.ts'
import { runListForm, tenantIdParameter } from '../forms.ts'

export const tenantRunsEndpoint = readEndpoint({
  name: 'tenantRuns',
  path: '/v1/tenants/{id}/runs',
  summary: 'Lists what Terraform did for a tenant',
  pathForms: { id: tenantIdParameter },
  queryForms: {},
  answer: { status: 200, form: runListForm, is: 'its runs, oldest first; none where it has no place of its own' },
  refusals: ['NOT_FOUND'],
  read: async ({ plane, by, path }) => ({ runs: await plane.tenantRuns(by, path.id) }),
})
