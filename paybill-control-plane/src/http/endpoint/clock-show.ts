import { readEndpoint } from '../endpoint.ts'
import { clockForm } from '../forms.ts'

export const clockShowEndpoint = readEndpoint({
  name: 'clockShow',
  path: '/v1/clock',
  summary: 'Shows the business time',
  pathForms: {},
  queryForms: {},
  answer: { status: 200, form: clockForm, is: 'the business time' },
  refusals: [],
  read: async ({ plane, by }) => ({ now: (await plane.clockShow(by)).toISOString() }),
})
