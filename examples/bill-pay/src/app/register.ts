// Brings the vendor register of the input folder into the database, as it is now: new vendors, changed ones, removed ones.

import type { Database } from 'paybill/database'
import type { Principal } from 'paybill/acl'
import type { Vendor } from '../vendor-register.ts'
import { everyRow } from './every-row.ts'
import { type billPaySchema, vendorFields } from './schema.ts'

/** Makes the table equal to the register, in one transaction. Answers how many rows changed. */
export async function registerSync(
  database: Database<typeof billPaySchema>,
  keeper: Principal,
  vendors: readonly Vendor[],
): Promise<number> {
  const session = database.session({ principal: keeper, purpose: 'vendor register' })
  return session.transaction(async (session) => {
    const rows = await everyRow(session.vendor, { key: 'number', select: vendorFields })
    const present = new Map(rows.map((row) => [row.number, row]))
    let changes = 0
    for (const vendor of vendors) {
      const row = present.get(vendor.number)
      present.delete(vendor.number)
      const { number, ...facts } = vendor
      if (row === undefined) await session.vendor.insert({ number, ...facts })
      else if (Object.entries(facts).some(([key, value]) => row[key as keyof typeof facts] !== value))
        await session.vendor.update({ where: { number }, set: facts })
      else continue
      changes += 1
    }
    for (const number of present.keys()) await session.vendor.delete({ where: { number } })
    return changes + present.size
  })
}
