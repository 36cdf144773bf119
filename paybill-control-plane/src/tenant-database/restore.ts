// A backup put back into a database of any model, and the proof that it can be: a restore into a database made for it,
// whose rows are then counted and hashed anew.

import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from } from 'pg-copy-streams'
import { statementFailure } from 'paybill/database'
import { PaybillError, sha256Hex } from 'paybill/lib'
import { type AdminConnection, dropDatabase, prepareDatabase } from 'paybill/migrate'
import { quoteName } from 'paybill/schema'
import { asOwner, inDatabase } from './admin.ts'
import type { Application, DatabasePlace } from './application.ts'
import { type BackupFile, type BackupManifest, databaseVersions, readBackup } from './backup.ts'
import type { BackupHeader, TableEnd } from './backup-frame.ts'
import { mark } from './names.ts'
import { countRows, type TenantRowsPlace } from './pooled.ts'
import { copyOut, rowMeter } from './table-copy.ts'
import { allTables, type TableGroup, tableGroups, type TenantTable } from './tenant-table.ts'

/**
 * Puts the tenant back into a prepared database in which it has no row, all or nothing. Tables that all tenants share are
 * filled where they are empty. Runs that were alive come back parked: what they did after the backup is not in it, and
 * nothing may be done twice by itself. Throws CONFLICT where the tenant has rows already, or where its sealed journal does
 * not fit this server; SCHEMA_INVALID where the database was made from something else.
 *
 * @example await backupRestore({ serverUrl, name, application, tenant, file, id: 'bk_1', key })
 */
export async function backupRestore(restore: TenantRowsPlace & BackupFile): Promise<BackupManifest> {
  return inDatabase(restore, async (database) => {
    const groups = await tableGroups(database, restore.application)
    return asOwner(database, restore.name, 'change', async () => {
      const manifest = await fill(database, groups, restore)
      if (manifest.tables.some(({ name }) => name === 'paybill.run')) await parkRuns(database, restore)
      return manifest
    })
  })
}

/**
 * Proves that a backup brings the tenant back: restores it into a temporary database, and compares counts and checksums of
 * what is there then. Throws BACKUP_INVALID naming the table that differs. The temporary database is dropped, by the next
 * call where this one was killed.
 *
 * @example const { tables } = await backupVerify({ serverUrl, application, tenant, file, id: 'bk_1', key })
 */
export async function backupVerify(
  verify: BackupFile & { readonly serverUrl: string; readonly application: Application; readonly tenant: string },
): Promise<BackupManifest> {
  const { serverUrl, application, id, tenant } = verify
  // By the backup, so that the next try finds what a killed one left.
  const place = { serverUrl, name: `paybill_v_${sha256Hex(`verify ${tenant} ${id}`).slice(0, 32)}` }
  await dropDatabase(place)
  try {
    await prepareDatabase({ ...place, ...application, secret: randomBytes(32), comment: `${mark}verify ${tenant}` })
    return await compare(place, verify)
  } finally {
    await dropDatabase(place)
  }
}

async function compare(
  place: DatabasePlace,
  verify: BackupFile & { readonly application: Application; readonly tenant: string },
): Promise<BackupManifest> {
  const { application, id, tenant } = verify
  return inDatabase(place, async (database) => {
    const groups = await tableGroups(database, application)
    const manifest = await asOwner(database, place.name, 'change', () => fill(database, groups, { ...verify, isTemporary: true }))
    const found = await asOwner(database, place.name, 'snapshot', () => measure(database, allTables(groups), tenant))
    for (const { name, rows, sha256 } of manifest.tables) {
      const restored = found.get(name)
      if (restored?.rows !== rows || restored.sha256 !== sha256)
        throw new PaybillError(
          'BACKUP_INVALID',
          `backup \`${id}\` brings back ${restored?.rows ?? 0} of ${rows} rows of \`${name}\`, or others than were there`,
        )
    }
    return manifest
  })
}

async function measure(
  database: AdminConnection,
  tables: readonly TenantTable[],
  tenant: string,
): Promise<ReadonlyMap<string, TableEnd>> {
  const found = new Map<string, TableEnd>()
  for (const table of tables) {
    const meter = rowMeter()
    for await (const bytes of copyOut(database, table, tenant)) meter.take(bytes)
    found.set(table.name, meter.end())
  }
  return found
}

type Fill = BackupFile & { readonly tenant: string; readonly isTemporary?: boolean }

async function fill(database: AdminConnection, groups: readonly TableGroup[], from: Fill): Promise<BackupManifest> {
  const tables = allTables(groups)
  // Rows are inserted when all tables of a group are there.
  const groupEnds = new Map<number, TableGroup>()
  let last = -1
  for (const group of groups) groupEnds.set((last += group.tables.length), group)
  return readBackup(from, {
    header: (header) => requireFitting(database, tables, { ...from, header }),
    rows: (index, rows) => stage(database, tableAt(tables, index), rows),
    tableEnd: async (index) => {
      const group = groupEnds.get(index)
      if (group !== undefined) await insertGroup(database, group, from)
    },
  })
}

