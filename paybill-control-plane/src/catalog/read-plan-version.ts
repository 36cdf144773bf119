// From the declared form of a plan version to the checked one.

import { encodeCanonical, type Money, PaybillError, parseMoney, sha256Hex } from 'paybill/lib'
import type { Declared } from './declared.ts'
import type { Activation, Entitlement, PlanId, PlanPrice, PlanVersion, ProductId } from './plan-version.ts'
import { isolationPresets, type Units, unitKinds } from './unit.ts'

const maxCount = Number.MAX_SAFE_INTEGER
const maxTrialDays = 730
// Shorter than the shortest month, so that a first period cannot be over before it was paid.
const maxTimeoutHours = 672
// With a million seats such a price still fits into 64 bits.
const maxPriceMinor = 10n ** 12n

export function readPlanVersion(
  declared: Declared,
  of: { readonly productId: ProductId; readonly planId: PlanId; readonly version: number },
): PlanVersion {
  const form = declared.fields({
    required: ['version', 'name', 'isolation', 'prices', 'activation'],
    optional: ['trialDays', 'entitlements', 'quotas', 'overduePolicy'],
  })
  const version = form.version.whole({ minimum: 1, maximum: maxCount })
  if (version !== of.version)
    form.version.refuse(`must be ${of.version}: the versions of a plan are numbered from 1, in order and without gaps`)
  const prices = readPrices(form.prices)
  const trialDays = form.trialDays === undefined ? null : readTrialDays(form.trialDays)
  const activation = readActivation(form.activation)
  if (prices === 'free' && trialDays !== null) form.trialDays?.refuse('must go: a plan that is free has no trial')
  if (activation.kind === 'on_payment' && prices === 'free')
    form.activation.refuse('cannot wait for a payment: the plan is free, so nobody would ever pay')
  if (activation.kind === 'on_payment' && trialDays !== null)
    form.activation.refuse('cannot wait for a payment: in a trial nothing is paid, so it begins at once or on approval')
  const facts = {
    ...of,
    name: form.name.text({ maxLength: 100 }),
    units: readUnits(form.isolation),
    prices,
    trialDays,
    activation,
    entitlements: Object.fromEntries((form.entitlements?.entries() ?? []).map(([name, value]) => [name, readEntitlement(value)])),
    quotas: Object.fromEntries(
      (form.quotas?.entries() ?? []).map(([name, value]) => [name, value.whole({ minimum: 0, maximum: maxCount })]),
    ),
    overduePolicy: form.overduePolicy === undefined ? null : readPolicyReference(form.overduePolicy),
  }
  return { ...facts, hash: sha256Hex(encodeCanonical(facts)) }
}

export function entitlementKind(entitlement: Entitlement): 'boolean' | 'numeric' | 'set' {
  if (typeof entitlement === 'boolean') return 'boolean'
  return typeof entitlement === 'number' ? 'numeric' : 'set'
}

function readUnits(declared: Declared): Units {
  if (typeof declared.value === 'string') return isolationPresets[declared.oneOf(['pooled', 'bridge', 'silo'])]
  const chosen = declared.fields({ required: [], optional: unitKinds })
  const units: { -readonly [K in keyof Units]: Units[K] } = { ...isolationPresets.pooled }
  for (const kind of unitKinds) units[kind] = chosen[kind]?.oneOf(['shared', 'dedicated']) ?? 'shared'
  return units
}

function readPrices(declared: Declared): 'free' | readonly PlanPrice[] {
  if (declared.value === 'free') return 'free'
  const items = declared.items()
  if (items.length === 0) declared.refuse('must name a price, or say `free`')
  const seen = new Set<string>()
  const prices = items.map((item) => {
    const price = readPrice(item)
    const key = priceKey(price)
    if (seen.has(key)) item.refuse(`is a second price in ${price.flat.currency} for a ${price.interval}: keep one of the two`)
    seen.add(key)
    return price
  })
  return prices.toSorted((left, right) => (priceKey(left) < priceKey(right) ? -1 : 1))
}

function priceKey(price: PlanPrice): string {
  return `${price.flat.currency} ${price.interval}`
}

function readPrice(declared: Declared): PlanPrice {
  const form = declared.fields({ required: ['currency', 'interval', 'flat'], optional: ['perSeat'] })
  const currency = form.currency.text({ maxLength: 3 })
  if (!/^[A-Z]{3}$/.test(currency)) form.currency.refuse('must be the three capital letters of a currency, such as EUR')
  const flat = readAmount(form.flat, currency)
  const perSeat = form.perSeat === undefined ? null : readAmount(form.perSeat, currency)
  if (perSeat?.minor === 0n) form.perSeat?.refuse('must be more than nothing; leave it out where seats cost nothing')
  if (flat.minor === 0n && perSeat === null) form.flat.refuse('must be more than nothing; a plan without a price says `free`')
  return { interval: form.interval.oneOf(['month', 'year']), flat, perSeat }
}

function readAmount(declared: Declared, currency: string): Money {
  const { value } = declared
  // A number would have been rounded before anybody could look at it.
  if (typeof value !== 'string') return declared.refuse("must be an amount in quotes, such as '990.00'")
  const amount = parseAmount(declared, value, currency)
  if (amount.minor < 0n || amount.minor > maxPriceMinor)
    declared.refuse(`must be an amount from nothing to ${maxPriceMinor} of the smallest unit`)
  return amount
}

function parseAmount(declared: Declared, text: string, currency: string): Money {
  try {
    return parseMoney(text, currency)
  } catch (error) {
    if (error instanceof PaybillError) return declared.refuse(error.message)
    throw error
  }
}

function readTrialDays(declared: Declared): number {
  return declared.whole({ minimum: 1, maximum: maxTrialDays })
}

function readActivation(declared: Declared): Activation {
  if (declared.value === 'immediate') return { kind: 'immediate' }
  if (typeof declared.value === 'string')
    return declared.refuse('must be `immediate`, or have `kind` (on_payment or on_approval) and `timeoutHours`')
  const form = declared.fields({ required: ['kind', 'timeoutHours'], optional: [] })
  return {
    kind: form.kind.oneOf(['on_payment', 'on_approval']),
    timeoutHours: form.timeoutHours.whole({ minimum: 1, maximum: maxTimeoutHours }),
  }
}

function readEntitlement(declared: Declared): Entitlement {
  const { value } = declared
  if (typeof value === 'boolean') return value
  if (typeof value === 'number') return declared.whole({ minimum: 0, maximum: maxCount })
  if (!Array.isArray(value)) return declared.refuse('must be true or false, a whole number, or a list of names')
  const seen = new Set<string>()
  for (const item of declared.items()) {
    const name = item.name()
    if (seen.has(name)) item.refuse('stands in the list twice')
    seen.add(name)
  }
  return [...seen].toSorted()
}

function readPolicyReference(declared: Declared): { readonly id: string; readonly version: number } {
  const form = declared.fields({ required: ['id', 'version'], optional: [] })
  return { id: form.id.name(), version: form.version.whole({ minimum: 1, maximum: maxCount }) }
}
