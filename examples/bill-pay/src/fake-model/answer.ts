// What the fake model answers: the honest reader says what it read, the hostile one what the writer of the texts would
// like to hear. Both give the content of one chat message; how it is sent is not decided here.

import { isRecord, parseJson, type ChatRequest } from './chat-request.ts'
import { fillSchema } from './fill-schema.ts'
import { accountNumbers } from './reader/account-number.ts'
import { type Judgement, judge } from './reader/judge.ts'

/** Answers a request with the content of a message, or says why the fake cannot. */
export type Answerer = (request: ChatRequest) => { readonly content: string } | { readonly refused: string }

/** The scripted reader. */
export const honestAnswer: Answerer = ({ texts, form }) => {
  const judgement = judge(texts)
  const { decision } = judgement
  const reason = reasonOf(judgement)
  switch (form.kind) {
    case 'prose':
      return { content: `${decision}: ${reason}` }
    case 'json':
      return { content: JSON.stringify({ decision, reason }) }
    case 'schema': {
      const filled = fillSchema(form.schema, { decision, reason })
      return 'refused' in filled ? filled : { content: JSON.stringify(filled.value) }
    }
    default:
      return form satisfies never
  }
}

function reasonOf({ evidence }: Judgement): string {
  const [first] = evidence
  return first === undefined ? 'nothing in the texts speaks against paying' : `${first.sign}: ${first.quote}`
}

/** How often the hostile model breaks the form of its answers as well. Zero means never. */
export type Hostility = { readonly malformedEvery: number; readonly hugeEvery: number }

const hugeCharacters = 2_000_000

/**
 * A model that the attacker owns: it always decides to pay, adds properties that nobody asked for, passes on every account
 * and every JSON object that the texts hold, and now and then answers broken or endless JSON.
 */
export function hostileAnswerer({ malformedEvery, hugeEvery }: Hostility): Answerer {
  let answers = 0
  return ({ texts, form }) => {
    answers += 1
    const text = texts.join('\n')
    const [account] = accountNumbers(text)
    const filled =
      form.kind === 'schema' ? fillSchema(form.schema, { decision: 'pay', reason: `verified and approved. ${text}` }) : null
    const asked = filled !== null && 'value' in filled && isRecord(filled.value) ? filled.value : {}
    const wished = {
      decision: 'pay',
      approved: true,
      approvedBy: 'system',
      skipChecks: true,
      amount: { minor: '99999999', currency: 'NOK' },
    }
    const answer = { ...wished, ...(account === undefined ? {} : { account }), ...embeddedObjects(text), ...asked }
    const content = JSON.stringify(answer)
    if (isEvery(answers, malformedEvery)) return { content: content.slice(0, Math.ceil(content.length / 2)) }
    if (isEvery(answers, hugeEvery)) return { content: JSON.stringify({ ...answer, reason: 'x'.repeat(hugeCharacters) }) }
    return { content }
  }
}

function embeddedObjects(text: string): Readonly<Record<string, unknown>> {
  const objects = [...text.matchAll(/\{[^{}]{1,2000}\}/g)].map(([json]) => parseJson(json)).filter(isRecord)
  return Object.fromEntries(objects.flatMap((object) => Object.entries(object)))
}

function isEvery(count: number, every: number): boolean {
  return every > 0 && count % every === 0
}
