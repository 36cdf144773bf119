// Finds what looks like a bank account in free text: an IBAN, a national account number, a wallet. It errs on the side of
// finding one; references, order numbers and telephone numbers that say what they are do not count.

// The countries of the IBAN registry.
const ibanCountries = new Set(
  'AD AE AL AT AZ BA BE BG BH BI BR BY CH CR CY CZ DE DJ DK DO EE EG ES FI FK FO FR GB GE GI GL GR GT HN HR HU IE IL IQ IS IT JO KW KZ LB LC LI LT LU LV LY MC MD ME MK MN MR MT MU NI NL NO OM PK PL PS PT QA RO RS RU SA SC SD SE SI SK SM SO ST SV TL TN TR UA VA VG XK YE'.split(
    ' ',
  ),
)

const ibanShape = /(?<![\p{L}\p{N}])([A-Z]{2})[ .\-_]?(\d{2})((?:[ .\-_:/]?[A-Z0-9]){11,34})/giu
const groupedShape = /(?<![\d.])\d{4}[. ]\d{2}[. ]\d{5}(?![\d.])/gu
const walletShape =
  /(?<![\p{L}\p{N}])(?:bc1[a-z0-9]{20,60}|0x[a-f0-9]{40}|[13][A-HJ-NP-Za-km-z1-9]{25,34}|T[A-HJ-NP-Za-km-z1-9]{33})(?![\p{L}\p{N}])/gu
// Words that announce an account number, in folded form, and the number with what may stand between.
const announced =
  /(?<!\p{L})(?:bank ?)?(?:account|acct|a\/c|iban|konto\p{L}*|bankkonto\p{L}*|bankgiro|plusgiro|postgiro|bg|pg|conto|cuenta|conta|compte|rib|clabe|bsb|sort code|routing|rekening\p{L}*|rachun\p{L}*|kont[oaeu]|р\/с|р\/р|на сч[её]т|счета?|рахун\p{L}*|nib|pix|حساب\p{L}*|الحساب)\p{L}*[^\d\n]{0,28}(\d[\d .\-/]{3,40}\d)/giu
const announcedUnspaced = /(?:账户|賬戶|帳戶|账号|賬號|帳號|帐号|口座)[^\d\n]{0,14}(\d[\d .-]{3,40}\d)/gu

const referenceBefore =
  /(?:kid|ocr|ref|reference|referanse\p{L}*|referens\p{L}*|referenz\p{L}*|riferimento|referencia|referência|référence|odniesieni\p{L}*|reference number|order|ordre|bestill\p{L}*|bestell\p{L}*|commande|pedido|ordine|zamowieni\p{L}*|invoice|faktura|rechnung\p{L}*|facture|factura|fatura|fattura|factuur|po|phone|tel|tlf|telefon|mob|mobile|mobil|fax|vat|mva|moms|org|orgnr|cvr|kvk|siret|nip|customer|kunde|kundenr|gln|ean|meter|maaler|maler|serial|serie|contract|kontrakt|avtale|case|ticket|tracking|sporing)\p{L}*[^\p{L}\p{N}]{0,6}(?:(?:no|nr|num|number|nummer|numero|n|id)[^\p{L}\p{N}]{0,4})?$/iu

/** The account numbers in a text, as they are written there. The text must be free of hidden characters. */
export function accountNumbers(text: string): readonly string[] {
  const found: string[] = []
  for (const match of text.matchAll(ibanShape)) {
    const [whole, country = '', check = '', rest = ''] = match
    if (!ibanCountries.has(country.toUpperCase())) continue
    const compact = `${country}${check}${rest.replaceAll(/[^A-Za-z0-9]/g, '')}`
    const digits = compact.slice(0, 24).match(/\d/g)?.length ?? 0
    if (digits >= 10 && !isReference(text, match.index)) found.push(whole)
  }
  for (const shape of [groupedShape, walletShape])
    for (const match of text.matchAll(shape)) if (!isReference(text, match.index)) found.push(match[0])
  for (const shape of [announced, announcedUnspaced])
    for (const match of text.matchAll(shape)) {
      const [whole, number = ''] = match
      const start = match.index + whole.length - number.length
      if ((number.match(/\d/g)?.length ?? 0) >= 6 && !isDate(number) && !isReference(text, start)) found.push(number)
    }
  return found
}

function isReference(text: string, index: number): boolean {
  return referenceBefore.test(text.slice(Math.max(0, index - 40), index))
}

function isDate(number: string): boolean {
  return /^(?:\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{2,4})$/.test(number)
}
