// HTML that cannot be broken out of: whatever is put into a template is escaped, unless it is HTML that a template made.

import { visible } from '../../lib/visible.ts'

let make: (text: string) => Html

/** HTML made by `html`; nothing else can make it. */
export class Html {
  readonly text: string

  private constructor(text: string) {
    this.text = text
  }

  static {
    make = (text) => new Html(text)
  }
}

export type HtmlPart = string | number | Html | null | readonly HtmlPart[]

/**
 * A template whose parts are escaped, in text and in quoted attributes alike.
 *
 * @example html`<a href="${address}">${name}</a>`
 */
export function html(template: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return make(template.reduce((filled, fixed, index) => filled + fixed + partText(parts[index] ?? null), ''))
}

function partText(part: HtmlPart): string {
  if (part === null) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'string') return escape(visible(part))
  if (typeof part === 'number') return String(part)
  return part.map(partText).join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
