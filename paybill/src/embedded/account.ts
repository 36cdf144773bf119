// The operating system account that the embedded server runs under. PostgreSQL refuses to run as root, so root lends it
// `nobody`; everybody else runs it as themselves. Accounts are only read here, never made.

import { spawnSync } from 'node:child_process'
import { chownSync, readFileSync } from 'node:fs'
import { PaybillError } from '../lib/errors.ts'

/** `switchTo` is null where the server runs as the account that starts it. It fits the options of `spawn`. */
export type ServerAccount = { readonly uid: number; readonly switchTo: { readonly uid: number; readonly gid: number } | null }

/** The account for a server that this process starts. */
export function serverAccount(): ServerAccount {
  const starter = ownUserId()
  if (starter !== 0) return { uid: starter, switchTo: null }
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  if (line === null)
    throw new PaybillError('DATABASE_START_FAILED', 'PostgreSQL refuses to run as root, and /etc/passwd has no account `nobody`')
  const ids = { uid: Number(line[1]), gid: Number(line[2]) }
  return { uid: ids.uid, switchTo: ids }
}

/** Whether the account may go into the folder and, where a program is named, run it from there. */
export function canReach(account: ServerAccount, place: { readonly folder: string; readonly program?: string }): boolean {
  if (account.switchTo === null) return true
  const script = 'cd "$0" && { test -z "$1" || test -x "$1"; }'
  const asked = spawnSync('/bin/sh', ['-c', script, place.folder, place.program ?? ''], { ...account.switchTo, stdio: 'ignore' })
  return asked.status === 0
}

/** Hands a file or folder over to the server's account. */
export function giveTo(account: ServerAccount, path: string): void {
  if (account.switchTo !== null) chownSync(path, account.switchTo.uid, account.switchTo.gid)
}

/** The user that runs this process. Windows has none, and no binaries are offered for it. */
export function ownUserId(): number {
  if (process.getuid === undefined)
    throw new PaybillError('DATABASE_START_FAILED', `the embedded database does not run on ${process.platform}`)
  return process.getuid()
}
