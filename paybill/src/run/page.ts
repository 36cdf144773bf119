// Lists are given in pages, by key: a page begins after the last row of the one before, so that rows which come meanwhile
// make nothing appear twice or not at all.

import { PaybillError } from '../lib/errors.ts'

/** `after` is the id of the last row of the page before; `limit` is how many rows at most, from 1 to 1000. */
export type Page = { readonly after?: string; readonly limit?: number }

const mostRows = 1000

/** Parses what the caller asked for. Throws ARGUMENT_INVALID. */
export function pageOf(asked: Page, usual: number): { readonly after: string | null; readonly limit: number } {
  const { after = null, limit = usual } = asked
  if (!Number.isInteger(limit) || limit < 1 || limit > mostRows)
    throw new PaybillError('ARGUMENT_INVALID', `\`limit\` is \`${limit}\`, and must be a whole number from 1 to ${mostRows}`)
  return { after, limit }
}
