// The two roles of a database. The owner owns every table and nobody can log in as it; the application role can log in,
// owns nothing and is held by row level security. Their names follow from the database's, so that several databases can
// live on one server, where roles are shared.

import { sha256Hex } from '../lib/hash.ts'

export type RoleNames = { readonly owner: string; readonly application: string }

export function roleNames(database: string): RoleNames {
  const hash = sha256Hex(`database ${database}`).slice(0, 16)
  return { owner: `paybill_owner_${hash}`, application: `paybill_app_${hash}` }
}
