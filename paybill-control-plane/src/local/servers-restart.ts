import { siloFind, siloServerStart } from '../tenant-database/index.ts'
import { type LocalProvider, siloOf } from './provider.ts'

/**
 * Starts the servers again that ended without being asked to, as all do when the machine ends; answers how many. `tenantIds`
 * are those whose server is to run. Call it before anything else works on them: an operation that stops one would be
 * undone.
 */
export async function localServersRestart(provider: LocalProvider, tenantIds: readonly string[]): Promise<number> {
  let started = 0
  for (const tenantId of tenantIds) {
    const silo = siloOf(provider, { tenantId })
    if ((await siloFind(silo)).status !== 'stopped') continue
    await siloServerStart({ ...silo, operation: 'restart', connectionLimit: provider.connectionLimit })
    started += 1
  }
  return started
}
