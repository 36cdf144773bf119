// A random invoice that is in order: sums fit, limits are kept, its texts are harmless. Everything else starts from one of these.

import { type Buyer, type Draft, type DraftAllowance, type DraftLine, lineNet, percentage, sumsOf, type Tax } from './draft.ts'
import type { Random } from './random.ts'
import { countries, type Supplier } from './suppliers.ts'
import { benignPatterns } from './texts-benign.ts'
import { fillRandomPattern, type Slots } from './text-pattern.ts'

export type DraftRequest = {
  readonly supplier: Supplier
  readonly buyer: Buyer
  readonly number: string
  readonly currency: string
  /** About what the lines come to together, in hundredths. The amount due stays below 1.4 times this. */
  readonly net: bigint
}

export function randomDraft(random: Random, request: DraftRequest): Draft {
  const { supplier, buyer, number, currency } = request
  const slots = randomSlots(random)
  const benign = () => fillRandomPattern(random, benignPatterns, slots).text
  const lines = randomLines(random, request, benign)
  const issued = random.between(0, 300)
  const draft: Draft = {
    kind: 'invoice',
    number,
    issueDate: dateAfter(issued),
    dueDate: dateAfter(issued + random.pick([10, 14, 20, 30, 45])),
    currency,
    note: random.chance(55) ? benign() : null,
    paymentTerms: random.chance(35) ? benign() : null,
    orderReference: `PO-${random.digits(6)}`,
    buyerReference: random.chance(50) ? random.pick(['Drift', 'Innkjøp', 'Avd. 41', 'Project 7731', 'Verksted']) : null,
    supplier,
    buyer,
    payment: randomPayment(random, supplier),
    attachments: random.chance(25) ? [randomAttachment(random, number, benign)] : [],
    allowances: random.chance(35) ? [randomAllowance(random, lines)] : [],
    lines,
    prepaid: null,
    rounding: null,
    falsify: null,
  }
  return withPrepaidAndRounding(random, draft)
}

/** Values for the places in texts, the same throughout one invoice. The account is added where a text needs one. */
export function randomSlots(random: Random): Slots {
  const many = random.between(6, 40)
  return {
    order: random.digits(6),
    city: random.pick(['Bergen', 'Hamburg', 'Gdańsk', 'Turku', 'Malmö', 'Nantes']),
    street: `${random.pick(['Havnegata', 'Dock Street', 'Hafenstraße', 'Industrivägen'])} ${random.between(1, 99)}`,
    date: dateAfter(random.between(0, 330)),
    month: `2026-${String(random.between(1, 12)).padStart(2, '0')}`,
    person: random.pick(['Ingrid Solheim', 'Lars Ekdahl', 'Marta Nowak', 'Jonas Weber', 'Oksana Bondar', 'Claire Martin']),
    many: String(many),
    few: String(random.between(1, many - 1)),
  }
}

function dateAfter(days: number): string {
  return new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10)
}

function randomLines(random: Random, { supplier, net }: DraftRequest, benign: () => string): readonly DraftLine[] {
  const count = random.pick([1, 1, 2, 3, 4, 7, 12])
  return Array.from({ length: count }, () => {
    const [name, unit] = random.pick(items)
    const quantity = random.chance(25) ? BigInt(random.between(1, 30)) * 500n : BigInt(random.between(1, 24)) * 1000n
    const share = (net * BigInt(random.between(60, 100))) / 100n / BigInt(count)
    const price = (share * 1000n) / quantity
    const discount = { charge: false, reason: 'Avtalerabatt', amount: price / 20n, percentOf: null }
    return {
      name,
      description: random.chance(30) ? benign() : null,
      note: random.chance(15) ? benign() : null,
      property: random.chance(15) ? { name: 'Serial number', value: `SN-${random.digits(7)}` } : null,
      quantity,
      unit,
      price,
      allowances: random.chance(15) ? [discount] : [],
      tax: randomTax(random, supplier),
    }
  })
}

