// API keys as text: `pbk_<prefix>_<secret>`. The prefix finds the row and may be shown, the secret is known to its holder
// alone.

import { randomBytes } from 'node:crypto'

export type ApiKeyText = { readonly prefix: string; readonly secret: string }

const form = /^pbk_([0-9a-z]{12})_([\w-]{43})$/

/** Null where the text is no key at all. */
export function parseApiKey(text: string): ApiKeyText | null {
  const [, prefix, secret] = form.exec(text) ?? []
  return prefix === undefined || secret === undefined ? null : { prefix, secret }
}

export function apiKeyText({ prefix, secret }: ApiKeyText): string {
  return `pbk_${prefix}_${secret}`
}

/** 60 bits to be found by, 256 bits to be trusted for. */
export function newApiKey(): ApiKeyText {
  // 32 divides 256, so every character is as likely as every other.
  const prefix = Array.from(randomBytes(12), (byte) => alphabet.charAt(byte % alphabet.length)).join('')
  return { prefix, secret: randomBytes(32).toString('base64url') }
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
