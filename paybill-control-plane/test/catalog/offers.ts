// A small catalog that tests change at one place.

import type { CatalogDeclaration, PlanVersionDeclaration, ProductDeclaration } from '../../src/catalog/catalog.ts'

export const starter: PlanVersionDeclaration = {
  version: 1,
  name: 'Starter',
  isolation: 'pooled',
  prices: [{ currency: 'EUR', interval: 'month', flat: '49.00', perSeat: '9.00' }],
  activation: 'immediate',
  trialDays: 14,
  entitlements: { sso: false, projects: 10, regions: ['eu'] },
  quotas: { databaseMegabytes: 500 },
}

/** The catalog with the given versions of its one plan. */
export function offers(versions: readonly unknown[], more: Partial<ProductDeclaration> = {}): CatalogDeclaration {
  // What a test gives may be wrong on purpose; the check must not rely on the types.
  const list = versions as readonly PlanVersionDeclaration[]
  return { products: { 'bill-pay': { name: 'Bill Pay', plans: { starter: { versions: list } }, ...more } } }
}
