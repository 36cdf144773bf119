// The vendor register of the paying company, vendors.csv: the one trusted source of who is paid and on which account. It is read
// strictly; a register with any mistake is refused as a whole, because a half-read register pays somebody else.

import { CsvError, parse } from 'csv-parse/sync'
import { PaybillError } from 'paybill/lib'
import { isValidIban, looksLikeIban, normalizedAccount } from './invoice/account.ts'

export type VendorNumber = string & { readonly brand: 'VendorNumber' }

export type Vendor = {
  readonly number: VendorNumber
  readonly name: string
  /** Scheme and number as PEPPOL writes them, `0192:987654325`. */
  readonly organizationId: string
  readonly vatId: string | null
  /** Normalised: no spaces, capitals. Most often an IBAN. */
  readonly account: string
  readonly bic: string | null
  readonly country: string
}

export const vendorRegisterFile = 'vendors.csv'
const columns = ['number', 'name', 'organization_id', 'vat_id', 'account', 'bic', 'country'] as const
type Column = (typeof columns)[number]
type Row = { readonly line: number; readonly value: Readonly<Record<Column, string>> }

/** Reads the text of vendors.csv, or throws VENDOR_REGISTER_INVALID naming the line and what to change. */
export function parseVendorRegister(text: string): readonly Vendor[] {
  const vendors = readRows(text).map(readVendor)
  for (const column of ['number', 'organizationId', 'vatId', 'account'] as const) refuseDuplicates(vendors, column)
  return vendors.map(({ vendor }) => vendor)
}

function readRows(text: string): readonly Row[] {
  const [header, ...records] = readRecords(text)
  const names = header?.record ?? []
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0) throw invalid(1, `the columns ${columns.join(', ')} are needed; ${missing.join(', ')} is missing`)
  if (new Set(names).size < names.length) throw invalid(1, 'a column is named twice')
  if (records.length === 0) throw invalid(1, 'there is no vendor below the column names')
  return records.map(({ record, line }) => ({
    line,
    value: Object.fromEntries(names.map((name, at) => [name, (record[at] ?? '').trim()])) as Row['value'], // every column is in `names`
  }))
}

function readRecords(text: string): readonly { readonly record: readonly string[]; readonly line: number }[] {
  try {
    // With `info` the library gives the record beside its place; its types leave the option out of the result.
    const records = parse(text, { bom: true, info: true }) as unknown as readonly { record: string[]; info: { lines: number } }[]
    return records.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw invalid(typeof cause['lines'] === 'number' ? cause['lines'] : 1, cause.message.replace(/\.$/, ''), cause)
  }
}

function readVendor({ line, value }: Row): { readonly line: number; readonly vendor: Vendor } {
  for (const column of ['number', 'name', 'organization_id', 'account', 'country'] as const)
    if (value[column] === '') throw invalid(line, `\`${column}\` is empty`)
  if (!/^[0-9A-Z]{2,4}:[0-9A-Z]{4,20}$/.test(value.organization_id))
    throw invalid(line, `\`organization_id\` is \`${value.organization_id}\`, write scheme and number such as 0192:987654325`)
  if (!/^[A-Z]{2}$/.test(value.country)) throw invalid(line, `\`country\` is \`${value.country}\`, write two capital letters`)
  const account = normalizedAccount(value.account)
  if (!/^[0-9A-Z]{5,34}$/.test(account)) throw invalid(line, `\`account\` is \`${value.account}\`, which is no account number`)
  if (looksLikeIban(account) && !isValidIban(account))
    throw invalid(line, `\`account\` is \`${value.account}\`, whose length or check digits are not those of an IBAN`)
  const bic = value.bic.toUpperCase()
  if (bic !== '' && !/^[A-Z]{6}[0-9A-Z]{2}([0-9A-Z]{3})?$/.test(bic)) throw invalid(line, `\`bic\` is \`${value.bic}\``)
  return {
    line,
    vendor: {
      number: value.number as VendorNumber, // the one place where a vendor number comes into being
      name: value.name,
      organizationId: value.organization_id,
      vatId: value.vat_id === '' ? null : value.vat_id.toUpperCase(),
      account,
      bic: bic === '' ? null : bic,
      country: value.country,
    },
  }
}

/** One number, one organization, one account: two vendors on one account would make it unclear who was paid. */
function refuseDuplicates(
  vendors: readonly { readonly line: number; readonly vendor: Vendor }[],
  column: 'number' | 'organizationId' | 'vatId' | 'account',
): void {
  const lines = new Map<string, number>()
  for (const { line, vendor } of vendors) {
    const value = vendor[column]
    if (value === null) continue
    const earlier = lines.get(value)
    if (earlier !== undefined) throw invalid(line, `\`${value}\` stands on line ${earlier} already; a vendor is listed once`)
    lines.set(value, line)
  }
}

function invalid(line: number, what: string, cause?: unknown): PaybillError {
  const message = `${vendorRegisterFile} line ${line}: ${what}`
  return new PaybillError('VENDOR_REGISTER_INVALID', message, { cause, shown: message })
}
