// Values in a page: what each is, what was checked about it, which cells it came from and who could have written it.

import type { CheckedView } from './approval-view.ts'
import { html, type Html } from './html.ts'
import { grouped, marked } from './layout.ts'
import { cellOf, type Hidden } from '../viewer.ts'
import type { ValueView } from './value.ts'
import { shorten } from '../../lib/visible.ts'

const maxCharacters = 600
const maxOrigins = 6

/** A list of values; those with a check say what it was. */
export function valueList(values: readonly (ValueView & Partial<CheckedView>)[]): Html {
  return html`<dl class="values">
    ${values.map(
      (value) =>
        html`<div>
          <dt>${value.name}</dt>
          <dd>${valueText(value)} ${checkText(value)}${originText(value)}</dd>
        </div>`,
    )}
  </dl>`
}

function checkText(value: Partial<CheckedView>): Html | null {
  if (value.check === undefined) return null
  if (value.asked === true) return html`<p class="asked">! ${marked(value.check)}</p>`
  return html`<p class="check">✓ ${marked(value.check)}</p>`
}

/** The value itself. Isolated, so that its writing direction changes nothing around it. */
function valueText(value: ValueView): Html {
  if (value.value === null) return html`<span class="quiet">${hiddenText(value.hidden)}</span>`
  return html`<bdi class="value">${grouped(shorten(value.value, maxCharacters))}</bdi>`
}

function hiddenText(hidden: Hidden | null): string {
  return hidden === 'sensitive' ? 'not shown: from a sensitive column' : 'not shown: you may not read where it came from'
}

/** Where a value came from: the cells, and who could have written it. */
export function originText(from: { readonly origins: readonly string[]; readonly writers: readonly string[] }): Html | null {
  const { origins, writers } = from
  if (origins.length === 0 && writers.length === 0) return null
  const cells = origins.slice(0, maxOrigins).map((origin, index) => {
    const { table, field, row } = cellOf(origin)
    const place = row === '*' ? 'several rows' : `row ${row.length > 12 ? `${row.slice(0, 8)}…` : row}`
    return html`${index === 0 ? null : ', '}<span title="${origin}"><code>${table}.${field}</code> (${place})</span>`
  })
  const more = origins.length > maxOrigins ? ` and ${origins.length - maxOrigins} more cells` : null
  const source = origins.length === 0 ? null : html`from ${cells}${more}`
  const who =
    writers.length === 0 ? null : html`${source === null ? null : '; '}could be written by ${writersText(origins, writers)}`
  return html`<p class="origin">${source}${who}</p>`
}

// A stranger who wrote through the very cell that is named before needs no second mention of it.
function writersText(origins: readonly string[], writers: readonly string[]): string {
  const fields = new Set(origins.map((origin) => `ext:${origin.slice(0, origin.indexOf('#'))}`))
  const words = writers.map((writer) => (fields.has(writer) ? 'strangers' : writerText(writer)))
  return [...new Set(words)].join(', ')
}

function writerText(writer: string): string {
  const colon = writer.indexOf(':')
  const kind = colon === -1 ? writer : writer.slice(0, colon)
  const name = writer.slice(colon + 1)
  switch (kind) {
    case 'system':
      return 'the system'
    case 'principal':
      return name
    case 'approver':
      return `${name}, who approved`
    case 'role':
      return `whoever has the role ${name}`
    case 'model':
      return `the model ${name}`
    case 'ext':
      return `strangers, through ${name}`
    default:
      return writer
  }
}
