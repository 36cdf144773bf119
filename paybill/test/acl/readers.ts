// The three readers of the rules that the product has, as one value, so that a changed copy of them can be put to the same
// questions. The fourth reader, in naive.ts, is never changed.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as decide from '../../src/acl/decide.ts'
import * as predicate from '../../src/acl/predicate.ts'
import * as rowSecurity from '../../src/acl/row-security.ts'

export type Readers = Pick<typeof decide, 'decideRow' | 'decideStatic'> &
  Pick<typeof predicate, 'rowPredicate' | 'checkPredicate' | 'shapeOf'> &
  Pick<typeof rowSecurity, 'rowSecurityStatements' | 'identityText'>

export const readers: Readers = { ...decide, ...predicate, ...rowSecurity }

/** The readers out of a copy of `paybill/src`. */
export async function readersOf(folder: string): Promise<Readers> {
  const parts = await Promise.all(
    ['decide', 'predicate', 'row-security'].map(async (name): Promise<object> => {
      const part: unknown = await import(pathToFileURL(join(folder, 'acl', `${name}.ts`)).href)
      if (typeof part !== 'object' || part === null) throw new Error(`\`${name}\` is no module`)
      return part
    }),
  )
  // A copy of the modules above exports what they export.
  return Object.assign({}, ...parts) as Readers
}
