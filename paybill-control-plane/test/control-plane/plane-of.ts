// A control plane of the test people on a database that is open already. It needs no test runner, so that a process of its own
// can have one.

import { randomUUID } from 'node:crypto'
import type { Principal } from 'paybill/acl'
import type { Database } from 'paybill/database'
import type { ControlSchema } from '../../src/control-database/schema.ts'
import { type ControlPlane, createControlPlane } from '../../src/control-plane/control-plane.ts'
import type { CellWorld } from '../operation/cell-world.ts'
import { plainKeys } from '../operation/keys.ts'
import type { OperationParts } from '../../src/operation/workflows.ts'
import { offer } from './offer.ts'

const people: Readonly<Record<string, readonly string[]>> = {
  olga: ['operator'],
  otto: ['operator'],
  vera: ['viewer'],
  gate: ['router'],
}

export function planeOf(parts: {
  readonly organization: string
  readonly database: Database<ControlSchema>
  readonly world: CellWorld
  /** Real places and keys instead. */
  readonly real?: Pick<OperationParts, 'places' | 'keys'>
}): { readonly plane: ControlPlane; readonly principal: (id: string) => Promise<Principal | null> } {
  const { organization, database, world, real } = parts
  const principal = async (id: string): Promise<Principal | null> => {
    const roles = Object.hasOwn(people, id) ? people[id] : undefined
    return roles === undefined ? null : { id, tenant: organization, roles, claims: {} }
  }
  const plane = createControlPlane({
    organization,
    database,
    offer,
    places: real?.places ?? world.places,
    keys: real?.keys ?? plainKeys,
    invitationHash: (tenantId) => `hash of ${tenantId}`,
    principal,
    payloadKey: () => new Uint8Array(32).fill(2),
    newId: (prefix) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 20)}`,
    newOperationId: randomUUID,
    now: () => new Date(),
    leaseMs: 1_000,
  })
  return { plane, principal }
}
