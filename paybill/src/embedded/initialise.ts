// Creates the data folder with initdb. It gets its name only when it is complete, so an initdb that was killed in the
// middle leaves nothing behind that could be taken for a database.

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { PaybillError } from '../lib/errors.ts'
import { giveTo, type ServerAccount } from './account.ts'
import { type Binaries, program } from './binaries.ts'
import { type Home, makePassword } from './home.ts'

const timeLimitMs = 120_000
const unfinished = 'data.new-'

/** Makes the data folder where there is none yet. Call it under the home's lock. */
export async function initialise(
  home: Home,
  run: { readonly binaries: Binaries; readonly account: ServerAccount },
): Promise<void> {
  removeUnfinished(home)
  if (existsSync(home.data)) return
  makePassword(home, run.account)
  const prepared = join(home.path, `${unfinished}${randomUUID()}`)
  mkdirSync(prepared, { mode: 0o700 })
  giveTo(run.account, prepared)
  await runInitdb(prepared, { ...run, password: home.password })
  renameSync(prepared, home.data)
}

async function runInitdb(
  folder: string,
  run: { readonly binaries: Binaries; readonly account: ServerAccount; readonly password: string },
): Promise<void> {
  const words = [
    ['-D', folder],
    ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${run.password}`],
    // The built-in locale sorts the same on every machine and cannot change below an index with an update of libc.
    ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ].flat()
  const initdb = spawn(program(run.binaries, 'initdb'), words, {
    ...run.account.switchTo,
    cwd: '/',
    env: { LC_ALL: 'C', PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: timeLimitMs,
  })
  try {
    const [complaint] = await Promise.all([text(initdb.stderr), once(initdb, 'exit')])
    if (initdb.exitCode !== 0) throw new Error(complaint.trim())
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new PaybillError('DATABASE_START_FAILED', `initdb failed in \`${folder}\`: ${why}`, { cause })
  }
}

function removeUnfinished(home: Home): void {
  for (const name of readdirSync(home.path).filter((name) => name.startsWith(unfinished))) {
    try {
      rmSync(join(home.path, name), { recursive: true, force: true })
    } catch {
      // An initdb that lost its parent may still write there for a moment. It harms nobody; the next start removes it.
    }
  }
}
