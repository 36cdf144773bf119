// One random key for each tenant, kept only wrapped under the root key. Everything of a tenant that lies outside its rows
// (backups, Terraform state, secrets, the binding of journal payloads) hangs on it, so that removing one small row makes all
// of it unreadable. A derived key could not be destroyed: whoever has the root would derive it again.

import { randomBytes } from 'node:crypto'
import { encodeCanonical, PaybillError } from 'paybill/lib'
import type { RootKey } from './root-key.ts'
import { deriveKey, keyBytes, openBytes, openStream, sealBytes, sealingKey, sealStream } from './sealed.ts'

/** Whose key it is. */
export type KeyOwner = { readonly organization: string; readonly tenant: string }

/** Where wrapped keys are kept, one for each owner. What it keeps is worthless without the root key. */
export type WrappedKeyStore = {
  fetch(owner: KeyOwner): Promise<Uint8Array | null>
  /** Keeps the key where the owner has none, and never replaces one. */
  put(owner: KeyOwner, wrapped: Uint8Array): Promise<void>
  /** Removes it, also from where it could be brought back without a backup of the store. Nothing to do where there is none. */
  remove(owner: KeyOwner): Promise<void>
}

export type KeyRing = { readonly root: RootKey; readonly store: WrappedKeyStore }

/** What a sealed content is: it opens for the same purpose and id, and for no other. */
export type SealContext = { readonly purpose: string; readonly id: string }

/** An opened key. Its bytes never leave it. Not to be kept: whoever holds it does not notice when it is destroyed. */
export type TenantKey = {
  sealBytes(content: Uint8Array, context: SealContext): Buffer
  /** Throws SEAL_INVALID where it was not sealed with this key for this context, was changed, or is not all there. */
  openBytes(sealed: Uint8Array, context: SealContext): Buffer
  /** Like `sealBytes`, for content of any length. */
  sealStream(content: AsyncIterable<Uint8Array>, context: SealContext): AsyncIterable<Buffer>
  /** Like `openBytes`. Only the end without an error says that it was all. */
  openStream(sealed: AsyncIterable<Uint8Array>, context: SealContext): AsyncIterable<Buffer>
  /** The key under which the tenant's payloads are bound to their entries of the journal, 32 bytes. */
  payloadKey(): Buffer
  /** A secret of the tenant for one other purpose, such as a database password, 32 bytes. */
  secret(purpose: string): Buffer
}

/** Makes the owner's key, unless there is one. Nothing else makes one, so that a destroyed key does not come back by use. */
export async function tenantKeyCreate({ root, store }: KeyRing, owner: KeyOwner): Promise<void> {
  if ((await store.fetch(owner)) !== null) return
  await store.put(owner, root.wrap(randomBytes(keyBytes), wrapContext(owner)))
}

/** Whether the owner has a key. */
export async function tenantKeyFind({ store }: KeyRing, owner: KeyOwner): Promise<boolean> {
  return (await store.fetch(owner)) !== null
}

/**
 * Opens the owner's key. Throws KEY_MISSING where it was never made or was destroyed.
 *
 * @example const sealed = (await tenantKeyFetch(ring, owner)).sealBytes(state, { purpose: 'state', id: workspace })
 */
export async function tenantKeyFetch({ root, store }: KeyRing, owner: KeyOwner): Promise<TenantKey> {
  const wrapped = await store.fetch(owner)
  if (wrapped === null)
    throw new PaybillError('KEY_MISSING', `tenant \`${owner.tenant}\` has no key: it was destroyed, or never made`)
  return openKey(root.unwrap(wrapped, wrapContext(owner)), owner)
}

/** Destroys the owner's key, and with it everything that was sealed under it. Safe to repeat. */
export async function tenantKeyDestroy({ store }: KeyRing, owner: KeyOwner): Promise<void> {
  await store.remove(owner)
  if ((await store.fetch(owner)) !== null)
    throw new PaybillError('KEYS_INVALID', `the store of wrapped keys did not remove the key of tenant \`${owner.tenant}\``)
}

function openKey(bytes: Uint8Array, owner: KeyOwner): TenantKey {
  const sealing = sealingKey(deriveKey(bytes, 'tenant sealing'))
  const text = (context: SealContext): string => contextText(owner, context.purpose, context.id)
  return {
    sealBytes: (content, context) => sealBytes(sealing, content, text(context)),
    openBytes: (sealed, context) => openBytes(sealing, sealed, text(context)),
    sealStream: (content, context) => sealStream(sealing, content, text(context)),
    openStream: (sealed, context) => openStream(sealing, sealed, text(context)),
    payloadKey: () => deriveKey(bytes, 'tenant journal payload'),
    secret: (purpose) => deriveKey(bytes, `tenant secret ${purpose}`),
  }
}

function wrapContext(owner: KeyOwner): string {
  return contextText(owner, 'tenant key', '')
}

// INVARIANT: different contexts have different texts, whatever characters their parts hold.
function contextText({ organization, tenant }: KeyOwner, purpose: string, id: string): string {
  return encodeCanonical({ format: 'paybill context 1', organization, tenant, purpose, id })
}
