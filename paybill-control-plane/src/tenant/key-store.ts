// Wrapped keys of tenants as rows: what `secret` keeps its keys in.

import type { TenantSession } from './store.ts'

/** Where wrapped keys are kept, one for each tenant. What it keeps is worthless without the root key. */
export type KeyStore = {
  fetch(owner: { readonly tenant: string }): Promise<Uint8Array | null>
  /** Keeps the key where the tenant has none, and never replaces one. */
  put(owner: { readonly tenant: string }, wrapped: Uint8Array): Promise<void>
  remove(owner: { readonly tenant: string }): Promise<void>
}

export function keyStore(session: Pick<TenantSession, 'wrappedKey'>): KeyStore {
  return {
    fetch: async ({ tenant: tenantId }) => {
      const row = await session.wrappedKey.findFirst({ where: { tenantId }, select: ['wrapped'] })
      return row === null ? null : fromHex(row.wrapped)
    },
    put: ({ tenant: tenantId }, wrapped) => session.wrappedKey.insert({ tenantId, wrapped: toHex(wrapped) }),
    remove: async ({ tenant: tenantId }) => {
      await session.wrappedKey.delete({ where: { tenantId } })
    },
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}
