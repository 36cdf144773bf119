// Undoes what hides words from a reader that compares letters: invisible characters, look-alike letters, entities and
// escapes, spaced-out letters, digits for letters, encodings. It reports which words were hidden; what they mean, and
// whether hiding them matters, is decided in judge.ts.

import { asCyrillic, asLatin, plainLatin } from './confusables.ts'

/** A text as a person would read it, and the words that somebody took care to hide in it. */
export type Unhidden = { readonly text: string; readonly hiddenWords: readonly string[] }

const namedEntities: Readonly<Record<string, string>> = {
  nbsp: ' ', ensp: ' ', emsp: ' ', thinsp: ' ', shy: '', zwnj: '\u200C', zwj: '\u200D', amp: '&', lt: '<', gt: '>', quot: '"', apos: "'",
  colon: ':', period: '.', comma: ',', lbrace: '{', rbrace: '}', newline: '\n', tab: '\t', aring: 'å', oslash: 'ø', aelig: 'æ', auml: 'ä', ouml: 'ö',
  uuml: 'ü', szlig: 'ß', eacute: 'é', egrave: 'è', agrave: 'à', ccedil: 'ç', ntilde: 'ñ', oacute: 'ó', iacute: 'í', aacute: 'á', uacute: 'ú',
} // prettier-ignore

// Between letters these are never typed: zero-width space and joiners, directional marks and overrides, word joiner,
// invisible operators, byte order mark, Mongolian vowel separator, combining grapheme joiner, Hangul fillers.
const invisible = String.raw`[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u180E\u034F\u115F\u1160\u3164\u061C]`
const splitWord = new RegExp(String.raw`(?<![\p{L}\p{N}])[\p{L}\p{N}]+(?:${invisible}+[\p{L}\p{N}]+)+`, 'gu')
const anyInvisible = new RegExp(invisible, 'gu')

/** Decodes, makes visible and folds look-alikes. */
export function unhide(raw: string): Unhidden {
  const hiddenWords: string[] = []
  const decoded = decodeEscapes(decodeEntities(raw)).replaceAll('\u00AD', '')
  const tagged = decodeTags(decoded, hiddenWords)
  const turned = turnOverrides(tagged, hiddenWords)
  for (const [word] of turned.matchAll(splitWord)) {
    // Arabic and Indic scripts use joiners inside words; Latin, Cyrillic and Greek do not.
    if (/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u.test(word))
      hiddenWords.push(word.replaceAll(anyInvisible, ''))
  }
  const visible = turned.replaceAll(anyInvisible, '')
  const plain = foldStyled(visible, hiddenWords)
  const text = foldLookalikes(plain, hiddenWords)
  return { text, hiddenWords }
}

function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,10}));?/g,
    (whole: string, ...groups: readonly unknown[]) => {
      const [decimal, hexadecimal, name] = groups
      if (typeof decimal === 'string') return characterOf(Number(decimal), whole)
      if (typeof hexadecimal === 'string') return characterOf(Number.parseInt(hexadecimal, 16), whole)
      return typeof name === 'string' ? (namedEntities[name.toLowerCase()] ?? whole) : whole
    },
  )
}

function decodeEscapes(text: string): string {
  const unescaped = text.replaceAll(
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/g,
    (whole: string, ...groups: readonly unknown[]) => {
      const hexadecimal = groups.slice(0, 3).find((group) => typeof group === 'string')
      return typeof hexadecimal === 'string' ? characterOf(Number.parseInt(hexadecimal, 16), whole) : whole
    },
  )
  return unescaped.replaceAll(/(?:%[0-9a-fA-F]{2}){1,400}/g, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run
    }
  })
}

function characterOf(codePoint: number, otherwise: string): string {
  return codePoint > 0 && codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : otherwise
}

// Tag characters are an invisible copy of ASCII. Whole sentences can be written in them.
function decodeTags(text: string, hiddenWords: string[]): string {
  return text.replaceAll(/[\u{E0020}-\u{E007E}]+\u{E007F}?/gu, (run) => {
    const ascii = Array.from(run)
      .map((tag) => String.fromCodePoint(((tag.codePointAt(0) ?? 0) - 0xe0000) & 0x7f))
      .join('')
      .replaceAll('\u007F', '')
    hiddenWords.push(ascii)
    return ` ${ascii} `
  })
}

// After a right-to-left override, Latin letters are shown backwards: written backwards, they read as plain text.
function turnOverrides(text: string, hiddenWords: string[]): string {
  return text.replaceAll(/\u202E([^\u202C\u2069\n]{3,2000})/gu, (_whole: string, run: string) => {
    const shown = Array.from(run).toReversed().join('')
    hiddenWords.push(shown)
    return ` ${shown} `
  })
}

