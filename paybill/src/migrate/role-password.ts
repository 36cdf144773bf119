// The password of the application role, and the form in which the server is told. The server gets a SCRAM verifier, as
// psql sends it too: the password itself never stands in a statement, where a server log could keep it.

import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { hmac } from '../lib/hash.ts'

const iterations = 4096

/** Derived, so that every process that has the secret finds the same one and none is stored. */
export function rolePassword(secret: Uint8Array, database: string): string {
  return hmac(secret, `password of the application role of ${database}`).toString('base64url')
}

/** What PostgreSQL keeps of a password, by RFC 5802 and RFC 7677: enough to check it, not enough to log in with. */
export function scramVerifier(secret: Uint8Array, password: string): string {
  const salt = hmac(secret, `salt of ${password}`).subarray(0, 16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest('base64')
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
