// Servers and connections of these tests. Whatever is made here is gone when the test has finished.

import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { socketServerRemove } from 'paybill/embedded'

/** Runs one statement as the user of the URL, outside of everything that is tested. */
export async function asAdmin(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

/** An empty folder that every account can reach, for servers and files. The caller removes what he started in it. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'paybill-tenant-')))
  chmodSync(folder, 0o755)
  return folder
}

export async function removeFolder(folder: string, servers: readonly string[]): Promise<void> {
  for (const name of servers) await socketServerRemove(join(folder, name))
  rmSync(folder, { recursive: true, force: true })
}
