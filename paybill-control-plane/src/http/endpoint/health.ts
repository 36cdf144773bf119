import { openEndpoint } from '../endpoint.ts'
import { healthForm } from '../forms.ts'

// Says that this process answers, and no more: a database that is away is no reason to restart what waits for it.
export const healthEndpoint = openEndpoint({
  name: 'health',
  path: '/healthz',
  summary: 'Says that the server answers',
  answer: { status: 200, form: healthForm, is: 'it answers' },
  show: () => ({ status: 'ok' as const }),
})
