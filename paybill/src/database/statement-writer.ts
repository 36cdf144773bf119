// Collects the parameters of a statement while its text is written. A parameter is a place to fill at each call: a value
// that the caller gave, a claim of the principal, his tenant, or a constant of the schema.

import type { Bind } from '../acl/predicate.ts'
import { claimOf, claimText } from '../acl/claim.ts'
import type { ClaimValue, Principal } from '../acl/principal.ts'
import type { Rules } from '../acl/rules.ts'
import { assert } from '../lib/assert.ts'
import { sha256Hex } from '../lib/hash.ts'
import type { SqlStatement, SqlValue } from '../lib/sql.ts'

type Slot =
  | { readonly kind: 'given'; readonly index: number }
  | { readonly kind: 'claim'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: SqlValue }
  | { readonly kind: 'tenant' }

/** A finished statement with open places. The name follows from the text, so that no two texts share one. */
export type PreparedStatement = { readonly text: string; readonly name: string; readonly slots: readonly Slot[] }

/** What fills the places at a call. */
export type Fill = { readonly given: readonly SqlValue[]; readonly rules: Rules; readonly principal: Principal }

/** Puts values into the places. */
export function fillStatement(statement: PreparedStatement, fill: Fill): SqlStatement {
  const { text, name, slots } = statement
  return { text, name, values: slots.map((slot) => slotValue(slot, fill)) }
}

function slotValue(slot: Slot, fill: Fill): SqlValue {
  switch (slot.kind) {
    case 'given': {
      const value = fill.given[slot.index]
      assert(value !== undefined, 'a statement gets as many values as its text asked for')
      return value
    }
    case 'tenant':
      return fill.principal.tenant
    case 'constant':
      return slot.value
    case 'claim':
      return claimParameter(fill, slot.name)
    default:
      return slot satisfies never
  }
}

export class StatementWriter implements Bind {
  readonly #slots: Slot[] = []
  /** One place for all uses of a claim or of the tenant. */
  readonly #placesByKey = new Map<string, number>()
  #given = 0

  /** The next value that the caller gives, in the order of asking. */
  given(sqlType: string): string {
    this.#given += 1
    return this.#place({ kind: 'given', index: this.#given - 1 }, sqlType)
  }

  constant(value: SqlValue, sqlType: string): string {
    return this.#place({ kind: 'constant', value }, sqlType)
  }

  /** The claim of the principal; the same parameter wherever it is asked for again. */
  claim(name: string, sqlType: string): string {
    return this.#shared({ kind: 'claim', name }, `claim ${name}`, sqlType)
  }

  tenant(): string {
    return this.#shared({ kind: 'tenant' }, 'tenant', 'text')
  }

  /**
   * Numbers the places as they stand in the text. One that was asked for and then not needed is left out: PostgreSQL
   * refuses parameters that no text mentions.
   */
  finish(draft: string): PreparedStatement {
    const used: number[] = []
    const text = draft.replaceAll(placeMark, (_, slot: string) => {
      const known = used.indexOf(Number(slot))
      return `$${known === -1 ? used.push(Number(slot)) : known + 1}`
    })
    return { text, name: `s_${sha256Hex(text).slice(0, 40)}`, slots: used.map((index) => this.#slotAt(index)) }
  }

  #place(slot: Slot, sqlType: string): string {
    this.#slots.push(slot)
    return placeText(this.#slots.length - 1, sqlType)
  }

  #shared(slot: Slot, key: string, sqlType: string): string {
    const index = this.#placesByKey.get(key)
    if (index !== undefined) return placeText(index, sqlType)
    this.#placesByKey.set(key, this.#slots.length)
    return this.#place(slot, sqlType)
  }

  #slotAt(index: number): Slot {
    const slot = this.#slots[index]
    assert(slot !== undefined, 'a mark in a text was made by this writer')
    return slot
  }
}

// The character zero, because no SQL text can hold it: nothing that the rules quote can look like a mark.
const placeMark = /\0(\d+)\0/g

function placeText(index: number, sqlType: string): string {
  return `\0${index}\0::${sqlType}`
}

function claimParameter(fill: Fill, name: string): SqlValue {
  const type = fill.rules.claims[name]
  assert(type !== undefined, 'rules name declared claims only')
  const value = claimOf(fill.principal, name, type)
  if (value === null) return null
  return isList(value) ? value.map(claimText) : claimText(value)
}

// `isArray` does not narrow a readonly array away from what is left.
function isList(value: ClaimValue): value is Extract<ClaimValue, readonly unknown[]> {
  return Array.isArray(value)
}
