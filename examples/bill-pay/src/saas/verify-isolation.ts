// Tries, for all ordered pairs of tenants that are active, what the one could learn of the other.

import type { SessionTables } from 'paybill/database'
import type { ControlSchema } from 'paybill-control-plane/control-plane'
import { localDatabasePlace, type LocalProvider } from 'paybill-control-plane/local'
import { type TenantUnderTest, verifyIsolation } from 'paybill-control-plane/verify'

export type IsolationReport = {
  readonly pairs: number
  readonly attempts: number
  readonly byMethod: Readonly<Record<string, number>>
  /** Each says who learned what of whom, and how. */
  readonly leaks: readonly string[]
  /** What could not be marked or tried, with the reason. */
  readonly notTried: readonly string[]
  /** Weaknesses that were planted on purpose, once for each model that an attacker lives in. */
  readonly controls: { readonly seeded: number; readonly found: number }
}

export async function verifyIsolationOfAll(
  { provider, tables }: { readonly provider: LocalProvider; readonly tables: SessionTables<ControlSchema> },
  onProgress: (line: string) => void,
): Promise<IsolationReport> {
  const tenants = await tenantsUnderTest(provider, tables)
  const pairs = tenants.flatMap((attacker) =>
    tenants.filter((victim) => victim !== attacker).map((victim) => ({ attacker, victim })),
  )
  const planted = new Set<string>()
  const leaks: string[] = []
  const notTried = new Set<string>()
  const byMethod: Record<string, number> = {}
  const controls = { seeded: 0, found: 0 }
  for (const { attacker, victim } of pairs) {
    const plant = !planted.has(attacker.isolation)
    planted.add(attacker.isolation)
    const { application, secret } = provider
    const found = await verifyIsolation({ application, secret, attacker, victim, plant })
    const who = `${attacker.id} (${attacker.isolation}) against ${victim.id} (${victim.isolation})`
    onProgress(`${who}: ${found.attempts} attempts, ${found.leaks.length} leaks`)
    for (const { method, attempt, seen } of found.leaks) leaks.push(`${who}, ${method}: ${attempt}: ${seen}`)
    for (const [method, attempts] of Object.entries(found.byMethod)) byMethod[method] = (byMethod[method] ?? 0) + attempts
    for (const what of found.notTried) notTried.add(what)
    controls.seeded += found.controls.seeded
    controls.found += found.controls.found
  }
  const attempts = Object.values(byMethod).reduce((sum, each) => sum + each, 0)
  return { pairs: pairs.length, attempts, byMethod, leaks, notTried: [...notTried], controls }
}

async function tenantsUnderTest(
  provider: LocalProvider,
  tables: SessionTables<ControlSchema>,
): Promise<readonly TenantUnderTest[]> {
  const active = await tables.tenant.findMany({ where: { phase: 'active' }, select: ['id', 'name', 'isolation'] })
  const found: TenantUnderTest[] = []
  for (const { id, name, isolation } of active) {
    const row = await tables.place.findFirst({ where: { tenantId: id }, select: ['cell'] })
    if (row === null) continue
    const place = await localDatabasePlace(provider, { tenantId: id, isolation, cell: row.cell })
    found.push({ id, isolation, place, names: [name] })
  }
  return found
}
