// The outside world of the local silo server, for tests: two programs that start and remove a server, which is a folder, and
// write into a ledger what was asked of them. Effects are counted here and not in any record of ours.

import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverPrograms } from '../../src/terraform/index.ts'

export type ServerPrograms = {
  /** Holds everything of a test, and is named by every process that a run starts. */
  readonly root: string
  /** For runs. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** `start ID`, `made ID`, `remove ID` and `removed ID`, in the order in which they took place. */
  ledger(): readonly string[]
  servers(): readonly string[]
  /** What a start does before it makes the server, in the words of a shell. */
  setStart(script: string): Promise<void>
  /** What a removal does before it removes the server. */
  setRemove(script: string): Promise<void>
  remove(): Promise<void>
}

export async function serverProgramsIn(prefix: string): Promise<ServerPrograms> {
  const root = await realpath(await mkdtemp(join(tmpdir(), `paybill-${prefix}-`)))
  const [folder, servers, ledger, start, remove] = ['runs', 'servers', 'ledger', 'start', 'remove'].map((name) =>
    join(root, name),
  ) as [string, string, string, string, string]
  for (const made of [folder, servers]) await mkdir(made, { mode: 0o700 })
  await writeFile(ledger, '')
  const program = async (file: string, script: string): Promise<void> => {
    // Beside it and then in its place: a shell that still runs the earlier one reads it as it goes.
    await writeFile(`${file}.new`, `#!/bin/sh\n${script}\n`, { mode: 0o700 })
    await rename(`${file}.new`, file)
  }
  const setStart = (script: string) =>
    program(
      start,
      `echo "start $*" >> '${ledger}'\n${script}\nif mkdir "${servers}/$1" 2>/dev/null; then echo "made $1" >> '${ledger}'; fi`,
    )
  await setStart(':')
  const setRemove = (script: string) =>
    program(
      remove,
      `echo "remove $*" >> '${ledger}'\n${script}\nif rmdir "${servers}/$1" 2>/dev/null; then echo "removed $1" >> '${ledger}'; fi`,
    )
  await setRemove(':')
  return {
    root,
    folder,
    environment: { [serverPrograms.start]: start, [serverPrograms.remove]: remove },
    ledger: () =>
      readFileSync(ledger, 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    servers: () => readdirSync(servers),
    setStart,
    setRemove,
    remove: () => rm(root, { recursive: true, force: true }),
  }
}
