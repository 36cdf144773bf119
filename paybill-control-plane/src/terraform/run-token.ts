// What Terraform and its supervisor show to our state backend: the run as the user, and as the password a token for one run,
// one phase and one claim. The database keeps the token's hash only.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Lock, TerraformSession } from './tables.ts'

export type Phase = 'plan' | 'apply'

/** A token, which only the environment of the run's processes may hold, and the hash to keep. */
export function newToken({ phase, fence }: { readonly phase: Phase; readonly fence: number }): {
  readonly token: string
  readonly tokenHash: string
} {
  const token = `${phase}.${fence}.${randomBytes(32).toString('base64url')}`
  return { token, tokenHash: tokenHashOf(token) }
}

const userPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const tokenPattern = /^(?:plan|apply)\.([1-9]\d{0,8})\.[A-Za-z0-9_-]{43}$/

/**
 * The claim that a request was made under, whether or not it is still the newest; null where user and password do not
 * belong together, or to this workspace.
 */
export async function claimOf(
  tables: TerraformSession,
  request: { readonly workspace: string; readonly authorization: string | null },
): Promise<Lock | null> {
  const basic = /^Basic ([A-Za-z0-9+/=]{1,400})$/.exec(request.authorization ?? '')
  const [user = '', password = ''] = Buffer.from(basic?.[1] ?? '', 'base64')
    .toString('utf8')
    .split(':')
  const fence = tokenPattern.exec(password)?.[1]
  if (!userPattern.test(user) || fence === undefined) return null
  const lock = await tables.terraformLock.findFirst({ where: { workspace: request.workspace, fence: Number(fence) } })
  if (lock === null || lock.run !== user) return null
  // The hash is of all of the token, so of its phase too, and of no earlier phase of the claim.
  return timingSafeEqual(Buffer.from(tokenHashOf(password), 'hex'), Buffer.from(lock.tokenHash, 'hex')) ? lock : null
}

function tokenHashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
