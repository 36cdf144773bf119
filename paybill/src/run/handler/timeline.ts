// The history of a run as people read it: what follows in sequence stands in sequence, and each list is one part to open,
// with the items in it that somebody should look at already open.

import type { EntryTone, EntryView } from './entry-view.ts'
import { html, type Html } from './html.ts'
import { type Frame, marked } from './layout.ts'
import { originText, valueList } from './value-list.ts'

/** Entries in sequence, or all entries of a list and its items. */
type Part =
  | { readonly kind: 'sequence'; readonly entries: EntryView[] }
  | { readonly kind: 'list'; readonly name: string; readonly entries: EntryView[] }

export function timeline(frame: Frame, entries: readonly EntryView[]): readonly Html[] {
  return parts(entries).map((part) =>
    part.kind === 'sequence' ? html`<div class="card">${entryList(frame, part.entries)}</div>` : listText(frame, part),
  )
}

function parts(entries: readonly EntryView[]): readonly Part[] {
  const found: Part[] = []
  for (const entry of entries) {
    const [node = ''] = placeOf(entry)
    const name = node.replace(/\[\d+\]$/, '')
    const isOfList = name !== node || entry.kind === 'each.expanded'
    const last = found.at(-1)
    const part = isOfList
      ? found.find((each) => each.kind === 'list' && each.name === name)
      : last?.kind === 'sequence'
        ? last
        : undefined
    if (part !== undefined) part.entries.push(entry)
    else found.push(isOfList ? { kind: 'list', name, entries: [entry] } : { kind: 'sequence', entries: [entry] })
  }
  return found
}

/** Where in the workflow an entry belongs, from the first node on: without the workflow's own name and version. */
function placeOf(entry: EntryView): readonly string[] {
  return entry.path.split('/').slice(2)
}

function listText(frame: Frame, part: Extract<Part, { kind: 'list' }>): Html {
  const items = Array.from(
    Map.groupBy(part.entries, (entry) => placeOf(entry)[0] ?? ''),
    ([name, entries]) => ({ name, entries }),
  )
  const content = items.map(({ name, entries }) =>
    entries.length === 1 ? entryList(frame, entries) : opened(`item ${name}`, entries, entryList(frame, entries)),
  )
  return opened(part.name, part.entries, html`<div class="items">${content}</div>`)
}

function opened(title: string, entries: readonly EntryView[], content: Html): Html {
  const isOpen = entries.some((entry) => entry.tone !== 'plain' && entry.tone !== 'effect')
  const count = `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`
  return html`<details${isOpen ? html` open` : null}><summary><code>${title}</code> <small>${count}</small>${pills(entries)}</summary>${content}</details>`
}

const pillWords: readonly { readonly tone: EntryTone; readonly word: string; readonly style: string }[] = [
  { tone: 'refused', word: 'refused', style: 'bad' },
  { tone: 'failed', word: 'failed', style: 'bad' },
  { tone: 'asked', word: 'asked', style: 'warn' },
  { tone: 'effect', word: 'effect outside', style: 'good' },
]

function pills(entries: readonly EntryView[]): readonly Html[] {
  return pillWords.flatMap(({ tone, word, style }) =>
    entries.some((entry) => entry.tone === tone) ? [html`<span class="pill ${style}">${word}</span>`] : [],
  )
}

function entryList(frame: Frame, entries: readonly EntryView[]): Html {
  return html`<ol class="entries">
    ${entries.map((entry) => entryText(frame, entry))}
  </ol>`
}

function entryText(frame: Frame, entry: EntryView): Html {
  const values =
    entry.values.length === 0
      ? null
      : html`<details class="behind">
          <summary>${entry.values.length} labelled ${entry.values.length === 1 ? 'value' : 'values'}</summary>
          ${valueList(entry.values)}
        </details>`
  const approval =
    entry.approval === null ? null : html` <a href="${frame.base}/approvals/${entry.approval}">see the approval</a>`
  return html`<li class="tone-${entry.tone}">
    <span class="no">${entry.number}</span>
    <div>
      ${marked(entry.sentence)}${approval} <code class="place">${placeOf(entry).join('/')}</code> ${refusalText(entry)}${values}
    </div>
    <time datetime="${entry.at}">${entry.at.slice(11, 19)}</time>
  </li>`
}

/** The code of a refusal, and where the refused value came from. */
export function refusalText(entry: EntryView): Html | null {
  const { refusal } = entry
  if (refusal === null) return null
  const argument = refusal.argument === null ? null : html`, argument <code>${refusal.argument}</code>`
  return html`<div class="behind">
    <p><code>${refusal.code}</code>${argument}</p>
    ${originText(refusal)}
  </div>`
}
