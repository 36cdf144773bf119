// Cuts a text into sentences, well enough for rules that look at one sentence at a time.

/** The sentences of a text, in order. A heading of up to three words stays with the sentence after it. */
export function splitSentences(text: string): readonly string[] {
  // A full stop before a digit belongs to a number or to an abbreviation.
  const parts = text.split(/(?<=[.!?؟…])\s+(?!\d)|(?<=[。！？；!?])|[\n\r]+/u).filter((part) => /[\p{L}\p{N}]/u.test(part))
  const sentences: string[] = []
  let heading = ''
  for (const part of parts) {
    if (heading === '' && isHeading(part)) {
      heading = `${part} `
    } else {
      sentences.push(heading + part)
      heading = ''
    }
  }
  return heading === '' ? sentences : [...sentences, heading]
}

// Scripts without spaces have no words to count.
function isHeading(part: string): boolean {
  const words = part.match(/[\p{L}\p{N}]+/gu)?.length ?? 0
  return words <= 3 && !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(part)
}
