import { describe, expect, test } from 'vitest'
import { readInvoice } from '../../src/invoice/read-invoice.ts'
import { changed, goodInvoice, ruleThatRefuses } from './good-invoice.ts'

type Break = readonly [rule: string, how: string, from: string | RegExp, to: string]

const tax = (code: string, percent: string, reason = '') =>
  `<cbc:ID>${code}</cbc:ID><cbc:Percent>${percent}</cbc:Percent>${reason}<cac:TaxScheme>`
const reason = '<cbc:TaxExemptionReason>Unntatt</cbc:TaxExemptionReason>'

const header: readonly Break[] = [
  ['BR-01', 'no specification', /<cbc:CustomizationID>.*?<\/cbc:CustomizationID>/, ''],
  ['PEPPOL-EN16931-R004', 'an unknown specification', 'urn:cen.eu:en16931:2017', 'urn:cen.eu:en16931:2030'],
  ['PEPPOL-EN16931-R004', 'an extension of the standard', '#compliant#', '#conformant#'],
  ['PEPPOL-EN16931-R004', 'an extension of PEPPOL', 'billing:3.0', 'billing:3.0#conformant#urn:x'],
  ['PEPPOL-EN16931-R001', 'no business process', /<cbc:ProfileID>.*?<\/cbc:ProfileID>/, ''],
  ['PEPPOL-EN16931-R007', 'an unknown business process', 'billing:01:1.0', 'billing:1'],
  ['BR-02', 'no invoice number', '<cbc:ID>F-1001</cbc:ID>', ''],
  ['BR-03', 'no issue date', '<cbc:IssueDate>2026-03-31</cbc:IssueDate>', ''],
  ['PEPPOL-EN16931-F001', 'a date that does not exist', '2026-04-30', '2026-02-30'],
  ['PEPPOL-EN16931-F001', 'a date with a time', '2026-04-30', '2026-04-30T00:00'],
  ['BR-04', 'no type', '<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>', ''],
  ['PEPPOL-EN16931-P0100', 'the type of a credit note', '>380<', '>381<'],
  ['PEPPOL-EN16931-P0100', 'a self-billed invoice', '>380<', '>389<'],
  ['PEPPOL-EN16931-P0112', 'a correction, outside Germany', '>380<', '>384<'],
  ['BR-05', 'no currency', '<cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode>', ''],
  ['BR-CL-04', 'an unknown currency', '>NOK<', '>NKK<'],
  [
    'BR-CL-05',
    'an unknown tax currency',
    '<cac:InvoicePeriod>',
    '<cbc:TaxCurrencyCode>EUX</cbc:TaxCurrencyCode><cac:InvoicePeriod>',
  ],
  [
    'PEPPOL-EN16931-R005',
    'a tax currency that is no other',
    '<cac:InvoicePeriod>',
    '<cbc:TaxCurrencyCode>NOK</cbc:TaxCurrencyCode><cac:InvoicePeriod>',
  ],
  ['PEPPOL-EN16931-R002', 'two notes', '<cbc:Note>', '<cbc:Note>En til</cbc:Note><cbc:Note>'],
  ['PEPPOL-EN16931-R003', 'no reference of the buyer', '<cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>', ''],
  ['PEPPOL-EN16931-R008', 'an empty element', '<cbc:ID>PO-1</cbc:ID>', '<cbc:ID> </cbc:ID>'],
  ['UBL-CARDINALITY', 'two invoice numbers', '<cbc:ID>F-1001</cbc:ID>', '<cbc:ID>F-1001</cbc:ID><cbc:ID>F-1002</cbc:ID>'],
  [
    'UBL-CARDINALITY',
    'two amounts due',
    '<cbc:PayableAmount',
    '<cbc:PayableAmount currencyID="NOK">1.00</cbc:PayableAmount><cbc:PayableAmount',
  ],
  ['IDENTIFIER-TEXT', 'an invoice number with a hidden character', 'F-1001', 'F-10\u200b01'],
  ['IDENTIFIER-TEXT', 'an invoice number of 101 characters', 'F-1001', 'F'.repeat(101)],
  ['BR-29', 'a period that ends before it starts', '<cbc:StartDate>2026-03-01', '<cbc:StartDate>2026-04-01'],
  [
    'BR-CO-19',
    'a period without dates',
    '<cbc:StartDate>2026-03-01</cbc:StartDate><cbc:EndDate>2026-03-31</cbc:EndDate>',
    '<cbc:Note>x</cbc:Note>',
  ],
  ['BR-52', 'an attachment without a reference', '<cbc:ID>V1</cbc:ID>', ''],
  ['PEPPOL-EN16931-CL001', 'a program as an attachment', 'application/pdf', 'application/x-msdownload'],
  ['BR-CO-25', 'neither a due date nor payment terms', '<cbc:DueDate>2026-04-30</cbc:DueDate>', ''],
]

