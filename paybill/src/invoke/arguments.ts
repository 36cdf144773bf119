// Checks 1, 2 and 5 of a call: each argument with its label, of the declared form, and chosen by whom the declaration
// accepts. Pure: what needs the database (the rows of a choice, totals) is answered as work for the transaction.

import type { Choice } from '../action/accepts.ts'
import type { Action } from '../action/action.ts'
import { influenceBits, isTrusted, type Label, systemLabel } from '../label/label.ts'
import { unwrap } from '../label/labeled.ts'
import { PaybillError } from '../lib/errors.ts'
import type { Money } from '../lib/money.ts'
import { validate } from '../schema/standard.ts'
import { type Reservation, reservation } from './budget.ts'
import { type Question, type Refusal, refusal } from './refusal.ts'

export type ResolvedArgument = { readonly value: unknown; readonly label: Label }
export type ResolvedArguments = Readonly<Record<string, ResolvedArgument>>

/** Check 1: value and label together. Arguments that the action does not declare are refused. */
export function resolveArguments(action: Action, values: Readonly<Record<string, unknown>>): ResolvedArguments | Refusal {
  for (const name of Object.keys(values))
    if (!Object.hasOwn(action.arguments, name))
      return refusal('ARGUMENT_INVALID', `\`${action.name}\` has no argument \`${name}\``)
  const names = Object.keys(action.arguments)
  return Object.fromEntries(names.map((name) => [name, unwrap(values[name], systemLabel)]))
}

/** Check 2: every value is of the declared form. */
export async function checkForms(action: Action, resolved: ResolvedArguments): Promise<Refusal | ResolvedArguments> {
  const checked: Record<string, ResolvedArgument> = {}
  for (const [name, schema] of Object.entries(action.arguments)) {
    const given = resolved[name]
    try {
      checked[name] = {
        value: await validate(schema, given?.value, `\`${action.name}\`: argument \`${name}\``),
        label: given?.label ?? systemLabel,
      }
    } catch (error) {
      if (!(error instanceof PaybillError)) throw error
      return refusal('ARGUMENT_INVALID', error.message, { argument: name, ...sourceOf(given) })
    }
  }
  return checked
}

/** What check 5 leaves to the transaction. */
export type Accepted = {
  readonly kind: 'accepted'
  readonly choices: readonly { readonly argument: string; readonly choice: Choice }[]
  readonly reservations: readonly Reservation[]
  readonly questions: readonly Question[]
  /** Arguments over whose limits nobody is asked. */
  readonly strict: ReadonlySet<string>
}

/** Check 5: who may have chosen each value, and how far. */
export function checkAccepts(action: Action, resolved: ResolvedArguments): Accepted | Refusal {
  const choices: { argument: string; choice: Choice }[] = []
  const reservations: Reservation[] = []
  const questions: Question[] = []
  const strict = new Set<string>()
  for (const [name, accepts] of Object.entries(action.accepts)) {
    const argument = resolved[name] ?? { value: undefined, label: systemLabel }
    const from = { argument: name, ...sourceOf(argument) }
    const bits = influenceBits(argument.label)
    switch (accepts.kind) {
      case 'trusted': {
        if (!isTrusted(argument.label)) return refusal('ARGUMENT_NOT_ACCEPTED', `\`${name}\` accepts trusted values only`, from)
        const refused = checkInfluence(name, argument, { bits, allowed: accepts.influence })
        if (refused !== null) return refused
        break
      }
      case 'choice': {
        const refused = checkInfluence(name, argument, { bits, allowed: accepts.influence })
        if (refused !== null) return refused
        choices.push({ argument: name, choice: accepts })
        break
      }
      case 'bounded': {
        if (!isMoney(argument.value))
          return refusal('ARGUMENT_NOT_ACCEPTED', `\`${name}\` is bounded and must be an amount`, from)
        const amount = argument.value
        if (amount.minor <= 0n) return refusal('ARGUMENT_NOT_ACCEPTED', `\`${name}\` must be above zero`, from)
        const limit = accepts.max.find((max) => max.currency === amount.currency)
        if (limit === undefined || amount.minor > limit.minor) questions.push({ argument: name, limit: 'call' })
        for (const window of accepts.per) {
          const keyValues = window.key.map((part) => resolved[part]?.value ?? null)
          reservations.push(reservation({ action: action.name, argument: name, keyValues }, window, amount))
        }
        if (accepts.over === 'deny') strict.add(name)
        break
      }
      case 'any':
        break
      default:
        return accepts satisfies never
    }
  }
  const denied = questions.find((question) => strict.has(question.argument))
  if (denied !== undefined)
    return refusal('ARGUMENT_NOT_ACCEPTED', `\`${denied.argument}\` is over its limit`, { argument: denied.argument })
  return { kind: 'accepted', choices, reservations, questions, strict }
}

/** Refuses a value in which untrusted text may have chosen more bits than are allowed. */
export function checkInfluence(
  name: string,
  argument: ResolvedArgument,
  { bits, allowed }: { readonly bits: number; readonly allowed: number },
): Refusal | null {
  if (bits <= allowed) return null
  const reason = `untrusted text may have chosen ${bits.toFixed(1)} bits of \`${name}\`, which accepts ${allowed}`
  return refusal('ARGUMENT_NOT_ACCEPTED', reason, { argument: name, ...sourceOf(argument) })
}

/** Where a value came from, for the refusal. */
export function sourceOf(argument: ResolvedArgument | undefined): {
  readonly origins: readonly string[]
  readonly writers: readonly string[]
} {
  return { origins: argument?.label.origins ?? [], writers: argument?.label.writers ?? [] }
}

function isMoney(value: unknown): value is Money {
  return (
    typeof value === 'object' &&
    value !== null &&
    'minor' in value &&
    'currency' in value &&
    typeof value.minor === 'bigint' &&
    typeof value.currency === 'string'
  )
}
