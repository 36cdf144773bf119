// Names and marks of what is made for a tenant. A name tells nothing about the tenant and cannot be guessed; a mark tells
// which operation made the thing, so that an operation that lost its answer finds out from the outside whether it happened.

import { encodeCanonical, hmac, PaybillError } from 'paybill/lib'

/**
 * The name of a tenant's own database and of its server's folder: 42 characters of a-z, 0-9 and _. `generation` counts or
 * names the placements of the tenant, such as the operation that made it, so that no name comes again.
 *
 * @example const name = tenantDatabaseName({ key: root.secret('database names'), organization, tenant, generation: operation })
 */
export function tenantDatabaseName(of: {
  readonly key: Uint8Array
  readonly organization: string
  readonly tenant: string
  readonly generation: string
}): string {
  const { key, organization, tenant, generation } = of
  return `${prefix}${hmac(key, encodeCanonical({ organization, tenant, generation })).toString('hex').slice(0, 32)}`
}

/** Throws ARGUMENT_INVALID for a name that `tenantDatabaseName` did not give: what is dropped or removed is a tenant's own. */
export function requireTenantName(name: string): void {
  if (!new RegExp(`^${prefix}[0-9a-f]{32}$`).test(name))
    throw new PaybillError('ARGUMENT_INVALID', `\`${name.slice(0, 80)}\` is not the name of a tenant's own database`)
}

/** What the comment of everything says that an operation made. */
export function operationComment(operation: string): string {
  if (!/^[A-Za-z0-9_-]{1,50}$/.test(operation))
    throw new PaybillError(
      'ARGUMENT_INVALID',
      `operation \`${operation.slice(0, 80)}\` is not made of 1 to 50 letters, digits, _ and -`,
    )
  return `${mark}${operation}`
}

/** The operation that a comment names, null where it names none. */
export function operationOf(comment: string | null | undefined): string | null {
  return comment?.startsWith(mark) === true ? comment.slice(mark.length) : null
}

/** What the comments of databases of ours begin with. */
export const mark = 'paybill '

const prefix = 'paybill_t_'