function randomTax(random: Random, { country }: Supplier): Tax {
  const standard: Tax = { code: 'S', percent: random.pick(countries[country].rates), exemptionReason: null }
  if (random.chance(70)) return standard
  const zero: Tax = { code: 'Z', percent: '0', exemptionReason: null }
  const exempt: Tax = { code: 'E', percent: '0', exemptionReason: 'Exempt from VAT' }
  const reverse: Tax = { code: 'AE', percent: '0', exemptionReason: 'Reverse charge' }
  const exported: Tax = { code: 'G', percent: '0', exemptionReason: 'Export outside the EU' }
  return country === 'NO' ? random.pick([zero, exempt, standard]) : random.pick([exported, reverse, standard])
}

function randomAllowance(random: Random, lines: readonly DraftLine[]): DraftAllowance {
  const [first] = lines
  const base = first === undefined ? 0n : lineNet(first)
  const percent = random.pick(['2', '2.5', '5'])
  const charge = random.chance(50)
  const amount = percentage(base, percent)
  return {
    charge,
    reason: charge
      ? random.pick(['Freight', 'Frakt', 'Miljøgebyr', 'Versandkosten'])
      : random.pick(['Rabatt', 'Volume discount']),
    amount,
    percentOf: random.chance(50) ? { percent, base } : null,
    // The tax of the line that it is a part of, so that its category stands in the breakdown already.
    tax: first?.tax ?? { code: 'S', percent: '25', exemptionReason: null },
  }
}

function randomPayment(random: Random, { account, name, bic }: Supplier): Draft['payment'] {
  const domestic = account.startsWith('NO') ? account.slice(4) : account
  const spaced = account.replaceAll(/(.{4})(?=.)/g, '$1 ')
  const registered = { id: random.pick([account, account, spaced, domestic]), name, bic: random.chance(50) ? bic : null }
  const second = { id: `${random.digits(4)}-${random.digits(4)}`, name, bic: null }
  return {
    meansCode: random.pick(account.startsWith('NO') ? ['30', '30', '58'] : ['30', '58', '58']),
    reference: random.digits(random.between(6, 18)),
    accounts: random.chance(12) ? random.shuffled([registered, second]) : [registered],
  }
}

function randomAttachment(random: Random, number: string, benign: () => string): Draft['attachments'][number] {
  const content = Buffer.from(`%PDF-1.4\n% ${random.digits(600)}\n%%EOF\n`).toString('base64')
  return { name: `${number}.pdf`, description: random.chance(40) ? benign() : 'Invoice image', content }
}

function withPrepaidAndRounding(random: Random, draft: Draft): Draft {
  const { taxInclusive } = sumsOf(draft)
  const prepaid = random.chance(12) ? percentage(taxInclusive, random.pick(['10', '25', '50'])) : null
  const fraction = (taxInclusive - (prepaid ?? 0n)) % 100n
  const rounding = fraction !== 0n && random.chance(15) ? (fraction < 50n ? -fraction : 100n - fraction) : null
  return { ...draft, prepaid, rounding }
}

const items: readonly [Item, ...Item[]] = [
  ['Nettleie, energiledd', 'KWH'],
  ['Kontorrenhold, ukentlig', 'MON'],
  ['Hosting, virtual server', 'MON'],
  ['Juridisk rådgivning', 'HUR'],
  ['Kugellager 6204-2RS', 'EA'],
  ['Pumpehus, støpejern', 'EA'],
  ['Frakt, pall', 'EA'],
  ['Kopieringspapir A4', 'XBX'],
  ['Service av varmepumpe', 'HUR'],
  ['Fjärrvärmemätare DN25', 'EA'],
  ['Kantinedrift, lunsj', 'EA'],
  ['Vakthold, natt', 'HUR'],
]

type Item = readonly [name: string, unit: string]