const parties: readonly Break[] = [
  ['BR-06', 'no supplier name', '<cbc:RegistrationName>Vestnett Kraft AS</cbc:RegistrationName>', ''],
  [
    'BR-07',
    'no buyer name',
    '<cbc:RegistrationName>Fjordvarme Drift AS</cbc:RegistrationName>',
    '<cbc:CompanyID>1</cbc:CompanyID>',
  ],
  ['BR-08', 'no supplier address', /<cac:PostalAddress>.*?<\/cac:PostalAddress>/, ''],
  ['BR-09', 'no supplier country', /<cac:Country>.*?<\/cac:Country>/, '<cbc:CityName>Førde</cbc:CityName>'],
  ['BR-10', 'no buyer address', /<cac:PostalAddress>.*?<\/cac:PostalAddress>\n    <cac:PartyLegal/, '<cac:PartyLegal'],
  ['PEPPOL-EN16931-R020', 'no supplier endpoint', '<cbc:EndpointID schemeID="0192">914827353</cbc:EndpointID>', ''],
  ['PEPPOL-EN16931-R010', 'no buyer endpoint', '<cbc:EndpointID schemeID="0192">919384603</cbc:EndpointID>', ''],
  ['BR-62', 'a supplier endpoint without a scheme', '<cbc:EndpointID schemeID="0192">914827353', '<cbc:EndpointID>914827353'],
  ['BR-63', 'a buyer endpoint without a scheme', '<cbc:EndpointID schemeID="0192">919384603', '<cbc:EndpointID>919384603'],
  [
    'PEPPOL-COMMON-R041',
    'a Norwegian number with a wrong check digit',
    '914827353</cbc:EndpointID>',
    '914827354</cbc:EndpointID>',
  ],
  [
    'PEPPOL-COMMON-R049',
    'a Swedish number with a wrong check digit',
    'schemeID="0192">914827353</cbc:E',
    'schemeID="0007">5564821908</cbc:E',
  ],
  [
    'PEPPOL-COMMON-R040',
    'a GLN with a wrong check digit',
    'schemeID="0192">914827353</cbc:E',
    'schemeID="0088">7300010000002</cbc:E',
  ],
  ['PEPPOL-COMMON-R042', 'a Danish number of seven digits', 'schemeID="0192">914827353</cbc:E', 'schemeID="0184">1234567</cbc:E'],
  [
    'PEPPOL-COMMON-R043',
    'a Belgian number with a wrong check digit',
    'schemeID="0192">914827353</cbc:E',
    'schemeID="0208">0202239950</cbc:E',
  ],
  [
    'UBL-SR-12',
    'two VAT numbers',
    '<cac:PartyTaxScheme>',
    '<cac:PartyTaxScheme><cbc:CompanyID>NO1MVA</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme><cac:PartyTaxScheme>',
  ],
]

const payment: readonly Break[] = [
  ['BR-49', 'a payment without a way to pay', '<cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>', ''],
  ['BR-50', 'a credit transfer to an account without a number', '<cbc:ID>NO3536241209444</cbc:ID>', '<cbc:Name>Konto</cbc:Name>'],
  ['BR-61', 'a credit transfer without an account', /<cac:PayeeFinancialAccount>.*<\/cac:PayeeFinancialAccount>/, ''],
  ['PEPPOL-EN16931-R061', 'a direct debit without a mandate', '>30<', '>59<'],
  [
    'UBL-SR-44',
    'two payment references',
    '</cac:PaymentMeans>',
    '</cac:PaymentMeans><cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode><cbc:PaymentID>2</cbc:PaymentID><cac:PayeeFinancialAccount><cbc:ID>1</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>',
  ],
  [
    'UBL-SR-47',
    'two kinds of payment',
    '</cac:PaymentMeans>',
    '</cac:PaymentMeans><cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode></cac:PaymentMeans>',
  ],
]

