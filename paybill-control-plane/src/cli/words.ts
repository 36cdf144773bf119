// The words of a command: options, and what stands without one. Whatever is not asked for is refused, never left out.

import { parseArgs } from 'node:util'
import { PaybillError, visible } from 'paybill/lib'

type Option = { readonly type: 'string' | 'boolean' }
type Values<O extends Readonly<Record<string, Option>>> = {
  readonly [K in keyof O]?: O[K]['type'] extends 'boolean' ? boolean : string
}

const everywhere = { json: { type: 'boolean' }, url: { type: 'string' } } as const

export type Words<O extends Readonly<Record<string, Option>>> = {
  readonly options: Values<O & typeof everywhere>
  /** As many as the command takes. */
  readonly names: readonly string[]
}

/** Throws ARGUMENT_INVALID. `names` says what each word without an option is. */
export function readWords<const O extends Readonly<Record<string, Option>>>(
  words: readonly string[],
  form: { readonly command: string; readonly options?: O; readonly names?: readonly string[] },
): Words<O> {
  const { command, options, names = [] } = form
  const { values, positionals } = parse(words, { ...options, ...everywhere })
  const missing = names[positionals.length]
  if (missing !== undefined) throw wrong(`\`${command}\` needs ${missing}`)
  if (positionals.length > names.length)
    throw wrong(`\`${command}\` was given \`${visible(positionals[names.length] ?? '')}\` too much`)
  // The parser gives what the options were declared as.
  return { options: values as Values<O & typeof everywhere>, names: positionals }
}

function parse(words: readonly string[], options: Readonly<Record<string, Option>>) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (cause) {
    // Node's own text goes on with advice; its first sentence names the mistake.
    const [first = ''] = (cause instanceof Error ? cause.message : String(cause)).split('. ')
    throw wrong(visible(first.replaceAll("'", '`')), cause)
  }
}

/** The command was written wrongly. */
export function wrong(message: string, cause?: unknown): PaybillError {
  return new PaybillError('ARGUMENT_INVALID', message, { cause })
}

/** One of a list of words. Throws ARGUMENT_INVALID naming them. */
export function oneOf<const W extends string>(given: string | undefined, words: readonly W[], what: string): W {
  const found = words.find((word) => word === given)
  if (found !== undefined) return found
  const shown = given === undefined ? 'is missing' : `\`${visible(given)}\` is none`
  throw wrong(`${what} ${shown}: it is one of ${words.join(', ')}`)
}

/** A word that must be there. */
export function needed(value: string | undefined, option: string): string {
  if (value === undefined || value === '') throw wrong(`\`--${option}\` is missing`)
  return value
}

/** A whole number of at least one. */
export function count(value: string, option: string): number {
  if (/^[1-9]\d{0,6}$/.test(value)) return Number(value)
  throw wrong(`\`--${option} ${visible(value)}\` is no whole number of at least 1`)
}

const unitMs = { h: 3_600_000, d: 86_400_000 } as const

/** A span such as `45d` or `12h`, in milliseconds. */
export function spanMs(text: string): number {
  const [, number, unit] = /^([1-9]\d{0,4})([hd])$/.exec(text) ?? []
  if (number === undefined || (unit !== 'h' && unit !== 'd'))
    throw wrong(`\`${visible(text)}\` is no span of time: write \`45d\` or \`12h\``)
  return Number(number) * unitMs[unit]
}
