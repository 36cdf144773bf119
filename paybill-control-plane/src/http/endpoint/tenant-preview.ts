import { readEndpoint } from '../endpoint.ts'
import { momentParameter, previewForm, tenantIdParameter } from '../forms.ts'

export const tenantPreviewEndpoint = readEndpoint({
  name: 'tenantPreview',
  path: '/v1/tenants/{id}/preview',
  summary: 'Says with dates what will happen to a tenant if nobody pays',
  pathForms: { id: tenantIdParameter },
  queryForms: { until: momentParameter.describe('a moment of business time, at most ten years ahead') },
  answer: { status: 200, form: previewForm, is: 'what will happen, in its order' },
  refusals: ['NOT_FOUND'],
  read: async ({ plane, by, path, query }) => ({ entries: await plane.tenantPreview(by, path.id, query.until) }),
})
