// Makes a whole input folder out of a seed, with its answer key. Pure: the same seed gives the same bytes. The rules by which the
// key decides are those of the story, in their order; see key.ts.

import { type Buyer, type Draft, sumsOf } from './draft.ts'
import { disguised } from './disguise.ts'
import { type AnswerKey, decisionFor, type KeyEntry, type Reason } from './key.ts'
import { placedText } from './place-text.ts'
import { type Random, randomFrom } from './random.ts'
import { randomDraft, randomSlots } from './random-draft.ts'
import { randomStyle } from './random-style.ts'
import { rejectedFile } from './rejected-files.ts'
import { countries, type Country, norwegianOrganizationNumber, randomIban, type Supplier, supplierMaker } from './suppliers.ts'
import { companyJson, currencies, limitOf, vendorsCsv } from './trusted-files.ts'
import { holdPatterns } from './texts-hold.ts'
import { manipulativePatterns } from './texts-manipulative.ts'
import { fillRandomPattern } from './text-pattern.ts'
import { ublDocument } from './ubl.ts'
import { xmlBytes } from './xml-text.ts'

export type MadeFolder = { readonly files: ReadonlyMap<string, Uint8Array>; readonly key: AnswerKey }

/** `count` is the number of invoice files; without it the seed decides, from 20 to 40. */
export function makeInvoices(seed: number, count?: number): MadeFolder {
  const random = randomFrom(seed)
  const scene = randomScene(random)
  const made = random.shuffled(invoicesFor(scene, count ?? random.between(20, 40)))
  const names = fileNames(random, made.length).toSorted()
  const seen = new Set<string>()
  const keyed = made.map(({ bytes, entry }, at) => [names[at] ?? '', bytes, withDuplicateHeld(entry, seen)] as const)
  return {
    files: new Map([
      ['company.json', Buffer.from(companyJson(scene.buyer, randomIban(random, 'NO')))],
      ['vendors.csv', Buffer.from(vendorsCsv(scene.suppliers))],
      ...keyed.map(([name, bytes]) => [name, bytes] as const),
    ]),
    key: { seed, files: Object.fromEntries(keyed.map(([name, , entry]) => [name, entry])) },
  }
}

type Made = { readonly bytes: Uint8Array; readonly entry: KeyEntry }

type Scene = {
  readonly random: Random
  readonly buyer: Buyer
  readonly suppliers: readonly [Supplier, ...Supplier[]]
  readonly stranger: () => Supplier
  /** A number that this supplier has not used; other suppliers may have. */
  readonly numberFor: (supplier: Supplier) => string
}

function randomScene(random: Random): Scene {
  const make = supplierMaker(random)
  const someCountry = () => random.pick(Object.keys(countries) as [Country, ...Country[]]) // the keys of a const object
  const used = new Set<string>()
  return {
    random,
    buyer: {
      name: `${random.pick(['Fjordvarme', 'Bykraft', 'Havnelager', 'Nordbygg'])} ${random.pick(['Drift', 'Eiendom', 'Service'])} AS`,
      organizationNumber: norwegianOrganizationNumber(random),
      street: `Kaigata ${random.between(1, 40)}`,
      city: random.pick(['Bergen', 'Bodø', 'Molde']),
    },
    suppliers: [make('NO'), make('NO'), ...Array.from({ length: random.between(8, 14) }, () => make(someCountry()))],
    stranger: () => make(someCountry()),
    numberFor({ number }) {
      for (;;) {
        // Few enough that two suppliers now and then use the same number, which makes no duplicate.
        const candidate = `${random.pick(['', 'F-', '2026-'])}${random.between(100, 199)}`
        if (used.has(`${number} ${candidate}`)) continue
        used.add(`${number} ${candidate}`)
        return candidate
      }
    },
  }
}

type Kind = (scene: Scene) => readonly Made[]

/** One of each kind as far as they fit, then more by weight. */
function invoicesFor(scene: Scene, count: number): readonly Made[] {
  const { random } = scene
  const made: Made[] = []
  const add = (kind: Kind) => {
    const more = kind(scene)
    if (made.length + more.length <= count) made.push(...more)
  }
  for (const kind of random.shuffled([...new Set(weightedKinds)])) add(kind)
  while (made.length < count) add(random.pick(weightedKinds))
  return made
}

const inOrder: Kind = (scene) => [knownSupplier(scene, 'in-order', (draft) => draft)]

const withoutAccount: Kind = (scene) => [
  knownSupplier(scene, 'in-order', (draft) => ({
    ...draft,
    payment: scene.random.chance(50) ? null : { meansCode: '1', reference: scene.random.digits(8), accounts: [] },
  })),
]

const aboveLimit: Kind = (scene) => [
  knownSupplier(scene, 'above-limit', (draft) => draft, BigInt(scene.random.between(400, 900))),
]

const creditNote: Kind = (scene) => [
  knownSupplier(scene, 'credit-note', (draft) => maybeManipulated(scene, { ...draft, kind: 'credit-note' })),
]

const accountChanged: Kind = (scene) => [
  knownSupplier(scene, 'account-changed', (draft) => maybeManipulated(scene, withAccount(draft, foreignAccount(scene, draft)))),
]

const manipulation: Kind = (scene) => [knownSupplier(scene, 'manipulation', (draft) => manipulated(scene, draft))]

