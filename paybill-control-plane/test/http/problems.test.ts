// What is refused before the control plane is asked, and what nobody is told.

import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PaybillError } from 'paybill/lib'
import { openPlaneDatabase, type PlaneDatabase } from '../control-plane/plane.ts'
import { newKey, newSite, type Site } from './site.ts'

let shared: PlaneDatabase
let site: Site

beforeAll(async () => {
  shared = await openPlaneDatabase()
  site = await newSite(shared, { hosts: ['control.example.com'] })
})

afterAll(async () => {
  await site.close()
  await shared.close()
})

const signUp = 'POST /v1/sign-ups'

test.each([
  ['an unknown field', { owner: 'me' }, '#/owner', 'is not known here'],
  [
    'an unknown field inside',
    { customer: { name: 'A', email: 'a@b.example', vip: true } },
    '#/customer/vip',
    'is not known here',
  ],
  ['a wrong type', { seats: 'many' }, '#/seats', 'expected number'],
  ['a number that is not whole', { seats: 1.5 }, '#/seats', 'is wrong'],
  ['no seats', { seats: 0 }, '#/seats', '>=1'],
  ['an address that is none', { customer: { name: 'A', email: 'nobody' } }, '#/customer/email', 'invalid email address'],
  ['a name that no address can have', { name: 'Fjord Drift!' }, '#/name', 'expected lower-case letters'],
  ['a missing field', { region: undefined }, '#/region', 'is missing'],
])('%s is refused with its place, and nothing is made', async (_what, change, pointer, says) => {
  const here = await newSite(shared)
  const refused = await here.ask(signUp, { body: { ...here.order(), ...change }, headers: newKey() })
  expect(refused).toMatchObject({
    status: 400,
    headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    body: {
      type: 'urn:paybill:error:ARGUMENT_INVALID',
      title: 'argument invalid',
      status: 400,
      code: 'ARGUMENT_INVALID',
      detail: expect.stringContaining(says),
      instance: `urn:uuid:${String(refused.headers['x-request-id'])}`,
      errors: [{ pointer, detail: expect.stringContaining(says) }],
    },
  })
  expect(await here.plane.tenantList('olga', { limit: 1 })).toEqual([])
  await here.close()
})

test('every wrong place is named, up to ten', async () => {
  const body = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`field${index}`, 1]))
  const { body: problem } = await site.ask(signUp, { body: { ...site.order(), ...body }, headers: newKey() })
  expect(problem?.['errors']).toHaveLength(10)
})

test.each([
  ['bad JSON', '{"name": x}', 'unexpected `x`'],
  ['JSON that ends too early', '{"name": "x"', 'see line 1, column 13'],
  ['text that is no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'is no JSON in UTF-8'],
  ['a body that is a list', '[]', 'expected object'],
  ['no body', undefined, 'is missing'],
])('%s is refused with where it went wrong', async (_what, text, says) => {
  const asked = text === undefined ? {} : { text }
  const refused = await site.ask(signUp, { ...asked, headers: newKey() })
  expect(refused).toMatchObject({ status: 400, body: { code: 'ARGUMENT_INVALID', detail: expect.stringContaining(says) } })
})

test('a body in a form that a key has in its prototype changes no prototype', async () => {
  const text = JSON.stringify(site.order()).replace('{', '{"__proto__": {"polluted": true},')
  expect((await site.ask(signUp, { text, headers: newKey() })).status).toBe(400)
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

test('a body that is too large, or of another type, is refused as what it is', async () => {
  const large = await site.ask(signUp, { body: { ...site.order(), name: 'x'.repeat(20_000) }, headers: newKey() })
  expect(large).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } })
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])
    expect(await site.ask(signUp, { text: '{}', headers: { ...newKey(), 'content-type': type } })).toMatchObject({
      status: 415,
      body: { code: 'CONTENT_TYPE_UNKNOWN' },
    })
})

