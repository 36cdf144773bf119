// The key that certificates are signed with. It lies apart from the root key: whoever may sign need not be able to open,
// and a verifier knows the public half only. Its id stands in what it signed, so that keys can follow each other.

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { keyIdOf } from 'paybill/journal'
import { keysInvalid, readOrMakePrivate } from './private-file.ts'

export type SigningKey = {
  readonly keyId: string
  /** To be published: what others verify with. */
  readonly publicKey: KeyObject
  /** An Ed25519 signature, 64 bytes. */
  sign(content: Uint8Array): Buffer
}

/**
 * Reads the signing key of a file; where there is none, makes it. Throws KEYS_INVALID for a file that is damaged or that
 * other accounts may read.
 *
 * @example const { publicKey, sign } = await loadSigningKey('.paybill/signing-key.pem')
 */
export async function loadSigningKey(file: string): Promise<SigningKey> {
  const pem = await readOrMakePrivate(file, () =>
    String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })),
  )
  const key = parse(file, pem)
  const publicKey = createPublicKey(key)
  return { keyId: keyIdOf(publicKey), publicKey, sign: (content) => sign(null, content, key) }
}

/** Whether the content was signed with the key that belongs to the public one. */
export function isSignedBy(
  publicKey: KeyObject,
  signed: { readonly content: Uint8Array; readonly signature: Uint8Array },
): boolean {
  return publicKey.asymmetricKeyType === 'ed25519' && verify(null, signed.content, publicKey, signed.signature)
}

function parse(file: string, pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // The reader's error could quote the file. What is wrong with it is said below.
  }
  throw keysInvalid(file, 'is damaged: it holds no Ed25519 key')
}
