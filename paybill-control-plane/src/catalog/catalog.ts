// What an organization sells: products, their plans, and the versions of each plan. `catalog()` checks everything once, so that
// whoever holds a catalog holds a sound one. It knows no customer.

import { encodeCanonical, PaybillError, sha256Hex } from 'paybill/lib'
import { Declared, pathText, type Refuse } from './declared.ts'
import type { BillingInterval, OverduePolicyReference, PlanId, PlanVersion, ProductId } from './plan-version.ts'
import { entitlementKind, readPlanVersion } from './read-plan-version.ts'
import { type Isolation, isolationOf, type UnitKind } from './unit.ts'

/** Products and plans by id, in the order of the alphabet; versions from the first to the newest. Frozen throughout. */
export type Catalog = {
  readonly products: readonly Product[]
  /** SHA-256 of the products. Equal declarations have equal hashes, whatever the order in which they were written. */
  readonly hash: string
}

export type Product = { readonly id: ProductId; readonly name: string; readonly plans: readonly Plan[] }

export type Plan = { readonly id: PlanId; readonly versions: readonly PlanVersion[] }

export type CatalogDeclaration = {
  readonly products: Readonly<Record<string, ProductDeclaration>>
}

export type ProductDeclaration = {
  readonly name: string
  /** Quotas that every plan of that isolation must give, because what is made for it alone has to have a size. */
  readonly requiredQuotas?: Readonly<Partial<Record<Isolation, readonly string[]>>>
  readonly plans: Readonly<Record<string, { readonly versions: readonly PlanVersionDeclaration[] }>>
}

export type PlanVersionDeclaration = {
  readonly version: number
  readonly name: string
  /** A preset, or a choice for each kind of unit; kinds that are not named are shared. */
  readonly isolation: Isolation | Readonly<Partial<Record<UnitKind, 'shared' | 'dedicated'>>>
  readonly prices: 'free' | readonly PriceDeclaration[]
  readonly activation: 'immediate' | { readonly kind: 'on_payment' | 'on_approval'; readonly timeoutHours: number }
  readonly trialDays?: number
  readonly entitlements?: Readonly<Record<string, boolean | number | readonly string[]>>
  readonly quotas?: Readonly<Record<string, number>>
  readonly overduePolicy?: OverduePolicyReference
}

/** Amounts are decimal numbers as text: `'990.00'`. */
export type PriceDeclaration = {
  readonly currency: string
  readonly interval: BillingInterval
  readonly flat: string
  readonly perSeat?: string
}

/**
 * Checks a declaration. Throws CATALOG_INVALID naming the first place that is wrong and what to change there.
 *
 * @example
 * catalog({ products: { 'bill-pay': { name: 'Bill Pay', plans: { starter: { versions: [
 *   { version: 1, name: 'Starter', isolation: 'pooled', activation: 'immediate', trialDays: 14,
 *     prices: [{ currency: 'EUR', interval: 'month', flat: '49.00', perSeat: '9.00' }] },
 * ] } } } } })
 */
export function catalog(declaration: CatalogDeclaration): Catalog {
  return checkCatalog(declaration, (path, message) => {
    throw new PaybillError('CATALOG_INVALID', `\`${pathText(path)}\` ${message}`)
  })
}

/** The same for a declaration of which nothing is known yet. */
export function checkCatalog(declaration: unknown, refuse: Refuse): Catalog {
  const root = new Declared(declaration, [], refuse)
  const { products: declared } = root.fields({ required: ['products'], optional: [] })
  const products = declared.entries().map(([id, product]) => readProduct(id, product))
  if (products.length === 0) declared.refuse('must have at least one product')
  return freeze({ products, hash: sha256Hex(encodeCanonical(products)) })
}

/**
 * A version of a plan; the newest where no version is named. Throws NOT_FOUND with what there is, ARGUMENT_INVALID where the
 * version is no version number.
 */
