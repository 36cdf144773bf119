// Invented suppliers with identifiers and accounts of the right form: check digits fit, so that only comparing finds a wrong one.

import { ibanCheckDigits } from '../invoice/account.ts'
import type { Random } from './random.ts'

export type Supplier = {
  readonly number: string
  readonly name: string
  /** As PEPPOL writes it: a scheme and a number. */
  readonly scheme: string
  readonly organizationNumber: string
  readonly vatId: string
  readonly account: string
  readonly bic: string
  readonly country: Country
  readonly city: string
  readonly street: string
}

export type Country = keyof typeof countries

type CountryFacts = {
  readonly scheme: string
  readonly currency: string
  readonly rates: readonly [string, ...string[]]
  readonly legalForms: readonly [string, ...string[]]
  readonly cities: readonly [string, ...string[]]
  readonly streets: readonly [string, ...string[]]
  readonly bic: string
  readonly organizationNumber: (random: Random) => string
  readonly vatId: (organizationNumber: string, random: Random) => string
  readonly domesticAccount: (random: Random) => string
}

/** What differs between the countries that invoices come from. The rates are those of S lines, the usual one first. */
export const countries = {
  NO: {
    scheme: '0192', currency: 'NOK', rates: ['25', '15', '12'], legalForms: ['AS', 'ANS', 'SA'], bic: 'DNBANOKK',
    cities: ['Bergen', 'Ålesund', 'Tromsø', 'Førde', 'Hamar', 'Mo i Rana'], streets: ['Sjøgata', 'Storgata', 'Fjellveien', 'Havnegata'],
    organizationNumber: norwegianOrganizationNumber, vatId: (number) => `NO${number}MVA`, domesticAccount: (random) => random.digits(11),
  },
  SE: {
    scheme: '0007', currency: 'SEK', rates: ['25', '12', '6'], legalForms: ['AB', 'HB'], bic: 'SWEDSESS',
    cities: ['Göteborg', 'Umeå', 'Malmö', 'Örebro'], streets: ['Drottninggatan', 'Kungsgatan', 'Hamngatan'],
    organizationNumber: swedishOrganizationNumber, vatId: (number) => `SE${number}01`, domesticAccount: (random) => random.digits(20),
  },
  DE: {
    scheme: '9930', currency: 'EUR', rates: ['19', '7'], legalForms: ['GmbH', 'KG', 'AG'], bic: 'COBADEFF',
    cities: ['Köln', 'Nürnberg', 'Bremen', 'Lübeck'], streets: ['Hafenstraße', 'Industriestraße', 'Am Kanal'],
    organizationNumber: (random) => `DE${random.between(1, 9)}${random.digits(8)}`, vatId: (number) => number,
    domesticAccount: (random) => random.digits(18),
  },
  DK: {
    scheme: '0184', currency: 'DKK', rates: ['25'], legalForms: ['ApS', 'A/S'], bic: 'DABADKKK',
    cities: ['Aarhus', 'Esbjerg', 'Køge'], streets: ['Havnevej', 'Vestergade', 'Industrivej'],
    organizationNumber: (random) => `${random.between(1, 9)}${random.digits(7)}`, vatId: (number) => `DK${number}`,
    domesticAccount: (random) => random.digits(14),
  },
  FI: {
    scheme: '0216', currency: 'EUR', rates: ['25.5', '14', '10'], legalForms: ['Oy', 'Oyj'], bic: 'NDEAFIHH',
    cities: ['Turku', 'Jyväskylä', 'Hämeenlinna'], streets: ['Satamakatu', 'Rantatie', 'Koivutie'],
    organizationNumber: (random) => `0037${random.digits(8)}`, vatId: (number) => `FI${number.slice(4)}`,
    domesticAccount: (random) => random.digits(14),
  },
  NL: {
    scheme: '0106', currency: 'EUR', rates: ['21', '9'], legalForms: ['B.V.', 'N.V.'], bic: 'INGBNL2A',
    cities: ['Rotterdam', 'Groningen', 'Eindhoven'], streets: ['Havenweg', 'Stationsstraat', 'Dijklaan'],
    organizationNumber: (random) => random.digits(8), vatId: (_number, random) => `NL${random.digits(9)}B01`,
    domesticAccount: (random) => `INGB${random.digits(10)}`,
  },
  PL: {
    scheme: '9945', currency: 'PLN', rates: ['23', '8', '5'], legalForms: ['Sp. z o.o.', 'S.A.'], bic: 'BREXPLPW',
    cities: ['Gdańsk', 'Łódź', 'Wrocław'], streets: ['ul. Portowa', 'ul. Długa', 'ul. Polna'],
    organizationNumber: (random) => `PL${random.digits(10)}`, vatId: (number) => number, domesticAccount: (random) => random.digits(24),
  },
  FR: {
    scheme: '0009', currency: 'EUR', rates: ['20', '10', '5.5'], legalForms: ['SARL', 'SAS'], bic: 'BNPAFRPP',
    cities: ['Nantes', 'Besançon', 'Nîmes'], streets: ['rue du Port', 'avenue de la République'],
    organizationNumber: (random) => random.digits(14), vatId: (number) => `FR${number.slice(12)}${number.slice(0, 9)}`,
    domesticAccount: (random) => random.digits(23),
  },
} as const satisfies Record<string, CountryFacts> // prettier-ignore

