// Signing in on one's own machine: one random token for each person, made anew at every start. For development; a real
// application gives the handler its own identity.

import { randomBytes, timingSafeEqual } from 'node:crypto'
import { sha256 } from '../../lib/hash.ts'
import type { SignedIn } from '../person.ts'
import { seeOther } from './respond.ts'

/**
 * The host's own identity: who sent the request, or null for nobody. A Response is sent as it is, where the host has to
 * answer first, as with a redirect to its sign-in page.
 */
export type SignIn = (request: Request) => Promise<SignedIn | Response | null>

export type LocalSignIn = {
  readonly signIn: SignIn
  /** A link for each person to open in a browser, and the token in it for `PAYBILL_TOKEN`. */
  readonly links: (baseUrl: string) => readonly (SignedIn & { readonly token: string; readonly url: string })[]
}

const signInPath = 'sign-in'

/**
 * A sign-in for development.
 *
 * @example const { signIn, links } = localSignIn({ people: [{ id: 'manager', tenant: 'acme' }] })
 */
export function localSignIn(options: { readonly people: readonly SignedIn[] }): LocalSignIn {
  const holders = options.people.map((person) => {
    const token = randomBytes(32).toString('base64url')
    return { person, token, hash: sha256(token) }
  })
  // Every holder is compared, in constant time, so that the time taken says nothing about a token.
  const holderOf = (token: string): SignedIn | null => {
    const hash = sha256(token)
    return holders.reduce<SignedIn | null>((found, holder) => (timingSafeEqual(holder.hash, hash) ? holder.person : found), null)
  }
  return {
    signIn: async (request) => {
      const url = new URL(request.url)
      if (request.method === 'GET' && url.pathname.endsWith(`/${signInPath}`)) {
        const token = url.searchParams.get('token') ?? ''
        return holderOf(token) === null ? null : withCookie(url, token)
      }
      const token = bearerOf(request) ?? cookieOf(request, cookieName(url))
      return token === null ? null : holderOf(token)
    },
    links: (baseUrl) =>
      holders.map(({ person: { id, tenant }, token }) => ({
        id,
        tenant,
        token,
        url: `${baseUrl.replace(/\/$/, '')}/${signInPath}?token=${token}`,
      })),
  }
}

function withCookie(url: URL, token: string): Response {
  const home = url.pathname.slice(0, -signInPath.length)
  const response = seeOther(home)
  response.headers.set('set-cookie', `${cookieName(url)}=${token}; Path=${home}; HttpOnly; SameSite=Strict`)
  return response
}

// Browsers share cookies between the ports of one machine; with the port in its name two servers do not disturb each other.
function cookieName(url: URL): string {
  return `paybill-${url.port === '' ? 'default' : url.port}`
}

function bearerOf(request: Request): string | null {
  return /^Bearer ([\w-]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null
}

function cookieOf(request: Request, name: string): string | null {
  for (const cookie of (request.headers.get('cookie') ?? '').split('; ')) {
    const at = cookie.indexOf('=')
    if (cookie.slice(0, at) === name) return cookie.slice(at + 1)
  }
  return null
}
