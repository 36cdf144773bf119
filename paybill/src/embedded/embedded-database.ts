// A real PostgreSQL for development and tests, out of an npm package: nothing to install, nothing to configure. Not for
// production, where PAYBILL_DATABASE_URL names a server that somebody backs up.

import { setTimeout as pause } from 'node:timers/promises'
import { PaybillError } from '../lib/errors.ts'
import { serverAccount } from './account.ts'
import { packagedBinaries, runnableBinaries } from './binaries.ts'
import { ask, connectTo, keepInBackground, leave } from './connect.ts'
import { withFolderLock } from './folder-lock.ts'
import { requireFreeDisk } from './free-disk.ts'
import { type Home, openHome, refuseForeignData } from './home.ts'
import { initialise } from './initialise.ts'
import { launch, portSettings } from './launch.ts'
import { findRunningServer, type RunningServer, serverEnd } from './running-server.ts'

export type EmbeddedDatabase = {
  /** Connects as the server's own user, which may create databases and roles. */
  readonly url: string
  readonly version: string
  readonly dataFolder: string
  /** Whether the server already ran. */
  readonly reused: boolean
  /** Shuts the server down, unless somebody else is connected. Close your own pools first. */
  readonly stop: () => Promise<StopOutcome>
}

export type StopOutcome = 'stopped' | 'left running'

export type EmbeddedOptions = {
  /** A folder that git ignores. */
  readonly folder: string
  /** NODE_ENV and PAYBILL_MIN_FREE_MB are read from it; `process.env` where it is not given. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly onProgress?: (line: string) => void
}

/**
 * Starts PostgreSQL 18 with its data below `folder`, or finds the server again that already runs on it.
 *
 * @example const database = await startEmbeddedDatabase({ folder: '.paybill', onProgress: console.log })
 */
export async function startEmbeddedDatabase(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { folder, environment = process.env, onProgress = () => {} } = options
  if (environment['NODE_ENV'] === 'production')
    throw new PaybillError('DATABASE_PRODUCTION', 'NODE_ENV is `production`, where the embedded database is refused')
  const began = performance.now()
  const account = serverAccount()
  const packaged = await packagedBinaries()
  const home = openHome({ folder, major: packaged.major, account })
  refuseForeignData(home, account)
  requireFreeDisk(home.path, environment['PAYBILL_MIN_FREE_MB'])
  if (home.removable !== null)
    onProgress(`the server's account cannot reach ${folder}: data lies in ${home.path}, to remove it: rm -rf ${home.removable}`)

  return withFolderLock(home.lock, async () => {
    const running = await findRunningServer(home)
    if (running === null) {
      onProgress(`starting PostgreSQL ${packaged.version} …`)
      const binaries = runnableBinaries(packaged, { account, home: home.path })
      await initialise(home, { binaries, account })
      await launch(home, { binaries, account, settings: portSettings })
    }
    const server = running ?? (await findRunningServer(home))
    if (server === null) throw new PaybillError('DATABASE_START_FAILED', `PostgreSQL ended at once; its log is \`${home.log}\``)
    // INVARIANT: the connection is made under the lock, so that no `stop` of another process falls in between.
    const holder = await connectTo(server.url, { name: 'paybill uses this server', queryLimitMs: 5_000 })
    keepInBackground(holder)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    onProgress(
      `PostgreSQL ${server.version} ready on 127.0.0.1:${server.port} (${seconds} s${running === null ? '' : ', was running'})`,
    )
    const stop = () => withFolderLock(home.lock, () => leave(holder).then(() => stopUnlessUsed(home)))
    return { url: server.url, version: server.version, dataFolder: home.data, reused: running !== null, stop }
  })
}

/** A client that has just gone is still listed for a moment; after this long it is taken for somebody who stays. */
const leaveLimitMs = 1_000

async function stopUnlessUsed(home: Home): Promise<StopOutcome> {
  const server = await findRunningServer(home)
  if (server === null) return 'stopped'
  const giveUpAt = performance.now() + leaveLimitMs
  while (await isUsed(server)) {
    if (performance.now() > giveUpAt) return 'left running'
    await pause(50)
  }
  process.kill(server.pid, 'SIGINT') // PostgreSQL's fast shutdown: a checkpoint, no waiting for clients
  await serverEnd(home, server.pid)
  return 'stopped'
}

async function isUsed(server: RunningServer): Promise<boolean> {
  const [answer] = await ask<{ used: boolean }>(
    server.url,
    `select exists (select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()) as used`,
  )
  return answer?.used === true
}
