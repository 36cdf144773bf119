// Carries an action out: through the door, then the call itself, then the result. Between intent and result anything may
// crash; what happens then is what the action declared.

import type { Action } from '../action/action.ts'
import { Labeled, reveal } from '../label/labeled.ts'
import { assert } from '../lib/assert.ts'
import { type ErrorCode, errorLine, PaybillError } from '../lib/errors.ts'
import { pause } from '../lib/pause.ts'
import { within } from '../lib/within.ts'
import type { Entry } from '../journal/entry.ts'
import { ApprovalVoid, invoke } from '../invoke/invoke.ts'
import type { Append, Door } from '../invoke/door.ts'
import type { ActionNode, Scope } from '../workflow/node.ts'
import type { Label } from '../label/label.ts'
import { Parked, Stalled } from './interruption.ts'

const refusalLimit = 5
const callLimit = 5

export async function performAction(
  door: Door,
  leaf: {
    readonly path: string
    readonly node: ActionNode
    readonly scope: Scope
    readonly control: Label
    readonly past: readonly Entry[]
    readonly signal: AbortSignal
  },
): Promise<void> {
  const { path, node, past } = leaf
  const intent = past.findLast((entry) => entry.kind === 'action.intent')
  if (intent !== undefined) return recover(door, leaf, readIntent(intent))

  const decided = past.findLast((entry) => entry.kind === 'approval.decided')
  if (decided !== undefined && decided.payload['outcome'] !== 'approved') {
    const why = whyNotApproved(decided)
    return door.transaction((_tx, append) => refuse(append, path, node.action, why))
  }
  const values = node.values(leaf.scope as never) // the builder checked that the scope fits
  const allowed = { actions: [node.action.name], calls: callLimit, refusals: refusalLimit }
  try {
    const approval = decided === undefined ? null : String(decided.payload['approval'])
    const verdict = await invoke(door, { path, action: node.action, allowed, values, control: leaf.control, approval })
    if (verdict.kind === 'intent') await call(door, leaf, verdict, { verifyFirst: false })
  } catch (error) {
    if (!(error instanceof ApprovalVoid)) throw passesByItself(error, leaf.signal) ? new Stalled(errorLine(error)) : error
    const { code, message } = error.why
    await door.transaction((_tx, append) => refuse(append, path, node.action, { code, reason: message }))
  }
}

type Why = { readonly code: ErrorCode; readonly reason: string }

// Whoever let the time run out has refused nothing: the two are told apart, for people and for what follows in the graph.
function whyNotApproved({ payload }: Entry): Why {
  if (payload['outcome'] === 'refused') return { code: 'APPROVAL_REFUSED', reason: 'the approval was refused' }
  const reason = payload['by'] === null ? 'nobody decided on the approval in time' : 'the approval ran out before it was used'
  return { code: 'APPROVAL_EXPIRED', reason }
}

// Before an intent nothing has happened outside: what the world did wrong is tried again later, and fails nothing for good.
function passesByItself(error: unknown, signal: AbortSignal): boolean {
  if (signal.aborted || error instanceof Stalled || error instanceof Parked) return false
  if (!(error instanceof PaybillError)) return true
  if (error.code === 'FENCE_LOST' || error.code.startsWith('DATABASE_')) return false
  return error.status >= 500 || error.code === 'LIMIT_TIME' || error.code === 'CONFLICT'
}

function refuse(append: Append, path: string, action: Action, why: Why): Promise<void> {
  return append('action.refused', path, {
    action: action.name,
    version: action.version,
    ...why,
    argument: null,
    origins: [],
    writers: [],
  })
}

type Intent = { readonly values: Readonly<Record<string, unknown>>; readonly idempotencyKey: string }
type Leaf = { readonly path: string; readonly node: ActionNode; readonly signal: AbortSignal }

function readIntent(entry: Entry): Intent {
  const { values, idempotencyKey } = entry.payload
  assert(typeof values === 'object' && values !== null, 'an intent holds its values')
  const plain = Object.entries(values).map(
    ([name, value]: [string, unknown]) => [name, value instanceof Labeled ? reveal(value) : value] as const,
  )
  return { values: Object.fromEntries(plain), idempotencyKey: String(idempotencyKey) }
}

// The intent was written, the result was not: nobody knows whether the effect took place.
async function recover(door: Door, leaf: Leaf, intent: Intent): Promise<void> {
  switch (leaf.node.action.recovery.kind) {
    case 'retry':
      return call(door, leaf, intent, { verifyFirst: false })
    case 'verify':
      return call(door, leaf, intent, { verifyFirst: true })
    case 'park':
      throw outcomeUnknown(leaf)
    default:
      return leaf.node.action.recovery satisfies never
  }
}

function outcomeUnknown(leaf: Leaf): Parked {
  return new Parked(`\`${leaf.node.action.name}\` at \`${leaf.path}\` was begun and its outcome is not known`)
}

async function call(door: Door, leaf: Leaf, intent: Intent, options: { readonly verifyFirst: boolean }): Promise<void> {
  const { action } = leaf.node
  const late = (): PaybillError => new PaybillError('EXTERNAL_FAILED', `\`${action.name}\` did not answer in time`)
  let verify = options.verifyFirst
  let last: unknown
  for (let attempt = 1; attempt <= action.limits.attempts; attempt += 1) {
    leaf.signal.throwIfAborted()
    const signal = AbortSignal.any([leaf.signal, AbortSignal.timeout(action.limits.timeoutMs)])
    const external = { values: intent.values, idempotencyKey: intent.idempotencyKey, signal }
    try {
      const found =
        verify && action.recovery.kind === 'verify' ? await within(signal, action.recovery.find(external as never), late) : null
      // Values were checked against this very action's arguments.
      const result = found ?? (await within(signal, action.run(external as never), late))
      const answer = new Labeled(result, { origins: [], writers: [`ext:${action.recipient}`], influence: {} })
      return await door.transaction((_tx, append) =>
        append('action.done', leaf.path, { action: action.name, result: answer, verified: found !== null, attempt }),
      )
    } catch (error) {
      if (error instanceof PaybillError && error.code === 'FENCE_LOST') throw error
      leaf.signal.throwIfAborted()
      // It may have happened all the same; whoever declared `park` wants a person to find out before it is tried again.
      if (action.recovery.kind === 'park') throw outcomeUnknown(leaf)
      last = error
      verify = true
      await pause(50 * 2 ** attempt, leaf.signal)
    }
  }
  throw new Stalled(`\`${action.name}\` at \`${leaf.path}\`: ${errorLine(last)}`)
}
