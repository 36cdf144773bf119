// Who sent a change: the page itself, or a program that says so. Another site can make a browser send a form with the
// person's cookies, yet it can neither set our header nor know our form token.

import { timingSafeEqual } from 'node:crypto'
import { encodeCanonical } from '../../lib/canonical.ts'
import { PaybillError } from '../../lib/errors.ts'
import { hmac } from '../../lib/hash.ts'
import type { SignedIn } from '../person.ts'

/** A program sends this header with any value: a page of another site would have to ask first, and is never told yes. */
const requestHeader = 'paybill-request'

/** Refuses what a browser says came from elsewhere, and what says nothing at all. Throws CROSS_SITE. */
export function requireSameSite(request: Request): void {
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  if (site !== null && site !== 'same-origin') throw new PaybillError('CROSS_SITE', `a request came from \`${site}\``)
  // Only the host is compared: behind a proxy that ends TLS the scheme here is another one than in the browser.
  if (origin !== null && hostOf(origin) !== new URL(request.url).host)
    throw new PaybillError('CROSS_SITE', `a request came from origin \`${origin.slice(0, 200)}\``)
  if (site === null && origin === null && !request.headers.has(requestHeader))
    throw new PaybillError('CROSS_SITE', 'a request did not say where it came from')
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

/** Tokens in forms: good for one person, one approval and the handlers that share the key. */
export class FormTokens {
  readonly #key: Uint8Array

  constructor(key: Uint8Array) {
    this.#key = key
  }

  make(as: SignedIn, approval: string): string {
    return this.#code(as, approval).toString('base64url')
  }

  /** Throws CROSS_SITE where the token was not made for this person and approval. */
  check(as: SignedIn, approval: string, token: string | null): void {
    const given = Buffer.from(token ?? '', 'base64url')
    const wanted = this.#code(as, approval)
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
      throw new PaybillError('CROSS_SITE', 'a form came without its token, or with one of another page')
  }

  #code(as: SignedIn, approval: string): Buffer {
    return hmac(this.#key, encodeCanonical(['form', as.tenant, as.id, approval]))
  }
}
