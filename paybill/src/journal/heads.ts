// The newest segment of each tenant, kept outside the database. A database that was put back to an earlier day verifies by
// itself; only somebody who remembers how far it had come can tell. The file of this module is one such memory. It should
// lie on another machine, or be copied to one: whoever can write both the database and the file can put both back.

import { type FileHandle, open } from 'node:fs/promises'
import { PaybillError } from '../lib/errors.ts'

/** A segment's place in the chain of its tenant, and its hash in hexadecimal. */
export type Head = { readonly tenant: string; readonly number: number; readonly hash: string }

export type Heads = {
  /** Keeps heads, durably, before it answers. Called under the sealer's lock, so by one process at a time. */
  publish(heads: readonly Head[]): Promise<void>
  /** The newest head of each tenant. */
  newest(): Promise<ReadonlyMap<string, Head>>
}

/**
 * Heads in a file that is only appended to: one line of JSON for each. Throws JOURNAL_BROKEN for a line that is none, or
 * that goes back behind an earlier one.
 *
 * @example const heads = headsFile('/mnt/elsewhere/heads.jsonl')
 */
export function headsFile(path: string): Heads {
  let read: ReadSoFar = { bytes: 0, newest: new Map() }
  return {
    newest: async () => {
      read = await readOn(path, read)
      return new Map(read.newest)
    },
    publish: async (heads) => {
      read = await readOn(path, read)
      await using file = await open(path, 'a', 0o600)
      // What a crash left of a line would run into the next one.
      await file.truncate(read.bytes)
      await file.appendFile(heads.map(({ tenant, number, hash }) => `${JSON.stringify({ tenant, number, hash })}\n`).join(''))
      await file.sync()
    },
  }
}

/** How far the file was read, always up to the end of a line, so that a long file is not read again each second. */
type ReadSoFar = { readonly bytes: number; readonly newest: ReadonlyMap<string, Head> }

async function readOn(path: string, before: ReadSoFar): Promise<ReadSoFar> {
  const file = await openIfThere(path)
  if (file === null) return { bytes: 0, newest: new Map() }
  await using handle = file
  const { size } = await handle.stat()
  const from = size < before.bytes ? { bytes: 0, newest: new Map<string, Head>() } : before
  const { text, bytes } = await wholeLines(handle, from.bytes, size)
  const newest = new Map(from.newest)
  for (const line of text.split('\n').slice(0, -1)) note(newest, line, path)
  return { bytes, newest }
}

function note(newest: Map<string, Head>, line: string, path: string): void {
  const head = readHead(line)
  if (head === null) throw broken(path, 'has a line that is no head')
  const known = newest.get(head.tenant)
  const goesBack =
    known !== undefined && (head.number < known.number || (head.number === known.number && head.hash !== known.hash))
  if (goesBack)
    throw broken(path, `has two chains: segment ${head.number} comes after segment ${known.number} of the same tenant`)
  newest.set(head.tenant, head)
}

// What follows the last line break was not finished when its writer died, and nobody was told that it was kept.
async function wholeLines(file: FileHandle, from: number, to: number): Promise<{ text: string; bytes: number }> {
  const content = Buffer.alloc(to - from)
  const { bytesRead } = await file.read(content, 0, content.length, from)
  const length = content.subarray(0, bytesRead).lastIndexOf('\n') + 1
  return { text: content.toString('utf8', 0, length), bytes: from + length }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw broken(path, 'cannot be read', cause)
  }
}

function readHead(line: string): Head | null {
  const value = parseJson(line)
  if (typeof value !== 'object' || value === null || !('tenant' in value && 'number' in value && 'hash' in value)) return null
  const { tenant, number, hash } = value
  const isHead =
    typeof tenant === 'string' && Number.isSafeInteger(number) && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)
  return isHead ? { tenant, number: Number(number), hash } : null
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function broken(path: string, what: string, cause?: unknown): PaybillError {
  return new PaybillError('JOURNAL_BROKEN', `the heads file \`${path}\` ${what}`, { cause })
}
