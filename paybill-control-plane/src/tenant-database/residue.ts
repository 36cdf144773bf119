// What is still there of a tenant after its deletion. Whoever deleted is not asked: the catalogs of the servers, the process
// table, the file system and the store of keys are. Names and comments are looked at, and the rows of shared databases; what
// stands inside a file is not.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serverProcesses, socketServerPlaces } from 'paybill/embedded'
import { type AdminConnection, roleNames } from 'paybill/migrate'
import { quoteName } from 'paybill/schema'
import { type KeyOwner, type KeyRing, tenantKeyFind } from '../secret/index.ts'
import { asOwner, inDatabase, onServer } from './admin.ts'
import type { DatabasePlace } from './application.ts'
import { operationComment } from './names.ts'

export type ResidueScan = {
  readonly owner: KeyOwner
  /** Every name that `tenantDatabaseName` ever gave for the tenant. */
  readonly names: readonly string[]
  /** Every operation that made something for the tenant alone. */
  readonly operations: readonly string[]
  readonly serverUrls: readonly string[]
  /** Databases that the tenant shared with others. */
  readonly pooled: readonly DatabasePlace[]
  /** Folders that hold servers of tenants, as `SiloPlace` names them. */
  readonly siloFolders: readonly string[]
  /** Folders in which files of tenants lie, such as backups and exports. */
  readonly folders: readonly string[]
  readonly keys: KeyRing
}

/** `where` is the server's database, the folder or the store; `what` is the thing that is left. */
export type Residue = {
  readonly kind: 'database' | 'role' | 'schema' | 'rows' | 'process' | 'folder' | 'socket' | 'key'
  readonly where: string
  readonly what: string
}

/**
 * Looks for everything that still carries the tenant's name or comment. An empty list means that nothing was found in the
 * places named, all of which could be looked at: one that cannot be is an error.
 *
 * @example const left = await residueScan({ owner, names, operations, serverUrls, pooled, siloFolders, folders, keys })
 */
export async function residueScan(scan: ResidueScan): Promise<readonly Residue[]> {
  const found: Residue[] = []
  for (const url of scan.serverUrls) found.push(...(await onServer(url, (server) => inCatalogs(server, scan))))
  for (const place of scan.pooled) found.push(...(await inShared(place, scan)))
  found.push(...inProcesses(scan), ...inFolders(scan), ...inSockets(scan))
  if (await tenantKeyFind(scan.keys, scan.owner))
    found.push({ kind: 'key', where: 'the store of wrapped keys', what: scan.owner.tenant })
  return found
}

/** Whether a text holds the tenant's id or one of its names, not as a part of a longer one. */
function names(text: string | null | undefined, { owner, names }: ResidueScan): boolean {
  const marks = [owner.tenant, ...names].map((mark) => mark.replaceAll(/[^A-Za-z0-9_]/g, String.raw`\$&`))
  return typeof text === 'string' && new RegExp(`(?<![A-Za-z0-9])(?:${marks.join('|')})(?![A-Za-z0-9])`).test(text)
}

async function inCatalogs(server: AdminConnection, scan: ResidueScan): Promise<readonly Residue[]> {
  const [here] = await server.query(
    `select coalesce(inet_server_addr()::text, 'socket') || ':' || current_setting('port') as server`,
  )
  const rows = await server.query(
    `select 'database' as kind, datname as name, shobj_description(oid, 'pg_database') as comment from pg_database
union all select 'role', rolname, shobj_description(oid, 'pg_authid') from pg_roles`,
  )
  const roles = new Set(scan.names.flatMap((name) => Object.values(roleNames(name))))
  const comments = new Set(scan.operations.map(operationComment))
  return rows
    .filter(
      (row) =>
        names(row['name'], scan) ||
        names(row['comment'], scan) ||
        roles.has(row['name'] ?? '') ||
        comments.has(row['comment'] ?? ''),
    )
    .map((row) => ({
      kind: row['kind'] === 'role' ? 'role' : 'database',
      where: here?.['server'] ?? '',
      what: row['name'] ?? '',
    }))
}

async function inShared(place: DatabasePlace, scan: ResidueScan): Promise<readonly Residue[]> {
  return inDatabase(place, async (database) => {
    const schemas = await database.query(
      `select nspname as name, obj_description(oid, 'pg_namespace') as comment from pg_namespace`,
    )
    // Every table with such a column, declared or not.
    const tables = await database.query(`select n.nspname as schema, c.relname as name from pg_attribute a
join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where a.attname = 'tenant' and not a.attisdropped and c.relkind in ('r', 'p', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
order by 1, 2`)
    const found: Residue[] = schemas
      .filter((row) => names(row['name'], scan) || names(row['comment'], scan))
      .map((row) => ({ kind: 'schema', where: place.name, what: row['name'] ?? '' }))
    await asOwner(database, place.name, 'snapshot', async () => {
      for (const { schema, name } of tables) {
        const table = `${quoteName(schema ?? '')}.${quoteName(name ?? '')}`
        const [row] = await database.query(`select count(*) as count from ${table} where "tenant"::text = $1`, [
          scan.owner.tenant,
        ])
        if (row?.['count'] !== '0')
          found.push({ kind: 'rows', where: place.name, what: `${row?.['count']} of ${schema}.${name}` })
      }
    })
    return found
  })
}

function inProcesses(scan: ResidueScan): readonly Residue[] {
  return serverProcesses()
    .filter(({ dataFolder }) => isOfTenant(dataFolder, scan))
    .map(({ pid, dataFolder }) => ({ kind: 'process', where: dataFolder, what: String(pid) }))
}

function inFolders(scan: ResidueScan): readonly Residue[] {
  const outside = scan.siloFolders.flatMap((folder) => serverPlaces(scan, folder)).filter((path) => existsSync(path))
  const named = [...scan.siloFolders, ...scan.folders].flatMap((folder) => walk(folder, scan, maxDepth))
  return [...new Set([...outside, ...named])].map((path) => ({ kind: 'folder', where: path, what: path }))
}

function inSockets(scan: ResidueScan): readonly Residue[] {
  // What the kernel listens on, also where the folder of the socket is gone. Other systems have no such list.
  if (process.platform !== 'linux') return []
  const paths = readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .flatMap((line) => /\s(\/.*)$/.exec(line)?.[1] ?? [])
  return [...new Set(paths)].filter((path) => isOfTenant(path, scan)).map((path) => ({ kind: 'socket', where: path, what: path }))
}

/** Whether a path names the tenant, or lies where a server of the tenant would have put it. */
function isOfTenant(path: string, scan: ResidueScan): boolean {
  return (
    names(path, scan) ||
    scan.siloFolders.some((folder) => serverPlaces(scan, folder).some((place) => path.startsWith(`${place}/`)))
  )
}

function serverPlaces(scan: ResidueScan, folder: string): readonly string[] {
  return scan.names.flatMap((name) => socketServerPlaces(join(folder, name)))
}

const maxDepth = 6

function walk(folder: string, scan: ResidueScan, depth: number): readonly string[] {
  if (depth === 0 || !existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (names(entry.name, scan)) return [path]
    // The inside of a neighbour's server is his.
    return entry.isDirectory() && !entry.name.startsWith('postgres-') ? walk(path, scan, depth - 1) : []
  })
}