function tableAt(tables: readonly TenantTable[], index: number): TenantTable {
  const table = tables[index]
  if (table === undefined) throw new PaybillError('INTERNAL', 'a backup has as many tables as the database that it fits')
  return table
}

async function requireFitting(
  database: AdminConnection,
  tables: readonly TenantTable[],
  of: Fill & { readonly header: BackupHeader },
): Promise<void> {
  const { header, id, tenant } = of
  if (header.tenant !== tenant || header.id !== id)
    throw new PaybillError('BACKUP_INVALID', `the file holds backup \`${header.id}\` of tenant \`${header.tenant}\``)
  const versions = await databaseVersions(database)
  const parts = new Set([...Object.keys(versions), ...Object.keys(header.versions)])
  for (const part of parts)
    if (versions[part] !== header.versions[part])
      throw new PaybillError('SCHEMA_INVALID', `backup \`${id}\` was made from another version of \`${part}\` than the database`)
  const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join(', ')
  if (names(tables) !== names(header.tables))
    throw new PaybillError('SCHEMA_INVALID', `backup \`${id}\` holds other tables than the database`)
  const [present] = Object.keys(await countRows(database, tables, tenant))
  if (present !== undefined)
    throw new PaybillError('CONFLICT', `tenant \`${tenant}\` has rows in \`${present}\`, and a backup is put back beside none`)
  if (header.sealedUpTo !== null && of.isTemporary !== true) await requireSealable(database, header.sealedUpTo)
}

/**
 * INVARIANT: sealing goes on. The next segment of everybody begins where the highest one ends, so a segment that is put
 * back may lie neither ahead of this server's transactions, nor ahead of entries that are not sealed yet.
 */
async function requireSealable(database: AdminConnection, sealedUpTo: string): Promise<void> {
  await database.query(`select pg_advisory_xact_lock(hashtextextended('paybill sealer', 0))`)
  const [found] = await database.query(
    `select pg_snapshot_xmin(pg_current_snapshot()) < $1::text::xid8 as ahead,
  exists (select from paybill.entry where xid < $1::text::xid8 and xid >= coalesce((select max(high) from paybill.segment), '0')) as skipped`,
    [sealedUpTo],
  )
  if (found?.['ahead'] === 't')
    throw new PaybillError('CONFLICT', `the journal is sealed up to transaction ${sealedUpTo}, which this server has not reached`)
  if (found?.['skipped'] === 't')
    throw new PaybillError('CONFLICT', 'entries of this database are not sealed yet: let its sealer run, then repeat')
}

// Rows go into the tables from a copy of them: COPY into a table with row level security is for superusers only.
async function stage(database: AdminConnection, table: TenantTable, rows: AsyncIterable<Uint8Array>): Promise<void> {
  const columns = table.columns.map(({ name }) => quoteName(name)).join(', ')
  await database.query(
    `create temporary table ${stageOf(table)} on commit drop as select ${columns} from ${table.sql} with no data`,
  )
  const copy = database.submit(from(`copy ${stageOf(table)} (${columns}) from stdin`))
  try {
    await pipeline(Readable.from(rows), copy)
  } catch (error) {
    throw error instanceof PaybillError ? error : statementFailure(error)
  }
}

function stageOf({ name }: TenantTable): string {
  return `pg_temp.${quoteName(name)}`
}

async function insertGroup(database: AdminConnection, group: TableGroup, { id, tenant }: Fill): Promise<void> {
  const wanted: TenantTable[] = []
  for (const table of group.tables) {
    if (table.rows.of === 'tenant' && table.rows.hasColumn) {
      const [foreign] = await database.query(
        `select 1 as one from ${stageOf(table)} where "tenant" is distinct from $1 limit 1`,
        [tenant],
      )
      if (foreign !== undefined)
        throw new PaybillError('BACKUP_INVALID', `backup \`${id}\` has rows of another tenant in \`${table.name}\``)
    }
    // What all tenants share belongs to the product, which may have gone on since.
    const [shared] = table.rows.of === 'all' ? await database.query(`select 1 as one from ${table.sql} limit 1`) : []
    if (shared === undefined) wanted.push(table)
  }
  // References are checked at the end of a statement, so rows that refer to each other go in one.
  const inserts = wanted.map((table, index) => {
    const names = table.columns.map(({ name }) => quoteName(name)).join(', ')
    const values = table.columns.map(({ restored }) => restored).join(', ')
    return `put_${index} as (insert into ${table.sql} (${names}) select ${values} from ${stageOf(table)})`
  })
  if (inserts.length > 0) await database.query(`with ${inserts.join(', ')} select 1 as one`)
  for (const table of group.tables) await database.query(`drop table ${stageOf(table)}`)
}

async function parkRuns(database: AdminConnection, { id, tenant }: Pick<Fill, 'id' | 'tenant'>): Promise<void> {
  await database.query(`update paybill.run set state = 'parked', reason = $2 where tenant = $1 and state = 'alive'`, [
    tenant,
    `restored from backup ${id}: what it did afterwards is not known`,
  ])
}