test('a request that takes no body or no query is not given one in silence', async () => {
  const id = await site.settled()
  expect(await site.ask(`DELETE /v1/tenants/${id}`, { body: { force: true } })).toMatchObject({ status: 400 })
  expect(await site.ask(`DELETE /v1/tenants/${id}?force=true`)).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: 'force' }] },
  })
  expect(await site.plane.tenantShow('olga', id)).toMatchObject({ phase: 'active' })
})

test('what is no HTTP is answered by a problem too, and the connection ends', async () => {
  const { port } = new URL(site.url)
  const socket = connect(Number(port), '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (part: string) => (text += part))
  socket.write('HELLO\r\n\r\n')
  await once(socket, 'close')
  expect(text).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json.*"code":"ARGUMENT_INVALID"/s)
})

test('an address that is none is NOT_FOUND, and a method that it has not is told which it has', async () => {
  expect(await site.ask('GET /v1/nowhere')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  expect(await site.ask('PUT /v1/tenants/x')).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD, DELETE' },
    body: { code: 'METHOD_NOT_ALLOWED' },
  })
  expect(await site.ask('POST /v1/clock', { body: {} })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, PUT' } })
})

test('an error of ours is INTERNAL with an id under which the log has the rest, and shows nothing of it', async () => {
  const broken = await newSite(shared, {
    between: (plane) => ({
      ...plane,
      planList: () => Promise.reject(new Error('password of the database is hunter2')),
      clockShow: () => Promise.reject(new PaybillError('DATABASE_FAILED', 'relation "tenant" has no column "x"')),
    }),
  })
  const plans = await broken.ask('GET /v1/plans')
  const clock = await broken.ask('GET /v1/clock')
  expect(plans).toMatchObject({ status: 500, body: { code: 'INTERNAL' } })
  expect(clock).toMatchObject({ status: 500, body: { code: 'DATABASE_FAILED' } })
  expect(plans.text + clock.text).not.toMatch(/hunter2|relation|at .*\.ts/)
  expect(broken.errors.map(({ id }) => `urn:uuid:${id}`)).toEqual([plans.body?.['instance'], clock.body?.['instance']])
  expect(String(broken.errors[0]?.error)).toContain('hunter2')
  await broken.close()
})

test('the refusal of a caller is not logged as an error', async () => {
  await site.ask('GET /v1/tenants/x')
  expect(site.errors).toEqual([])
})

test('a name that leads here from elsewhere (DNS rebinding) is refused, with or without a key', async () => {
  const { port } = new URL(site.url)
  for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1', `127.0.0.1.evil.example:${port}`])
    for (const as of ['olga', null])
      expect(await site.ask('GET /v1/plans', { as, headers: { host } })).toMatchObject({
        status: 421,
        body: { code: 'HOST_UNKNOWN' },
      })
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, 'control.example.com'])
    expect((await site.ask('GET /v1/plans', { headers: { host } })).status).toBe(200)
})

test('it listens on this machine alone', () => {
  expect(new URL(site.url).hostname).toBe('127.0.0.1')
})

test('answers of every kind leave with the protecting headers, and no other site is let in', async () => {
  const answers = [
    await site.ask('GET /v1/plans', { headers: { origin: 'https://evil.example' } }),
    await site.ask('GET /v1/plans', { as: null }),
    await site.ask('GET /v1/tenants/x'),
    await site.ask('GET /v1/%zz'),
    await site.ask('OPTIONS /v1/plans', {
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    }),
    await site.ask('GET /healthz', { as: null }),
  ]
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  }
})

test('two requests have two ids, and a sender cannot choose one', async () => {
  const chosen = { 'x-request-id': 'chosen', 'request-id': 'chosen' }
  const [one, two] = [await site.ask('GET /v1/plans', { headers: chosen }), await site.ask('GET /v1/plans', { headers: chosen })]
  expect(new Set([one.headers['x-request-id'], two.headers['x-request-id'], 'chosen']).size).toBe(3)
})
