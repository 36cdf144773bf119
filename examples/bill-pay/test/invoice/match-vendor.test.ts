import { describe, expect, test } from 'vitest'
import { ibanCheckDigits, isSameAccount, isValidIban } from '../../src/invoice/account.ts'
import { matchVendor, type VendorMatch } from '../../src/invoice/match-vendor.ts'
import { readInvoice } from '../../src/invoice/read-invoice.ts'
import { parseVendorRegister } from '../../src/vendor-register.ts'
import { changed, goodInvoice } from './good-invoice.ts'

const register = parseVendorRegister(
  [
    'number,name,organization_id,vat_id,account,bic,country',
    '10012,Vestnett Kraft AS,0192:914827353,NO914827353MVA,NO3536241209444,,NO',
    '10019,Skybro Hosting AS,0192:920177441,NO920177441MVA,NO5586013312771,,NO',
  ].join('\n'),
)

async function matchOf(xml: string): Promise<VendorMatch> {
  return matchVendor(await readInvoice(Buffer.from(xml)), register)
}

const account = '<cbc:ID>NO3536241209444</cbc:ID>'
const other = 'NO5586013312771'

test('the registered account makes a match, in any notation', async () => {
  expect(await matchOf(goodInvoice)).toMatchObject({ match: 'matched', vendor: { number: '10012' } })
  for (const notation of ['NO35 3624 1209 444', 'no3536241209444', '3624.12.09444', '36241209444'])
    expect(await matchOf(changed(goodInvoice, account, `<cbc:ID>${notation}</cbc:ID>`))).toMatchObject({ match: 'matched' })
})

test('another account is reported as changed, also when it is one of the register', async () => {
  expect(await matchOf(changed(goodInvoice, account, `<cbc:ID>${other}</cbc:ID>`))).toMatchObject({
    match: 'account-changed',
    vendor: { number: '10012', account: 'NO3536241209444' },
    invoiceAccounts: [other],
  })
})

test('the registered account beside another one is a match, for the money goes to the registered one', async () => {
  const second = `</cac:PaymentMeans><cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>${other}</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>`
  expect(await matchOf(changed(goodInvoice, '</cac:PaymentMeans>', second))).toMatchObject({ match: 'matched' })
})

test('an invoice without an account belongs to its vendor all the same', async () => {
  const without = changed(goodInvoice, /<cac:PaymentMeans>[\s\S]*<\/cac:PaymentMeans>/, '')
  expect(await matchOf(without)).toMatchObject({ match: 'no-account', vendor: { number: '10012' } })
})

test('a company with the name of a vendor and another number is unknown', async () => {
  const stranger = goodInvoice.replaceAll('914827353', '931552104')
  expect(await matchOf(stranger)).toEqual({ match: 'unknown-supplier', reason: 'not in the register' })
})

describe('identifiers that mean different suppliers match neither', () => {
  test.each([
    ['the endpoint of another vendor', '>914827353</cbc:EndpointID>', '>920177441</cbc:EndpointID>'],
    ['the registration of a stranger', '"0192">914827353</cbc:CompanyID>', '"0192">931552104</cbc:CompanyID>'],
    ['the VAT number of a stranger', 'NO914827353MVA', 'NO931552104MVA'],
  ])('%s', async (_what, from, to) => {
    expect(await matchOf(changed(goodInvoice, from, to))).toEqual({
      match: 'unknown-supplier',
      reason: 'identifiers name different suppliers',
    })
  })
})

test('the registration alone is enough where the endpoint is of another scheme', async () => {
  const gln = changed(goodInvoice, 'schemeID="0192">914827353</cbc:E', 'schemeID="0088">7300010000001</cbc:E')
  expect(await matchOf(gln)).toMatchObject({ match: 'matched' })
})

test('an IBAN is valid with its length and check digits only', () => {
  expect(isValidIban(`NO${ibanCheckDigits('NO', '86011117947')}86011117947`)).toBe(true)
  expect(isValidIban('NO9386011117947')).toBe(true)
  expect(isValidIban('NO9486011117947')).toBe(false)
  expect(isValidIban('NO938601111794')).toBe(false)
})

test('a part of an account number is not that account', () => {
  expect(isSameAccount('NO9386011117947', '1117947')).toBe(false)
  expect(isSameAccount('NO9386011117947', 'SE9386011117947')).toBe(false)
})
