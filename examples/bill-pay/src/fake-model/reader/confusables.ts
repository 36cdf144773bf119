// Letters that look like other letters: the part of Unicode's confusables (UTS #39) that passes for Latin or Cyrillic text.
// A table and two functions over words; whether a word was meant to deceive is decided in unhide.ts.

// Capitals are listed apart, because small and capital forms of one letter may resemble different Latin letters.
const latinLookalikes = new Map<string, string>([
  ...pairs('авсеіїјкмнорѕтухԁԛԝһӏгпиьѵӕ', [
    'a',
    'b',
    'c',
    'e',
    'i',
    'i',
    'j',
    'k',
    'm',
    'h',
    'o',
    'p',
    's',
    't',
    'y',
    'x',
    'd',
    'q',
    'w',
    'h',
    'l',
    'r',
    'n',
    'u',
    'b',
    'v',
    'ae',
  ]),
  ...pairs('АВСЕІЇЈКМНОРЅТУХԚԜӀЬѴҮ', Array.from('ABCEIIJKMHOPSTYXQWIBVY')),
  ...pairs('αβγεηικνορστυχωμ', Array.from('abyenikvopotuxwu')),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', Array.from('ABEZHIKMNOPTYX')),
  ...pairs('աոսհօցզք', Array.from('wnuhogqp')),
])

const cyrillicLookalikes = new Map<string, string>(pairs('aceiopxyABCEHIKMOPTXkm', Array.from('асеіорхуАВСЕНІКМОРТХкм')))

// Latin letters of other kinds, which no text in an ordinary language uses. They stand for themselves in small capitals,
// in phonetic script, and in coloured squares.
const oddLatin = new Map<string, string>([
  ...pairs('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡɩ', Array.from('abcdefghijklmnoprstuvwyzagi')),
  ...lettersFrom(0x1f130),
  ...lettersFrom(0x1f150),
  ...lettersFrom(0x1f170),
  ...lettersFrom(0x1f1e6),
])

function pairs(letters: string, plain: readonly string[]): (readonly [string, string])[] {
  return Array.from(letters).map((letter, index) => [letter, plain[index] ?? letter])
}

function lettersFrom(codePoint: number): (readonly [string, string])[] {
  return Array.from({ length: 26 }, (_, index) => [String.fromCodePoint(codePoint + index), String.fromCharCode(97 + index)])
}

/** Replaces letters of other kinds of Latin by the plain ones. */
export function plainLatin(text: string): string {
  return Array.from(text)
    .map((letter) => oddLatin.get(letter) ?? letter)
    .join('')
}

/** The word with each foreign letter replaced by the Latin one that it looks like, or null where one looks like none. */
export function asLatin(word: string): string | null {
  const letters = Array.from(word).map((letter) =>
    /[\p{Script=Latin}\P{L}]/u.test(letter) ? letter : latinLookalikes.get(letter),
  )
  return letters.includes(undefined) ? null : letters.join('')
}

/** The word with each Latin letter replaced by the Cyrillic one that it looks like, or null where one looks like none. */
export function asCyrillic(word: string): string | null {
  const letters = Array.from(word).map((letter) => (/\p{Script=Latin}/u.test(letter) ? cyrillicLookalikes.get(letter) : letter))
  return letters.includes(undefined) ? null : letters.join('')
}