const sums: readonly Break[] = [
  ['BR-12', 'no sum of lines', /<cbc:LineExtensionAmount currencyID="NOK">1450.00<\/cbc:LineExtensionAmount>/, ''],
  ['BR-13', 'no total without tax', /<cbc:TaxExclusiveAmount.*/, ''],
  ['BR-14', 'no total with tax', /<cbc:TaxInclusiveAmount.*/, ''],
  ['BR-15', 'no amount due', /<cbc:PayableAmount.*/, ''],
  ['BR-CO-10', 'a sum of lines that is one øre off', '>1450.00<', '>1450.01<'],
  ['BR-CO-11', 'a wrong sum of allowances', 'NOK">20.00</cbc:AllowanceTotalAmount>', 'NOK">21.00</cbc:AllowanceTotalAmount>'],
  ['BR-CO-11', 'allowances without their sum', /<cbc:AllowanceTotalAmount.*/, ''],
  ['BR-CO-12', 'a wrong sum of charges', 'NOK">50.00</cbc:ChargeTotalAmount>', 'NOK">49.00</cbc:ChargeTotalAmount>'],
  ['BR-CO-13', 'a wrong total without tax', '>1480.00<', '>1490.00<'],
  ['BR-CO-14', 'a tax total that is not the sum of its parts', '>327.00<', '>327.01<'],
  ['BR-CO-15', 'a total with tax that is one øre off', '>1807.00<', '>1807.01<'],
  ['BR-CO-16', 'an amount due that is one øre off', '>1500.50<', '>1500.51<'],
  ['BR-CO-17', 'tax that is one krone off', '>262.50<', '>263.50<'],
  ['BR-CO-18', 'no tax breakdown', /<cac:TaxSubtotal>[\s\S]*<\/cac:TaxSubtotal>/, ''],
  [
    'PEPPOL-EN16931-R053',
    'two tax breakdowns',
    '<cac:LegalMonetaryTotal>',
    `<cac:TaxTotal><cbc:TaxAmount currencyID="NOK">0</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="NOK">0</cbc:TaxableAmount><cbc:TaxAmount currencyID="NOK">0</cbc:TaxAmount><cac:TaxCategory>${tax('S', '25')}<cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal><cac:LegalMonetaryTotal>`,
  ],
  [
    'PEPPOL-EN16931-R054',
    'a second tax total without a second currency',
    '<cac:LegalMonetaryTotal>',
    '<cac:TaxTotal><cbc:TaxAmount currencyID="NOK">1</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>',
  ],
  [
    'BR-53',
    'a tax currency without its total',
    '<cac:InvoicePeriod>',
    '<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode><cac:InvoicePeriod>',
  ],
  ['BR-45', 'a breakdown without a taxable amount', /<cbc:TaxableAmount.*/, ''],
  ['BR-46', 'a breakdown without a tax amount', '<cbc:TaxAmount currencyID="NOK">262.50</cbc:TaxAmount>', ''],
  ['BR-47', 'a breakdown without a category', /<cac:TaxCategory><cbc:ID>S<\/cbc:ID><cbc:Percent>25.0.*/, ''],
  ['BR-48', 'a breakdown without a rate', '<cbc:Percent>25.0</cbc:Percent>', ''],
  [
    'PEPPOL-EN16931-R051',
    'an amount in another currency',
    '<cbc:PayableAmount currencyID="NOK">',
    '<cbc:PayableAmount currencyID="EUR">',
  ],
  ['PEPPOL-EN16931-R051', 'an amount without a currency', '<cbc:PayableAmount currencyID="NOK">', '<cbc:PayableAmount>'],
  ['BR-DEC-18', 'an amount due with three decimals', '>1500.50<', '>1500.500<'],
  ['BR-DEC-23', 'a line amount with three decimals', '>1000.00</cbc:LineExtensionAmount>', '>1000.001</cbc:LineExtensionAmount>'],
  ['NOT-DECIMAL', 'an amount with an exponent', '>1500.50<', '>15005E-1<'],
  ['NOT-DECIMAL', 'an amount with a decimal comma', '>1500.50<', '>1500,50<'],
  ['NOT-DECIMAL', 'an amount in Arabic digits', '>1500.50<', '>١٥٠٠<'],
  ['NOT-DECIMAL', 'an amount of 19 digits', '>1500.50<', `>${'9'.repeat(19)}<`],
]

