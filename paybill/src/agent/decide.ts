// A decision by a model that reads untrusted text and can do nothing but choose. Each attempt is charged at its maximum
// before it is made, so that a crash cannot make one free; the answer is recorded once.

import { checkRecipient, checkRecipientRows } from '../invoke/recipients.ts'
import type { Door } from '../invoke/door.ts'
import { sourceOf } from '../invoke/arguments.ts'
import { join, type Label, systemLabel } from '../label/label.ts'
import { Labeled, unwrap } from '../label/labeled.ts'
import { errorLine, PaybillError } from '../lib/errors.ts'
import { pause } from '../lib/pause.ts'
import { within } from '../lib/within.ts'
import type { DecideNode } from '../workflow/node.ts'
import type { Model, ModelText } from './model.ts'

const longestPauseMs = 2_000

/** What the history already knows of this decision: how many attempts were charged. */
export type DecideHistory = { readonly asked: number }

/** The chosen answer, labelled: written by the model, chosen by the texts, worth log2 of the number of answers in bits. */
export async function decide(
  door: Door,
  call: {
    readonly path: string
    readonly node: DecideNode
    readonly texts: readonly unknown[]
    readonly model: Model
    readonly history: DecideHistory
    readonly signal: AbortSignal
  },
): Promise<Labeled<string>> {
  const { node, model, path } = call
  const texts = readTexts(call.texts)
  const label = join(systemLabel, ...texts.map((text) => text.label))
  // Cell by cell: in a joined label many cells of one field stand for all of them, which a provider need not be able to read.
  const cells = { origins: texts.flatMap((text) => text.label.origins) }
  const recipient = door.recipient(model.recipient)
  const refused = checkRecipient(door.rules, { name: model.recipient, principal: recipient }, label, door.now())
  if (refused !== null) throw new PaybillError(refused.code, refused.reason)

  const maxTokens = Math.floor(node.limits.tokens / node.limits.calls)
  for (let asked = call.history.asked; asked < node.limits.calls; asked += 1) {
    await door.transaction(async (tx, append) => {
      const unreadable = recipient === null ? null : await checkRecipientRows(tx, door.rules, recipient, cells, door.now())
      if (unreadable !== null) throw new PaybillError(unreadable.code, unreadable.reason)
      await append('decide.asked', path, {
        model: model.name,
        attempt: asked + 1,
        charged: { tokens: maxTokens },
        ...sourceOf({ value: null, label }),
      })
    })
    const answered = await attempt(call, texts, maxTokens)
    if ('failure' in answered) {
      call.signal.throwIfAborted()
      await door.transaction((_tx, append) => append('decide.failed', path, { attempt: asked + 1, why: answered.failure }))
      // A provider that is away for a moment must not use up all attempts in that moment; a wrong answer needs no wait.
      if (!answered.isAnswered) await pause(Math.min(50 * 2 ** asked, longestPauseMs), call.signal)
      continue
    }
    return door.transaction(async (_tx, append) => {
      const answer = labelAnswer(answered.answer, call, label)
      await append('decide.done', path, { answer, attempt: asked + 1, tokens: answered.tokens, fallback: false })
      return answer
    })
  }
  return door.transaction(async (_tx, append) => {
    // The fallback is a constant of the workflow, yet whether it stands is something that the texts may have brought about.
    const answer = labelAnswer(node.otherwise, call, label)
    await append('decide.done', path, { answer, attempt: node.limits.calls, tokens: null, fallback: true })
    return answer
  })
}

function labelAnswer(
  answer: string,
  call: { readonly path: string; readonly node: DecideNode; readonly model: Model },
  texts: Label,
): Labeled<string> {
  const bits = Math.log2(call.node.answers.length)
  return new Labeled(answer, { origins: texts.origins, writers: [`model:${call.model.name}`], influence: { [call.path]: bits } })
}

async function attempt(
  call: { readonly node: DecideNode; readonly model: Model; readonly signal: AbortSignal },
  texts: readonly ModelText[],
  maxTokens: number,
): Promise<
  { readonly answer: string; readonly tokens: number | null } | { readonly failure: string; readonly isAnswered: boolean }
> {
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(call.node.limits.timeoutMs)])
  const plain = texts.map(({ origin, text }) => ({ origin, text }))
  const { task, answers } = call.node
  const late = (): PaybillError => new PaybillError('MODEL_FAILED', 'the model did not answer in time')
  try {
    const { answer, tokens } = await within(signal, call.model.answer({ task, texts: plain, answers, maxTokens, signal }), late)
    if (typeof answer === 'string' && answers.includes(answer)) return { answer, tokens }
    return { failure: 'MODEL_ANSWER_INVALID: the answer is none of those declared', isAnswered: true }
  } catch (error) {
    const failure = error instanceof PaybillError ? errorLine(error) : 'MODEL_FAILED: the model did not answer'
    return { failure, isAnswered: error instanceof PaybillError && error.code === 'MODEL_ANSWER_INVALID' }
  }
}

function readTexts(values: readonly unknown[]): readonly (ModelText & { readonly label: Label })[] {
  return values.flatMap((value) => {
    const { value: text, label } = unwrap(value, systemLabel)
    if (text === null || text === undefined || text === '') return []
    if (typeof text !== 'string') throw new PaybillError('WORKFLOW_INVALID', 'a decide reads texts only')
    const [origin = ''] = label.origins
    return [{ origin: origin.slice(0, Math.max(origin.indexOf('#'), 0)), text, label }]
  })
}
