// Names of what Terraform makes: the same for the same tenant always, different for different tenants, and short and plain
// enough for every cloud.

import { hashOf } from './configuration.ts'

const hashLength = 12
const shortestName = 20

/**
 * A name of lower-case letters, digits and hyphens that begins with a letter: the tenant's id as far as it can be read in
 * it, and a hash of kind and id that tells tenants apart whose ids look alike.
 *
 * @example resourceName({ tenant: 'Acme, Inc.', kind: 'database' }) // acme-inc-…
 */
export function resourceName(of: { readonly tenant: string; readonly kind: string; readonly maxLength?: number }): string {
  const maxLength = Math.max(of.maxLength ?? 40, shortestName)
  const hash = hashOf(JSON.stringify([of.kind, of.tenant])).slice(0, hashLength)
  const readable = of.tenant
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, maxLength - hashLength - 1)
    .replace(/-+$/, '')
  return `${readable === '' ? 't' : readable}-${hash}`
}
