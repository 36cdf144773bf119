// The server of a silo tenant, made and removed by a run of Terraform: rendered, planned, the plan kept, and exactly that plan
// applied. Where no Terraform is found, nothing is lost but that record.

import { mkdir, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { PaybillError } from 'paybill/lib'
import type { PlaceOrder } from '../operation/tenant-places.ts'
import { tenantKeyFetch } from '../secret/index.ts'
import {
  localSiloServer,
  serverPrograms,
  terraformDestroy,
  type TerraformResult,
  terraformRun,
  type TerraformRunOptions,
  type LocalSiloServer,
} from '../terraform/index.ts'
import { type LocalProvider, ownName } from './provider.ts'

/** Makes the server. Answers `skipped` where no Terraform is found. */
export async function serverMake(provider: LocalProvider, order: PlaceOrder): Promise<TerraformResult> {
  return terraformRun(await runOptions(provider, order))
}

/** Removes what a run made. */
export async function serverUnmake(provider: LocalProvider, order: PlaceOrder): Promise<TerraformResult> {
  return terraformDestroy(await runOptions(provider, order))
}

async function runOptions(provider: LocalProvider, order: PlaceOrder): Promise<TerraformRunOptions<LocalSiloServer>> {
  const { organization, keys, silosFolder, connectionLimit } = provider
  const { binary, store, folder } = provider.terraform
  const server = serverIdOf(ownName(provider, order.tenantId))
  const key = await tenantKeyFetch(keys, { organization, tenant: order.tenantId })
  const context = { purpose: 'terraform state', id: server }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return {
    workspace: server,
    module: localSiloServer,
    // The server's own user has a password of its own making, which Terraform is not told.
    input: { server, password: '' },
    store,
    seal: { seal: (bytes) => key.sealBytes(bytes, context), open: (bytes) => key.openBytes(bytes, context) },
    binary,
    folder,
    environment: {
      [serverPrograms.start]: await programFile(folder, 'start'),
      [serverPrograms.remove]: await programFile(folder, 'remove'),
      [variables.folder]: silosFolder,
      [variables.operation]: order.operation,
      [variables.connectionLimit]: String(connectionLimit),
    },
  }
}

/** A file that can be started: the module's shell knows programs, and not how ours are run. */
async function programFile(folder: string, what: 'start' | 'remove'): Promise<string> {
  const file = join(folder, `server-${what}`)
  const program = join(import.meta.dirname, `server-program${extname(import.meta.filename)}`)
  const quoted = [process.execPath, program].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`)
  await writeFile(file, `#!/bin/sh\nexec ${quoted.join(' ')} ${what} "$1"\n`, { mode: 0o700 })
  return file
}

const variables = {
  folder: 'PAYBILL_SERVERS_FOLDER',
  operation: 'PAYBILL_OPERATION',
  connectionLimit: 'PAYBILL_CONNECTION_LIMIT',
} as const

/** What the program is told. Throws ARGUMENT_INVALID where something is missing. */
export function programEnvironment(environment: NodeJS.ProcessEnv): {
  readonly folder: string
  readonly operation: string
  readonly connectionLimit: number
} {
  const read = (name: string): string => {
    const value = environment[name]
    if (value === undefined || value === '') throw new PaybillError('ARGUMENT_INVALID', `\`${name}\` is not set`)
    return value
  }
  return {
    folder: read(variables.folder),
    operation: read(variables.operation),
    connectionLimit: Number(read(variables.connectionLimit)),
  }
}

/** Under which name Terraform keeps the server: its ids have hyphens where the names of databases have underscores. */
export function serverIdOf(name: string): string {
  return name.replaceAll('_', '-')
}

/** The name that an id was made of. */
export function ownNameOf(id: string): string {
  return id.replaceAll('-', '_')
}
