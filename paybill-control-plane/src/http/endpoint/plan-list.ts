import { readEndpoint } from '../endpoint.ts'
import { planListForm } from '../forms.ts'

export const planListEndpoint = readEndpoint({
  name: 'planList',
  path: '/v1/plans',
  summary: 'Lists what is sold, in its newest versions',
  pathForms: {},
  queryForms: {},
  answer: { status: 200, form: planListForm, is: 'the plans' },
  refusals: [],
  read: async ({ plane, by }) => ({ plans: await plane.planList(by) }),
})
