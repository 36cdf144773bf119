// Content encrypted and bound to a context, as one piece or as a stream of any length. What comes out when it is opened
// was sealed with this key for this context, complete and in this order; everything else is an error.
//
// Form: `PBS1`, the sealing key's id (8 bytes), a salt (32 bytes), then pieces of 64 KiB, each with its tag (16 bytes) before
// it. AES-256-GCM with a key of its own for each content, out of the salt, so that a piece's number can be its nonce. The
// last piece says in its nonce that it is the last: content that was cut off at a piece's end does not open.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { assert, PaybillError } from 'paybill/lib'

/** A key of 32 bytes as its derived parts; `id` names it in what it sealed and tells nothing about it. */
export type SealingKey = { readonly bytes: Uint8Array; readonly id: Buffer }

export const keyBytes = 32

/** Another key out of a key, for one purpose. */
export function deriveKey(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, new Uint8Array(), `paybill ${purpose}`, keyBytes))
}

export function sealingKey(bytes: Uint8Array): SealingKey {
  return { bytes, id: createHmac('sha256', bytes).update('paybill key id').digest().subarray(0, idBytes) }
}

export function sealBytes(key: SealingKey, content: Uint8Array, context: string): Buffer {
  const sealer = startSealing(key, context)
  const pieces: Buffer[] = [sealer.header]
  const last = Math.max(0, Math.ceil(content.length / pieceBytes) - 1)
  for (let index = 0; index <= last; index += 1)
    pieces.push(sealer.seal(content.subarray(index * pieceBytes, (index + 1) * pieceBytes), { isLast: index === last }))
  return Buffer.concat(pieces)
}

/** Throws SEAL_INVALID where the bytes were not sealed with this key for this context, or are not all there. */
export function openBytes(key: SealingKey, sealed: Uint8Array, context: string): Buffer {
  const opener = startOpening(key, sealed.subarray(0, headerBytes), context)
  const rest = sealed.subarray(headerBytes)
  const pieces: Buffer[] = []
  const last = Math.max(0, Math.ceil(rest.length / sealedPieceBytes) - 1)
  for (let index = 0; index <= last; index += 1)
    pieces.push(opener.open(rest.subarray(index * sealedPieceBytes, (index + 1) * sealedPieceBytes), { isLast: index === last }))
  return Buffer.concat(pieces)
}

/** Seals what comes, holding one piece at a time. */
export async function* sealStream(key: SealingKey, content: AsyncIterable<Uint8Array>, context: string): AsyncGenerator<Buffer> {
  const sealer = startSealing(key, context)
  yield sealer.header
  let held: Buffer | null = null
  for await (const piece of cut(content, pieceBytes)) {
    if (held !== null) yield sealer.seal(held, { isLast: false })
    held = piece
  }
  yield sealer.seal(held ?? Buffer.alloc(0), { isLast: true })
}

/**
 * Opens what comes, one piece at a time. INVARIANT: what was given out before an error was sealed so, but only the end
 * without an error says that it was all: whoever acts on content waits for that.
 */
export async function* openStream(key: SealingKey, sealed: AsyncIterable<Uint8Array>, context: string): AsyncGenerator<Buffer> {
  let opener: Opener | null = null
  let held: Buffer | null = null
  for await (const piece of cut(sealed, sealedPieceBytes, headerBytes)) {
    if (opener === null) opener = startOpening(key, piece, context)
    else {
      if (held !== null) yield opener.open(held, { isLast: false })
      held = piece
    }
  }
  opener ??= startOpening(key, new Uint8Array(), context)
  yield opener.open(held ?? Buffer.alloc(0), { isLast: true })
}

const magic = Buffer.from('PBS1')
const idBytes = 8
const saltBytes = 32
const headerBytes = magic.length + idBytes + saltBytes
const tagBytes = 16
const pieceBytes = 64 * 1024
const sealedPieceBytes = pieceBytes + tagBytes
const maxPieces = 2 ** 32

type Sealer = { readonly header: Buffer; seal(piece: Uint8Array, place: { readonly isLast: boolean }): Buffer }
type Opener = { open(piece: Uint8Array, place: { readonly isLast: boolean }): Buffer }

function startSealing(key: SealingKey, context: string): Sealer {
  const salt = randomBytes(saltBytes)
  const own = contentKey(key, salt)
  let number = 0
  return {
    header: Buffer.concat([magic, key.id, salt]),
    seal: (piece, { isLast }) => {
      const cipher = createCipheriv('aes-256-gcm', own, nonce({ number, isLast })).setAAD(Buffer.from(context))
      number += 1
      const sealed = [cipher.update(piece), cipher.final()]
      return Buffer.concat([cipher.getAuthTag(), ...sealed])
    },
  }
}

function startOpening(key: SealingKey, header: Uint8Array, context: string): Opener {
  const given = Buffer.from(header)
  if (given.length !== headerBytes || !given.subarray(0, magic.length).equals(magic))
    throw new PaybillError('SEAL_INVALID', 'the content was not sealed by Paybill, or its beginning is missing')
  const id = given.subarray(magic.length, magic.length + idBytes)
  if (!id.equals(key.id))
    throw new PaybillError(
      'SEAL_INVALID',
      `the content was sealed with key \`${id.toString('hex')}\`, and this is key \`${key.id.toString('hex')}\``,
    )
  const own = contentKey(key, given.subarray(magic.length + idBytes))
  let number = 0
  return {
    open: (piece, { isLast }) => {
      if (piece.length < tagBytes) throw damaged()
      const decipher = createDecipheriv('aes-256-gcm', own, nonce({ number, isLast }), { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(context)).setAuthTag(piece.subarray(0, tagBytes))
      number += 1
      try {
        return Buffer.concat([decipher.update(piece.subarray(tagBytes)), decipher.final()])
      } catch {
        throw damaged()
      }
    },
  }
}

function damaged(): PaybillError {
  return new PaybillError('SEAL_INVALID', 'the content was sealed for another context, was changed, or is not all there')
}

function contentKey(key: SealingKey, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', key.bytes, salt, 'paybill sealed 1', keyBytes))
}

function nonce({ number, isLast }: { readonly number: number; readonly isLast: boolean }): Buffer {
  assert(number < maxPieces, 'a content has fewer pieces than a nonce can count')
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(number, 7)
  bytes[11] = isLast ? 1 : 0
  return bytes
}

/** Cuts a stream into pieces of one size, the last one shorter; `first` is the size of the first piece where it differs. */
async function* cut(content: AsyncIterable<Uint8Array>, size: number, first = size): AsyncGenerator<Buffer> {
  let wanted = first
  let held: Buffer[] = []
  let length = 0
  for await (const chunk of content) {
    held.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    length += chunk.length
    if (length < wanted) continue
    let joined: Buffer = Buffer.concat(held)
    while (joined.length >= wanted) {
      yield joined.subarray(0, wanted)
      joined = joined.subarray(wanted)
      wanted = size
    }
    held = [joined]
    length = joined.length
  }
  if (length > 0) yield Buffer.concat(held)
}
