// What a customer takes along: every row of the tenant as JSON Lines, one file for each table, with a manifest. Values
// are exact for every reader: whole numbers of 64 bits, decimals and amounts stand as text, moments in ISO 8601 with UTC.

import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { PaybillError } from 'paybill/lib'
import type { AdminConnection } from 'paybill/migrate'
import { type Columns, quoteName, quoteText, sqlColumns } from 'paybill/schema'
import { asOwner, inDatabase } from './admin.ts'
import { tenantTables, type TenantRowsPlace } from './pooled.ts'
import { allTables, tableGroups, type TenantTable } from './tenant-table.ts'

export type ExportManifest = {
  readonly format: 'paybill export 1'
  readonly tenant: string
  /** The moment that all rows are as of, ISO 8601. */
  readonly at: string
  readonly tables: readonly {
    readonly table: string
    readonly file: string
    readonly rows: number
    readonly bytes: number
    readonly sha256: string
  }[]
}

/**
 * Writes the export into a folder, which has its name only when it is whole; one that is there is replaced. Tables that all tenants share are the
 * product's and no part of it.
 *
 * @example const { tables } = await exportWrite({ serverUrl, name, application, tenant, folder: '/var/exports/ten_1' })
 */
export async function exportWrite(to: TenantRowsPlace & { readonly folder: string }): Promise<ExportManifest> {
  const { folder, tenant } = to
  const unfinished = `${folder}.part`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true, mode: 0o700 })
  const manifest = await inDatabase(to, async (database) => {
    const tables = tenantTables(allTables(await tableGroups(database, to.application)))
    return asOwner(database, to.name, 'snapshot', async (): Promise<ExportManifest> => {
      const [now] = await database.query(`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`)
      const written: ExportManifest['tables'][number][] = []
      for (const table of tables) {
        const file = `${table.name}.jsonl`
        written.push({
          table: table.name,
          file,
          ...(await writeLines(database, table, { tenant, file: join(unfinished, file) })),
        })
      }
      return { format: 'paybill export 1', tenant, at: now?.['at'] ?? '', tables: written }
    })
  })
  await writeFile(join(unfinished, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true })
  await rm(folder, { recursive: true, force: true }) // an earlier export of the same name
  await rename(unfinished, folder)
  await flushFolder(dirname(folder))
  return manifest
}

/**
 * Reads an export and compares each file with the manifest. Answers null where there is none, throws EXPORT_INVALID naming
 * the file that is not what was written.
 */
export async function exportFind(folder: string): Promise<ExportManifest | null> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(nullWhereMissing)
  if (text === null) return null
  // What is not of this form has no files of these hashes either.
  const manifest = JSON.parse(text) as ExportManifest
  for (const { file, sha256 } of manifest.tables) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, file)), hash).catch(nullWhereMissing)
    if (hash.digest('hex') !== sha256)
      throw new PaybillError('EXPORT_INVALID', `\`${join(folder, file)}\` is not what was exported`)
  }
  return manifest
}

const manifestFile = 'manifest.json'
const fetchRows = 1_000

async function writeLines(
  database: AdminConnection,
  table: TenantTable,
  to: { readonly tenant: string; readonly file: string },
): Promise<{ readonly rows: number; readonly bytes: number; readonly sha256: string }> {
  const own = quoteText(to.tenant)
  const condition = table.rows.of === 'tenant' ? table.rows.condition(own) : 'true'
  const order = table.key.length === 0 ? '' : `order by ${table.key.join(', ')}`
  await database.query(
    `declare lines no scroll cursor for select row_to_json(line)::text as line from (select ${fields(table).join(', ')} from ${table.sql} where ${condition} ${order}) line`,
  )
  const hash = createHash('sha256')
  let [rows, bytes] = [0, 0]
  const lines = async function* (): AsyncGenerator<Buffer> {
    for (;;) {
      const fetched = await database.query(`fetch ${fetchRows} from lines`)
      if (fetched.length === 0) return
      const piece = Buffer.from(fetched.map((row) => `${row['line']}\n`).join(''))
      hash.update(piece)
      rows += fetched.length
      bytes += piece.length
      yield piece
    }
  }
  await pipeline(lines(), createWriteStream(to.file, { mode: 0o600, flush: true }))
  await database.query('close lines')
  return { rows, bytes, sha256: hash.digest('hex') }
}

/** The columns under the names that the application gave them, as values that JSON holds exactly. */
function fields({ declared, columns }: TenantTable): readonly string[] {
  return declared === null
    ? columns.map(({ name, type }) => exact({ sql: quoteName(name), type, as: name }))
    : Object.entries(declared.columns satisfies Columns).map(([field, column]) => {
        const [first, second] = sqlColumns(field, column)
        if (first === undefined) throw new PaybillError('INTERNAL', 'a column has a column in SQL')
        if (second === undefined) return exact({ sql: quoteName(first.name), type: first.type, as: field })
        const [minor, currency] = [quoteName(first.name), quoteName(second.name)]
        return `case when ${minor} is not null then json_build_object('minor', ${minor}::text, 'currency', ${currency}) end as ${quoteName(field)}`
      })
}

function exact({ sql, type, as }: { readonly sql: string; readonly type: string; readonly as: string }): string {
  return /^(?:bigint|numeric|xid8)/.test(type) ? `${sql}::text as ${quoteName(as)}` : `${sql} as ${quoteName(as)}`
}

function nullWhereMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}

async function flushFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r')
  await handle.sync()
}
