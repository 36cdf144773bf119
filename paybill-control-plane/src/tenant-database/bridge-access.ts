// Keeps a bridge tenant out of its own database and lets it in again, its rows untouched: what suspension means inside a
// server that others use too.

import { setTimeout as pause } from 'node:timers/promises'
import { PaybillError } from 'paybill/lib'
import { type AdminConnection, roleNames } from 'paybill/migrate'
import { onServer } from './admin.ts'
import type { DatabasePlace } from './application.ts'
import { requireTenantName } from './names.ts'

const leaveLimitMs = 10_000

/** Nobody can connect as the tenant's role any more, and who was connected is gone. Safe to repeat. */
export async function bridgeClose({ serverUrl, name }: DatabasePlace): Promise<void> {
  requireTenantName(name)
  const { application } = roleNames(name)
  await onServer(serverUrl, async (server) => {
    await alterLogin(server, application, 'nologin')
    const giveUpAt = performance.now() + leaveLimitMs
    // A connection that was being made when the role was closed shows up a moment later.
    while ((await sessionsEnded(server, application)) > 0) {
      if (performance.now() > giveUpAt)
        throw new PaybillError('DATABASE_BUSY', `sessions of database \`${name}\` did not end in ${leaveLimitMs} ms`)
      await pause(20)
    }
  })
}

/** The tenant's role may connect again. Safe to repeat. */
export async function bridgeOpen({ serverUrl, name }: DatabasePlace): Promise<void> {
  requireTenantName(name)
  const { application } = roleNames(name)
  await onServer(serverUrl, (server) => alterLogin(server, application, 'login'))
}

// Throws NOT_FOUND where the role is not there, which it is as long as the database is.
async function alterLogin(server: AdminConnection, role: string, to: 'login' | 'nologin'): Promise<void> {
  const found = await server.query('select from pg_roles where rolname = $1', [role])
  if (found.length === 0) throw new PaybillError('NOT_FOUND', `there is no role \`${role}\``)
  await server.query(`alter role "${role}" ${to}`)
}

/** Ends the sessions of a role. Answers how many there were. */
async function sessionsEnded(server: AdminConnection, role: string): Promise<number> {
  const ended = await server.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [role])
  return ended.length
}
