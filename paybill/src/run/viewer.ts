// What a signed-in person may see and decide, on the page and in the library alike. The rules are the judge, as they are
// now: a value is shown to whom they let read every cell that it came from, and a sensitive column to nobody.

import { mayAct } from '../acl/decide.ts'
import { readsEveryRow } from '../acl/every-row.ts'
import type { Principal, Subject } from '../acl/principal.ts'
import type { Rules } from '../acl/rules.ts'
import { personNow, type SignedIn } from './person.ts'
import type { Runtime } from './runtime.ts'

/** Why a value is not shown. */
export type Hidden = 'sensitive' | 'not-readable'

export type Viewer = {
  readonly as: SignedIn
  readonly principal: Principal
  /** Whether the person has a right, such as `approve:bank.transfer`. */
  readonly may: (right: string) => boolean
  /** Why a value that came from these cells is not shown, or null where it is. */
  readonly hides: (origins: readonly string[]) => Hidden | null
  /** Whether the person may read a field, in whatever row. */
  readonly reads: (table: string, field: string) => boolean
}

/** Who looks, with the rights of this moment. Throws DENIED for somebody whom the application does not know any more. */
export async function viewerOf(runtime: Pick<Runtime, 'rules' | 'principal' | 'clock'>, as: SignedIn): Promise<Viewer> {
  const principal = await personNow(runtime, as)
  const { rules } = runtime
  const now = runtime.clock.now()
  const subject: Subject = { principal, agent: null, grant: null }
  // A history shows cells of many rows that may have changed since: only who may read the field in every row sees them.
  const reads = (table: string, field: string): boolean =>
    !isSensitive(rules, table, field) && readsEveryRow(rules, principal, { table, field, now })
  return {
    as,
    principal,
    reads,
    may: (right) => mayAct(rules, subject, right, now).allowed,
    hides: (origins) => {
      const cells = origins.map(cellOf)
      if (cells.some(({ table, field }) => isSensitive(rules, table, field))) return 'sensitive'
      return cells.every(({ table, field }) => reads(table, field)) ? null : 'not-readable'
    },
  }
}

// A field that the schema does not know (any more) counts as sensitive: nobody can say that it was not.
function isSensitive(rules: Rules, table: string, field: string): boolean {
  const { tables } = rules.schema
  const columns = Object.hasOwn(tables, table) ? tables[table]?.columns : undefined
  const column = columns !== undefined && Object.hasOwn(columns, field) ? columns[field] : undefined
  return column === undefined || column.sensitivity !== null
}

/** An origin such as `invoice.amount#3f2a` taken apart. */
export function cellOf(origin: string): { readonly table: string; readonly field: string; readonly row: string } {
  const hash = origin.indexOf('#')
  const name = hash === -1 ? origin : origin.slice(0, hash)
  const [table = '', field = ''] = name.split('.')
  return { table, field, row: hash === -1 ? '*' : origin.slice(hash + 1) }
}
