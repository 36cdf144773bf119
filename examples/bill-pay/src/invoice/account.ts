// Bank accounts as invoices and registers write them: an IBAN with or without spaces, or a domestic number. Says whether an IBAN is
// valid and whether two notations mean one account. Whether an account exists, only its bank knows.

/** Without spaces, dots and dashes, in capitals: `NO93 8601.1117-947` becomes `NO9386011117947`. */
export function normalizedAccount(account: string): string {
  return account.replaceAll(/[\s.\-/]/gu, '').toUpperCase()
}

/** True where the text, normalised, has the form of an IBAN, whether or not its check digits fit. */
export function looksLikeIban(account: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(account)
}

/** ISO 13616: the country's length where we know it, and the check digits. Takes a normalised account. */
export function isValidIban(account: string): boolean {
  if (!looksLikeIban(account)) return false
  const length = ibanLengths[account.slice(0, 2)]
  return (length === undefined || length === account.length) && ibanRemainder(account) === 1
}

/** The two digits that make a valid IBAN out of a country and a domestic account number. */
export function ibanCheckDigits(country: string, domestic: string): string {
  return String(98 - ibanRemainder(`${country}00${domestic}`)).padStart(2, '0')
}

/**
 * True where two notations mean one account: equal when normalised, or one the domestic number inside the other, an IBAN. That
 * part of an IBAN is the domestic number by definition, so it says the same within one country.
 */
export function isSameAccount(left: string, right: string): boolean {
  const [one, other] = [normalizedAccount(left), normalizedAccount(right)]
  return one === other || isDomesticPartOf(one, other) || isDomesticPartOf(other, one)
}

// Shorter domestic numbers (giro numbers for example) are no part of an IBAN.
const minDomesticCharacters = 8

function isDomesticPartOf(domestic: string, iban: string): boolean {
  return domestic.length >= minDomesticCharacters && isValidIban(iban) && !isValidIban(domestic) && iban.slice(4) === domestic
}

function ibanRemainder(iban: string): number {
  const moved = iban.slice(4) + iban.slice(0, 4)
  const digits = moved.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return Number(BigInt(digits) % 97n)
}

// Source: the IBAN registry of SWIFT, the countries of the European Economic Area and its neighbours.
const ibanLengths: Readonly<Record<string, number>> = {
  AT: 20, BE: 16, BG: 22, CH: 21, CY: 28, CZ: 24, DE: 22, DK: 18, EE: 20, ES: 24, FI: 18, FO: 18, FR: 27, GB: 22, GR: 27, HR: 21,
  HU: 28, IE: 22, IS: 26, IT: 27, LI: 21, LT: 20, LU: 20, LV: 21, MT: 31, NL: 18, NO: 15, PL: 28, PT: 25, RO: 24, SE: 24, SI: 19,
  SK: 24, UA: 29,
} // prettier-ignore
