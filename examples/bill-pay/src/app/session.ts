import type { SessionTables } from 'paybill/database'
import type { billPaySchema } from './schema.ts'

/** A session on the tables of Bill Pay. */
export type BillPaySession = SessionTables<typeof billPaySchema>
