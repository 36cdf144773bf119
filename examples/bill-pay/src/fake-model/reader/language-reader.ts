// Finds the meanings of the language tables in folded text. One reader per language, with its expressions made once.

import { allLanguages } from './language/all.ts'
import type { LanguageSigns, Meaning } from './language/signs.ts'
import { foldText } from './fold.ts'
import { phrasesPattern } from './phrase.ts'

export type LanguageReader = {
  readonly language: string
  /** Whether text in this script may be in this language. */
  readonly script: RegExp
  readonly has: (meaning: Meaning, folded: string) => boolean
  readonly count: (meaning: Meaning, folded: string) => number
  /** The text without everyday phrases, cut where a clause takes back the one before it. */
  readonly clauses: (folded: string) => readonly string[]
}

export const languageReaders: readonly LanguageReader[] = allLanguages.map(makeReader)

function makeReader({ language, writing, words }: LanguageSigns): LanguageReader {
  const patterns = new Map(
    Object.entries(words).map(([meaning, phrases]) => [meaning, phrasesPattern(phrases, writing)] as const),
  )
  const patternOf = (meaning: Meaning): RegExp => patterns.get(meaning) ?? /(?!)/g
  return {
    language,
    script: scriptOf(language),
    has: (meaning, folded) => folded.search(patternOf(meaning)) >= 0,
    count: (meaning, folded) => folded.match(patternOf(meaning))?.length ?? 0,
    clauses: (folded) => folded.replaceAll(patternOf('harmless'), ' · ').split(patternOf('but')),
  }
}

function scriptOf(language: string): RegExp {
  switch (language) {
    case 'zh':
    case 'ja':
      return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
    case 'ar':
      return /\p{Script=Arabic}/u
    case 'uk':
    case 'ru':
      return /\p{Script=Cyrillic}/u
    default:
      return /\p{Script=Latin}/u
  }
}

/** The readers whose small words a sentence has most of: the languages that it is probably written in. */
export function likelyReaders(folded: string, candidates: readonly LanguageReader[]): readonly LanguageReader[] {
  const counted = candidates.map((reader) => ({ reader, count: reader.count('common', folded) }))
  const most = Math.max(1, ...counted.map(({ count }) => count))
  return counted.filter(({ count }) => count === most).map(({ reader }) => reader)
}

const tellingMeanings: readonly Meaning[] = ['override', 'rules', 'addressed', 'command', 'pay', 'account', 'secrecy']

/** Whether a text has any word of command or of payment, in any language. */
export function isTelling(text: string): boolean {
  const folded = foldText(text)
  return languageReaders.some(({ has }) => tellingMeanings.some((meaning) => has(meaning, folded)))
}

// The single words of those meanings, the longest first, so that none is found inside a longer one.
const knownWords: readonly string[] = [
  ...new Set(
    allLanguages
      .filter(({ writing }) => writing === 'spaced')
      .flatMap(({ words }) => [...tellingMeanings, 'newness' as const].flatMap((meaning) => words[meaning]))
      .flatMap((phrase) => foldText(phrase).split(/[ /]/))
      .map((word) => word.replaceAll('*', ''))
      .filter((word) => /^\p{L}{3,}$/u.test(word)),
  ),
].toSorted((left, right) => right.length - left.length)

const knownWord = new RegExp(knownWords.join('|'), 'g')

/** Puts spaces back into words that were written without: `ignoreallrules`. Short runs are left as they are. */
export function splitIntoKnownWords(run: string): string {
  return run.length < 8 ? run : foldText(run).replaceAll(knownWord, (word) => ` ${word} `)
}
