// Refuses to start on a file system that is about to be full: PostgreSQL stops in the middle of the work when it is.

import { statfsSync } from 'node:fs'
import { PaybillError } from '../lib/errors.ts'

const defaultMinFreeMb = 300

/** Throws DISK_FULL where the folder's file system has less free than PAYBILL_MIN_FREE_MB asks for. */
export function requireFreeDisk(folder: string, setting: string | undefined): void {
  const requiredMb = parseMinFreeMb(setting)
  const { bavail, bsize } = statfsSync(folder)
  const freeMb = Math.floor((bavail * bsize) / 1024 / 1024)
  if (freeMb < requiredMb)
    throw new PaybillError('DISK_FULL', `the disk of \`${folder}\` has ${freeMb} MB free, ${requiredMb} MB are required`)
}

function parseMinFreeMb(setting: string | undefined): number {
  if (setting === undefined || setting === '') return defaultMinFreeMb
  if (!/^\d{1,9}$/.test(setting))
    throw new PaybillError(
      'ARGUMENT_INVALID',
      `PAYBILL_MIN_FREE_MB is \`${setting.slice(0, 40)}\`, not a whole number of megabytes`,
    )
  return Number(setting)
}
