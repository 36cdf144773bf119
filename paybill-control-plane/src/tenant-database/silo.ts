// Silo: a tenant has a PostgreSQL of its own, a process with a folder, reached through a socket and by no network. On a
// laptop it stands for the server that Terraform makes in a cloud, and like that one it outlives whoever asked for it.

import { join } from 'node:path'
import { socketServerFind, socketServerRemove, socketServerStart, socketServerStop } from 'paybill/embedded'
import { PaybillError } from 'paybill/lib'
import { prepareDatabase } from 'paybill/migrate'
import type { Application, DatabasePlace } from './application.ts'
import { databaseFind } from './database-find.ts'
import { operationComment, requireTenantName } from './names.ts'

/** The folder that holds the servers of this machine, and the name of one: `tenantDatabaseName` gives it. */
export type SiloPlace = { readonly folder: string; readonly name: string }

export type SiloStart = SiloPlace & {
  readonly operation: string
  readonly application: Application
  /** The password of the application role is derived from it. */
  readonly secret: Uint8Array
  /** From the tenant's quota. */
  readonly connectionLimit: number
}

/** `unfinished` is what a start or destroy left that was killed: repeat it. `operation` made the database. */
export type SiloFound =
  | { readonly status: 'running'; readonly operation: string; readonly pid: number }
  | { readonly status: 'stopped' }
  | { readonly status: 'unfinished' }
  | { readonly status: 'absent' }

/**
 * Makes and starts the tenant's server, starts it again, or adopts it where it runs; then prepares its database. Answers
 * which operation made that.
 *
 * @example await siloStart({ folder: '.paybill/silos', name, operation, application, secret, connectionLimit: 10 })
 */
export async function siloStart(start: SiloStart): Promise<Extract<SiloFound, { status: 'running' }>> {
  const { operation, application, secret, connectionLimit } = start
  const server = await siloServerStart(start)
  const place = { serverUrl: server.url, name: siloDatabase }
  const found = await databaseFind(place)
  const maker = found.status === 'present' ? found.operation : operation
  await prepareDatabase({ ...place, ...application, secret, connectionLimit, comment: operationComment(maker) })
  return { status: 'running', operation: maker, pid: server.pid }
}

/** Makes and starts the tenant's server alone, or adopts it where it runs. The URL is that of the server's own user. */
export async function siloServerStart(
  start: Omit<SiloStart, 'application' | 'secret'>,
): Promise<{ readonly url: string; readonly pid: number }> {
  requireTenantName(start.name)
  return socketServerStart({
    folder: folderOf(start),
    settings: {
      ...smallServer,
      max_connections: start.connectionLimit + connectionsBeside,
      cluster_name: operationComment(start.operation),
    },
  })
}

/** How the tenant's server stands. */
export async function siloFind(place: SiloPlace): Promise<SiloFound> {
  requireTenantName(place.name)
  const server = await socketServerFind(folderOf(place))
  if (server.status !== 'running') return server
  const found = await databaseFind({ serverUrl: server.url, name: siloDatabase })
  return found.status === 'present'
    ? { status: 'running', operation: found.operation, pid: server.pid }
    : { status: 'unfinished' }
}

/** The database inside the tenant's server. The URL holds the password of the server's own user: it is for no journal. */
export async function siloDatabasePlace(place: SiloPlace): Promise<DatabasePlace> {
  const server = await socketServerFind(folderOf(place))
  if (server.status !== 'running')
    throw new PaybillError('DATABASE_UNREACHABLE', `the server \`${place.name}\` is ${server.status}`)
  return { serverUrl: server.url, name: siloDatabase }
}

/** Stops the tenant's server, whoever is connected. Its data stays for the next start. */
export async function siloStop(place: SiloPlace): Promise<void> {
  requireTenantName(place.name)
  await socketServerStop(folderOf(place))
}

/** Removes the tenant's server, whoever is connected: process, data and socket. Safe to repeat. */
export async function siloDestroy(place: SiloPlace): Promise<void> {
  requireTenantName(place.name)
  await socketServerRemove(folderOf(place))
}

function folderOf({ folder, name }: SiloPlace): string {
  return join(folder, name)
}

// A server of its own needs no name of its own inside.
const siloDatabase = 'tenant'

// Beside the tenant's: those that PostgreSQL keeps for superusers, and ours.
const connectionsBeside = 8

/** For many servers on one machine: little memory, few processes. */
const smallServer = {
  shared_buffers: '8MB',
  wal_buffers: '256kB',
  min_wal_size: '32MB',
  max_wal_size: '64MB',
  max_worker_processes: 1,
  max_parallel_workers: 0,
  max_parallel_workers_per_gather: 0,
  max_logical_replication_workers: 0,
  autovacuum_max_workers: 1,
  io_method: 'sync',
  jit: 'off',
}
