// A signed-in person as the application knows him at this moment. Asked at each call, never kept.

import { mayAct } from '../acl/decide.ts'
import type { Principal } from '../acl/principal.ts'
import { PaybillError } from '../lib/errors.ts'
import type { Runtime } from './runtime.ts'

/** A signed-in person: the id that the identity provider gave, in its tenant. */
export type SignedIn = { readonly id: string; readonly tenant: string }

/** Who the person is now. Throws DENIED where the id is no longer known. */
export async function personNow(runtime: Pick<Runtime, 'principal'>, as: SignedIn): Promise<Principal> {
  const principal = await runtime.principal(as.id, as.tenant)
  if (principal === null) throw new PaybillError('DENIED', `the principal \`${as.id}\` is not known any more`)
  return principal
}

/** Throws DENIED, with the reason of the rules, where the person does not have the right now. */
export function requireRight(runtime: Pick<Runtime, 'rules' | 'clock'>, principal: Principal, name: string): void {
  const right = mayAct(runtime.rules, { principal, agent: null, grant: null }, name, runtime.clock.now())
  if (!right.allowed) throw new PaybillError('DENIED', right.reason)
}
