// What a customer gets after the deletion of a tenant: a signed statement of what was deleted, that the key is destroyed,
// and that nothing was left. It can be verified with the public key alone, by anybody, for as long as it is kept.

import type { KeyObject } from 'node:crypto'
import { decodeCanonical, encodeCanonical, PaybillError } from 'paybill/lib'
import { isSignedBy, type SigningKey } from '../secret/index.ts'
import type { RowCounts } from './pooled.ts'
import type { Residue } from './residue.ts'

/** What the operation knows at its end. */
export type Deletion = {
  readonly organization: string
  readonly tenant: string
  readonly operation: string
  readonly isolation: 'pooled' | 'bridge' | 'silo'
  /** Rows of each table when the deletion began, and the databases and servers that are gone. */
  readonly rows: RowCounts
  readonly databases: readonly string[]
  readonly servers: readonly string[]
  /** The last backup. Its key is destroyed, so it is a hash without a content. */
  readonly backup: { readonly id: string; readonly sha256: string } | null
  readonly isKeyDestroyed: boolean
  readonly residue: readonly Residue[]
  readonly at: Date
}

export type DeletionCertificate = Omit<Deletion, 'isKeyDestroyed' | 'residue' | 'at'> & {
  readonly format: 'paybill deletion certificate 1'
  readonly keyDestroyed: true
  readonly residue: 0
  /** ISO 8601. */
  readonly at: string
  /** Names the key that signed it. */
  readonly keyId: string
}

/**
 * The certificate as text, to be handed over as it is. Throws CONFLICT where the deletion is not over: the key is there, or
 * something is left.
 *
 * @example const text = certificateSign(deletion, await loadSigningKey(file))
 */
export function certificateSign(deletion: Deletion, key: SigningKey): string {
  const { isKeyDestroyed, residue, at, ...facts } = deletion
  const [left] = residue
  if (!isKeyDestroyed) throw new PaybillError('CONFLICT', `the key of tenant \`${deletion.tenant}\` is not destroyed`)
  if (left !== undefined)
    throw new PaybillError(
      'CONFLICT',
      `a ${left.kind} of tenant \`${deletion.tenant}\` is left: \`${left.what}\` in \`${left.where}\``,
    )
  const certificate: DeletionCertificate = {
    ...facts,
    format: 'paybill deletion certificate 1',
    keyDestroyed: true,
    residue: 0,
    at: at.toISOString(),
    keyId: key.keyId,
  }
  const signature = key.sign(Buffer.from(encodeCanonical(certificate))).toString('base64')
  return encodeCanonical({ ...certificate, signature })
}

/**
 * Reads a certificate. `publicKeys` are those that may have signed, by id. Throws CERTIFICATE_INVALID where a single
 * character is not as it was signed.
 */
export function certificateVerify(text: string, publicKeys: ReadonlyMap<string, KeyObject>): DeletionCertificate {
  const parsed = parse(text)
  const { signature, ...content } = parsed
  const publicKey = publicKeys.get(String(content['keyId']))
  if (publicKey === undefined) throw invalid('names no key that is known')
  // There is one text for each content, so nothing can be added that the signature does not cover.
  if (typeof signature !== 'string' || encodeCanonical(parsed) !== text) throw invalid('is not in the form that is signed')
  const signed = { content: Buffer.from(encodeCanonical(content)), signature: Buffer.from(signature, 'base64') }
  if (signed.signature.toString('base64') !== signature || !isSignedBy(publicKey, signed))
    throw invalid('was changed, or not signed')
  if (content['format'] !== 'paybill deletion certificate 1') throw invalid('is something else that was signed')
  // INVARIANT: `certificateSign` made it, as the signature says, and it signs nothing but this type.
  return content as DeletionCertificate
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed = decodeCanonical(text)
    // A value that is no object has no signature, which is what is looked for next.
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed }
  } catch {
    // No JSON: said below.
  }
  throw invalid('is no JSON object')
}

function invalid(what: string): PaybillError {
  return new PaybillError('CERTIFICATE_INVALID', `the certificate ${what}`)
}
