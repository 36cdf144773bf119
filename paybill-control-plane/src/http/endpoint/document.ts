import { openEndpoint } from '../endpoint.ts'
import { documentForm } from '../forms.ts'

export const documentEndpoint = openEndpoint({
  name: 'document',
  path: '/v1/openapi.json',
  summary: 'Shows this document',
  answer: { status: 200, form: documentForm, is: 'the OpenAPI document' },
  // It is made as an object of this form.
  show: ({ document }) => ({ openapi: '', ...document }),
})
