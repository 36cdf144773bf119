// Who holds an API key. A key stands for one person of the organization, and so for the roles that he has at the moment of a
// call: taking a role away from him takes it away from all his keys.

import { timingSafeEqual } from 'node:crypto'
import type { Principal } from 'paybill/acl'
import type { Database, Session } from 'paybill/database'
import { PaybillError, sha256Hex } from 'paybill/lib'
import type { ControlSchema } from '../control-database/schema.ts'
import { apiKeyText, newApiKey, parseApiKey } from './api-key.ts'
import { gateway } from './gateway.ts'

export type ApiKeyParts = {
  readonly organization: string
  readonly database: Database<ControlSchema>
  /** Who an id is now, as the control plane knows it. */
  readonly principal: (id: string) => Promise<Principal | null>
  readonly now: () => Date
}

export type ApiKeys = {
  /**
   * Makes a key for the person who asks, and for nobody else. It is good for 1 to 366 days. Its text is shown here and
   * nowhere again.
   */
  readonly make: (by: string, key: { readonly name: string; readonly days: number }) => Promise<string>
  /** Ends a key of the person who asks. Throws NOT_FOUND where he has none with this prefix. */
  readonly end: (by: string, prefix: string) => Promise<void>
  /** Whose key it is. Null for what is no key, is not known, or has expired. */
  readonly find: (text: string) => Promise<string | null>
}

const maxDays = 366
const dayMs = 86_400_000
/** How old the time of last use may become before it is written again. */
const useRecordedMs = 60_000

export function createApiKeys(parts: ApiKeyParts): ApiKeys {
  const { now } = parts
  const before = gateway(parts)
  return {
    make: async (by, { name, days }) => {
      if (!Number.isInteger(days) || days < 1 || days > maxDays) {
        const message = `a key is good for 1 to ${maxDays} days`
        throw new PaybillError('ARGUMENT_INVALID', message, { shown: message })
      }
      const session = await sessionOf(parts, by)
      const key = newApiKey()
      const [createdAt, secretHash] = [now(), sha256Hex(key.secret)]
      const expiresAt = new Date(createdAt.getTime() + days * dayMs)
      await session.apiKey.insert({ prefix: key.prefix, secretHash, person: by, name, createdAt, expiresAt })
      return apiKeyText(key)
    },
    end: async (by, prefix) => {
      const session = await sessionOf(parts, by)
      const at = now()
      const where = { prefix, person: by, expiresAt: { gt: at } }
      const { count } = await session.apiKey.update({ where, set: { expiresAt: at } })
      if (count === 0) throw new PaybillError('NOT_FOUND', `\`${by}\` has no key \`${prefix.slice(0, 20)}\` that is good`)
    },
    find: async (text) => {
      const key = parseApiKey(text) ?? noKey
      const row = await before.apiKey.findFirst({ where: { prefix: key.prefix } })
      // INVARIANT: a key that is not there takes the same way as one with a wrong secret, so that neither answer nor time
      // says which prefixes there are.
      const isRight = isSame(sha256Hex(key.secret), row?.secretHash ?? noHash)
      if (row === null || !isRight || row.expiresAt <= now()) return null
      await recordUse(before, row, now())
      return row.person
    },
  }
}

const noKey = { prefix: '000000000000', secret: '' }
/** Nothing hashes to it that a key could hold. */
const noHash = '0'.repeat(64)

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(Buffer.from(left), Buffer.from(right))
}

async function recordUse(
  session: Session<ControlSchema>,
  key: { readonly prefix: string; readonly lastUsedAt: Date | null },
  now: Date,
): Promise<void> {
  if (key.lastUsedAt !== null && now.getTime() - key.lastUsedAt.getTime() < useRecordedMs) return
  await session.apiKey.update({ where: { prefix: key.prefix }, set: { lastUsedAt: now } })
}

async function sessionOf(parts: ApiKeyParts, by: string): Promise<Session<ControlSchema>> {
  const principal = await parts.principal(by)
  if (principal === null) throw new PaybillError('DENIED', `\`${by}\` is not known`)
  const claims = { ...principal.claims, self: by }
  return parts.database.session({ principal: { ...principal, claims }, purpose: 'api keys' })
}
