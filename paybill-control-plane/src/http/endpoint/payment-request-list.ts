import { readEndpoint } from '../endpoint.ts'
import { paymentRequestListForm, tenantIdParameter } from '../forms.ts'

export const paymentRequestListEndpoint = readEndpoint({
  name: 'paymentRequestList',
  path: '/v1/tenants/{id}/payment-requests',
  summary: 'Lists what a tenant was asked to pay',
  pathForms: { id: tenantIdParameter },
  queryForms: {},
  answer: { status: 200, form: paymentRequestListForm, is: 'all payment requests of its subscriptions' },
  refusals: ['NOT_FOUND'],
  read: async ({ plane, by, path }) => ({ requests: await plane.paymentRequestList(by, path.id) }),
})
