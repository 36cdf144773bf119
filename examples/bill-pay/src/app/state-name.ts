// Under which name the state of an input folder is kept: its tenant, its folder and the end of its database's name.

import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'

/** By the folder's real path, so that two ways to the same folder are one job. */
export async function stateName(input: string): Promise<string> {
  return createHash('sha256')
    .update(await realpath(input))
    .digest('hex')
    .slice(0, 12)
}
