// Brings text and word lists to one form, so that capitals, accents and compatibility forms do not matter. It is lossy on
// purpose and only good for comparing.

// Letters that have no accent to take off in Unicode, and yet have a plain form that people type instead.
const plainLetters: Readonly<Record<string, string>> = {
  ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h', ŋ: 'n',
  ة: 'ه', ى: 'ي', ک: 'ك', ی: 'ي',
} // prettier-ignore

/** Folds capitals, accents, widths and look-alike spellings of one letter. */
export function foldText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .normalize('NFC')
    .replaceAll(/[øæœßłđðþıħŋةىکی]/gu, (letter) => plainLetters[letter] ?? letter)
}
