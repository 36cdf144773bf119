// Characters that hide or reorder what people read, made visible. Whoever decides must see what is there, not what a
// stranger's text makes it look like.

// Controls, formats (bidi marks, zero-width joiners), lone surrogates, line separators, fillers and variation selectors.
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}]/gu

/** The text with every character that cannot be seen written as its code point: `⟨U+202E⟩`. Line breaks are shown as ⏎. */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    if (character === '\n') return '⏎'
    if (character === '\t') return '⇥'
    return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
  })
}

/** At most `limit` characters, and how many more there were. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  return `${text.slice(0, limit)}… (${text.length - limit} more characters)`
}
