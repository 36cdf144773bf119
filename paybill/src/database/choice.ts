// Looking a row up by a key that a stranger wrote. He cannot make up what the row holds, but he chose which row it is: the
// cells keep their writers, and carry as influence how many rows there were to choose from.

import { randomBytes } from 'node:crypto'
import { type Label, systemLabel, withInfluence } from '../label/label.ts'
import { Labeled, unwrap } from '../label/labeled.ts'
import { encodeCanonical } from '../lib/canonical.ts'
import { PaybillError } from '../lib/errors.ts'
import { hmac } from '../lib/hash.ts'
import { columnOf, type Schema } from '../schema/table.ts'
import { cellLabel, keyText, type Place, plainCell } from './cell.ts'
import { isPlainObject, type ParsedCondition, parseCondition } from './condition.ts'

/** Gives a choice its name: equal choices have equal names, and a name tells nothing about the key that was used. */
export type ChoiceNames = (choice: { readonly table: string; readonly key: unknown }) => string

/** Names of one program's life. After a restart the same choice has another name, which counts it twice and never too little. */
export function choiceNames(): ChoiceNames {
  const secret = randomBytes(32)
  return ({ table, key }) => `choose:${table}:${hmac(secret, encodeCanonical({ table, key })).toString('hex').slice(0, 24)}`
}

/** `key` is null where no part of it was labelled: then the program chose, and nobody else. */
export type ParsedChoice = { readonly condition: ParsedCondition; readonly key: unknown }

export function parseChoice(schema: Schema, table: string, by: unknown): ParsedChoice {
  if (!isPlainObject(by) || Object.keys(by).length === 0)
    throw new PaybillError('ARGUMENT_INVALID', `\`by\` of \`choose\` on \`${table}\` must name at least one field`)
  const plain = Object.entries(by).map(([field, given]) => {
    columnOf(schema, table, field)
    const { value } = unwrap(given, systemLabel)
    if (value === null || value === undefined)
      throw new PaybillError('ARGUMENT_INVALID', `\`${field}\` in \`by\` of \`choose\` on \`${table}\` has no value`)
    return [field, { eq: value }] as const
  })
  const isLabeled = Object.values(by).some((given) => given instanceof Labeled)
  const condition = parseCondition(schema, table, Object.fromEntries(plain))
  return { condition, key: isLabeled ? plain : null }
}

/** Every cell labelled. The last text is the number of rows that there were to choose from. */
export function chosenRow(
  names: ChoiceNames,
  found: {
    readonly table: string
    readonly places: readonly Place[]
    readonly keyPlaces: readonly Place[]
    readonly texts: readonly (string | null)[]
    readonly key: unknown
  },
): Record<string, unknown> {
  const { table, places, texts } = found
  const key = keyText(found.keyPlaces, texts)
  const influenced = (label: Label): Label =>
    found.key === null ? label : withInfluence(label, names({ table, key: found.key }), bits(Number(texts.at(-1))))
  return Object.fromEntries(
    places.map((place) => [place.field, new Labeled(plainCell(place, texts), influenced(cellLabel({ table, place, key })))]),
  )
}

// One bit at least: also with a single row there was the choice to meet none.
function bits(rows: number): number {
  return Math.max(1, Math.log2(rows))
}
