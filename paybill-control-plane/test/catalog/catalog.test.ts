import { money, PaybillError } from 'paybill/lib'
import { expect, test } from 'vitest'
import { catalog, planVersionOf, readCatalog } from '../../src/catalog/index.ts'
import { offers, starter } from './offers.ts'

/** The message of the refusal. */
function refusal(versions: readonly unknown[], more: Parameters<typeof offers>[1] = {}): string {
  try {
    catalog(offers(versions, more))
    return 'accepted'
  } catch (error) {
    return error instanceof PaybillError ? `${error.code} ${error.message}` : String(error)
  }
}

const place = 'CATALOG_INVALID `products.bill-pay.plans.starter.versions[0]'

test('a sound declaration becomes plan versions with money in minor units', () => {
  const [version] = catalog(offers([starter])).products[0]?.plans[0]?.versions ?? []
  expect(version).toMatchObject({ productId: 'bill-pay', planId: 'starter', version: 1, trialDays: 14, overduePolicy: null })
  expect(version?.prices).toEqual([{ interval: 'month', flat: money(4900n, 'EUR'), perSeat: money(900n, 'EUR') }])
  expect(version?.activation).toEqual({ kind: 'immediate' })
})

test('a catalog cannot be changed after it was checked', () => {
  const [product] = catalog(offers([starter])).products
  expect(() => Object.assign(product?.plans[0]?.versions[0]?.quotas ?? {}, { databaseMegabytes: 9_000 })).toThrow(TypeError)
})

test('the hash follows what is sold and not the order in which it was written', () => {
  const { name, ...rest } = starter
  const turned = { ...rest, entitlements: { regions: ['eu'], projects: 10, sso: false }, name }
  expect(catalog(offers([turned])).hash).toBe(catalog(offers([starter])).hash)
  expect(catalog(offers([{ ...starter, trialDays: 15 }])).hash).not.toBe(catalog(offers([starter])).hash)
})

test('a key that nobody knows is refused and not ignored', () => {
  expect(refusal([{ ...starter, trialDay: 14 }])).toContain(`${place}.trialDay\` is not known here; known are version, name`)
})

test('versions are numbered from one, in order, each once', () => {
  const again = `.version\` must be`
  expect(refusal([{ ...starter, version: 2 }])).toContain(`${place}${again} 1`)
  expect(refusal([starter, { ...starter, version: 3 }])).toContain(`versions[1]${again} 2`)
  expect(refusal([starter, starter])).toContain(`versions[1]${again} 2`)
  expect(refusal([starter, { ...starter, version: 2 }])).toBe('accepted')
})

test('an entitlement keeps its kind in all versions and plans of a product', () => {
  const changed = { ...starter, version: 2, entitlements: { sso: 3 } }
  expect(refusal([starter, changed])).toContain(
    'versions[1].entitlements.sso` is numeric here, but boolean in version 1 of `starter`',
  )
  const plans = { starter: { versions: [starter] }, team: { versions: [{ ...starter, entitlements: { projects: true } }] } }
  expect(refusal([], { plans })).toContain('plans.team.versions[0].entitlements.projects` is boolean here, but numeric')
})

test('a plan names a price or says that it is free', () => {
  expect(refusal([{ ...starter, prices: [] }])).toContain(`${place}.prices\` must name a price, or say \`free\``)
  const { prices: _, ...priceless } = starter
  expect(refusal([priceless])).toContain(`${place}\` \`prices\` is missing`)
  expect(refusal([{ ...priceless, trialDays: undefined, prices: 'free' }])).toBe('accepted')
})

test('a price has a currency, an amount in quotes that the currency can hold, and stands once for each interval', () => {
  const price = { currency: 'EUR', interval: 'month', flat: '49.00' }
  const of = (...prices: readonly object[]) => refusal([{ ...starter, prices }])
  expect(of({ interval: 'month', flat: '49.00' })).toBe(`${place}.prices[0]\` \`currency\` is missing`)
  expect(of({ ...price, currency: 'eur' })).toContain('.prices[0].currency` must be the three capital letters')
  expect(of({ ...price, flat: 49 })).toContain('.prices[0].flat` must be an amount in quotes')
  expect(of({ ...price, flat: '49.005' })).toContain('.prices[0].flat` amount `49.005` has more than 2 decimals')
  expect(of({ ...price, flat: '-1.00' })).toContain('.prices[0].flat` must be an amount from nothing')
  expect(of({ ...price, flat: '0.00' })).toContain('.prices[0].flat` must be more than nothing')
  expect(of({ ...price, interval: 'week' })).toContain('.prices[0].interval` must be one of month, year')
  expect(of(price, { ...price, flat: '50.00' })).toContain('.prices[1]` is a second price in EUR for a month')
  expect(of(price, { ...price, interval: 'year' }, { ...price, currency: 'NOK' })).toBe('accepted')
})

