// Bridge: a tenant has its own database and its own two roles on a server that it shares. No other role may connect. That
// a neighbour exists can be counted in the server's catalogs, which every role may read; its name tells nothing.

import { PaybillError } from 'paybill/lib'
import { dropDatabase, prepareDatabase } from 'paybill/migrate'
import { onServer } from './admin.ts'
import type { Application, DatabasePlace } from './application.ts'
import { requireClosedServer } from './closed-server.ts'
import { type DatabaseFound, databaseFind, databaseFindOn } from './database-find.ts'
import { operationComment, requireTenantName } from './names.ts'

export type BridgeCreate = DatabasePlace & {
  readonly operation: string
  readonly application: Application
  /** The password of the application role is derived from it; `applicationUrl` of `paybill/migrate` derives it again. */
  readonly secret: Uint8Array
  /** From the tenant's quota. */
  readonly connectionLimit: number
}

/**
 * Creates the tenant's database, or finishes creating it. Throws CONFLICT where another operation made it, and
 * DATABASE_OPEN_TO_ALL for a server that lets everybody into a database of ours.
 *
 * @example await bridgeCreate({ serverUrl, name, operation, application, secret, connectionLimit: 10 })
 */
export async function bridgeCreate(create: BridgeCreate): Promise<Extract<DatabaseFound, { status: 'present' }>> {
  const { serverUrl, name, operation, application, secret, connectionLimit } = create
  requireTenantName(name)
  const comment = operationComment(operation)
  await onServer(serverUrl, async (server) => {
    await requireClosedServer(server)
    const found = await databaseFindOn(server, name)
    if (found.status === 'present' && found.operation !== operation)
      throw new PaybillError('CONFLICT', `database \`${name}\` was made by operation \`${found.operation}\``)
  })
  await prepareDatabase({ serverUrl, name, ...application, secret, connectionLimit, comment })
  return onServer(serverUrl, async (server) => {
    await requireClosedServer(server)
    const found = await databaseFindOn(server, name)
    if (found.status !== 'present') throw new PaybillError('CONFLICT', `database \`${name}\` was dropped while it was made`)
    return found
  })
}

/** How the tenant's database stands. */
export async function bridgeFind(place: DatabasePlace): Promise<DatabaseFound> {
  requireTenantName(place.name)
  return databaseFind(place)
}

/** Drops the tenant's database, whoever is connected, and its roles. Safe to repeat. */
export async function bridgeDrop(place: DatabasePlace): Promise<void> {
  requireTenantName(place.name)
  await dropDatabase(place)
}
