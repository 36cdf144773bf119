// A text in several languages with places for random values, `{person}`, and how such a text is filled in.

import type { Random } from './random.ts'

export type Language = 'en' | 'nb' | 'sv' | 'de' | 'fr' | 'es' | 'pl' | 'uk' | 'ar' | 'zh'
export type Pattern = Readonly<Partial<Record<Language, string>>>
export type Slots = Readonly<Record<string, string>>

/** One of the patterns in one of its languages, filled in. Every place in a pattern has a slot. */
export function fillRandomPattern(
  random: Random,
  patterns: readonly Pattern[],
  slots: Slots,
): { text: string; language: Language } {
  const pattern = patterns[random.integer(patterns.length)] ?? {}
  const languages = Object.keys(pattern) as Language[] // a Pattern has no other keys
  const language = languages[random.integer(languages.length)] ?? 'en'
  return { text: fill(pattern[language] ?? '', slots), language }
}

function fill(template: string, slots: Slots): string {
  return template.replaceAll(/\{([a-z]+)\}/g, (place, name: string) => slots[name] ?? place)
}
