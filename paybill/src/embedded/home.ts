// Where the embedded server lives: its data, password, log and lock side by side in one folder named by the major
// version. That is the folder asked for, or one below /var/tmp where the server's account cannot get there.

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { PaybillError } from '../lib/errors.ts'
import { canReach, giveTo, ownUserId, type ServerAccount } from './account.ts'

/** `removable` is what lies outside of the folder asked for, to be deleted by hand with it; null where nothing does. */
export type Home = {
  readonly path: string
  readonly data: string
  readonly password: string
  readonly log: string
  readonly lock: string
  readonly removable: string | null
}

/** Chooses and makes the home. Throws DATABASE_START_FAILED where it cannot be written. */
export function openHome(want: { readonly folder: string; readonly major: string; readonly account: ServerAccount }): Home {
  const folder = makeFolder(want.folder)
  const removable = canReach(want.account, { folder }) ? null : makeFolderOutside(folder)
  const home = homeAt(removable ?? folder, { major: want.major, removable })
  makeFolder(home.path)
  if (want.account.switchTo !== null) chmodSync(home.path, 0o755) // root's umask may have closed it to the server's account
  return home
}

/** The home that `openHome` made for this folder, or null where there is none. Makes nothing. */
export function findHome(want: { readonly folder: string; readonly major: string }): Home | null {
  const folder = realPathOf(want.folder)
  const outside = folderOutside(folder)
  const homes = [homeAt(folder, { ...want, removable: null }), homeAt(outside, { ...want, removable: outside })]
  return homes.find((home) => existsSync(home.path)) ?? null
}

function homeAt(folder: string, of: { readonly major: string; readonly removable: string | null }): Home {
  const path = join(folder, `postgres-${of.major}`)
  return {
    path,
    data: join(path, 'data'),
    password: join(path, 'password'),
    log: join(path, 'server.log'),
    lock: join(path, 'lock'),
    removable: of.removable,
  }
}

/** Throws DATABASE_START_FAILED where the data was made by another account, whose files this one cannot read. */
export function refuseForeignData(home: Home, account: ServerAccount): void {
  if (!existsSync(home.data)) return
  const owner = statSync(home.data).uid
  if (owner === account.uid) return
  throw new PaybillError(
    'DATABASE_START_FAILED',
    `\`${home.data}\` belongs to user ${owner}, but the server would run as user ${account.uid}: start it as before, or remove that folder`,
  )
}

/** Makes the password of the server's own user once, in a file that only the server's account and root can read. */
export function makePassword(home: Home, account: ServerAccount): void {
  if (existsSync(home.password)) return
  const prepared = `${home.password}.new-${randomUUID()}`
  writeFileSync(prepared, randomBytes(24).toString('base64url'), { mode: 0o600 })
  giveTo(account, prepared)
  renameSync(prepared, home.password)
}

function makeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK | constants.X_OK)
    return realpathSync(path)
  } catch (cause) {
    throw new PaybillError('DATABASE_START_FAILED', `cannot write in the database folder \`${path}\``, { cause })
  }
}

/** One folder outside for each folder, named by a hash of its real path, so that two never share a database. */
export function folderOutside(folder: string): string {
  return `/var/tmp/paybill-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`
}

/** The real path of a folder, also of one that is not there below one that is. */
export function realPathOf(folder: string): string {
  if (existsSync(folder)) return realpathSync(folder)
  const parent = dirname(resolve(folder))
  return join(existsSync(parent) ? realpathSync(parent) : parent, basename(folder))
}

/** Makes the folder outside, or throws DATABASE_START_FAILED where somebody else made it. */
export function makeFolderOutside(folder: string): string {
  const outside = folderOutside(folder)
  if (!existsSync(outside)) mkdirSync(outside, { mode: 0o755 })
  // Everybody may write in /var/tmp: whoever made the folder first could otherwise choose what we run.
  const made = lstatSync(outside)
  if (!made.isDirectory() || made.uid !== ownUserId() || (made.mode & 0o022) !== 0)
    throw new PaybillError(
      'DATABASE_START_FAILED',
      `\`${outside}\` was made by somebody else: remove it, or start from a clone elsewhere`,
    )
  chmodSync(outside, 0o755)
  return outside
}