const linesAndAllowances: readonly Break[] = [
  ['BR-16', 'no line', /<cac:InvoiceLine>[\s\S]*<\/cac:InvoiceLine>/, ''],
  ['BR-21', 'a line without a number', '<cbc:ID>1</cbc:ID>', ''],
  ['BR-22', 'a line without a quantity', /<cbc:InvoicedQuantity.*/, ''],
  ['BR-23', 'a quantity without a unit', ' unitCode="HUR"', ''],
  ['BR-24', 'a line without an amount', '<cbc:LineExtensionAmount currencyID="NOK">1000.00</cbc:LineExtensionAmount>', ''],
  ['BR-25', 'an item without a name', '<cbc:Name>Montering</cbc:Name>', ''],
  ['BR-26', 'a line without a price', '<cac:Price><cbc:PriceAmount currencyID="NOK">100.00</cbc:PriceAmount></cac:Price>', ''],
  ['BR-27', 'a negative price', '>100.00</cbc:PriceAmount>', '>-100.00</cbc:PriceAmount>'],
  ['BR-28', 'a negative gross price', '>260.00<', '>-260.00<'],
  ['BR-30', 'a line period that ends before it starts', '2026-03-20', '2026-03-01'],
  ['BR-CO-04', 'an item without a tax category', /<cac:ClassifiedTaxCategory>.*/, ''],
  [
    'BR-CL-18',
    'an item with an unknown tax category',
    /<cac:ClassifiedTaxCategory><cbc:ID>S</,
    '<cac:ClassifiedTaxCategory><cbc:ID>Q<',
  ],
  ['PEPPOL-EN16931-R120', 'a line three øre off', '>1000.00</cbc:LineExtensionAmount>', '>1000.03</cbc:LineExtensionAmount>'],
  ['PEPPOL-EN16931-R121', 'a base quantity of zero', '<cbc:BaseQuantity unitCode="EA">2', '<cbc:BaseQuantity unitCode="EA">0'],
  ['PEPPOL-EN16931-R130', 'a price for another unit', '<cbc:BaseQuantity unitCode="EA">', '<cbc:BaseQuantity unitCode="KGM">'],
  ['PEPPOL-EN16931-R046', 'a net price that is not gross less discount', '>260.00<', '>261.00<'],
  [
    'PEPPOL-EN16931-R044',
    'a charge on a price',
    /<cbc:ChargeIndicator>false<\/cbc:ChargeIndicator>\n        <cbc:Amount currencyID="NOK">10/,
    '<cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:Amount currencyID="NOK">10',
  ],
  ['PEPPOL-EN16931-R110', 'a line period that starts too early', '2026-03-02', '2026-02-28'],
  ['PEPPOL-EN16931-R111', 'a line period that ends too late', '2026-03-20', '2026-04-01'],
  ['BR-31', 'an allowance without an amount', '<cbc:Amount currencyID="NOK">20.00</cbc:Amount>', ''],
  [
    'BR-32',
    'an allowance without a tax category',
    /<cac:TaxCategory><cbc:ID>S<\/cbc:ID><cbc:Percent>15.*\n  <\/cac:AllowanceCharge>/,
    '</cac:AllowanceCharge>',
  ],
  ['BR-33', 'an allowance without a reason', '<cbc:AllowanceChargeReason>Rabatt</cbc:AllowanceChargeReason>', ''],
  ['BR-36', 'a charge without an amount', '<cbc:Amount currencyID="NOK">50.00</cbc:Amount>\n    <cbc:Base', '<cbc:Base'],
  ['BR-37', 'a charge without a tax category', /<cac:TaxCategory>.*/, ''],
  ['BR-38', 'a charge without a reason', '<cbc:AllowanceChargeReason>Frakt</cbc:AllowanceChargeReason>', ''],
  ['BR-41', 'a line allowance without an amount', '<cbc:Amount currencyID="NOK">50.00</cbc:Amount>\n    </cac', '</cac'],
  ['BR-42', 'a line allowance without a reason', '<cbc:AllowanceChargeReason>Kvantum</cbc:AllowanceChargeReason>', ''],
  [
    'PEPPOL-EN16931-R040',
    'a charge that is not its percentage',
    '<cbc:MultiplierFactorNumeric>5<',
    '<cbc:MultiplierFactorNumeric>6<',
  ],
  ['PEPPOL-EN16931-R041', 'a percentage of nothing', '<cbc:BaseAmount currencyID="NOK">1000.00</cbc:BaseAmount>', ''],
  ['PEPPOL-EN16931-R042', 'a base without a percentage', '<cbc:MultiplierFactorNumeric>5</cbc:MultiplierFactorNumeric>', ''],
  ['PEPPOL-EN16931-R043', 'neither allowance nor charge', '<cbc:ChargeIndicator>true<', '<cbc:ChargeIndicator>1<'],
]

