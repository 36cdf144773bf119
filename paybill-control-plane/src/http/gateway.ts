// The session of the API itself, before it knows who asks: it finds keys and keeps answers, and sees no tenant.

import type { Database, Session } from 'paybill/database'
import type { ControlSchema } from '../control-database/schema.ts'

export function gateway(parts: {
  readonly organization: string
  readonly database: Database<ControlSchema>
}): Session<ControlSchema> {
  const principal = { id: 'gateway', tenant: parts.organization, roles: ['gateway'], claims: {} }
  return parts.database.session({ principal, purpose: 'api' })
}