export function planVersionOf(
  catalog: Catalog,
  wanted: { readonly product: string; readonly plan: string; readonly version?: number },
): PlanVersion {
  const product = catalog.products.find(({ id }) => id === wanted.product)
  if (product === undefined) return notFound(`no product \`${shorten(wanted.product)}\``, idsOf(catalog.products))
  const plan = product.plans.find(({ id }) => id === wanted.plan)
  if (plan === undefined) return notFound(`no plan \`${shorten(wanted.plan)}\` of \`${product.id}\``, idsOf(product.plans))
  const number = wanted.version ?? plan.versions.length
  if (!Number.isSafeInteger(number) || number < 1)
    throw new PaybillError('ARGUMENT_INVALID', `version \`${number}\` is no whole number of at least 1`)
  const found = plan.versions[number - 1]
  const versions = plan.versions.map(({ version }) => String(version))
  return found ?? notFound(`no version ${number} of plan \`${plan.id}\` of \`${product.id}\``, versions)
}

function notFound(what: string, present: readonly string[]): never {
  const message = `there is ${what}; there is ${present.join(', ')}`
  throw new PaybillError('NOT_FOUND', message, { shown: message })
}

function idsOf(list: readonly { readonly id: string }[]): readonly string[] {
  return list.map(({ id }) => id)
}

function shorten(text: string): string {
  return text.slice(0, 80)
}

function readProduct(name: string, declared: Declared): Product {
  const id = name as ProductId // a key of the declaration, which was checked to be a name
  const form = declared.fields({ required: ['name', 'plans'], optional: ['requiredQuotas'] })
  const required = form.requiredQuotas === undefined ? {} : readRequiredQuotas(form.requiredQuotas)
  const kinds: EntitlementKinds = new Map()
  const plans = form.plans.entries().map(([planName, plan]): Plan => {
    const planId = planName as PlanId // a key of the declaration, which was checked to be a name
    const { versions: list } = plan.fields({ required: ['versions'], optional: [] })
    const versions = list.items().map((item, index) => {
      const version = readPlanVersion(item, { productId: id, planId, version: index + 1 })
      checkRequiredQuotas(item, version, required)
      checkKinds(item, version, kinds)
      return version
    })
    if (versions.length === 0) list.refuse('must have at least one version')
    return { id: planId, versions }
  })
  if (plans.length === 0) form.plans.refuse('must have at least one plan')
  return { id, name: form.name.text({ maxLength: 100 }), plans }
}

type RequiredQuotas = Readonly<Partial<Record<Isolation, readonly string[]>>>

function readRequiredQuotas(declared: Declared): RequiredQuotas {
  const form = declared.fields({ required: [], optional: ['pooled', 'bridge', 'silo'] })
  return Object.fromEntries(
    Object.entries(form).map(([isolation, list]) => [isolation, list?.items().map((item) => item.name())]),
  )
}

function checkRequiredQuotas(declared: Declared, version: PlanVersion, required: RequiredQuotas): void {
  const isolation = isolationOf(version.units)
  const missing = required[isolation]?.filter((name) => !Object.hasOwn(version.quotas, name)) ?? []
  if (missing.length > 0)
    declared.refuse(`needs the quota \`${missing.join('`, `')}\`, which the product requires of a plan that is ${isolation}`)
}

type EntitlementKinds = Map<string, { readonly kind: string; readonly by: string }>

// An application asks for an entitlement by name, whatever plan the tenant has, so a name has one kind in all of a product.
function checkKinds(declared: Declared, version: PlanVersion, kinds: EntitlementKinds): void {
  for (const [name, entitlement] of Object.entries(version.entitlements)) {
    const kind = entitlementKind(entitlement)
    const before = kinds.get(name)
    if (before !== undefined && before.kind !== kind)
      declared.refuse(`is ${kind} here, but ${before.kind} in ${before.by}: use another name`, ['entitlements', name])
    kinds.set(name, { kind, by: `version ${version.version} of \`${version.planId}\`` })
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) freeze(part)
  }
  return value
}
