// Pooled, in session mode: the tenants of a cell share one database, and a tenant is its rows. One application role connects
// and says in each transaction for whom; row level security holds it to that. This guards against our own mistakes, not
// against somebody who can run SQL as that role, so tenants get no credential for it.

import { PaybillError } from 'paybill/lib'
import { type AdminConnection, prepareDatabase } from 'paybill/migrate'
import { asOwner, inDatabase, onServer } from './admin.ts'
import type { Application, DatabasePlace } from './application.ts'
import { requireClosedServer } from './closed-server.ts'
import { operationComment } from './names.ts'
import { allTables, type TableGroup, tableGroups, type TenantTable } from './tenant-table.ts'

export type TenantRowsPlace = DatabasePlace & {
  readonly application: Pick<Application, 'schema'>
  readonly tenant: string
}

/** How many rows a tenant has in each table that has any. */
export type RowCounts = Readonly<Record<string, number>>

/** Makes the shared database of a cell, or finds it. Throws DATABASE_OPEN_TO_ALL as `bridgeCreate` does. */
export async function pooledCreate(
  create: DatabasePlace & { readonly operation: string; readonly application: Application; readonly secret: Uint8Array },
): Promise<void> {
  const { serverUrl, name, operation, application, secret } = create
  await onServer(serverUrl, requireClosedServer)
  await prepareDatabase({ serverUrl, name, ...application, secret, comment: operationComment(operation) })
  await onServer(serverUrl, requireClosedServer)
}

/** Counts the tenant's rows, in a database of any model. */
export async function tenantCount(place: TenantRowsPlace): Promise<RowCounts> {
  return inDatabase(place, async (database) => {
    const tables = allTables(await tableGroups(database, place.application))
    return asOwner(database, place.name, 'snapshot', () => countRows(database, tables, place.tenant))
  })
}

/**
 * Deletes every row of the tenant, those of its journal too, and proves that none is left. Safe to repeat. Answers what
 * this call deleted. Throws CONFLICT where rows keep coming: somebody still writes for the tenant.
 *
 * @example const { deleted } = await pooledRetire({ serverUrl, name: 'cell_1', application, tenant: 'ten_1' })
 */
export async function pooledRetire(place: TenantRowsPlace): Promise<{ readonly deleted: RowCounts }> {
  const { name, application, tenant } = place
  return inDatabase(place, async (database) => {
    const groups = await tableGroups(database, application)
    const deleted = new Map<string, number>()
    for (let round = 0; round < maxRounds; round += 1) {
      // Rows that refer go before the rows that they refer to.
      for (const group of groups.toReversed())
        for (let goesOn = true; goesOn;)
          goesOn = await asOwner(database, name, 'change', () => deleteSome(database, { group, tenant, deleted }))
      const left = await asOwner(database, name, 'snapshot', () => countRows(database, allTables(groups), tenant))
      if (Object.keys(left).length === 0) return { deleted: Object.fromEntries(deleted) }
    }
    throw new PaybillError('CONFLICT', `rows of tenant \`${tenant}\` were written while they were deleted: end its workers first`)
  })
}

const maxRounds = 3

// A transaction that writes for long holds back the sealing of every journal on the server, so it is one of many.
const batchRows = 10_000

/** Answers whether there may be more. */
async function deleteSome(
  database: AdminConnection,
  of: { readonly group: TableGroup; readonly tenant: string; readonly deleted: Map<string, number> },
): Promise<boolean> {
  const { group, tenant, deleted } = of
  const tables = tenantTables(group.tables)
  if (tables.length === 0) return false
  // References are checked at the end of a statement, so rows that refer to each other go in one.
  const deletes = tables.map(({ sql, rows }, index) => {
    const condition = rows.condition('$1')
    const which = group.isCircle ? condition : `ctid = any (array(select ctid from ${sql} where ${condition} limit ${batchRows}))`
    return `gone_${index} as (delete from ${sql} where ${which} returning 1)`
  })
  const counts = tables.map((_, index) => `(select count(*) from gone_${index}) as "${index}"`)
  const [found] = await database.query(`with ${deletes.join(', ')} select ${counts.join(', ')}`, [tenant])
  const gone = tables.map((table, index) => ({ table, count: Number(found?.[String(index)]) }))
  for (const { table, count } of gone) if (count > 0) deleted.set(table.name, (deleted.get(table.name) ?? 0) + count)
  return !group.isCircle && gone.some(({ count }) => count === batchRows)
}

export async function countRows(database: AdminConnection, tables: readonly TenantTable[], tenant: string): Promise<RowCounts> {
  const counts = new Map<string, number>()
  for (const { name, sql, rows } of tenantTables(tables)) {
    const [found] = await database.query(`select count(*) as count from ${sql} where ${rows.condition('$1')}`, [tenant])
    const count = Number(found?.['count'])
    if (count > 0) counts.set(name, count)
  }
  return Object.fromEntries(counts)
}

/** Those of the tables that hold rows of tenants. */
export function tenantTables(tables: readonly TenantTable[]): readonly OfTenant[] {
  return tables.filter((table): table is OfTenant => table.rows.of === 'tenant')
}

export type OfTenant = TenantTable & { readonly rows: Extract<TenantTable['rows'], { of: 'tenant' }> }
