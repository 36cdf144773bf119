// API keys: who they let in, and what everybody else is told.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256Hex } from 'paybill/lib'
import { openPlaneDatabase, type OpenPlane, type PlaneDatabase } from '../control-plane/plane.ts'
import { type Answer, newSite, openSite, type Site } from './site.ts'

let shared: PlaneDatabase
let open: OpenPlane
let site: Site

const requestId = '00000000-0000-4000-8000-000000000000'

beforeAll(async () => {
  shared = await openPlaneDatabase()
  open = await shared.open()
  site = await openSite(open, { newRequestId: () => requestId })
})

afterAll(async () => {
  await site.close()
  await shared.close()
})

const withHeader = (authorization: string): Promise<Answer> => site.ask('GET /v1/plans', { as: null, headers: { authorization } })

test('a key lets its person in, and so far as his roles go', async () => {
  const key = await site.keyOf('vera')
  expect(key).toMatch(/^pbk_[0-9a-z]{12}_[\w-]{43}$/)
  expect((await withHeader(`Bearer ${key}`)).status).toBe(200)
  expect((await withHeader(`bearer ${key}`)).status).toBe(200)
})

test('missing, malformed, unknown, wrong, expired and ended keys are answered alike, byte for byte', async () => {
  const good = await site.keyOf('vera')
  const [, prefix = '', secret = ''] = /^pbk_([^_]+)_(.+)$/.exec(good) ?? []
  const ended = await site.keys.make('vera', { name: 'to be ended', days: 1 })
  await site.keys.end('vera', ended.slice(4, 16))
  const other = await newSite(shared)
  const foreign = await other.keyOf('olga')
  const late = await openSite(open, { newRequestId: () => requestId, now: () => new Date(Date.now() + 86_400_000) })

  const plain = ({ status, headers, text }: Answer): string => JSON.stringify({ status, headers: { ...headers, date: '' }, text })
  const missing = await site.ask('GET /v1/plans', { as: null })
  expect(missing).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer realm="paybill"' },
    body: { code: 'SIGN_IN_REQUIRED' },
  })
  const wrong = [
    '',
    'Bearer',
    'Basic b2xnYTpvbGdh',
    'Bearer pbk_x_y',
    `Bearer pbk_${'0'.repeat(12)}_${secret}`,
    `Bearer pbk_${prefix}_${'A'.repeat(43)}`,
    `Bearer ${good}x`,
    `Bearer ${sha256Hex(secret)}`,
    `Bearer ${ended}`,
    `Bearer ${foreign}`,
  ]
  for (const header of wrong) expect(plain(await withHeader(header))).toBe(plain(missing))
  const expired = await late.ask('GET /v1/plans', { as: null, headers: { authorization: `Bearer ${good}` } })
  expect(plain(expired)).toBe(plain(missing))
  await other.close()
  await late.close()
})

test('without a key nobody learns which addresses and methods there are', async () => {
  for (const line of ['GET /v1/nowhere', 'PATCH /v1/tenants', 'POST /v1/sign-ups', 'OPTIONS /v1/tenants'])
    expect((await site.ask(line, { as: null })).status).toBe(401)
})

test('the database holds what a secret hashes to, never a secret, and only the gateway reads that', async () => {
  const key = await site.keys.make('vera', { name: 'stored', days: 30 })
  const secret = key.slice(17)
  const read = (id: string, roles: readonly string[]) =>
    open.database
      .session({ principal: { id, tenant: open.organization, roles, claims: { self: id } }, purpose: 'test' })
      .apiKey.findFirst({ where: { prefix: key.slice(4, 16) } })
  const row = await read('gateway', ['gateway'])
  expect(row).toMatchObject({ person: 'vera', name: 'stored', secretHash: sha256Hex(secret), lastUsedAt: null })
  expect(JSON.stringify(row)).not.toContain(secret)
  await expect(read('vera', ['viewer'])).rejects.toMatchObject({ code: 'DENIED' })
  await withHeader(`Bearer ${key}`)
  expect((await read('gateway', ['gateway']))?.lastUsedAt).toBeInstanceOf(Date)
})

test('a person makes and ends keys for himself only, and never prolongs one', async () => {
  await expect(site.keys.make('nobody', { name: 'x', days: 1 })).rejects.toMatchObject({ code: 'DENIED' })
  await expect(site.keys.make('vera', { name: 'x', days: 367 })).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' })
  const key = await site.keys.make('vera', { name: 'hers', days: 1 })
  const prefix = key.slice(4, 16)
  await expect(site.keys.end('olga', prefix)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  const sessionOf = (id: string, role: string) =>
    open.database.session({
      principal: { id, tenant: open.organization, roles: [role], claims: { self: id } },
      purpose: 'test',
    })
  const now = new Date()
  const forged = { prefix: '1'.repeat(12), secretHash: '0'.repeat(64), person: 'vera', name: 'x', createdAt: now, expiresAt: now }
  await expect(sessionOf('olga', 'operator').apiKey.insert(forged)).rejects.toMatchObject({ code: 'DENIED' })
  const later = new Date(now.getTime() + 864_000_000)
  const prolonged = sessionOf('vera', 'viewer').apiKey.update({ where: { prefix }, set: { expiresAt: later } })
  await expect(prolonged).rejects.toMatchObject({ code: 'DENIED' })
  expect((await withHeader(`Bearer ${key}`)).status).toBe(200)
})

test('a key of a person who is not known any more may do nothing', async () => {
  const known = new Set(['vera'])
  const strict = await openSite({
    ...open,
    principal: async (id) => (known.has(id) ? open.principal(id) : null),
  })
  const key = await strict.keyOf('vera')
  known.clear()
  const gone = await openSite(open, { between: (plane) => ({ ...plane, planList: () => plane.planList('nobody') }) })
  const answer = await gone.ask('GET /v1/plans', { as: null, headers: { authorization: `Bearer ${key}` } })
  expect(answer).toMatchObject({ status: 403, body: { code: 'DENIED' } })
  await strict.close()
  await gone.close()
})
