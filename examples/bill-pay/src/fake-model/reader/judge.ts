// The scripted reader: reads free texts that came with an invoice and says whether to pay, to hold, or that somebody is
// trying to deceive. It is a pure function of the texts; it knows no file, no invoice and no supplier. A real model reads
// better. This one lets the example run without a key, and be wrong in ways that can be looked up.

import { accountNumbers } from './account-number.ts'
import { foldText } from './fold.ts'
import { imitations } from './imitation.ts'
import type { Meaning } from './language/signs.ts'
import { isTelling, type LanguageReader, languageReaders, likelyReaders, splitIntoKnownWords } from './language-reader.ts'
import { splitSentences } from './sentences.ts'
import { decodePayloads, joinSpacedLetters, openCamelCase, readLeetspeak, rewritings, unhide } from './unhide.ts'

export type Decision = 'pay' | 'hold' | 'fraud'

/** What the reader saw: the sign, with the language it was found in where there is one, and the words. */
export type Evidence = { readonly decision: 'hold' | 'fraud'; readonly sign: string; readonly quote: string }

export type Judgement = { readonly decision: Decision; readonly evidence: readonly Evidence[] }

const longestText = 200_000
const deepestEncoding = 3
const quoteLength = 120

/**
 * Judges free texts together. The strongest sign decides: fraud before hold before pay.
 *
 * @example judge(['Please hold payment until the missing pallet has arrived.']).decision // 'hold'
 */
export function judge(texts: readonly string[]): Judgement {
  const evidence = texts.flatMap((text) => readText(text.slice(0, longestText), 0))
  const fraud = evidence.filter(({ decision }) => decision === 'fraud')
  if (fraud.length > 0) return { decision: 'fraud', evidence: fraud }
  return { decision: evidence.length > 0 ? 'hold' : 'pay', evidence }
}

function readText(raw: string, depth: number): readonly Evidence[] {
  const { text, hiddenWords } = unhide(raw)
  const readings = new Set([text, readLeetspeak(text), joinSpacedLetters(text, splitIntoKnownWords), openCamelCase(text)])
  const seen = [...readings].flatMap((reading) => {
    if (reading === null) return []
    const encoded = depth >= deepestEncoding ? [] : decodePayloads(reading).flatMap((payload) => readText(payload, depth + 1))
    return [signsOf(reading), imitations(reading).map(({ sign, quote }) => evidenceOf('fraud', sign, quote)), encoded].flat()
  })
  return [seen, hiddenSigns(hiddenWords), rewritings(text).flatMap(rewrittenSigns)].flat()
}

// Somebody who hides a word of payment or of command does not want it to be read.
function hiddenSigns(hiddenWords: readonly string[]): readonly Evidence[] {
  const hidden = hiddenWords.join(' · ')
  return isTelling(hidden) || accountNumbers(hidden).length > 0 ? [evidenceOf('fraud', 'hides words', hidden)] : []
}

// Backwards or rotated, an ordinary text is noise. Only an outright command is read in it by no accident.
function rewrittenSigns(text: string): readonly Evidence[] {
  return signsOf(text).filter(({ sign }) => sign.startsWith('sets instructions aside') || sign.startsWith('names an'))
}

function signsOf(text: string): readonly Evidence[] {
  const candidates = languageReaders.filter(({ script }) => script.test(text))
  const sentences = splitSentences(foldText(text))
  const inLanguages = candidates.flatMap((reader) => languageSigns(reader, { sentences, candidates }))
  return [...accountSigns(text), ...inLanguages]
}

// INVARIANT: every rule below asks for meanings of one language together. Across languages, words collide.
function languageSigns(
  reader: LanguageReader,
  { sentences, candidates }: { readonly sentences: readonly string[]; readonly candidates: readonly LanguageReader[] },
): readonly Evidence[] {
  const clauses = sentences.flatMap((sentence) => {
    const likely = likelyReaders(sentence, candidates)
    return reader.clauses(sentence).map((clause) => ({ clause, likely }))
  })
  return clauses.flatMap(({ clause, likely }, index) => {
    const has = (meaning: Meaning): boolean => reader.has(meaning, clause)
    // Neighbouring languages share the words for trouble, and not the small ones that take it back.
    const isSaid = (meaning: Meaning): boolean => has(meaning) || likely.some((other) => other.has(meaning, clause))
    const around = [clauses[index - 1]?.clause, clause, clauses[index + 1]?.clause].join(' · ')
    const isAbout = (meaning: Meaning): boolean => reader.has(meaning, around)

    const signs: readonly (readonly ['hold' | 'fraud', string, boolean])[] = [
      ['fraud', 'sets instructions aside', has('override') && has('rules')],
      ['fraud', 'commands the decision', has('command')],
      ['fraud', 'speaks to a program', has('addressed') && (has('pay') || has('override') || has('account'))],
      ['fraud', 'names another account', has('account') && has('newness') && !isSaid('unchanged')],
      ['fraud', 'asks for secrecy', has('secrecy') && (isAbout('pay') || isAbout('account'))],
      ['fraud', 'presses for payment', has('urgency') && has('pay')],
      ['hold', 'asks to wait', has('wait')],
      ['hold', 'disputes or corrects', has('trouble') && !isSaid('settled')],
      ['hold', 'delivery falls short', has('goods') && has('lack') && !isSaid('settled')],
    ]
    return signs.flatMap(([decision, sign, isThere]) =>
      isThere ? [evidenceOf(decision, `${sign} (${reader.language})`, clause)] : [],
    )
  })
}

// An account in free text is dangerous next to a word of payment, in whatever language.
function accountSigns(text: string): readonly Evidence[] {
  const plain = languageReaders.reduce((rest, reader) => reader.clauses(rest).join(' · '), text)
  const sentences = splitSentences(plain)
  return sentences.flatMap((sentence, index) => {
    if (accountNumbers(sentence).length === 0) return []
    const around = foldText([sentences[index - 1], sentence, sentences[index + 1]].join(' · '))
    const pays = languageReaders.some((reader) => reader.has('pay', around))
    return pays ? [evidenceOf('fraud', 'names an account to pay to', sentence)] : []
  })
}

function evidenceOf(decision: 'hold' | 'fraud', sign: string, words: string): Evidence {
  return { decision, sign, quote: words.trim().slice(0, quoteLength) }
}
