// The form of a backup below its encryption: frames of a kind (1 byte), a length (4 bytes) and a body. First a header,
// then for each table of the header its rows as PostgreSQL's COPY writes them, and an end with their count and checksum.
// That it is whole is known from the encryption around it.

import { encodeCanonical, decodeCanonical, PaybillError } from 'paybill/lib'

export type BackupHeader = {
  readonly format: 'paybill backup 1'
  readonly id: string
  readonly tenant: string
  /** The moment of the snapshot, ISO 8601. */
  readonly at: string
  /** Hashes of what the database was made from, by the name of the part. */
  readonly versions: Readonly<Record<string, string>>
  /** Transaction id up to which the tenant's journal is sealed; null where nothing is. */
  readonly sealedUpTo: string | null
  /** In the order in which they follow. */
  readonly tables: readonly { readonly name: string; readonly of: 'tenant' | 'all'; readonly columns: readonly string[] }[]
}

/** `sha256` is over the rows as COPY writes them, in the order of their keys. */
export type TableEnd = { readonly rows: number; readonly sha256: string }

export type Frame =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'rows'; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly end: TableEnd }

export function encodeFrame(frame: Frame): Buffer {
  switch (frame.kind) {
    case 'header':
      return framed('header', Buffer.from(encodeCanonical(frame.header)))
    case 'rows':
      return framed('rows', frame.bytes)
    case 'end':
      return framed('end', Buffer.from(encodeCanonical(frame.end)))
    default:
      return frame satisfies never
  }
}

/** Throws BACKUP_INVALID for bytes that are no frames. */
export async function* decodeFrames(content: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of content) {
    held = Buffer.concat([held, chunk])
    for (;;) {
      const length = held.length < headBytes ? null : held.readUInt32BE(1)
      if (length !== null && length > maxBodyBytes) throw invalid()
      if (length === null || held.length < headBytes + length) break
      yield decodeFrame(held[0], held.subarray(headBytes, headBytes + length))
      held = held.subarray(headBytes + length)
    }
  }
  if (held.length > 0) throw invalid()
}

const headBytes = 5
const maxBodyBytes = 16 * 1024 * 1024
const codes = { header: 1, rows: 2, end: 3 } as const

function framed(kind: Frame['kind'], body: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes)
  head[0] = codes[kind]
  head.writeUInt32BE(body.length, 1)
  return Buffer.concat([head, body])
}

// INVARIANT: the bytes come out of content that was sealed with the tenant's key, so what they say was written by `encodeFrame`.
function decodeFrame(code: number | undefined, body: Buffer): Frame {
  if (code === codes.rows) return { kind: 'rows', bytes: body }
  if (code === codes.end) return { kind: 'end', end: decodeCanonical(body.toString()) as TableEnd }
  if (code !== codes.header) throw invalid()
  const header = decodeCanonical(body.toString()) as BackupHeader
  if (header.format !== 'paybill backup 1') throw invalid()
  return { kind: 'header', header }
}

function invalid(): PaybillError {
  return new PaybillError('BACKUP_INVALID', 'the content is no backup of this form')
}
