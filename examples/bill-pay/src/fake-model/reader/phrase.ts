// Turns the phrases of a language table into one regular expression per meaning. The notation is explained in
// language/signs.ts. The expressions are bounded, so that no text can make them slow.

import { foldText } from './fold.ts'
import type { LanguageSigns } from './language/signs.ts'

// The letters that folded text is made of, as plain ranges: an expression of hundreds of phrases takes seconds to compile
// where each of them asks for a Unicode property.
const letter = 'a-z\\u00df-\\u024f\\u0370-\\u052f\\u0600-\\u06ff'
const between = `[^0-9${letter}]{1,4}`
const wordStart = `(?<![0-9${letter}])`
const wordEnd = `(?![0-9${letter}])`
const arabicPrefix = '(?:[وفبلك]|وال|بال|فال|كال|ولل|لل|ال)?'

/** One expression that finds any of the phrases in folded text. */
export function phrasesPattern(phrases: readonly string[], writing: LanguageSigns['writing']): RegExp {
  const sources = phrases.map((phrase) => phraseSource(phrase, writing))
  return new RegExp(writing === 'unspaced' ? sources.join('|') : `${wordStart}(?:${sources.join('|')})${wordEnd}`, 'g')
}

function phraseSource(phrase: string, writing: LanguageSigns['writing']): string {
  let source = ''
  let join = ''
  for (const word of foldText(phrase).split(' ')) {
    if (word === '…' || word === '...') {
      join = writing === 'unspaced' ? '.{0,12}?' : `(?:${between}[0-9${letter}]+){0,5}?${between}`
      continue
    }
    source += join + wordSource(word, writing)
    join = writing === 'unspaced' ? '' : between
  }
  return source
}

function wordSource(word: string, writing: LanguageSigns['writing']): string {
  const alternatives = word.split('/').map((alternative) => {
    const letters = alternative.replaceAll('*', `[${letter}]*`).replaceAll('#', '[0-9]+')
    if (writing !== 'arabic') return letters
    // Endings are joined to Arabic words too. Short words would then begin too many others.
    return `${arabicPrefix}${letters}${alternative.length > 3 ? `[${letter}]{0,2}` : ''}`
  })
  return alternatives.length === 1 ? alternatives.join('') : `(?:${alternatives.join('|')})`
}
