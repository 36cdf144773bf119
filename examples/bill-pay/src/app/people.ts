// Who is who in the example. A real application asks its identity provider at each call.

import type { Principal } from 'paybill/acl'
import { PaybillError } from 'paybill/lib'

export const clerk = 'clerk'
export const manager = 'manager'
export const registerKeeper = 'register-keeper'
export const agent = { id: 'bill-pay-agent', roles: ['payer'] } as const

const roles: Readonly<Record<string, readonly string[]>> = {
  [clerk]: ['clerk'],
  [manager]: ['manager'],
  [registerKeeper]: ['register-keeper'],
}

/** A person of the company as a principal, or null for somebody unknown. */
export async function personOf(id: string, tenant: string): Promise<Principal | null> {
  const held = Object.hasOwn(roles, id) ? roles[id] : undefined
  return held === undefined ? null : { id, tenant, roles: held, claims: {} }
}

/** The person, who must be known. Throws DENIED. */
export function known(person: Principal | null, id: string): Principal {
  if (person === null) throw new PaybillError('DENIED', `\`${id}\` is not known`)
  return person
}
