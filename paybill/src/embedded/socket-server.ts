// A PostgreSQL of its own for one purpose, reached through a socket in a folder and by no network. It belongs to its folder
// and not to the process that started it: it lives on when that one is killed, and whoever asks next finds it again. Not
// for production, where servers are somebody's work.
//
// INVARIANT: one process at a time starts, stops or removes the server of a folder. The lock lies beside the folder and not
// in it, for whoever waits for a lock in a folder that is removed waits for one that nobody else sees.

import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PaybillError } from '../lib/errors.ts'
import { giveTo, serverAccount } from './account.ts'
import { packagedBinaries, runnableBinaries } from './binaries.ts'
import { withFolderLock } from './folder-lock.ts'
import { requireFreeDisk } from './free-disk.ts'
import { findHome, folderOutside, type Home, makeFolderOutside, openHome, realPathOf, refuseForeignData } from './home.ts'
import { initialise } from './initialise.ts'
import { launch, type ServerSettings } from './launch.ts'
import { serverProcesses } from './processes.ts'
import { findRunningServer, isServerOf, readPidFile, serverEnd } from './running-server.ts'

export type SocketServer = {
  /** Connects as the server's own user, which may create databases and roles. The socket's folder stands as the host. */
  readonly url: string
  readonly version: string
  readonly pid: number
  readonly dataFolder: string
  /** Whether the server already ran. */
  readonly reused: boolean
}

/** `unfinished` is what a start or a removal left that was killed: start or remove it again. */
export type SocketServerFound =
  | (SocketServer & { readonly status: 'running' })
  | { readonly status: 'stopped' }
  | { readonly status: 'unfinished' }
  | { readonly status: 'absent' }

export type SocketServerOptions = {
  /** Holds this server alone. Its parent holds locks beside it. */
  readonly folder: string
  /** What the server is started with, such as `shared_buffers`. A server that runs keeps what it was started with. */
  readonly settings?: ServerSettings
  /** NODE_ENV and PAYBILL_MIN_FREE_MB are read from it; `process.env` where it is not given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/**
 * Starts the server of a folder, or finds it running. Makes its data where there is none.
 *
 * @example const { url } = await socketServerStart({ folder: '.paybill/servers/one', settings: { max_connections: 20 } })
 */
export async function socketServerStart(options: SocketServerOptions): Promise<SocketServer> {
  const { folder, settings = {}, environment = process.env } = options
  if (environment['NODE_ENV'] === 'production')
    throw new PaybillError('DATABASE_PRODUCTION', 'NODE_ENV is `production`, where the embedded database is refused')
  return locked(folder, async () => {
    const account = serverAccount()
    const packaged = await packagedBinaries()
    const home = openHome({ folder, major: packaged.major, account })
    refuseForeignData(home, account)
    const running = await findRunningServer(home)
    if (running !== null) return { ...running, dataFolder: home.data, reused: true }
    requireFreeDisk(home.path, environment['PAYBILL_MIN_FREE_MB'])
    const binaries = runnableBinaries(packaged, { account, home: home.path })
    await initialise(home, { binaries, account })
    await launch(home, {
      binaries,
      account,
      settings: async () => {
        const socket = makeSocketFolder(home, folder)
        giveTo(account, socket)
        return { ...settings, listen_addresses: '', port: socketPort, unix_socket_directories: socket }
      },
    })
    const server = await findRunningServer(home)
    if (server === null) throw new PaybillError('DATABASE_START_FAILED', `PostgreSQL ended at once; its log is \`${home.log}\``)
    return { ...server, dataFolder: home.data, reused: false }
  })
}

/** How the server of a folder stands. Nothing of it is changed. */
export async function socketServerFind(folder: string): Promise<SocketServerFound> {
  if (!existsSync(dirname(folder))) return { status: 'absent' }
  return locked(folder, async () => {
    const home = await homeOf(folder)
    if (home === null) return { status: socketServerPlaces(folder).some(existsSync) ? 'unfinished' : 'absent' }
    const server = await findRunningServer(home)
    if (server !== null) return { status: 'running', ...server, dataFolder: home.data, reused: true }
    return { status: existsSync(home.data) ? 'stopped' : 'unfinished' }
  })
}

/** Shuts the server of a folder down, whoever is connected. Its data stays. */
export async function socketServerStop(folder: string): Promise<void> {
  if (!existsSync(dirname(folder))) return
  await locked(folder, () => endServer(folder, 'SIGINT')) // PostgreSQL's fast shutdown: a checkpoint, no waiting for clients
}

/** Removes the server of a folder, whoever is connected: its process, its data and its socket. */
export async function socketServerRemove(folder: string): Promise<void> {
  if (!existsSync(dirname(folder))) return
  await locked(folder, async () => {
    await endServer(folder, 'SIGQUIT') // at once: what it would still write is removed
    for (const place of socketServerPlaces(folder).filter((place) => !place.endsWith(removedSuffix))) await removePlace(place)
    const left = socketServerPlaces(folder).filter(existsSync)
    if (left.length > 0) throw new PaybillError('DATABASE_FAILED', `\`${left.join('`, `')}\` could not be removed`)
  })
}

const socketPort = 5432
const socketName = `.s.PGSQL.${socketPort}`
// What fits the address of a socket on Linux (107) and on macOS (103).
const socketPathBytes = 103
const removedSuffix = '.removed'
const lockCount = 64
const strayLimitMs = 30_000

async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const locks = join(dirname(folder), '.locks')
  mkdirSync(locks, { recursive: true })
  // A few locks that are never removed, instead of one for each folder that ever was.
  const number = createHash('sha256').update(realPathOf(folder)).digest().readUInt32BE(0) % lockCount
  return withFolderLock(join(locks, String(number)), work)
}

