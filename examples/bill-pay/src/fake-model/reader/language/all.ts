// Every language that the reader knows. Each is tried on every text whose script fits, because texts mix languages.

import { arabic } from './ar.ts'
import { chinese } from './zh.ts'
import { danish } from './da.ts'
import { dutch } from './nl.ts'
import { english } from './en.ts'
import { french } from './fr.ts'
import { german } from './de.ts'
import { italian } from './it.ts'
import { japanese } from './ja.ts'
import { norwegian } from './nb.ts'
import { polish } from './pl.ts'
import { portuguese } from './pt.ts'
import { russian } from './ru.ts'
import type { LanguageSigns } from './signs.ts'
import { spanish } from './es.ts'
import { swedish } from './sv.ts'
import { ukrainian } from './uk.ts'

export const allLanguages: readonly LanguageSigns[] = [
  english, norwegian, swedish, danish, german, dutch, french, spanish, italian, portuguese, polish, ukrainian, russian,
  arabic, chinese, japanese,
] // prettier-ignore