const taxes: readonly Break[] = [
  ['BR-S-01', 'a rate that the breakdown does not have', '<cbc:Percent>25</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:Class', '<cbc:Percent>24</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:Class'],
  ['BR-S-02', 'standard rate without a tax registration', /<cac:PartyTaxScheme>.*/, ''],
  ['BR-S-05', 'standard rate of zero on a line', '<cbc:Percent>15</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:Class', '<cbc:Percent>0</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:Class'],
  ['BR-S-08', 'taxable amounts of the wrong rates', '>1050.00</cbc:TaxableAmount>', '>1051.00</cbc:TaxableAmount>'],
  ['BR-S-10', 'standard rate with an exemption', tax('S', '25.0'), tax('S', '25.0', reason)],
  ['BR-CL-17', 'an unknown category in the breakdown', tax('S', '25.0'), tax('X', '25.0')],
] // prettier-ignore

describe.each(Object.entries({ header, parties, payment, sums, linesAndAllowances, taxes }))('%s', (_group, breaks) => {
  test.each(breaks)('%s refuses %s', async (rule, _how, from, to) => {
    expect(await ruleThatRefuses(changed(goodInvoice, from, to))).toBe(rule)
  })
})

test('the invoice that these tests break is read', async () => {
  const invoice = await readInvoice(Buffer.from(goodInvoice))
  expect(invoice.totals.payable).toEqual({ minor: 150050n, currency: 'NOK' })
  expect(invoice.lines.map((line) => line.net.minor)).toEqual([100000n, 45000n])
  expect(invoice.payments.map(({ account }) => account?.id)).toEqual(['NO3536241209444'])
  expect(invoice.attachments).toEqual([{ id: 'V1', mimeType: 'application/pdf', fileName: 'v1.pdf', bytes: 9 }])
})

test('free texts keep every character and say where they stood', async () => {
  const invoice = await readInvoice(Buffer.from(goodInvoice))
  expect(invoice.freeTexts).toEqual([
    { path: 'cbc:Note', text: '  Takk & hei  ' },
    { path: 'cac:AllowanceCharge/cbc:AllowanceChargeReason', text: 'Frakt' },
    { path: 'cac:AllowanceCharge[2]/cbc:AllowanceChargeReason', text: 'Rabatt' },
    { path: 'cac:InvoiceLine[1]/cbc:Note', text: 'Linjemerknad' },
    { path: 'cac:InvoiceLine[1]/cac:Item/cbc:Name', text: 'Montering' },
    { path: 'cac:InvoiceLine[2]/cac:AllowanceCharge/cbc:AllowanceChargeReason', text: 'Kvantum' },
    { path: 'cac:InvoiceLine[2]/cac:Item/cbc:Description', text: 'Lunsj' },
    { path: 'cac:InvoiceLine[2]/cac:Item/cbc:Name', text: 'Mat' },
  ])
})

