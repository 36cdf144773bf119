import { array, assert, constantFrom, integer, oneof, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { html } from '../../src/run/handler/html.ts'
import { distance, grouped, marked } from '../../src/run/handler/layout.ts'
import { styleElement, styleSource } from '../../src/run/handler/style.ts'
import { moneyOf, shownText } from '../../src/run/handler/value.ts'
import { shorten, visible } from '../../src/lib/visible.ts'
import { sha256 } from '../../src/lib/hash.ts'
import { encodeCanonical } from '../../src/lib/canonical.ts'

test('no text breaks out of an element or a quoted attribute', () => {
  const text = oneof(
    array(integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    string(),
    constantFrom('"><script>alert(1)</script>', "' onmouseover='x", '</style><img src=x onerror=x>', '&lt;b&gt;'),
  )
  assert(
    property(text, (hostile) => {
      const page = html`<a title="${hostile}">${hostile}</a>`.text
      expect(page).toMatch(/^<a title="[^<>"']*">[^<>"']*<\/a>$/)
    }),
    { numRuns: 300 },
  )
})

test('HTML that a template made is put in as it is, in lists and nested too', () => {
  const items = ['<a>', 'b'].map((name) => html`<b>${name}</b>`)
  expect(html`<i>${items}${null}${3}</i>`.text).toBe('<i><b>&lt;a&gt;</b><b>b</b>3</i>')
})

test.each([
  ['right-to-left override', 'pay \u202E39ON', 'pay ⟨U+202E⟩39ON'],
  ['isolates', '\u2066a\u2069', '⟨U+2066⟩a⟨U+2069⟩'],
  ['zero-width space', 'NO\u200B93', 'NO⟨U+200B⟩93'],
  ['soft hyphen', 'a\u00ADb', 'a⟨U+00AD⟩b'],
  ['tag characters, as used to hide commands', '\u{E0041}', '⟨U+E0041⟩'],
  ['variation selectors', 'a\uFE0F', 'a⟨U+FE0F⟩'],
  ['fillers that look like nothing', '\u3164\u2800', '⟨U+3164⟩⟨U+2800⟩'],
  ['terminal escapes', '\u001B[2J', '⟨U+001B⟩[2J'],
  ['lone surrogates', '\uD800', '⟨U+D800⟩'],
  ['line separators', 'a\u2028b', 'a⟨U+2028⟩b'],
  ['line breaks', 'a\nb\tc', 'a⏎b⇥c'],
])('what cannot be seen is shown: %s', (_name, text, shown) => {
  expect(visible(text)).toBe(shown)
})

test('letters of all scripts, and what people write with them, stay as they are', () => {
  const text = 'Blåbærsyltetøy, Łódź, Ærøskøbing, Київ, 北京, العربية, हिन्दी, 62 500,00 €'
  expect(visible(text)).toBe(text)
})

test('long text says how much of it is not shown', () => {
  expect(shorten('abcdef', 4)).toBe('abcd… (2 more characters)')
  expect(shorten('abcd', 4)).toBe('abcd')
})

test('the policy lets through the style of the page and no other', () => {
  const sheet = /^<style>(.*)<\/style>$/s.exec(styleElement.text)?.[1] ?? ''
  expect(styleSource).toBe(`'sha256-${sha256(sheet).toString('base64')}'`)
})

test('only a canonical amount is read as one', () => {
  const amount = encodeCanonical({ minor: 62_500_00n, currency: 'NOK' })
  expect(shownText(amount)).toBe('62500.00 NOK')
  expect(grouped('62500.00 NOK')).toBe('62\u202F500.00 NOK')
  expect(moneyOf(`${amount} `)).toBeNull()
  expect(moneyOf('{"currency":"NOK","minor":{"$bigint":"1"},"more":1}')).toBeNull()
  expect(grouped('12345')).toBe('12345')
})

test('names in sentences are code, whatever they hold', () => {
  expect(marked('`<b>` is done').text).toBe('<code>&lt;b&gt;</code> is done')
})

test('distances are rounded down to a unit that people use', () => {
  const now = new Date('2026-03-01T12:00:00Z')
  expect(distance(now, '2026-03-04T11:00:00Z')).toBe('in 2 days')
  expect(distance(now, '2026-03-01T11:55:30Z')).toBe('4 minutes ago')
  expect(distance(now, '2026-03-01T12:00:00Z')).toBe('now')
})
