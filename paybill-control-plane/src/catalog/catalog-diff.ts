// What a new catalog would change. Subscribers are pinned to the version that they bought, so a published version can neither
// change nor go: whoever wants something else adds a version.

import { encodeCanonical, PaybillError } from 'paybill/lib'
import type { Catalog } from './catalog.ts'
import type { PlanVersion } from './plan-version.ts'

export type CatalogDiff = { readonly added: readonly PlanVersion[] }

/** Throws CATALOG_INVALID where a published version would be changed or removed. */
export function catalogDiff(before: Catalog, after: Catalog): CatalogDiff {
  const published = new Map(versionsOf(before).map((version) => [versionKey(version), version]))
  const next = new Map(versionsOf(after).map((version) => [versionKey(version), version]))
  for (const [key, version] of published) {
    const kept = next.get(key)
    if (kept === undefined) refuse(version, 'was published and would go: subscribers may be pinned to it, so keep it')
    else if (kept.hash !== version.hash)
      refuse(
        version,
        `was published and would change in ${changedFields(version, kept).join(', ')}: leave it as it was and add a version`,
      )
  }
  return { added: [...next].filter(([key]) => !published.has(key)).map(([, version]) => version) }
}

function refuse({ productId, planId, version }: PlanVersion, message: string): never {
  throw new PaybillError('CATALOG_INVALID', `version ${version} of \`products.${productId}.plans.${planId}\` ${message}`)
}

function versionsOf(catalog: Catalog): readonly PlanVersion[] {
  return catalog.products.flatMap((product) => product.plans.flatMap((plan) => plan.versions))
}

function versionKey({ productId, planId, version }: PlanVersion): string {
  return `${productId} ${planId} ${version}` // ids have no spaces
}

function changedFields(before: PlanVersion, after: PlanVersion): readonly string[] {
  const was = new Map(Object.entries(before).map(([field, value]) => [field, encodeCanonical(value)]))
  return Object.entries(after)
    .filter(([field, value]) => field !== 'hash' && was.get(field) !== encodeCanonical(value))
    .map(([field]) => `\`${field}\``)
}
