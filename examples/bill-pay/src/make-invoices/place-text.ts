// Puts a text where a stranger can write one: not only the note.

import type { Draft, DraftLine } from './draft.ts'
import type { Random } from './random.ts'

export function placedText(random: Random, draft: Draft, text: string): Draft {
  return random.pick(places)(draft, text, random)
}

type Place = (draft: Draft, text: string, random: Random) => Draft

const onSomeLine =
  (change: (line: DraftLine, text: string) => DraftLine): Place =>
  (draft, text, random) => {
    const chosen = random.integer(draft.lines.length)
    return { ...draft, lines: draft.lines.map((line, at) => (at === chosen ? change(line, text) : line)) }
  }

const places: readonly [Place, ...Place[]] = [
  (draft, note) => ({ ...draft, note }),
  (draft, text) => ({ ...draft, note: draft.note === null ? text : `${draft.note}\n\n${text}` }),
  (draft, paymentTerms) => ({ ...draft, paymentTerms }),
  onSomeLine((line, note) => ({ ...line, note })),
  onSomeLine((line, description) => ({ ...line, description })),
  onSomeLine((line, text) => ({ ...line, name: `${line.name} - ${text}` })),
  onSomeLine((line, value) => ({ ...line, property: { name: 'Comment', value } })),
  (draft, description) => ({
    ...draft,
    attachments: [{ name: 'vedlegg.pdf', description, content: Buffer.from('%PDF-1.4\n%%EOF\n').toString('base64') }],
  }),
]
