// What all pages share: the frame, and the small pieces that they are made of.

import { html, type Html, type HtmlPart } from './html.ts'
import type { Failure } from './respond.ts'
import { styleElement } from './style.ts'

/** What a page needs to know of its surroundings. `base` is empty, or begins with a slash and does not end with one. */
export type Frame = {
  readonly base: string
  readonly now: Date
  /** Null for a page that nobody is signed in for. */
  readonly as: { readonly id: string; readonly tenant: string } | null
}

export function layout(frame: Frame, title: string, content: HtmlPart): Html {
  const { as, base } = frame
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Paybill</title>
        ${styleElement}
      </head>
      <body>
        <header>
          <strong>Paybill</strong>${
            as === null
              ? null
              : html`<nav><a href="${base}/approvals">Approvals</a><a href="${base}/">Runs</a></nav>
                  <span class="who">signed in as <b>${as.id}</b> of ${as.tenant}</span>`
          }
        </header>
        <main>${content}</main>
      </body>
    </html>`
}

/** The page of an error: its code and what to do. */
export function failurePage(frame: Frame, failure: Failure): Html {
  const signIn =
    failure.code === 'SIGN_IN_REQUIRED'
      ? html`<p>Open your sign-in link, or sign in to the application that this page belongs to.</p>`
      : null
  return layout(
    frame,
    failure.code,
    html`<h1>${failure.code}</h1>
      <div class="stop">
        <p>${sentence(failure.shown)}</p>
        ${signIn}
      </div>
      <p><a href="${frame.base}/">Back to the overview</a></p>`,
  )
}

/** A sentence whose names stand in backticks, with its amounts in groups of digits. */
export function marked(text: string): Html {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : groupedAmounts(part)))}`
}

function groupedAmounts(text: string): string {
  return text.replaceAll(/\b\d+(?:\.\d+)? [A-Z]{3}\b/g, grouped)
}

/** With a capital letter and a full stop, as running text has them. */
export function sentence(text: string): Html {
  const first = text.startsWith('`') ? text : text.charAt(0).toUpperCase() + text.slice(1)
  return html`${marked(first)}${/[.!?]$/.test(text) ? null : '.'}`
}

/** A moment to the second in UTC; with its distance from now where that helps. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`
}

/** How far away a moment is, such as `in 2 days` or `5 minutes ago`, rounded down. */
export function distance(now: Date, iso: string): string {
  const seconds = Math.trunc((new Date(iso).getTime() - now.getTime()) / 1000)
  const size = Math.abs(seconds)
  const [count, unit] = largestUnit(size)
  if (count === 0) return 'now'
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`
  return seconds > 0 ? `in ${words}` : `${words} ago`
}

function largestUnit(seconds: number): readonly [number, string] {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ] as const
  const [size, unit] = units.find(([unitSeconds]) => seconds >= unitSeconds * 2) ?? [1, 'second']
  return [Math.floor(seconds / size), unit]
}

/** An amount with its digits in groups, as people check them: `62 500.00 NOK`. Other text stays as it is. */
export function grouped(text: string): string {
  const match = /^(-?)(\d+)((?:\.\d+)? [A-Z]{3})$/.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', rest = ''] = match
  return `${sign}${whole.replaceAll(/\B(?=(?:\d{3})+$)/g, '\u{202F}')}${rest}`
}
