// An attempt to learn something of another tenant, and how its answer is judged. Every attempt says what is promised of it,
// so that the same list that is counted as tried is the one that a reader of docs/isolation.md can follow.

import { assert } from 'paybill/lib'
import type { Answer } from './answer.ts'

/** Through what somebody tries. */
export const methods = ['connection', 'sql', 'session', 'row-security', 'statistics', 'control-plane'] as const

export type Method = (typeof methods)[number]

/** `sent` are the values that the question itself holds: what comes back of them is no news. */
export type Question = { readonly sent: readonly string[]; readonly ask: () => Promise<Answer> }

export type Attempt = Question & {
  readonly method: Method
  /** What is tried, without values. */
  readonly attempt: string
  readonly promise: Promised
}

/** What is promised of an answer. In none of them, but the last, may anything of the other tenant be seen. */
export type Promised =
  | { readonly kind: 'nothing-seen' }
  | { readonly kind: 'refused' }
  /** The question is for a truth value, and the answer is no. */
  | { readonly kind: 'does-not-hold' }
  /** The answer is the same as to the question for something that nobody has. */
  | { readonly kind: 'no-difference'; readonly missing: Question }
  | { readonly kind: 'none'; readonly reason: string }

/** A value that stands in the other tenant's rows and nowhere else, and where it stands. */
export type Marker = { readonly value: string; readonly where: string }

/** `seen` says what was learned, and never the value itself. */
export type Leak = { readonly method: Method; readonly attempt: string; readonly seen: string }

/** What is tried and shown although it is not promised; `seen` is null where nothing was learned. */
export type OutOfPromise = {
  readonly method: Method
  readonly attempt: string
  readonly reason: string
  readonly seen: string | null
}

export type Outcome = {
  readonly attempts: number
  readonly byMethod: Readonly<Record<Method, number>>
  readonly leaks: readonly Leak[]
  readonly outOfPromise: readonly OutOfPromise[]
  /** Attempts that nobody answered, such as one that took too long. They do not count. */
  readonly unanswered: readonly string[]
}

/**
 * Makes all attempts, one after the other, and judges each. What is not promised is made too, and does not count.
 * `untilLeak` ends with the first leak.
 */
export async function attemptAll(
  attempts: readonly Attempt[],
  of: { readonly markers: readonly Marker[]; readonly untilLeak: boolean },
): Promise<Outcome> {
  const leaks: Leak[] = []
  const outOfPromise: OutOfPromise[] = []
  const unanswered: string[] = []
  const byMethod = Object.fromEntries(methods.map((method) => [method, 0])) as Record<Method, number> // a key for each method
  for (const one of attempts) {
    if (of.untilLeak && leaks.length > 0) break
    const { method, attempt, promise } = one
    const seen = await learned(one, of.markers)
    if (seen === 'unanswered') {
      unanswered.push(`${method}: ${attempt}`)
      continue
    }
    if (promise.kind === 'none') {
      outOfPromise.push({ method, attempt, reason: promise.reason, seen: seen === null ? null : seen.learned })
      continue
    }
    byMethod[method] += 1
    if (seen !== null) leaks.push({ method, attempt, seen: seen.learned })
  }
  const made = Object.values(byMethod).reduce((sum, count) => sum + count, 0)
  return { attempts: made, byMethod, leaks, outOfPromise, unanswered }
}

type Seen = { readonly learned: string } | 'unanswered' | null

async function learned(one: Attempt, markers: readonly Marker[]): Promise<Seen> {
  const answer = await one.ask()
  assert(answer.kind !== 'malformed', `the attempt \`${one.attempt}\` can be understood, so that its refusal says something`)
  const marker = markers.find(({ value }) => !one.sent.includes(value) && answer.text.includes(value))
  if (marker !== undefined) return { learned: `the marker of ${marker.where}` }
  if (answer.kind === 'unanswered') return 'unanswered'
  const isAllowed = answer.kind === 'answered'
  switch (one.promise.kind) {
    case 'nothing-seen':
      return null
    case 'refused':
      return isAllowed ? { learned: 'it was allowed' } : null
    case 'does-not-hold':
      if (!isAllowed) return 'unanswered'
      return /^f$/m.test(answer.text) ? null : { learned: 'it holds' }
    case 'none':
      return isAllowed ? { learned: 'it was answered' } : null
    case 'no-difference': {
      const { missing } = one.promise
      const other = await missing.ask()
      if (other.kind === 'unanswered') return 'unanswered'
      const pairs = one.sent.map((sent, index) => [sent, missing.sent[index] ?? ''] as const)
      const isSame = alike(answer.text, one.sent, pairs) === alike(other.text, missing.sent, pairs)
      return isSame && answer.kind === other.kind ? null : { learned: 'another answer than for what nobody has' }
    }
    default:
      return one.promise satisfies never
  }
}

// Both answers with the values that were asked for taken out, where those differ.
function alike(text: string, sent: readonly string[], pairs: readonly (readonly [string, string])[]): string {
  return sent.reduce((text, value, index) => {
    const [left, right] = pairs[index] ?? ['', '']
    return left === right || value === '' ? text : text.replaceAll(value, `<${index}>`)
  }, text)
}
