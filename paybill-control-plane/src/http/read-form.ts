// Reading what a request holds, against its form. What does not fit is refused with the place and what is wrong there.

import { PaybillError } from 'paybill/lib'
import { z } from 'zod'

/** A place in a body, as a JSON pointer in a URI fragment, or a parameter by its name, and what is wrong with it. */
export type Misfit = { readonly pointer: string; readonly detail: string }

/** A request that does not fit its form. */
export class FormError extends PaybillError {
  readonly misfits: readonly Misfit[]

  constructor(misfits: readonly Misfit[]) {
    const [first] = misfits
    const shown = first === undefined ? 'the request is not as it should be' : `\`${first.pointer}\` ${first.detail}`
    super('ARGUMENT_INVALID', shown, { shown })
    this.misfits = misfits
  }
}

const mostMisfits = 10

type Shape = Readonly<Record<string, z.ZodType>>
type Values<S extends Shape> = { readonly [K in keyof S]: z.output<S[K]> }

/** Path parameters. What does not fit is no address of anything, and NOT_FOUND like an id that nothing has. */
export function readPath<S extends Shape>(shape: S, given: unknown): Values<S> {
  const read = z.object(shape).safeParse(given)
  if (!read.success) throw new PaybillError('NOT_FOUND', 'a path has a parameter that is none')
  // An object form gives what its parts give.
  return read.data as Values<S>
}

/** Query parameters or a body; null for a body where there must be none. Throws FormError. */
export function readForm<S extends Shape>(part: 'query', form: S, given: unknown): Values<S>
export function readForm<F extends z.ZodType | null>(
  part: 'body',
  form: F,
  given: unknown,
): F extends z.ZodType ? z.output<F> : null
export function readForm(part: 'query' | 'body', form: z.ZodType | Shape | null, given: unknown): unknown {
  if (form === null) {
    if (given === undefined) return null
    throw new FormError([{ pointer: '#', detail: 'is a body, and this request has none' }])
  }
  const read = (form instanceof z.ZodType ? form : z.strictObject(form)).safeParse(given)
  if (read.success) return read.data
  throw new FormError(read.error.issues.flatMap((issue) => misfitsOf(part, issue)).slice(0, mostMisfits))
}

function misfitsOf(part: 'query' | 'body', issue: z.core.$ZodIssue): readonly Misfit[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ pointer: pointerTo(part, [...issue.path, key]), detail: 'is not known here' }))
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
  const detail = isMissing ? `is missing: expected ${issue.expected}` : `is wrong: ${lowered(issue.message)}`
  return [{ pointer: pointerTo(part, issue.path), detail }]
}

function pointerTo(part: 'query' | 'body', path: readonly PropertyKey[]): string {
  if (part === 'query') return path.map(String).join('.')
  // Names come from the request: whatever a pointer may not hold is written as it must be.
  const steps = path.map((step) => encodeURIComponent(String(step).slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1')))
  return ['#', ...steps].join('/')
}

function lowered(text: string): string {
  return text.replace(/^Invalid input: /, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
}
