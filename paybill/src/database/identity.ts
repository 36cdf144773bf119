// Who a session acts for.

import type { Agent, Grant, Principal, Subject } from '../acl/principal.ts'

/** Everybody whose rights are intersected, and what the session is for. `purpose` is written to the record, never to the rules. */
export type Identity = {
  readonly principal: Principal
  readonly agent?: Agent
  readonly grant?: Grant
  readonly purpose: string
}

/**
 * The system as a principal of one tenant, with the role `system`: it may do what rules for that role say, and is held by
 * row level security like everybody else. Every use is listed in a checked-in file.
 *
 * @example database.session({ principal: asSystem('nightly import', 'acme'), purpose: 'import' })
 */
export function asSystem(reason: string, tenant: string): Principal {
  return { id: `system:${reason}`, tenant, roles: ['system'], claims: {} }
}

export function subjectOf(identity: Identity): Subject {
  return { principal: identity.principal, agent: identity.agent ?? null, grant: identity.grant ?? null }
}
