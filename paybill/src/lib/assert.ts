import { PaybillError } from './errors.ts'

/** States why something always holds. A failure ends the request or step with INTERNAL; it is never the caller's mistake. */
export function assert(condition: unknown, why: string): asserts condition {
  if (!condition) throw new PaybillError('INTERNAL', `does not hold: ${why}`)
}
