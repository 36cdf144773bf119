// The keys of the tenants of tests: random ones, kept as they are.

import type { TenantKeys } from '../../src/operation/workflows.ts'

export const plainKeys: TenantKeys = {
  create: async (store, tenant) => {
    if ((await store.fetch({ tenant })) === null) await store.put({ tenant }, crypto.getRandomValues(new Uint8Array(32)))
  },
  destroy: (store, tenant) => store.remove({ tenant }),
}
