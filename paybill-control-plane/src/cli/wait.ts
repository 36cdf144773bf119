// Watching a tenant until it is what was asked for, or until it waits for somebody.

import { setTimeout as pause } from 'node:timers/promises'
import { PaybillError, visible } from 'paybill/lib'
import type { Tenant } from './api.ts'
import { call, type Server } from './client.ts'
import type { CliIo } from './io.ts'
import { nextText } from './show.ts'

/** Where a tenant stands on its way to being active. */
export type Standing = 'working' | 'active' | 'blocked' | 'parked'

/** What waits for a person or a payment is blocked; what waits for its next try is at work. */
export function standingOf({ phase, next }: Pick<Tenant, 'phase' | 'next'>): Standing {
  switch (next.kind) {
    case 'start':
    case 'working':
      return 'working'
    case 'wait':
      return ['payment', 'approval', 'subscription'].includes(next.what) ? 'blocked' : 'working'
    case 'park':
      return 'parked'
    case 'none':
      return phase === 'active' ? 'active' : 'blocked'
    default:
      return next.kind satisfies never
  }
}

const pollMs = 500
const longestMs = 600_000

/** Answers the active tenant. Throws TENANT_WAITS or TENANT_PARKED where it will not become active by itself. */
export async function waitForTenant(server: Server, id: string, io: Pick<CliIo, 'progress'>): Promise<Tenant> {
  const started = performance.now()
  try {
    for (;;) {
      const tenant = await call(server, 'tenantShow', { path: { id } })
      const standing = standingOf(tenant)
      const line = visible(`${tenant.name} is ${tenant.phase.replaceAll('_', ' ')}: ${nextText(tenant.next)}`)
      if (standing === 'active') return tenant
      if (standing === 'parked') throw new PaybillError('TENANT_PARKED', line)
      if (standing === 'blocked' || performance.now() - started > longestMs) throw new PaybillError('TENANT_WAITS', line)
      io.progress(line)
      await pause(pollMs)
    }
  } finally {
    io.progress(null)
  }
}
