// Business time: what trials, periods, grace and retention are measured in. It is the system's own, except in an organization
// that is a sandbox, where it may be moved forward to see a year pass.

import type { SessionTables } from 'paybill/database'
import { PaybillError } from 'paybill/lib'
import type { ControlSchema } from '../control-database/schema.ts'

type Tables = SessionTables<ControlSchema>

/** The business time of an organization. Throws NOT_FOUND where there is no such organization. */
export async function businessNow(tables: Tables, systemNow: Date): Promise<Date> {
  const row = await tables.organization.findFirst({ select: ['businessAheadMs'] })
  if (row === null) throw new PaybillError('NOT_FOUND', 'there is no such organization')
  return new Date(systemNow.getTime() + Number(row.businessAheadMs))
}

/** Moves it forward to a moment. Throws DENIED where the organization is no sandbox, ARGUMENT_INVALID where it would go back. */
export async function businessTimeMove(tables: Tables, to: { readonly systemNow: Date; readonly moment: Date }): Promise<void> {
  const row = await tables.organization.findFirst({ select: ['isSandbox', 'businessAheadMs'] })
  if (row?.isSandbox !== true) {
    const message = 'only the clock of a sandbox can be moved'
    throw new PaybillError('DENIED', message, { shown: message })
  }
  const ahead = BigInt(to.moment.getTime() - to.systemNow.getTime())
  if (ahead < row.businessAheadMs) {
    const message = 'a clock is moved forward only'
    throw new PaybillError('ARGUMENT_INVALID', message, { shown: message })
  }
  const { count } = await tables.organization.update({
    where: { businessAheadMs: row.businessAheadMs },
    set: { businessAheadMs: ahead },
  })
  if (count === 0) throw new PaybillError('CONFLICT', 'somebody else moved the clock at this moment')
}
