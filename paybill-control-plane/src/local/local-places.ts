// The local provider: cells are PostgreSQL servers that are there, and a silo is a server of its own on this machine, reached
// through a socket. What it makes is real; nothing needs a cloud.

import { errorLine, PaybillError } from 'paybill/lib'
import { applicationUrl } from 'paybill/migrate'
import type { PlaceMade, PlaceOrder, PlaceRefused, TenantPlaces } from '../operation/tenant-places.ts'
import {
  type Application,
  bridgeClose,
  bridgeCreate,
  bridgeDrop,
  bridgeFind,
  bridgeOpen,
  type DatabasePlace,
  pooledCreate,
  pooledRetire,
  siloDatabasePlace,
  siloDestroy,
  siloFind,
  siloStart,
  siloStop,
  tenantDatabaseName,
} from '../tenant-database/index.ts'

/** A server that tenants share, and the name of the database for those that are rows in it. */
export type LocalCell = { readonly serverUrl: string; readonly pooledDatabase: string }

export type LocalProvider = {
  readonly organization: string
  /** What the product keeps in a tenant's database. */
  readonly application: Application
  readonly cells: Readonly<Record<string, LocalCell>>
  /** Where the servers of silo tenants lie. */
  readonly silosFolder: string
  /** Names of databases are derived from it, so that they tell nothing and cannot be guessed. */
  readonly namesKey: Uint8Array
  /** Passwords of application roles are derived from it. */
  readonly secret: Uint8Array
  /** For each tenant that has a database of its own. */
  readonly connectionLimit: number
}

type Where = Pick<PlaceOrder, 'tenantId' | 'isolation' | 'cell'>

const made: PlaceMade = { kind: 'made' }

/** Prepares what the pooled tenants of each cell share. Safe to repeat. */
export async function localCellsPrepare(provider: LocalProvider): Promise<void> {
  const { application, secret } = provider
  for (const { serverUrl, pooledDatabase } of Object.values(provider.cells))
    await pooledCreate({ serverUrl, name: pooledDatabase, operation: 'cell', application, secret })
}

/** How the application connects for a tenant. The URL holds a password: it is for no journal and no log. */
export async function localDatabaseUrl(provider: LocalProvider, where: Where): Promise<string> {
  return applicationUrl({ ...(await localDatabasePlace(provider, where)), secret: provider.secret })
}

export function localPlaces(provider: LocalProvider): TenantPlaces {
  const { application, secret, connectionLimit, silosFolder: folder } = provider
  const nameOf = (tenantId: string): string =>
    tenantDatabaseName({ key: provider.namesKey, organization: provider.organization, tenant: tenantId, generation: '1' })
  const siloOf = ({ tenantId }: Where) => ({ folder, name: nameOf(tenantId) })
  const bridgeOf = (where: Where): DatabasePlace => ({
    serverUrl: cellOf(provider, where).serverUrl,
    name: nameOf(where.tenantId),
  })

  const serverStart = (order: PlaceOrder) =>
    refusable(async () => {
      await siloStart({ ...siloOf(order), operation: order.operation, application, secret, connectionLimit })
    })
  return {
    nameOf: ({ tenantId, isolation }) => (isolation === 'pooled' ? null : nameOf(tenantId)),
    server: {
      create: serverStart,
      start: serverStart,
      find: async (order) => ((await siloFind(siloOf(order))).status === 'running' ? made : null),
      stop: async (order) => siloStop(siloOf(order)).then(() => made),
      destroy: async (order) => siloDestroy(siloOf(order)).then(() => made),
    },
    database: {
      create: (order) =>
        refusable(async () => {
          if (order.isolation === 'bridge')
            await bridgeCreate({ ...bridgeOf(order), operation: order.operation, application, secret, connectionLimit })
        }),
      find: async (order) => ((await isThere(order)) ? made : null),
      open: (order) => refusable(() => bridgeOpen(bridgeOf(order))),
      close: async (order) => bridgeClose(bridgeOf(order)).then(() => made),
      destroy: async (order) => {
        if (order.isolation === 'bridge') await bridgeDrop(bridgeOf(order))
        if (order.isolation === 'pooled') {
          const { serverUrl, pooledDatabase } = cellOf(provider, order)
          await pooledRetire({ serverUrl, name: pooledDatabase, application, tenant: order.tenantId })
        }
        return made
      },
    },
  }

  async function isThere(order: PlaceOrder): Promise<boolean> {
    switch (order.isolation) {
      case 'pooled':
        return true // the shared database is there before its tenants
      case 'bridge':
        return (await bridgeFind(bridgeOf(order))).status === 'present'
      case 'silo':
        return (await siloFind(siloOf(order))).status === 'running' // its server was made with its database
      default:
        return order.isolation satisfies never
    }
  }
}

/** The tenant's database and its server. The URL of the server may hold a password: it is for no journal and no log. */
export async function localDatabasePlace(provider: LocalProvider, where: Where): Promise<DatabasePlace> {
  const { serverUrl, pooledDatabase } = cellOf(provider, where)
  const name = localPlaces(provider).nameOf(where)
  if (name === null) return { serverUrl, name: pooledDatabase }
  return where.isolation === 'bridge' ? { serverUrl, name } : siloDatabasePlace({ folder: provider.silosFolder, name })
}

function cellOf(provider: LocalProvider, { cell }: Where): LocalCell {
  const found = Object.hasOwn(provider.cells, cell) ? provider.cells[cell] : undefined
  if (found === undefined) throw new PaybillError('NOT_FOUND', `the local provider has no cell \`${cell}\``)
  return found
}

/** What the caller would have to change is refused; what the world did wrong is thrown, and tried again. */
async function refusable(make: () => Promise<void>): Promise<PlaceMade | PlaceRefused> {
  try {
    await make()
    return made
  } catch (error) {
    if (error instanceof PaybillError && final.has(error.code)) return { kind: 'refused', reason: errorLine(error) }
    throw error
  }
}

const final: ReadonlySet<string> = new Set([
  'CONFLICT',
  'NOT_FOUND',
  'ARGUMENT_INVALID',
  'SCHEMA_INVALID',
  'DATABASE_OPEN_TO_ALL',
])
