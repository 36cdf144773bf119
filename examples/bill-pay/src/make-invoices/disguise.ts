// The disguises under which a manipulative text reaches a reader. Each leaves the meaning within reach of somebody who looks closely;
// none of them is undone by the invoice reader, which hands texts on as they stand.

import type { Language } from './text-pattern.ts'
import type { Random } from './random.ts'

type Disguise = (text: string, random: Random) => string

/** Disguises the text, or leaves it as it is. Some disguises only make sense for texts in Latin letters. */
export function disguised(text: string, language: Language, random: Random): string {
  const latin = !['uk', 'ar', 'zh'].includes(language)
  if (random.chance(45)) return text
  return random.pick(latin ? (language === 'en' ? forEnglish : forLatin) : forAny)(text, random)
}

const base64: Disguise = (text) => Buffer.from(text, 'utf8').toString('base64')
const htmlEntities: Disguise = (text) => Array.from(text, (letter) => `&#${letter.codePointAt(0) ?? 0};`).join('')

const zeroWidth: Disguise = (text, random) =>
  Array.from(text, (letter) => letter + (random.chance(60) ? random.pick(['\u200b', '\u200c', '\u2060', '\ufeff']) : '')).join('')

const homoglyphs: Disguise = (text) => Array.from(text, (letter) => lookAlikes[letter] ?? letter).join('')

const fullWidth: Disguise = (text) =>
  Array.from(text, (letter) =>
    letter > ' ' && letter <= '~' ? String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0) : letter,
  ).join('')

const spacedOut: Disguise = (text) =>
  text
    .split(' ')
    .map((word) => Array.from(word).join(' '))
    .join('   ')

/** The letters backwards, between marks that make a screen show them forwards. */
const reversed: Disguise = (text) => `\u202e${Array.from(text).toReversed().join('')}\u202c`

const digitsForLetters: Disguise = (text) => Array.from(text, (letter) => leet[letter] ?? letter).join('')

const forAny = [base64, htmlEntities, zeroWidth] as const satisfies readonly [Disguise, ...Disguise[]]
const forLatin = [...forAny, homoglyphs, fullWidth, spacedOut, reversed] as const satisfies readonly [Disguise, ...Disguise[]]
const forEnglish = [...forLatin, digitsForLetters] as const satisfies readonly [Disguise, ...Disguise[]]

const lookAlikes: Readonly<Record<string, string>> = {
  a: 'а', c: 'с', e: 'е', i: 'і', j: 'ј', o: 'о', p: 'р', s: 'ѕ', x: 'х', y: 'у',
  A: 'А', B: 'В', C: 'С', E: 'Е', H: 'Н', I: 'І', K: 'К', M: 'М', O: 'О', P: 'Р', S: 'Ѕ', T: 'Т', X: 'Х', Y: 'Υ', N: 'Ν',
} // prettier-ignore

const leet: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' }
