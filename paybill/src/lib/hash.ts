// The hashes of Paybill: SHA-256 throughout, over canonical text, so that anybody can repeat them with other tools.

import { createHash, createHmac } from 'node:crypto'

/** SHA-256 as 32 bytes. */
export function sha256(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest()
}

/** SHA-256 in hexadecimal. */
export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** HMAC-SHA-256 as 32 bytes. */
export function hmac(key: Uint8Array, content: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(content).digest()
}
