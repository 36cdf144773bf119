// A verifier in a process of its own, so that it can be killed with its canaries in place.

import { applicationUrl } from 'paybill/migrate'
import { withCanaries } from '../../src/verify/canaries.ts'
import { application, secret } from '../tenant-database/shop.ts'

const [serverUrl = '', name = '', tenant = ''] = process.argv.slice(2)
const under = (id: string) => ({ id, isolation: 'pooled' as const, place: { serverUrl, name } })
await withCanaries(
  { schema: application.schema, secret, tenant: under(tenant), bystander: under('nobody') },
  async ({ rows }) => {
    console.log(`${rows.length} ${new URL(applicationUrl({ serverUrl, name, secret })).pathname}`)
    await new Promise(() => setInterval(() => undefined, 1_000)) // until it is killed
  },
)
