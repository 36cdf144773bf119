import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseCompany } from '../../src/company.ts'
import { readInputFolder } from '../../src/invoice/input-folder.ts'
import { parseVendorRegister } from '../../src/vendor-register.ts'

const header = 'number,name,organization_id,vat_id,account,bic,country'
const row = '10012,Vestnett Kraft AS,0192:914827353,NO914827353MVA,NO35 3624 1209 444,SPAVNOBB,NO'

describe('the vendor register', () => {
  test('is read with quotes, line breaks inside them, a mark at the start and columns in any order', () => {
    const text =
      '\ufeffname,number,organization_id,vat_id,account,bic,country\r\n"Papir, ""Penn""\n& Kontor AS",1,0192:912663078,,5719-2204,,NO\r\n'
    expect(parseVendorRegister(text)).toEqual([
      {
        number: '1',
        name: 'Papir, "Penn"\n& Kontor AS',
        organizationId: '0192:912663078',
        vatId: null,
        account: '57192204',
        bic: null,
        country: 'NO',
      },
    ])
  })

  test.each([
    ['a missing column', `number,name\n1,x`, /line 1: .*organization_id, vat_id, account, bic, country is missing/],
    ['a column named twice', `${header},bic\n${row},x`, /line 1: a column is named twice/],
    ['no vendor', header, /line 1: there is no vendor/],
    ['no text at all', '', /line 1: .* missing/],
    ['a row with too few values', `${header}\n${row}\n1,2`, /line 3: /],
    ['a quote that never ends', `${header}\n"${row}`, /line 2: .*[Qq]uote/],
    ['a quote inside a value', `${header}\n${row.replace('Kraft', 'Kr"aft')}`, /line 2: .*[Qq]uote/],
    ['a vendor without a name', `${header}\n${row.replace('Vestnett Kraft AS', ' ')}`, /line 2: `name` is empty/],
    ['an organization without a scheme', `${header}\n${row.replace('0192:', '')}`, /line 2: `organization_id`/],
    ['an IBAN with wrong check digits', `${header}\n${row.replace('NO35', 'NO36')}`, /line 2: `account` is `NO36 3624 1209 444`/],
    ['an account that is a sentence', `${header}\n${row.replace('NO35 3624 1209 444', 'ask Kari!')}`, /line 2: `account`/],
    ['a country in words', `${header}\n${row.replace(/NO$/, 'Norway')}`, /line 2: `country`/],
    ['a BIC of nine characters', `${header}\n${row.replace('SPAVNOBB', 'SPAVNOBBX')}`, /line 2: `bic`/],
    ['a vendor listed twice', `${header}\n${row}\n${row}`, /line 3: `10012` stands on line 2 already/],
    [
      'an account of two vendors',
      `${header}\n${row}\n2,B,0192:920177441,,NO3536241209444,,NO`,
      /line 3: `NO3536241209444` stands on line 2/,
    ],
  ])('with %s is refused and the line named', (_what, text, message) => {
    expect(() => parseVendorRegister(text)).toThrow(
      expect.objectContaining({ code: 'VENDOR_REGISTER_INVALID', message: expect.stringMatching(message) }),
    )
  })
})

const limits = { perInvoice: '100.00', perVendorDay: '200.00', perDay: '300.00' }
const company = {
  name: 'Fjordvarme Drift AS',
  organizationNumber: '919384603',
  account: 'NO3337852219042',
  currency: 'NOK',
  limits: { NOK: limits },
}

describe('the company', () => {
  test('is read with its limits as amounts', () => {
    expect(parseCompany(JSON.stringify(company)).limits.get('NOK')?.perDay).toEqual({ minor: 30000n, currency: 'NOK' })
  })

  test.each([
    ['text that is not JSON', '{', /not JSON/],
    ['a list', '[]', /the file is not an object/],
    ['no name', { ...company, name: '' }, /`name`/],
    ['a wrong organization number', { ...company, organizationNumber: '919384604' }, /`organizationNumber`/],
    ['a wrong account', { ...company, account: 'NO3437852219042' }, /`account`/],
    ['no limits', { ...company, limits: undefined }, /`limits` is not an object/],
    ['no limits for its own currency', { ...company, limits: { EUR: limits } }, /`limits` has no entry .* `NOK`/],
    [
      'a limit that is a number',
      { ...company, limits: { NOK: { ...limits, perDay: 300 } } },
      /`limits.NOK.perDay` is not a decimal number in quotes/,
    ],
    ['a limit with three decimals', { ...company, limits: { NOK: { ...limits, perDay: '1.001' } } }, /`limits.NOK.perDay`/],
    [
      'a limit of zero',
      { ...company, limits: { NOK: { ...limits, perInvoice: '0' } } },
      /`limits.NOK.perInvoice` is not above zero/,
    ],
    ['limits that fall', { ...company, limits: { NOK: { ...limits, perDay: '150.00' } } }, /`limits.NOK` must not fall/],
    ['a currency that is none', { ...company, limits: { NOK: limits, nok: limits } }, /`limits.nok.perInvoice`/],
  ])('with %s is refused and the field named', (_what, value, message) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    expect(() => parseCompany(text)).toThrow(
      expect.objectContaining({ code: 'COMPANY_INVALID', message: expect.stringMatching(message) }),
    )
  })
})

test('every regular file of the folder is an invoice but the two trusted ones and names with a dot in front', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bill-pay-'))
  try {
    await mkdir(join(directory, 'archive'))
    await writeFile(join(directory, 'company.json'), JSON.stringify(company))
    await expect(readInputFolder(directory)).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      message: expect.stringContaining('vendors.csv'),
    })
    await writeFile(join(directory, 'vendors.csv'), `${header}\n${row}\n`)
    for (const name of ['b.xml', 'a.pdf', 'Z.xml', '.hidden.xml']) await writeFile(join(directory, name), 'x')
    expect((await readInputFolder(directory)).invoiceFiles).toEqual(['Z.xml', 'a.pdf', 'b.xml'])
    await expect(readInputFolder(join(directory, 'none'))).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  } finally {
    await rm(directory, { recursive: true })
  }
})
