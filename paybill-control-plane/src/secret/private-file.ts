// A file that only its owner may read, made once and then only read. Any number of processes may make it at the same time:
// one of them does, all read that one's.

import { randomBytes } from 'node:crypto'
import { link, mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PaybillError } from 'paybill/lib'

/** Reads the file, made with the content of `make` where there is none. Throws KEYS_INVALID for a file that others may read. */
export async function readOrMakePrivate(file: string, make: () => string): Promise<string> {
  return (await readPrivate(file)) ?? (await makePrivate(file, make()))
}

export function keysInvalid(file: string, what: string, cause?: unknown): PaybillError {
  return new PaybillError('KEYS_INVALID', `\`${file}\` ${what}`, { cause })
}

async function readPrivate(file: string): Promise<string | null> {
  try {
    await using handle = await open(file, 'r')
    // Asked of the opened file, so that nothing can be put in its place in between. Windows keeps rights in another form.
    const { mode } = await handle.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw keysInvalid(file, `is open to other accounts (mode ${(mode & 0o777).toString(8)}): if none has read it, chmod 600 it`)
    return await handle.readFile('utf8')
  } catch (cause) {
    if (cause instanceof PaybillError) throw cause
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw keysInvalid(file, 'cannot be read', cause)
  }
}

// INVARIANT: the file appears under its name only when it is whole, and never replaces one: a link does neither.
async function makePrivate(file: string, content: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true })
  const own = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFlushed(own, content)
    await link(own, file).catch(exceptTaken)
  } finally {
    await rm(own, { force: true })
  }
  await flushFolder(dirname(file))
  const kept = await readPrivate(file)
  if (kept === null) throw keysInvalid(file, 'was removed while it was made')
  return kept
}

async function writeFlushed(file: string, content: string): Promise<void> {
  await using handle = await open(file, 'wx', 0o600)
  await handle.writeFile(content)
  await handle.sync()
}

function exceptTaken(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
}

// A new name survives a power failure only when its folder was flushed. Windows cannot open folders.
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}