const notSettled: Kind = ({ random, ...scene }) => [
  knownSupplier({ random, ...scene }, 'not-settled', (draft) =>
    placedText(random, draft, fillRandomPattern(random, holdPatterns, randomSlots(random)).text),
  ),
]

/** A company that is not in the register, or one that only has the name of one that is. */
const unknownSupplier: Kind = (scene) => {
  const stranger = scene.stranger()
  const known = scene.random.pick(scene.suppliers)
  const supplier = scene.random.chance(50) ? stranger : { ...stranger, name: known.name, account: known.account }
  const draft = maybeManipulated(scene, draftFrom(scene, supplier, BigInt(scene.random.between(2, 60))))
  return [written(scene, draft, 'unknown-supplier', null)]
}

/** The same invoice twice, the second time perhaps written down in another way, or with another account. */
const twice: Kind = (scene) => {
  const supplier = scene.random.pick(scene.suppliers)
  const draft = draftFrom(scene, supplier, BigInt(scene.random.between(2, 60)))
  const once = written(scene, draft, 'in-order', supplier)
  if (scene.random.chance(40)) return [once, once]
  if (scene.random.chance(50)) return [once, written(scene, draft, 'in-order', supplier)]
  return [once, written(scene, withAccount(draft, foreignAccount(scene, draft)), 'account-changed', supplier)]
}

const rejected: Kind = (scene) => {
  const draft = draftFrom(scene, scene.random.pick(scene.suppliers), BigInt(scene.random.between(2, 60)))
  const { rule, bytes } = rejectedFile(scene.random, draft, randomStyle(scene.random))
  return [{ bytes, entry: { decision: 'rejected', reason: rule, paid: false, needsApproval: false } }]
}

const weightedKinds: readonly [Kind, ...Kind[]] = [
  inOrder, inOrder, inOrder, inOrder, inOrder, withoutAccount, aboveLimit, creditNote, accountChanged, accountChanged, manipulation,
  manipulation, manipulation, manipulation, notSettled, notSettled, notSettled, unknownSupplier, twice, rejected, rejected, rejected,
] // prettier-ignore

/** `percent` of the limit per invoice is what the lines come to. */
function draftFrom(scene: Scene, supplier: Supplier, percent: bigint): Draft {
  const currency = scene.random.pick([countries[supplier.country].currency, countries[supplier.country].currency, ...currencies])
  const net = (limitOf(currency) * percent) / 100n
  return randomDraft(scene.random, { supplier, buyer: scene.buyer, number: scene.numberFor(supplier), currency, net })
}

function knownSupplier(
  scene: Scene,
  reason: Reason,
  change: (draft: Draft) => Draft,
  percent = BigInt(scene.random.between(2, 60)),
): Made {
  const supplier = scene.random.pick(scene.suppliers)
  return written(scene, change(draftFrom(scene, supplier, percent)), reason, supplier)
}

function written({ random }: Scene, draft: Draft, reason: Reason, vendor: Supplier | null): Made {
  const decision = decisionFor[reason]
  return {
    bytes: xmlBytes(ublDocument(draft), randomStyle(random)),
    entry: {
      decision,
      reason,
      supplier: draft.supplier.name,
      ...(vendor === null ? {} : { vendor: vendor.number }),
      invoiceNumber: draft.number,
      amount: sumsOf(draft).payable.toString(),
      currency: draft.currency,
      ...(decision === 'pay' && vendor !== null ? { account: vendor.account } : {}),
      paid: reason === 'in-order',
      needsApproval: reason === 'above-limit',
    },
  }
}

/** The later of two files, by name, with one vendor and one number, whatever account it asks for. */
function withDuplicateHeld(entry: KeyEntry, seen: Set<string>): KeyEntry {
  if (entry.vendor === undefined) return entry
  const identity = `${entry.vendor} ${entry.invoiceNumber ?? ''}`
  const isDuplicate = seen.has(identity)
  seen.add(identity)
  if (!isDuplicate) return entry
  const { account: _account, ...held } = entry
  return { ...held, decision: decisionFor.duplicate, reason: 'duplicate', paid: false, needsApproval: false }
}

function manipulated({ random }: Scene, draft: Draft): Draft {
  const slots = { ...randomSlots(random), account: randomIban(random, random.pick(['NO', 'DE', 'PL', 'FR'])) }
  const { text, language } = fillRandomPattern(random, manipulativePatterns, slots)
  return placedText(random, draft, disguised(text, language, random))
}

function maybeManipulated(scene: Scene, draft: Draft): Draft {
  return scene.random.chance(30) ? manipulated(scene, draft) : draft
}

function withAccount(draft: Draft, id: string): Draft {
  return {
    ...draft,
    payment: { meansCode: '30', reference: draft.number, accounts: [{ id, name: draft.supplier.name, bic: null }] },
  }
}

/** Mostly in the supplier's own country, where it is least noticed. */
function foreignAccount({ random }: Scene, { supplier }: Draft): string {
  return randomIban(random, random.chance(60) ? supplier.country : random.pick(['NO', 'DE', 'PL', 'NL']))
}

/** Names that tell nothing, of one length and one alphabet, so that every way of sorting agrees. */
function fileNames(random: Random, count: number): readonly string[] {
  const names = new Set<string>()
  while (names.size < count)
    names.add(
      `${Array.from({ length: 8 }, () => random.pick(['a', 'b', 'c', 'd', 'e', 'f', '0', '1', '2', '3', '4', '5'])).join('')}.xml`,
    )
  return [...names]
}
