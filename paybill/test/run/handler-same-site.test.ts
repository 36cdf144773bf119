import { expect, test } from 'vitest'
import { FormTokens, requireSameSite } from '../../src/run/handler/same-site.ts'

const post = (headers: Record<string, string>): Request => new Request('https://page.test/approvals', { method: 'POST', headers })
const crossSite = expect.objectContaining({ code: 'CROSS_SITE' })

test.each([
  { 'sec-fetch-site': 'same-origin', origin: 'https://page.test' },
  { 'sec-fetch-site': 'same-origin' },
  // Behind a proxy that ends TLS the handler is asked by http.
  { origin: 'http://page.test' },
  { 'paybill-request': 'cli' },
])('the page itself and programs may change something: %o', (headers) => {
  expect(() => requireSameSite(post(headers))).not.toThrow()
})

test.each([
  {},
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'none' },
  { 'sec-fetch-site': 'cross-site', 'paybill-request': 'cli' },
  { origin: 'https://evil.test' },
  { origin: 'https://page.test.evil.test' },
  { origin: 'https://page.test:8443' },
  { origin: 'null' },
  { origin: 'https://evil.test', 'paybill-request': 'cli' },
  { 'sec-fetch-site': 'same-origin', origin: 'https://evil.test' },
])('another site may not, nor may who says nothing: %o', (headers) => {
  expect(() => requireSameSite(post(headers))).toThrow(crossSite)
})

test('a form token is good for one person, one approval and one key', () => {
  const ann = { id: 'ann', tenant: 'acme' }
  const tokens = new FormTokens(new Uint8Array(32).fill(1))
  const token = tokens.make(ann, 'one')
  expect(() => tokens.check(ann, 'one', token)).not.toThrow()
  expect(() => tokens.check({ ...ann, id: 'bo' }, 'one', token)).toThrow(crossSite)
  expect(() => tokens.check({ ...ann, tenant: 'other' }, 'one', token)).toThrow(crossSite)
  expect(() => tokens.check(ann, 'two', token)).toThrow(crossSite)
  expect(() => tokens.check(ann, 'one', null)).toThrow(crossSite)
  expect(() => tokens.check(ann, 'one', '')).toThrow(crossSite)
  expect(() => new FormTokens(new Uint8Array(32).fill(2)).check(ann, 'one', token)).toThrow(crossSite)
  // Handlers behind one address share the key, and with it their forms.
  expect(() => new FormTokens(new Uint8Array(32).fill(1)).check(ann, 'one', token)).not.toThrow()
})