test('the tolerances of the standard are kept: two øre on a line, less than one krone of tax', async () => {
  const lineOff = changed(
    changed(
      changed(goodInvoice, '>1000.00</cbc:LineExtensionAmount>', '>1000.02</cbc:LineExtensionAmount>'),
      '>1450.00<',
      '>1450.02<',
    ),
    '>1480.00<',
    '>1480.02<',
  )
  expect(await ruleThatRefuses(changed(changed(lineOff, '>1807.00<', '>1807.02<'), '>1500.50<', '>1500.52<'))).toBeNull()
  const taxOff = changed(changed(goodInvoice, '>262.50<', '>263.49<'), '>327.00<', '>327.99<')
  expect(await ruleThatRefuses(changed(changed(taxOff, '>1807.00<', '>1807.99<'), '>1500.50<', '>1501.49<'))).toBeNull()
})

test('another compliant specification is read without the rules that only PEPPOL has', async () => {
  const xrechnung = changed(goodInvoice, 'urn:fdc:peppol.eu:2017:poacc:billing:3.0', 'urn:xeinkauf.de:kosit:xrechnung_3.0')
  expect((await readInvoice(Buffer.from(xrechnung))).peppol).toBe(false)
  expect(await ruleThatRefuses(changed(xrechnung, '<cbc:Note>', '<cbc:Note>En til</cbc:Note><cbc:Note>'))).toBeNull()
})

test('two German parties may write several notes, as PEPPOL allows', async () => {
  const german = goodInvoice.replaceAll('>NO</cbc:IdentificationCode>', '>DE</cbc:IdentificationCode>')
  expect(await ruleThatRefuses(changed(german, '<cbc:Note>', '<cbc:Note>Noch eine</cbc:Note><cbc:Note>'))).toBeNull()
})

test('a currency without decimals takes whole amounts and refuses others', async () => {
  const yen = goodInvoice.replaceAll('NOK', 'JPY').replaceAll('262.50', '262.00').replaceAll('64.50', '65.00')
  const whole = changed(changed(yen, '>0.50<', '>0.00<'), '>1500.50<', '>1500.00<')
  expect((await readInvoice(Buffer.from(whole))).totals.payable).toEqual({ minor: 1500n, currency: 'JPY' })
  expect(await ruleThatRefuses(yen)).toBe('AMOUNT-FRACTION')
})

test('the total in the tax currency must be there and have the same sign', async () => {
  const total = (amount: string) => `<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">${amount}</cbc:TaxAmount></cac:TaxTotal>`
  const withCurrency = changed(
    goodInvoice,
    '<cac:InvoicePeriod>',
    '<cbc:TaxCurrencyCode>EUR</cbc:TaxCurrencyCode><cac:InvoicePeriod>',
  )
  const withTotal = (amount: string) =>
    changed(withCurrency, '<cac:LegalMonetaryTotal>', `${total(amount)}<cac:LegalMonetaryTotal>`)
  expect(await ruleThatRefuses(withTotal('28.10'))).toBeNull()
  expect(await ruleThatRefuses(withTotal('-28.10'))).toBe('PEPPOL-EN16931-R055')
})

