// An action is the only thing that has an effect outside a step: a name, typed arguments that say what they accept, who
// receives them, limits, and what a recovery does when nobody knows whether the effect took place.

import { PaybillError } from '../lib/errors.ts'
import type { StandardSchema } from '../schema/standard.ts'
import type { Accepts, Bounded } from './accepts.ts'

export type ArgumentSchemas = Readonly<Record<string, StandardSchema>>

export type ArgumentValues<S extends ArgumentSchemas> = {
  readonly [K in keyof S]: S[K] extends StandardSchema<infer Output, unknown> ? Output : never
}

/** What the body of an external action gets: plain checked values, and a key under which the effect must happen at most once. */
export type ExternalCall<Values> = {
  readonly values: Values
  readonly idempotencyKey: string
  readonly signal: AbortSignal
}

/**
 * What recovery does with an intent that has no result: `retry` calls again with the same key, `verify` asks the outside
 * whether it happened and calls again only if not, `park` leaves it to a person.
 */
export type Recovery<Values, Result> =
  | { readonly kind: 'retry' }
  | { readonly kind: 'verify'; readonly find: (call: ExternalCall<Values>) => Promise<Result | null> }
  | { readonly kind: 'park' }

export type Action<S extends ArgumentSchemas = ArgumentSchemas, Result = unknown> = {
  readonly name: string
  readonly version: number
  readonly arguments: S
  readonly accepts: Readonly<Record<string, Accepts>>
  /** Who receives the values: a recipient with rules of its own, such as `network:bank`. */
  readonly recipient: string
  /** How many bits untrusted text may have in the fact that the action is called at all. */
  readonly influence: number
  readonly limits: ActionLimits
  readonly recovery: Recovery<ArgumentValues<S>, Result>
  readonly run: (call: ExternalCall<ArgumentValues<S>>) => Promise<Result>
}

/** `attempts` of the outside call, each at most `timeoutMs` milliseconds; an approval stays open for `approvalMs`. */
export type ActionLimits = { readonly attempts: number; readonly timeoutMs: number; readonly approvalMs: number }

/**
 * Declares an action with an external effect. Throws ACTION_INVALID where an argument says not what it accepts, a choice
 * is narrowed or a total kept by an argument that does not exist, or two limits of an argument have one name.
 *
 * @example
 * const notify = action('mail.send', { version: 1, arguments: { to: z.string() }, accepts: { to: trusted() }, … })
 */
export function action<const S extends ArgumentSchemas, Result>(
  name: string,
  declaration: Omit<Action<S, Result>, 'name' | 'accepts' | 'limits' | 'influence'> & {
    readonly accepts: { readonly [K in keyof S]: Accepts }
    readonly limits?: Partial<ActionLimits>
    readonly influence?: number
  },
): Action<S, Result> {
  if (!/^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*$/.test(name)) refuse(name, 'a name has lower-case words, joined by points or hyphens')
  if (!Number.isInteger(declaration.version) || declaration.version < 1)
    refuse(name, 'the version must be a whole number of at least 1')
  const argumentNames = Object.keys(declaration.arguments)
  for (const argument of argumentNames) {
    const accepts = declaration.accepts[argument]
    if (accepts === undefined) refuse(name, `argument \`${argument}\` does not say what it accepts`)
    if (accepts?.kind === 'bounded') checkWindows(name, argument, accepts, argumentNames)
    if (accepts?.kind === 'choice')
      for (const narrowing of Object.values(accepts.where))
        if (!argumentNames.includes(narrowing))
          refuse(name, `argument \`${argument}\` is narrowed by \`${narrowing}\`, which is no argument`)
  }
  return {
    ...declaration,
    name,
    limits: { attempts: 5, timeoutMs: 10_000, approvalMs: 3 * 24 * 3_600_000, ...declaration.limits },
    influence: declaration.influence ?? 0,
    accepts: declaration.accepts,
  }
}

// Totals are kept under the name of their window and the values of arguments: neither may be unclear.
function checkWindows(name: string, argument: string, { per }: Bounded, argumentNames: readonly string[]): void {
  for (const [index, window] of per.entries()) {
    if (window.name === 'call' || per.findIndex((other) => other.name === window.name) !== index)
      refuse(name, `argument \`${argument}\` has two limits that are named \`${window.name}\``)
    const unknown = window.key.find((part) => !argumentNames.includes(part))
    if (unknown !== undefined) refuse(name, `limit \`${window.name}\` is kept by \`${unknown}\`, which is no argument`)
  }
}

function refuse(name: string, message: string): never {
  throw new PaybillError('ACTION_INVALID', `action \`${name}\`: ${message}`)
}