async function homeOf(folder: string): Promise<Home | null> {
  return findHome({ folder, major: (await packagedBinaries()).major })
}

/** Everywhere that something of the server of a folder can lie. What of it is there, is there of that server. */
export function socketServerPlaces(folder: string): readonly string[] {
  const inside = realPathOf(folder)
  return [inside, folderOutside(inside)].flatMap((place) => [place, place + removedSuffix])
}

/** An empty folder for the socket, in the home or, where that path is too long for a socket, outside. */
function makeSocketFolder(home: Home, folder: string): string {
  const inHome = join(home.path, 'socket')
  const fits = Buffer.byteLength(join(inHome, socketName)) <= socketPathBytes
  const socket = fits ? inHome : join(makeFolderOutside(realPathOf(folder)), 'socket')
  // What a killed server left there would keep the next one from starting if its number now belongs to another process.
  rmSync(socket, { recursive: true, force: true })
  mkdirSync(socket, { mode: 0o700 })
  chmodSync(socket, 0o700)
  return socket
}

async function endServer(folder: string, signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
  const home = await homeOf(folder)
  if (home === null) return
  for (let pid = serverPid(home); pid !== null; pid = serverPid(home)) {
    signalIfAlive(pid, signal)
    await serverEnd(home, pid)
  }
}

// A server that does not answer must end too, so its process is looked for and nothing is asked of it.
function serverPid(home: Home): number | null {
  const written = readPidFile(home)?.pid
  if (written !== undefined && isServerOf(home, written)) return written
  return serverProcesses().find(({ dataFolder }) => dataFolder === home.data)?.pid ?? null
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

// INVARIANT: data is given up by one rename, so that a removal that was killed never leaves a part of it under its name.
async function removePlace(place: string): Promise<void> {
  const removed = place + removedSuffix
  if (existsSync(place)) {
    await strayEnd(place)
    rmSync(removed, { recursive: true, force: true })
    renameSync(place, removed)
  }
  rmSync(removed, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

/** Waits for what a killed start left: an initdb that has lost its parent still writes for a moment. */
async function strayEnd(place: string): Promise<void> {
  const giveUpAt = performance.now() + strayLimitMs
  while (serverProcesses().some((process) => process.dataFolder.startsWith(`${place}/`))) {
    if (performance.now() > giveUpAt)
      throw new PaybillError('DATABASE_FAILED', `a process of PostgreSQL still works in \`${place}\``)
    await pause(20)
  }
}