describe('tax categories without tax', () => {
  // The second line, its allowance and its subtotal in another category: no tax on them, so all totals fall by their 64.50.
  const without = (code: string, percent: string) => {
    const category = `<cbc:ID>${code}</cbc:ID>${percent === '' ? '' : `<cbc:Percent>${percent}</cbc:Percent>`}`
    const replaced = goodInvoice.replaceAll('<cbc:ID>S</cbc:ID><cbc:Percent>15</cbc:Percent>', category)
    const totals = [
      ['>64.50<', '>0.00<'],
      ['>327.00<', '>262.50<'],
      ['>1807.00<', '>1742.50<'],
      ['>1500.50<', '>1436.00<'],
    ] as const
    return totals.reduce((xml, [from, to]) => changed(xml, from, to), replaced)
  }
  const withReason = (xml: string, code: string) =>
    changed(
      xml,
      new RegExp(`(NOK">0.00</cbc:TaxAmount>\\s*<cac:TaxCategory><cbc:ID>${code}</cbc:ID><cbc:Percent>0</cbc:Percent>)`),
      `NOK">0.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>${code}</cbc:ID><cbc:Percent>0</cbc:Percent>${reason}`,
    )

  test('zero rate needs no reason, exemption needs one', async () => {
    expect(await ruleThatRefuses(without('Z', '0'))).toBeNull()
    expect(await ruleThatRefuses(without('E', '0'))).toBe('BR-E-10')
    expect(await ruleThatRefuses(withReason(without('E', '0'), 'E'))).toBeNull()
  })

  test('an exempt line has no rate and no tax', async () => {
    const exempt = withReason(without('E', '0'), 'E')
    const rated = '<cbc:ID>E</cbc:ID><cbc:Percent>15</cbc:Percent>'
    expect(
      await ruleThatRefuses(
        changed(exempt, /(?<=<cac:ClassifiedTaxCategory>)<cbc:ID>E<\/cbc:ID><cbc:Percent>0<\/cbc:Percent>/, rated),
      ),
    ).toBe('BR-E-05')
    expect(await ruleThatRefuses(changed(exempt, '<cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>', rated))).toBe('BR-E-06')
    const taxed = changed(
      changed(withReason(without('E', '0'), 'E'), '>0.00<', '>0.50<'),
      '>262.50</cbc:TaxAmount>\n    <',
      '>263.00</cbc:TaxAmount>\n    <',
    )
    expect(await ruleThatRefuses(changed(changed(taxed, '>1742.50<', '>1743.00<'), '>1436.00<', '>1436.50<'))).toBe('BR-E-09')
  })

  test('reverse charge needs a buyer who is registered', async () => {
    const reverse = withReason(without('AE', '0'), 'AE')
    expect(await ruleThatRefuses(reverse)).toBe('BR-AE-02')
    const registered = '<cbc:RegistrationName>Fjordvarme Drift AS</cbc:RegistrationName><cbc:CompanyID>919384603</cbc:CompanyID>'
    expect(
      await ruleThatRefuses(changed(reverse, '<cbc:RegistrationName>Fjordvarme Drift AS</cbc:RegistrationName>', registered)),
    ).toBeNull()
  })

  test('a supply inside the EU needs the buyer, the day and the country of delivery', async () => {
    const vat =
      '<cac:PartyTaxScheme><cbc:CompanyID>DE1</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>'
    const inside = withReason(without('K', '0'), 'K')
    expect(await ruleThatRefuses(inside)).toBe('BR-IC-02')
    const known = changed(
      inside,
      /<cac:PartyLegalEntity><cbc:RegistrationName>Fjord/,
      `${vat}<cac:PartyLegalEntity><cbc:RegistrationName>Fjord`,
    )
    expect(await ruleThatRefuses(known)).toBe('BR-IC-12')
    const delivered =
      '<cac:Delivery><cac:DeliveryLocation><cac:Address><cac:Country><cbc:IdentificationCode>DE</cbc:IdentificationCode></cac:Country></cac:Address></cac:DeliveryLocation></cac:Delivery>'
    expect(await ruleThatRefuses(changed(known, '<cac:PaymentMeans>', `${delivered}<cac:PaymentMeans>`))).toBeNull()
  })

  test('what is outside the scope of VAT has no rate and stands alone', async () => {
    expect(await ruleThatRefuses(without('O', '0'))).toBe('BR-O-05')
    expect(await ruleThatRefuses(without('O', ''))).toBe('BR-O-02')
  })
})

test('a credit note is read as one, and needs no due date', async () => {
  const note = goodInvoice
    .replaceAll('InvoiceLine', 'CreditNoteLine')
    .replaceAll('InvoicedQuantity', 'CreditedQuantity')
    .replace('xsd:Invoice-2', 'xsd:CreditNote-2')
    .replace('<Invoice ', '<CreditNote ')
    .replace('</Invoice>', '</CreditNote>')
    .replace('<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>', '<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>')
    .replace('<cbc:DueDate>2026-04-30</cbc:DueDate>', '')
  expect((await readInvoice(Buffer.from(note))).kind).toBe('credit-note')
  expect(await ruleThatRefuses(changed(note, '>381<', '>380<'))).toBe('PEPPOL-EN16931-P0101')
})