test('a plan has the quotas that its product requires for its isolation', () => {
  const requiredQuotas = { silo: ['databaseMegabytes', 'computeMillicores'] }
  expect(refusal([], { requiredQuotas, plans: { starter: { versions: [{ ...starter, isolation: 'silo' }] } } })).toContain(
    `${place}\` needs the quota \`computeMillicores\`, which the product requires of a plan that is silo`,
  )
  expect(refusal([starter], { requiredQuotas })).toBe('accepted')
})

test('nobody is made to wait for a payment that cannot come', () => {
  const activation = { kind: 'on_payment', timeoutHours: 72 }
  expect(refusal([{ ...starter, activation }])).toContain('in a trial nothing is paid')
  expect(refusal([{ ...starter, activation, trialDays: undefined, prices: 'free' }])).toContain('the plan is free')
  expect(refusal([{ ...starter, activation, trialDays: undefined }])).toBe('accepted')
  expect(refusal([{ ...starter, trialDays: undefined, activation: { ...activation, timeoutHours: 673 } }])).toContain(
    '.activation.timeoutHours` must be a whole number from 1 to 672',
  )
})

test('names that a program could stumble over are refused', () => {
  const plans = JSON.parse('{"__proto__": {"versions": []}}') as Record<string, { versions: [] }>
  expect(refusal([], { plans })).toContain('products.bill-pay.plans.__proto__` a name begins with a lower-case letter')
})

test('a plan version is found by its number, and the newest without one', () => {
  const found = catalog(offers([starter, { ...starter, version: 2, name: 'Starter 2' }]))
  expect(planVersionOf(found, { product: 'bill-pay', plan: 'starter' }).name).toBe('Starter 2')
  expect(planVersionOf(found, { product: 'bill-pay', plan: 'starter', version: 1 }).name).toBe('Starter')
})

test('who asks for a plan that is not there is told which are', () => {
  const found = catalog(offers([starter]))
  expect(() => planVersionOf(found, { product: 'pay', plan: 'x' })).toThrow('there is no product `pay`; there is bill-pay')
  expect(() => planVersionOf(found, { product: 'bill-pay', plan: 'x' })).toThrow('of `bill-pay`; there is starter')
  expect(() => planVersionOf(found, { product: 'bill-pay', plan: 'starter', version: 2 })).toThrow('; there is 1')
  expect(() => planVersionOf(found, { product: 'bill-pay', plan: 'starter', version: 0.5 })).toThrow('no whole number')
})

const yaml = `# what we sell
products:
  bill-pay:
    name: Bill Pay
    plans:
      starter:
        versions:
          - version: 1
            name: Starter
            isolation: pooled
            activation: immediate
            trialDays: 14
            prices:
              - { currency: EUR, interval: month, flat: '49.00', perSeat: '9.00' }
            entitlements: { sso: false, projects: 10, regions: [eu] }
            quotas: { databaseMegabytes: 500 }
`

test('YAML and TypeScript declare the same catalog', () => {
  expect(readCatalog(yaml)).toEqual(catalog(offers([starter])))
})

test('an error in YAML names its line', () => {
  expect(() => readCatalog(yaml.replace("'49.00'", '49.00'))).toThrow(
    'line 14: `products.bill-pay.plans.starter.versions[0].prices[0].flat` must be an amount in quotes',
  )
  expect(() => readCatalog(yaml.replace('trialDays', 'trialDay'))).toThrow('line 12: ')
  expect(() => readCatalog(yaml.replace('currency: EUR, ', ''))).toThrow('line 14: ')
  expect(() => readCatalog(yaml.replace('plans:\n', 'plans: {\n'))).toThrow(/line \d+: /)
  expect(() => readCatalog('')).toThrow('line 1: `the catalog` must have named fields')
})

test('a key that stands twice in YAML is refused, for one of the two would be lost', () => {
  expect(() => readCatalog(yaml.replace('    plans:', '    name: Other\n    plans:'))).toThrow('line 5: map keys must be unique')
})

test('YAML that unfolds into more than it holds is refused', () => {
  const bomb = Array.from({ length: 9 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]`)
  expect(() => readCatalog(`a0: &a0 x\n${bomb.join('\n')}\n`)).toThrow('refers to itself too often')
})
