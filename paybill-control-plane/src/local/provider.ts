// What the local provider works on: servers that are there, folders of this machine, and keys.

import { PaybillError } from 'paybill/lib'
import { applicationUrl } from 'paybill/migrate'
import type { PlaceOrder } from '../operation/tenant-places.ts'
import type { KeyRing, SigningKey } from '../secret/index.ts'
import type { TerraformBinary, TerraformStore } from '../terraform/index.ts'
import {
  type Application,
  type DatabasePlace,
  pooledCreate,
  siloDatabasePlace,
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
  /** Where last backups lie. */
  readonly backupsFolder: string
  /** Names of databases are derived from it, so that they tell nothing and cannot be guessed. */
  readonly namesKey: Uint8Array
  /** Passwords of application roles are derived from it. */
  readonly secret: Uint8Array
  /** The keys of tenants, and the key that signs certificates of deletion. */
  readonly keys: KeyRing
  readonly signing: SigningKey
  /** For each tenant that has a database of its own. */
  readonly connectionLimit: number
  /** Runs of Terraform, which makes the servers of silo tenants. Where `binary` is null they are made without it. */
  readonly terraform: {
    readonly binary: TerraformBinary | null
    readonly store: TerraformStore
    /** The same one each time. */
    readonly folder: string
  }
  readonly now: () => Date
}

export type Where = Pick<PlaceOrder, 'tenantId' | 'isolation' | 'cell'>

/** Prepares what the pooled tenants of each cell share. Safe to repeat. */
export async function localCellsPrepare(provider: Pick<LocalProvider, 'application' | 'cells' | 'secret'>): Promise<void> {
  const { application, secret } = provider
  for (const { serverUrl, pooledDatabase } of Object.values(provider.cells))
    await pooledCreate({ serverUrl, name: pooledDatabase, operation: 'cell', application, secret })
}

/** How the application connects for a tenant. The URL holds a password: it is for no journal and no log. */
export async function localDatabaseUrl(provider: LocalProvider, where: Where): Promise<string> {
  return applicationUrl({ ...(await localDatabasePlace(provider, where)), secret: provider.secret })
}

/** The name of a tenant's own database, or of its server. A tenant's id comes once, and so does its name. */
export function ownName({ namesKey, organization }: Pick<LocalProvider, 'namesKey' | 'organization'>, tenantId: string): string {
  return tenantDatabaseName({ key: namesKey, organization, tenant: tenantId, generation: '1' })
}

export function siloOf(provider: LocalProvider, { tenantId }: Pick<Where, 'tenantId'>) {
  return { folder: provider.silosFolder, name: ownName(provider, tenantId) }
}

export function bridgeOf(provider: LocalProvider, where: Where): DatabasePlace {
  return { serverUrl: cellOf(provider, where).serverUrl, name: ownName(provider, where.tenantId) }
}

export function pooledOf(provider: LocalProvider, where: Where): DatabasePlace {
  const { serverUrl, pooledDatabase } = cellOf(provider, where)
  return { serverUrl, name: pooledDatabase }
}

/**
 * The database that a tenant lives in. A server of its own must run. The URL of the server may hold a password: it is for no
 * journal and no log.
 */
export async function localDatabasePlace(provider: LocalProvider, where: Where): Promise<DatabasePlace> {
  switch (where.isolation) {
    case 'pooled':
      return pooledOf(provider, where)
    case 'bridge':
      return bridgeOf(provider, where)
    case 'silo':
      return siloDatabasePlace(siloOf(provider, where))
    default:
      return where.isolation satisfies never
  }
}

function cellOf(provider: LocalProvider, { cell }: Where): LocalCell {
  const found = Object.hasOwn(provider.cells, cell) ? provider.cells[cell] : undefined
  if (found === undefined) throw new PaybillError('NOT_FOUND', `the local provider has no cell \`${cell}\``)
  return found
}
