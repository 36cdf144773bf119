// A backup of one tenant in our own form, the same out of a database of any model: what the database was made from, and the
// rows of all its tables as of one moment, with counts and checksums, encrypted with the tenant's key. Made and read as a
// stream. Whether it would bring the tenant back is not known before `backupVerify` has tried.

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { PaybillError } from 'paybill/lib'
import type { AdminConnection } from 'paybill/migrate'
import type { TenantKey } from '../secret/index.ts'
import { asOwner, inDatabase } from './admin.ts'
import { type BackupHeader, decodeFrames, encodeFrame, type Frame, type TableEnd } from './backup-frame.ts'
import type { TenantRowsPlace } from './pooled.ts'
import { copyOut, rowMeter } from './table-copy.ts'
import { allTables, tableGroups, type TenantTable } from './tenant-table.ts'

/** Where a backup lies and what opens it. The id is part of what it was sealed for. */
export type BackupFile = { readonly file: string; readonly id: string; readonly key: TenantKey }

export type BackupTable = TableEnd & { readonly name: string; readonly of: 'tenant' | 'all' }

/** What a backup holds. `sha256` and `bytes` are those of the encrypted file. */
export type BackupManifest = Omit<BackupHeader, 'format' | 'tables'> & {
  readonly tables: readonly BackupTable[]
  readonly bytes: number
  readonly sha256: string
}

/**
 * Writes a backup of the tenant's rows. The file has its name only when it is whole. Throws OBJECT_UNKNOWN naming what the
 * application does not declare.
 *
 * @example const { sha256 } = await backupWrite({ serverUrl, name, application, tenant, file, id: 'bk_1', key })
 */
export async function backupWrite(backup: TenantRowsPlace & BackupFile): Promise<BackupManifest> {
  const { file, id, key, tenant } = backup
  const unfinished = `${file}.part`
  await inDatabase(backup, async (database) => {
    const tables = allTables(await tableGroups(database, backup.application))
    await asOwner(database, backup.name, 'snapshot', () =>
      pipeline(
        key.sealStream(frames(database, { tables, tenant, id }), sealedFor(id)),
        createWriteStream(unfinished, { mode: 0o600, flush: true }),
      ),
    )
  })
  const manifest = await backupRead({ file: unfinished, id, key })
  await rename(unfinished, file)
  await flushFolder(dirname(file))
  return manifest
}

/** What `backupWrite` answered, or null where there is no backup. */
export async function backupFind(backup: BackupFile): Promise<BackupManifest | null> {
  try {
    await stat(backup.file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  return backupRead(backup)
}

/**
 * Reads a backup from one end to the other and compares its rows with their counts and checksums. Throws SEAL_INVALID where
 * the key does not open it or it is damaged, BACKUP_INVALID where its rows are not what was counted.
 */
export async function backupRead(backup: BackupFile): Promise<BackupManifest> {
  return readBackup(backup, { header: async () => {}, rows: async (_, rows) => drain(rows), tableEnd: async () => {} })
}

/** What becomes of what is read. */
export type BackupReader = {
  header(header: BackupHeader): Promise<void>
  /** Must read all rows. */
  rows(index: number, rows: AsyncIterable<Uint8Array>): Promise<void>
  tableEnd(index: number): Promise<void>
}

export async function readBackup(backup: BackupFile, reader: BackupReader): Promise<BackupManifest> {
  const { file, id, key } = backup
  const fileHash = createHash('sha256')
  let bytes = 0
  const metered = async function* (): AsyncGenerator<Buffer> {
    // A stream without an encoding gives bytes; its types say `any`.
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      fileHash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  const frames = decodeFrames(key.openStream(metered(), sealedFor(id)))
  const first = await nextFrame(frames)
  if (first?.kind !== 'header') throw invalid(id, 'does not begin with its header')
  const { header } = first
  await reader.header(header)
  const tables: BackupTable[] = []
  for (const [index, { name, of }] of header.tables.entries()) {
    const table = tableRows(frames)
    await reader.rows(index, table.rows())
    const { counted, written } = table.end()
    if (written === null || counted.rows !== written.rows || counted.sha256 !== written.sha256)
      throw invalid(id, `has other rows of \`${name}\` than were counted when it was made`)
    await reader.tableEnd(index)
    tables.push({ name, of, ...counted })
  }
  // Reading on to the end is what proves that it is whole.
  if ((await nextFrame(frames)) !== null) throw invalid(id, 'goes on behind its last table')
  const { tenant, at, versions, sealedUpTo } = header
  return { id, tenant, at, versions, sealedUpTo, tables, bytes, sha256: fileHash.digest('hex') }
}

/** What the database was made from. Rules may change between a backup and its restore, and are not part of it. */
export async function databaseVersions(database: AdminConnection): Promise<Readonly<Record<string, string>>> {
  const rows = await database.query(
    `select name, hash from paybill.schema_version where name not in ('session guards', 'row security') order by name`,
  )
  return Object.fromEntries(rows.map((row) => [row['name'] ?? '', row['hash'] ?? '']))
}

function sealedFor(id: string): { readonly purpose: string; readonly id: string } {
  return { purpose: 'backup', id }
}

async function* frames(
  database: AdminConnection,
  of: { readonly tables: readonly TenantTable[]; readonly tenant: string; readonly id: string },
): AsyncGenerator<Buffer> {
  const { tables, tenant, id } = of
  const [now] = await database.query(`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`)
  const header: BackupHeader = {
    format: 'paybill backup 1',
    id,
    tenant,
    at: now?.['at'] ?? '',
    versions: await databaseVersions(database),
    sealedUpTo: await sealedUpTo(database, of),
    tables: tables.map(({ name, rows, columns }) => ({ name, of: rows.of, columns: columns.map((column) => column.name) })),
  }
  yield encodeFrame({ kind: 'header', header })
  for (const table of tables) {
    const meter = rowMeter()
    for await (const bytes of copyOut(database, table, tenant)) {
      meter.take(bytes)
      yield encodeFrame({ kind: 'rows', bytes })
    }
    yield encodeFrame({ kind: 'end', end: meter.end() })
  }
}

async function sealedUpTo(
  database: AdminConnection,
  of: { readonly tables: readonly TenantTable[]; readonly tenant: string },
): Promise<string | null> {
  if (!of.tables.some(({ name }) => name === 'paybill.segment')) return null
  const [row] = await database.query('select max(high) as high from paybill.segment where tenant = $1', [of.tenant])
  return row?.['high'] ?? null
}

/** The rows of one table out of the frames, and then how they were counted now and when they were written. */
function tableRows(frames: AsyncGenerator<Frame>): {
  rows(): AsyncGenerator<Uint8Array>
  end(): { readonly counted: TableEnd; readonly written: TableEnd | null }
} {
  const meter = rowMeter()
  let written: TableEnd | null = null
  return {
    rows: async function* () {
      for (let frame = await nextFrame(frames); frame !== null; frame = await nextFrame(frames)) {
        if (frame.kind === 'end') written = frame.end
        if (frame.kind !== 'rows') return
        meter.take(frame.bytes)
        yield frame.bytes
      }
    },
    end: () => ({ counted: meter.end(), written }),
  }
}

// Not by `for await`, which would end the frames where one table ends.
async function nextFrame(frames: AsyncGenerator<Frame>): Promise<Frame | null> {
  const next = await frames.next()
  return next.done === true ? null : next.value
}

async function drain(rows: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of rows);
}

function invalid(id: string, what: string): PaybillError {
  return new PaybillError('BACKUP_INVALID', `backup \`${id}\` ${what}`)
}

async function flushFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r')
  await handle.sync()
}
