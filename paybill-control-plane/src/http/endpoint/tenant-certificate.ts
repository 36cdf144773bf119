import { readEndpoint } from '../endpoint.ts'
import { certificateForm, tenantIdParameter } from '../forms.ts'

export const tenantCertificateEndpoint = readEndpoint({
  name: 'tenantCertificate',
  path: '/v1/tenants/{id}/certificate',
  summary: 'Gives the signed certificate that nothing of a deleted tenant is left',
  pathForms: { id: tenantIdParameter },
  queryForms: {},
  answer: { status: 200, form: certificateForm, is: 'the certificate' },
  refusals: ['NOT_FOUND'],
  read: async ({ plane, by, path }) => ({ certificate: await plane.tenantCertificate(by, path.id) }),
})
