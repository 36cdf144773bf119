// The hash of an exported entry, made again from what it says now.

import { entryHash } from '../journal/entry.ts'
import type { EntryLine } from './line.ts'

/** The hash in hexadecimal; with `number`, what it would be if the entry stood there. */
export function entryLineHash(entry: EntryLine, number: number = entry.number): string {
  const { tenant, run, kind, path, at } = entry
  const payloadHmac = Buffer.from(entry.payloadHmac, 'hex')
  return entryHash({ tenant, runId: run, number, kind, path, at, payloadHmac }).toString('hex')
}
