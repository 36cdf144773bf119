import { z } from 'zod'
import { readEndpoint } from '../endpoint.ts'
import { tenantListForm } from '../forms.ts'

const maxPage = 100

export const tenantListEndpoint = readEndpoint({
  name: 'tenantList',
  path: '/v1/tenants',
  summary: 'Lists the tenants that are not deleted, in the order of their ids',
  pathForms: {},
  queryForms: {
    after: z
      .string()
      .regex(/^ten_[0-9a-z]{20}$/, 'expected what `next` gave')
      .optional()
      .describe('the `next` of the page before'),
    limit: z.coerce.number<string>().int().min(1).max(maxPage).default(50).describe('how many at most'),
  },
  answer: { status: 200, form: tenantListForm, is: 'a page of tenants' },
  refusals: [],
  read: async ({ plane, by, query: { after, limit } }) => {
    // One more than the page holds says whether there is another.
    const found = await plane.tenantList(by, { limit: limit + 1, ...(after === undefined ? {} : { after }) })
    const tenants = found.slice(0, limit)
    return { tenants, next: found.length > limit ? (tenants.at(-1)?.id ?? null) : null }
  },
})
