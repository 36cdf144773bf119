import { readEndpoint } from '../endpoint.ts'
import { routeForm, tenantIdParameter } from '../forms.ts'

export const tenantRouteEndpoint = readEndpoint({
  name: 'tenantRoute',
  path: '/v1/tenants/{id}/route',
  summary: 'Says where a tenant is and what it may do, for whoever routes its requests',
  pathForms: { id: tenantIdParameter },
  queryForms: {},
  answer: {
    status: 200,
    form: routeForm,
    is: 'the route',
    // A router asks again after a second, so that access that is cut is cut everywhere; while nobody answers it goes on with
    // what it knows, for a day.
    cacheControl: 'private, max-age=1, stale-if-error=86400',
  },
  refusals: ['NOT_FOUND'],
  read: ({ plane, by, path }) => plane.tenantRoute(by, path.id),
})
