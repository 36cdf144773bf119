// Finds text that imitates the messages between programs: turns of a conversation, markers of a prompt, answers in JSON.
// An honest supplier has no reason to write any of them on an invoice.

import { isTelling } from './language-reader.ts'

const turn =
  /(?:^|\n)[^\p{L}\n]{0,8}(?:system|assistant|developer|ai|agent|bot)(?:\s+(?:message|prompt|note|override|notice|instruction))?[^\p{L}\n:]{0,6}:(.{0,400})/giu
const markers =
  /<\|[a-z_]{2,20}\|>|\[\/?(?:inst|system|assistant)\]|<<\/?sys>>|<\/?(?:system|assistant|instructions?|untrusted|texts?|prompt|admin)>|#{2,}\s*(?:system|instructions?|response|assistant|new task)|\b(?:begin|end) (?:of )?(?:the )?(?:system|admin|untrusted|prompt|instructions?|invoice text|user input|document)\b|\bsystem\s+(?:override|prompt|message|instruction|notice|command)s?\b/iu
const answer =
  /["'“](?:decision|verdict|role|approved?|action|tool|function|tool_calls|result)["'”]\s*[:=]|\b(?:decision|verdict)\s*[:=]\s*["'“]?(?:pay|approved?|paid|release|ok)\b|\{\s*["'“]?(?:decision|pay|approved|status)["'”]?\s*:/iu

/** What a text imitates, and the words that do. */
export function imitations(text: string): readonly { readonly sign: string; readonly quote: string }[] {
  const [marker] = markers.exec(text) ?? []
  const [fakeAnswer] = answer.exec(text) ?? []
  // A line may begin with "System:" and name a heating system. It is a turn if it goes on about paying or about rules.
  const turns = [...text.matchAll(turn)].filter(([, said = '']) => isTelling(said)).map(([whole]) => whole)
  return [
    marker === undefined ? [] : [{ sign: 'imitates a prompt', quote: marker }],
    fakeAnswer === undefined ? [] : [{ sign: 'imitates an answer', quote: fakeAnswer }],
    turns.map((quote) => ({ sign: 'imitates a turn of a conversation', quote })),
  ].flat()
}
