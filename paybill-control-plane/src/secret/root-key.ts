// The key that everything else of the control plane hangs on: it wraps the keys of tenants and derives the secrets that
// belong to no tenant. It lies in a file outside every database. Whoever loses it loses what is sealed below it.

import { createHash, randomBytes } from 'node:crypto'
import { keysInvalid, readOrMakePrivate } from './private-file.ts'
import { deriveKey, keyBytes, openBytes, sealBytes, sealingKey } from './sealed.ts'

/** The bytes of the key never leave it, so that no log and no error can show them. */
export type RootKey = {
  /** Names the key in what it wrapped. */
  readonly id: string
  wrap(content: Uint8Array, context: string): Buffer
  /** Throws SEAL_INVALID where this key did not wrap it for this context. */
  unwrap(wrapped: Uint8Array, context: string): Buffer
  /** A secret for one other purpose, 32 bytes, the same at every start. */
  secret(purpose: string): Buffer
}

/**
 * Reads the root key of a file; where there is none, makes it. Throws KEYS_INVALID for a file that is damaged or that
 * other accounts may read.
 *
 * @example const root = await loadRootKey('.paybill/root-key')
 */
export async function loadRootKey(file: string): Promise<RootKey> {
  const text = await readOrMakePrivate(file, () => {
    const hex = randomBytes(keyBytes).toString('hex')
    return `${hex} ${checksum(hex)}\n`
  })
  const [, hex = '', sum] = /^([0-9a-f]{64}) ([0-9a-f]{8})\n$/.exec(text) ?? []
  // A digit that changed would still be a key, and would open nothing.
  if (sum !== checksum(hex)) throw keysInvalid(file, 'is damaged: its checksum does not fit')
  const bytes = Buffer.from(hex, 'hex')
  const wrapping = sealingKey(deriveKey(bytes, 'wrapping'))
  return {
    id: wrapping.id.toString('hex'),
    wrap: (content, context) => sealBytes(wrapping, content, context),
    unwrap: (wrapped, context) => openBytes(wrapping, wrapped, context),
    secret: (purpose) => deriveKey(bytes, `secret ${purpose}`),
  }
}

function checksum(hex: string): string {
  return createHash('sha256').update(hex).digest('hex').slice(0, 8)
}