/** Makes suppliers that share no identifier and no account with each other. */
export function supplierMaker(random: Random): (country: Country) => Supplier {
  const taken = new Set<string>()
  let count = 0
  const unused = (make: () => string): string => {
    for (;;) {
      const value = make()
      if (taken.has(value)) continue
      taken.add(value)
      return value
    }
  }
  return (country) => {
    const facts: CountryFacts = countries[country]
    count += 1
    const organizationNumber = unused(() => facts.organizationNumber(random))
    return {
      number: String(20_000 + count * 10 + random.integer(10)),
      name: `${unused(() => `${random.pick(firstNames)}${random.pick(trades)}`)} ${random.pick(facts.legalForms)}`,
      scheme: facts.scheme,
      organizationNumber,
      vatId: facts.vatId(organizationNumber, random),
      account: unused(() => randomIban(random, country)),
      bic: facts.bic,
      country,
      city: random.pick(facts.cities),
      street: `${random.pick(facts.streets)} ${random.between(1, 180)}`,
    }
  }
}

export function randomIban(random: Random, country: Country): string {
  const domestic = countries[country].domesticAccount(random)
  return country + ibanCheckDigits(country, domestic) + domestic
}

export function norwegianOrganizationNumber(random: Random): string {
  for (;;) {
    const digits = `9${random.digits(7)}`
    const sum = Array.from(digits, Number).reduce((total, digit, at) => total + digit * ([3, 2, 7, 6, 5, 4, 3, 2][at] ?? 0), 0)
    const check = (11 - (sum % 11)) % 11
    if (check < 10) return `${digits}${check}`
  }
}

function swedishOrganizationNumber(random: Random): string {
  const digits = `55${random.digits(7)}`
  const sum = Array.from(digits, Number).reduce((total, digit, at) => {
    const doubled = digit * (at % 2 === 0 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

const firstNames = [
  'Nordlys', 'Havbris', 'Fjellvang', 'Solstrand', 'Granli', 'Vestkyst', 'Polar', 'Aurora', 'Birke', 'Delta', 'Linden', 'Kranich',
  'Merkur', 'Sund', 'Elvestad', 'Rimfrost', 'Bryggen', 'Tinde', 'Varde', 'Skjær',
] as const // prettier-ignore
const trades = [
  ' Kraft', ' Renhold', ' Hosting', ' Elektro', ' Advokat', ' Maskin', ' Transport', ' Rør', ' Papir', ' Data', ' Kantine', ' Vakt',
  ' Bygg', ' Lager', ' Analyse', ' Varme',
] as const // prettier-ignore
