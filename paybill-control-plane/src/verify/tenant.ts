// Who is verified against whom.

import { identityText } from 'paybill/acl'
import type { Principal } from 'paybill/acl'
import type { Isolation } from '../catalog/index.ts'
import type { Application, DatabasePlace } from '../tenant-database/index.ts'

export type TenantUnderTest = {
  /** What stands in the tenant column of its rows. */
  readonly id: string
  readonly isolation: Isolation
  readonly place: DatabasePlace
  /** Words that tell who the tenant is, such as the name of its customer. The other one must come across none of them. */
  readonly names?: readonly string[]
}

export type Attacker = TenantUnderTest & {
  /** What its people can ask of the control plane about the tenant with an id, each by the name of the call. */
  readonly calls?: Readonly<Record<string, (id: string) => Promise<unknown>>>
}

/** Somebody of the tenant who holds every role that the application has. */
export function everyRole(application: Pick<Application, 'rules'>, tenant: string): Principal {
  return { id: 'verify', tenant, roles: Object.keys(application.rules.roles), claims: {} }
}

/** What the application says of a session of that somebody, before each of its statements. */
export function identityOf(application: Pick<Application, 'rules'>, tenant: string): string {
  return identityText(application.rules, { principal: everyRole(application, tenant), agent: null, grant: null })
}
