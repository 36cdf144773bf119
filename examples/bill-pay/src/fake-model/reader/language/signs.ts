// The form of a language table: which words, in one language, carry which meaning. Tables are data; what a combination of
// meanings amounts to is decided in ../judge.ts, once for all languages.
//
// How phrases are written: `*` stands for any ending or beginning of a word, `/` separates alternatives for one word, `…`
// skips up to five words, `#` is a number. Accents and capitals do not matter.

/** The meanings that the reader looks for. */
export type Meaning = keyof LanguageSigns['words']

export type LanguageSigns = {
  readonly language: string
  /** How words are found: between spaces, behind Arabic prefixes, or anywhere in the text. */
  readonly writing: 'spaced' | 'arabic' | 'unspaced'
  readonly words: {
    /** Erased first: everyday phrases that hold a word of the other lists and mean nothing. */
    readonly harmless: readonly string[]
    /** Leave out, go around. */
    readonly override: readonly string[]
    /** What somebody may want left out: instructions, checks, approval. */
    readonly rules: readonly string[]
    /** Speaks to a program instead of a person. */
    readonly addressed: readonly string[]
    /** An order of what to decide, complete in itself. */
    readonly command: readonly string[]
    readonly pay: readonly string[]
    /** A bank account and its details. */
    readonly account: readonly string[]
    /** New, changed, other. */
    readonly newness: readonly string[]
    /** In a sentence with one of these an account is not said to be new. */
    readonly unchanged: readonly string[]
    readonly secrecy: readonly string[]
    readonly urgency: readonly string[]
    /** A request to wait with payment, complete in itself. */
    readonly wait: readonly string[]
    /** A dispute, an error or a credit to come, complete in itself. */
    readonly trouble: readonly string[]
    /** What was to be delivered. */
    readonly goods: readonly string[]
    /** How a delivery falls short: missing, late, broken. */
    readonly lack: readonly string[]
    /** In a sentence with one of these, trouble is over, denied or only thinkable. */
    readonly settled: readonly string[]
    /** Starts a new clause that takes back what was said before it. */
    readonly but: readonly string[]
    /** Small words by which the language is told from its neighbours. */
    readonly common: readonly string[]
  }
}

/** Reads a list that is written as one text with commas. */
export function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((phrase) => phrase.trim().replaceAll(/\s+/g, ' '))
    .filter((phrase) => phrase !== '')
}
