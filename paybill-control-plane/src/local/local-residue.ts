import type { ResidueScan } from '../tenant-database/index.ts'
import { type LocalProvider, ownName } from './provider.ts'

export type ScannedProvider = Pick<LocalProvider, 'organization' | 'cells' | 'silosFolder' | 'namesKey' | 'keys'>

/** Every place of the provider in which something of a tenant can be left. */
export function localResidueScan(
  provider: ScannedProvider,
  /** `operations` are those that made something for the tenant alone. */
  of: { readonly tenantId: string; readonly operations: readonly string[] },
): ResidueScan {
  const cells = [
    ...new Map(Object.values(provider.cells).map((cell) => [`${cell.serverUrl} ${cell.pooledDatabase}`, cell])).values(),
  ]
  return {
    owner: { organization: provider.organization, tenant: of.tenantId },
    names: [ownName(provider, of.tenantId)],
    operations: of.operations,
    serverUrls: [...new Set(cells.map(({ serverUrl }) => serverUrl))],
    pooled: cells.map(({ serverUrl, pooledDatabase: name }) => ({ serverUrl, name })),
    siloFolders: [provider.silosFolder],
    folders: [provider.silosFolder],
    keys: provider.keys,
  }
}
