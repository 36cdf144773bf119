// Where the world says no: what the caller would have to change is refused for good, what may pass is thrown and tried again.

import { errorLine, PaybillError } from 'paybill/lib'
import type { PlaceRefused } from '../operation/tenant-places.ts'

/** What `make` answers, or why it never will. */
export async function orRefused<R>(make: () => Promise<R>): Promise<R | PlaceRefused> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof PaybillError && final.has(error.code)) return { kind: 'refused', reason: errorLine(error) }
    throw error
  }
}

const final: ReadonlySet<string> = new Set([
  'CONFLICT',
  'NOT_FOUND',
  'ARGUMENT_INVALID',
  'SCHEMA_INVALID',
  'DATABASE_OPEN_TO_ALL',
  'OBJECT_UNKNOWN',
  'KEY_MISSING',
])
