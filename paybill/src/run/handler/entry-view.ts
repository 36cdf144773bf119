// An entry of a run's history as a sentence, with what stands behind it: a refusal with its reason and origins, and the
// labelled values that it carried.

import { type ErrorCode, errorCodes } from '../../lib/errors.ts'
import type { Entry } from '../../journal/entry.ts'
import { compensatedPath } from '../../workflow/compensation.ts'
import { labelledValues, type ValueView } from './value.ts'
import type { Viewer } from '../viewer.ts'

/** How an entry bears on the run: as expected, an effect outside, a person's turn, stopped by a guard, gone wrong. */
export type EntryTone = 'plain' | 'effect' | 'asked' | 'refused' | 'failed'

export type RefusalView = {
  readonly code: string
  /** What can be done about it. */
  readonly fix: string
  readonly reason: string
  readonly argument: string | null
  readonly origins: readonly string[]
  readonly writers: readonly string[]
}

export type EntryView = {
  readonly number: number
  readonly at: string
  readonly kind: Entry['kind']
  readonly path: string
  readonly tone: EntryTone
  /** Names stand in backticks. */
  readonly sentence: string
  readonly approval: string | null
  readonly refusal: RefusalView | null
  readonly values: readonly ValueView[]
}

const maxValues = 40

export function entryView(viewer: Viewer, entry: Entry): EntryView {
  const { number, kind, path, payload } = entry
  const approval = payload['approval']
  return {
    number,
    at: entry.at.toISOString(),
    kind,
    path,
    ...said(entry),
    approval: typeof approval === 'string' ? approval : null,
    refusal: kind === 'action.refused' ? refusalView(entry) : null,
    values: valuesOf(viewer, entry),
  }
}

function said(entry: Entry): { readonly tone: EntryTone; readonly sentence: string } {
  const { payload } = entry
  const undone = compensatedPath(entry.path)
  const name = (undone ?? entry.path).slice((undone ?? entry.path).lastIndexOf('/') + 1)
  const toUndo = undone === null ? '' : ` to undo \`${name}\``
  const word = (key: string): string => wordOf(payload[key])
  switch (entry.kind) {
    case 'run.started': {
      const agent = payload['agent'] === null ? '' : ` for the agent \`${word('agent')}\``
      return { tone: 'plain', sentence: `\`${word('startedBy')}\` started \`${entry.path}\`${agent}` }
    }
    case 'step.done':
      return { tone: 'plain', sentence: `\`${name}\` is ${undone === null ? 'done' : 'undone'}` }
    case 'branch.chosen':
      return { tone: 'plain', sentence: `\`${name}\` goes the way \`${word('to')}\`` }
    case 'each.expanded':
      return { tone: 'plain', sentence: `\`${name}\` goes through ${lengthOf(payload['items'])} items` }
    case 'decide.asked':
      return { tone: 'plain', sentence: `the model \`${word('model')}\` is asked for \`${name}\` (attempt ${word('attempt')})` }
    case 'decide.failed':
      return { tone: 'failed', sentence: `attempt ${word('attempt')} of the model gave none of the answers` }
    case 'decide.done':
      return payload['fallback'] === true
        ? { tone: 'failed', sentence: `the model gave no answer to \`${name}\`; the declared one stands` }
        : { tone: 'plain', sentence: `the model answered \`${name}\`` }
    case 'action.intent':
      return {
        tone: 'effect',
        sentence: `all guards let \`${word('action')}\` go to \`${word('recipient')}\`${approved(payload)}${toUndo}`,
      }
    case 'action.done': {
      const how = payload['verified'] === true ? ' (found there after an interruption, not done twice)' : ''
      const what = undone === null ? '' : `; \`${name}\` is undone`
      return { tone: 'effect', sentence: `\`${word('action')}\` was carried out${how}${what}` }
    }
    case 'action.refused':
      return { tone: 'refused', sentence: `\`${word('action')}\`${toUndo} was refused: ${word('reason')}` }
    case 'action.asked':
      return { tone: 'asked', sentence: `a person is asked before \`${word('action')}\` may run${toUndo}` }
    case 'approval.asked':
      return { tone: 'asked', sentence: `a person is asked at \`${name}\`` }
    case 'approval.decided':
      return { tone: 'asked', sentence: decidedSentence(payload) }
    case 'approval.done':
      return { tone: 'plain', sentence: `\`${name}\` ended: ${word('outcome')}` }
    case 'leaf.failed':
      return {
        tone: 'failed',
        sentence: `${undone === null ? '' : 'undoing '}\`${name}\` failed: ${word('code')}; ${fixOf(word('code'))}`,
      }
    case 'run.ended':
      return { tone: payload['status'] === 'finished' ? 'plain' : 'failed', sentence: `the run ended: ${word('status')}` }
    default:
      return entry.kind satisfies never
  }
}

function approved(payload: Entry['payload']): string {
  return typeof payload['approval'] === 'string' ? ', as a person approved' : ''
}

function decidedSentence(payload: Entry['payload']): string {
  const { outcome, by } = payload
  if (outcome !== 'expired') return `\`${String(by)}\` ${String(outcome)} it`
  return by === null ? 'nobody decided in time' : `\`${wordOf(by)}\` approved it, and it ran out before it was used`
}

function refusalView(entry: Entry): RefusalView {
  const { code, reason, argument, origins, writers } = entry.payload
  return {
    code: String(code),
    fix: fixOf(String(code)),
    reason: String(reason),
    argument: typeof argument === 'string' ? argument : null,
    origins: texts(origins),
    writers: texts(writers),
  }
}

function valuesOf(viewer: Viewer, entry: Entry): readonly ValueView[] {
  const { payload, kind } = entry
  if (kind === 'step.done') return labelledValues(viewer, payload['result'], '', maxValues)
  if (kind === 'decide.done') return labelledValues(viewer, payload['answer'], 'answer', maxValues)
  if (kind === 'action.intent') return labelledValues(viewer, payload['values'], '', maxValues)
  if (kind === 'action.done') return labelledValues(viewer, payload['result'], 'answer', maxValues)
  return []
}

// What the runtime writes under these names are words and numbers; a journal that holds something else is still shown.
function wordOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?'
}

function fixOf(code: string): string {
  return Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode].fix : '' // an own key of the table is a code
}

function lengthOf(items: unknown): number {
  return Array.isArray(items) ? items.length : 0
}

function texts(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.map(String) : []
}