// Mathematical, circled and squared letters: no keyboard has them, and a word in them is a word somebody styled to pass.
function foldStyled(text: string, hiddenWords: string[]): string {
  const folded = text.replaceAll(
    /[\u{1D400}-\u{1D7FF}\u{24B6}-\u{24E9}\u{1F130}-\u{1F189}\u{1F1E6}-\u{1F1FF}\u{1D00}-\u{1D22}ʀɪɴʟʜɢʏʙꜰꜱ\s]{2,}/gu,
    (run) => {
      const plain = plainLatin(run.normalize('NFKC'))
      if (plain !== run) hiddenWords.push(plain)
      return plain
    },
  )
  return plainLatin(folded.normalize('NFKC'))
}

function foldLookalikes(text: string, hiddenWords: string[]): string {
  const latinLetters = text.match(/\p{Script=Latin}/gu)?.length ?? 0
  const foreignLetters = text.match(/[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/gu)?.length ?? 0
  return text.replaceAll(/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{M}\p{N}]+/gu, (word) => {
    if (!/[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(word)) return word
    const isMixed = /\p{Script=Latin}/u.test(word)
    // A word in one foreign script is only strange in a Latin text, and there only if it passes for a Latin word.
    if (!isMixed && latinLetters <= foreignLetters) return word
    const latin = asLatin(word)
    const readable = latin ?? (isMixed ? asCyrillic(word) : null)
    if (readable === null) return word
    hiddenWords.push(readable)
    return readable
  })
}

/** Joins letters that were written apart: `p a y`, `p.a.y`, `p-a-y`. Null where there are none. */
export function joinSpacedLetters(text: string, splitRun: (run: string) => string): string | null {
  // Whole passages with a space after each sign. Where words were parted too, there are more spaces between them.
  const closed = text.replaceAll(/(?<!\S)\S(?:\s{1,6}\S(?!\S)){5,}/gu, (run) => {
    const words = run.split(/\s{2,}|\n/u).map((word) => word.replaceAll(/\s/g, ''))
    return words.length === 1 ? splitRun(words.join('')) : words.join(' ')
  })
  const joined = closed.replaceAll(
    /(?<![\p{L}\p{N}])[\p{L}\p{N}](?:[^\p{L}\p{N}\s]{1,2}[\p{L}\p{N}](?![\p{L}\p{N}])){3,}/gu,
    (run) => splitRun(run.replaceAll(/[^\p{L}\p{N}]/gu, '')),
  )
  const unhyphenated = joined.replaceAll(/(?<=\p{L})[-_.*·'’|~^]+(?=\p{L})/gu, '')
  return unhyphenated === text ? null : unhyphenated
}

const letterDigits: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '€': 'e',
  '|': 'i',
}

/** Reads digits and signs inside words as the letters that they resemble: `1gn0r3`. Null where there are none. */
export function readLeetspeak(text: string): string | null {
  const words = /[\p{Script=Latin}\d@$€!|]+/gu
  // Where several words have digits between their letters, a word of digits alone or a code may be a word too: `7h15 15 17`.
  const isWritten = (text.match(/\p{Script=Latin}[\d@$€|]+\p{Script=Latin}/gu)?.length ?? 0) >= 3
  const read = text.replaceAll(words, (word) => {
    if (/^\p{Script=Latin}{0,2}\d{6,}|^\p{Script=Latin}{2}\d{2}[\p{Script=Latin}\d]{8,}$/u.test(word)) return word // an account
    const isCode = /^(?:\d+[!|]*|\p{Script=Latin}{1,3}\d{2,}|\d+\p{Script=Latin}{1,2}|\P{N}+!+)$/u.test(word)
    return isCode && !isWritten ? word : word.replaceAll(/[0134578@$€!|]/g, (sign) => letterDigits[sign] ?? sign)
  })
  return read === text ? null : read
}

/** Opens words that were written together with inner capitals: `IgnorePreviousInstructions`. Null where there are none. */
export function openCamelCase(text: string): string | null {
  const opened = text.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
  return opened === text ? null : opened
}

/** Every text that lies encoded in this one: base64, hexadecimal, and letters rotated by thirteen or written backwards. */
export function decodePayloads(text: string): readonly string[] {
  const payloads: string[] = []
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{12,}(?:\s[A-Za-z0-9+/_-]{12,})*={0,2}/g)) {
    const decoded = readableText(Buffer.from(run.replaceAll(/\s/g, ''), 'base64'))
    if (decoded !== null) payloads.push(decoded)
  }
  for (const [run] of text.matchAll(/(?:0x)?(?:[0-9a-fA-F]{2}[ :]?){8,}/g)) {
    const decoded = readableText(Buffer.from(run.replaceAll(/^0x|[ :]/g, ''), 'hex'))
    if (decoded !== null) payloads.push(decoded)
  }
  return payloads
}

/** The two ways of writing a Latin text that need no tool to undo: rotated by thirteen, and backwards. */
export function rewritings(text: string): readonly string[] {
  const rotated = text.replaceAll(/[a-zA-Z]/g, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })
  return [rotated, Array.from(text).toReversed().join('')]
}

// Bytes that are text by accident are short, or mostly no letters.
function readableText(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const letters = text.match(/\p{L}/gu)?.length ?? 0
    return letters >= 5 && letters >= text.length * 0.4 && !/[^\P{Cc}\t\n\r]/u.test(text) ? text : null
  } catch {
    return null
  }
}
