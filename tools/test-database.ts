// The PostgreSQL server that all test files share, started before the first of them: their own embedded one, apart from
// that of `npm start`, or the one that PAYBILL_DATABASE_URL names. Each file clones its own database in it.

import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type DatabaseServer, databaseServer } from '../paybill/src/embedded/index.ts'
import { dropLeftovers } from '../paybill/src/testing/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Connects as a user that may create databases and roles. */
    serverUrl: string
  }
}

let server: DatabaseServer | undefined

export async function setup(project: TestProject): Promise<void> {
  server = await databaseServer({ folder: join(import.meta.dirname, '..', '.paybill', 'test') })
  await dropLeftovers({ serverUrl: server.url })
  project.provide('serverUrl', server.url)
}

export async function teardown(): Promise<void> {
  await server?.stop()
}
