// One process at a time may create, start or stop the server of a home. The lock is SQLite's on an empty file, because
// that is the one lock within Node which the kernel frees when its holder is killed: it cannot become stale.

import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { PaybillError } from '../lib/errors.ts'

const waitLimitMs = 120_000
const retryMs = 20

/** Runs `work` while no other holder of the same file does. Throws DATABASE_START_FAILED after two minutes of waiting. */
export async function withFolderLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = openLock(file)
  try {
    const giveUpAt = performance.now() + waitLimitMs
    while (!tryLock(lock, file)) {
      if (performance.now() > giveUpAt)
        throw new PaybillError(
          'DATABASE_START_FAILED',
          `another process has held \`${file}\` for ${waitLimitMs / 1000} s: end it`,
        )
      await pause(retryMs)
    }
    return await work()
  } finally {
    lock.close()
  }
}

function openLock(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file)
  } catch (cause) {
    throw cannotLock(file, cause)
  }
}

function tryLock(lock: DatabaseSync, file: string): boolean {
  try {
    lock.exec('begin exclusive')
    return true
  } catch (cause) {
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === sqliteBusy) return false
    throw cannotLock(file, cause)
  }
}

function cannotLock(file: string, cause: unknown): PaybillError {
  return new PaybillError('DATABASE_START_FAILED', `cannot lock \`${file}\`: make it writable, or remove it`, { cause })
}

// https://www.sqlite.org/rescode.html#busy
const sqliteBusy = 5
