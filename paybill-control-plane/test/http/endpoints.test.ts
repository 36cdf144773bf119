// Each endpoint: what it gives to those who may, and what it says to those who may not.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPlaneDatabase, type PlaneDatabase } from '../control-plane/plane.ts'
import { newKey, newSite, type Site } from './site.ts'

let shared: PlaneDatabase
let site: Site
let tenant: string

beforeAll(async () => {
  shared = await openPlaneDatabase()
  site = await newSite(shared)
  tenant = await site.settled({ plan: 'business' })
})

afterAll(async () => {
  await site.close()
  await shared.close()
})

const denied = { status: 403, body: { code: 'DENIED' } }
const missing = { status: 404, body: { code: 'NOT_FOUND' } }
const nowhere = `ten_${'9'.repeat(20)}`

test('POST /v1/sign-ups makes a pending tenant and says where it is; who may only look makes none', async () => {
  const made = await site.ask('POST /v1/sign-ups', { body: site.order(), headers: newKey() })
  expect(made).toMatchObject({ status: 201, body: { phase: 'pending', next: { kind: 'working' } } })
  expect(made.headers['location']).toBe(`/v1/tenants/${String(made.body?.['id'])}`)
  expect(await site.ask(`GET ${String(made.headers['location'])}`)).toMatchObject({
    status: 200,
    body: { id: made.body?.['id'] },
  })
  expect(await site.ask('POST /v1/sign-ups', { as: 'vera', body: site.order(), headers: newKey() })).toMatchObject(denied)
})

test.each([
  ['a plan that is not sold', { plan: 'platinum' }, 404, 'business, enterprise, starter'],
  ['a region without a cell', { region: 'mars' }, 409, 'not in `mars`'],
])('POST /v1/sign-ups refuses %s and says what there is', async (_what, change, status, says) => {
  const refused = await site.ask('POST /v1/sign-ups', { body: site.order(change), headers: newKey() })
  expect(refused).toMatchObject({ status, body: { detail: expect.stringContaining(says) } })
})

test('GET /v1/tenants goes through all tenants page by page; who routes sees none', async () => {
  const other = await newSite(shared)
  const ids = await Promise.all([1, 2, 3].map(async () => (await other.plane.signUp('olga', other.order())).id))
  const first = await other.ask('GET /v1/tenants?limit=2', { as: 'vera' })
  const [one, two, three] = ids.toSorted()
  expect(first.body).toMatchObject({ tenants: [{ id: one }, { id: two }], next: two })
  expect((await other.ask(`GET /v1/tenants?limit=2&after=${two ?? ''}`)).body).toMatchObject({
    tenants: [{ id: three }],
    next: null,
  })
  expect(await other.ask('GET /v1/tenants', { as: 'gate' })).toMatchObject(denied)
  await other.close()
})

test.each([
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=x', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['after=nonsense', 'after'],
  ['page=2', 'page'],
])('GET /v1/tenants?%s is refused with the name of the parameter', async (query, pointer) => {
  expect(await site.ask(`GET /v1/tenants?${query}`)).toMatchObject({
    status: 400,
    body: { code: 'ARGUMENT_INVALID', errors: [{ pointer }] },
  })
})

test('GET /v1/tenants/{id} shows a tenant to those who may look', async () => {
  expect(await site.ask(`GET /v1/tenants/${tenant}`, { as: 'vera' })).toMatchObject({
    status: 200,
    body: { id: tenant, phase: 'active', access: 'full', isolation: 'bridge', operation: null, next: { kind: 'none' } },
  })
  expect(await site.ask(`GET /v1/tenants/${tenant}`, { as: 'gate' })).toMatchObject(denied)
})

test('suspending cuts access at once, resuming gives it back; neither is for those who may only look', async () => {
  const id = await site.settled()
  const path = `/v1/tenants/${id}/suspensions`
  expect(await site.ask(`POST ${path}`, { as: 'vera', body: { reason: 'operator' } })).toMatchObject(denied)
  expect(await site.ask(`POST ${path}`, { body: { reason: 'operator' } })).toMatchObject({
    status: 200,
    body: { access: 'blocked', suspensions: [{ reason: 'operator', by: 'olga' }] },
  })
  expect(await site.ask(`POST ${path}`, { body: { reason: 'mood' } })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '#/reason' }] },
  })
  expect(await site.ask(`DELETE ${path}/operator`, { as: 'vera' })).toMatchObject(denied)
  expect(await site.ask(`DELETE ${path}/security`)).toMatchObject({
    status: 404,
    body: { detail: 'the tenant is not suspended for security' },
  })
  expect(await site.ask(`DELETE ${path}/mood`)).toMatchObject(missing)
  expect(await site.ask(`DELETE ${path}/operator`)).toMatchObject({ status: 200, body: { suspensions: [] } })
})

test('DELETE /v1/tenants/{id} asks for the deletion, which then takes place; who may only look cannot ask', async () => {
  const id = await site.settled()
  expect(await site.ask(`DELETE /v1/tenants/${id}`, { as: 'vera' })).toMatchObject(denied)
  expect(await site.ask(`DELETE /v1/tenants/${id}`)).toMatchObject({ status: 202 })
  await site.plane.settle()
  expect(await site.ask(`GET /v1/tenants/${id}`)).toMatchObject({ body: { phase: 'deleted', place: null } })
})

test('GET /v1/tenants/{id}/certificate gives what was signed when the tenant was deleted, and nothing before', async () => {
  const id = await site.settled()
  expect(await site.ask(`GET /v1/tenants/${id}/certificate`, { as: 'vera' })).toMatchObject({
    ...missing,
    body: { detail: 'there is no certificate: the tenant is not deleted, or had nothing to be deleted' },
  })
  await site.ask(`DELETE /v1/tenants/${id}`)
  await site.plane.settle()
  expect(await site.ask(`GET /v1/tenants/${id}/certificate`, { as: 'vera' })).toMatchObject({
    status: 200,
    body: { certificate: await site.plane.tenantCertificate('olga', id) },
  })
  expect(await site.ask(`GET /v1/tenants/${id}/certificate`, { as: 'gate' })).toMatchObject(denied)
})

test('GET /v1/tenants/{id}/runs is for those who may look, and empty where Terraform has nothing to do', async () => {
  expect(await site.ask(`GET /v1/tenants/${tenant}/runs`, { as: 'vera' })).toMatchObject({ status: 200, body: { runs: [] } })
  expect(await site.ask(`GET /v1/tenants/${tenant}/runs`, { as: 'gate' })).toMatchObject(denied)
})

test('GET /v1/tenants/{id}/explain says why, to those who may look', async () => {
  expect(await site.ask(`GET /v1/tenants/${tenant}/explain`, { as: 'vera' })).toMatchObject({
    status: 200,
    body: { lines: expect.arrayContaining([`tenant ${tenant} is active`, 'access is full']) },
  })
  expect(await site.ask(`GET /v1/tenants/${tenant}/explain`, { as: 'gate' })).toMatchObject(denied)
})

test('GET /v1/tenants/{id}/preview says what non-payment will do, and wants a moment that is one', async () => {
  const until = new Date(Date.now() + 60 * 86_400_000).toISOString()
  const path = `/v1/tenants/${tenant}/preview`
  const { body } = await site.ask(`GET ${path}?until=${until}`, { as: 'vera' })
  expect(body).toMatchObject({
    entries: expect.arrayContaining([{ at: expect.any(String), what: 'access is blocked: overdue' }]),
  })
  expect(await site.ask(`GET ${path}?until=${until}`, { as: 'gate' })).toMatchObject(denied)
  for (const wrong of ['', '?until=soon', '?until=2026-13-01T00:00:00Z'])
    expect(await site.ask(`GET ${path}${wrong}`)).toMatchObject({ status: 400, body: { errors: [{ pointer: 'until' }] } })
  expect(await site.ask(`GET ${path}?until=9999-01-01T00:00:00Z`)).toMatchObject({
    status: 400,
    body: { detail: 'a timeline has at most 3660 days' },
  })
})

test('GET /v1/tenants/{id}/route is for routers, and is not sent again while it is the same', async () => {
  const id = await site.settled()
  const path = `GET /v1/tenants/${id}/route`
  const first = await site.ask(path, { as: 'gate' })
  expect(first).toMatchObject({ status: 200, body: { tenant: id, access: 'full', cell: 'eu-1', isolation: 'pooled', epoch: 1 } })
  expect(first.headers).toMatchObject({ 'cache-control': 'private, max-age=1, stale-if-error=86400', vary: 'authorization' })
  const etag = String(first.headers['etag'])
  expect(etag).toMatch(/^"[0-9a-f]{32}"$/)

  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
    expect(await site.ask(path, { as: 'gate', headers: { 'if-none-match': known } })).toMatchObject({
      status: 304,
      text: '',
      headers: { etag },
    })
  expect(await site.ask(path, { as: 'gate', headers: { 'if-none-match': '"other"' } })).toMatchObject({ status: 200 })

  await site.plane.tenantSuspend('olga', id, 'security')
  const cut = await site.ask(path, { as: 'gate', headers: { 'if-none-match': etag } })
  expect(cut).toMatchObject({ status: 200, body: { access: 'blocked' } })
  expect(cut.headers['etag']).not.toBe(etag)
})

test('a payment request is listed, paid by its id with the slash in it, and paid once', async () => {
  const { id } = await site.plane.signUp('olga', site.order({ plan: 'enterprise' }))
  const list = `GET /v1/tenants/${id}/payment-requests`
  expect(await site.ask(list, { as: 'gate' })).toMatchObject(denied)
  const { body } = await site.ask(list, { as: 'vera' })
  expect(body).toMatchObject({ requests: [{ status: 'open', amount: { minor: '490000', currency: 'EUR' } }] })
  const [request] = await site.plane.paymentRequestList('olga', id)
  const paid = `POST /v1/payment-requests/${request?.id ?? ''}/paid`
  expect(await site.ask(paid, { as: 'vera' })).toMatchObject(denied)
  expect(await site.ask(paid)).toMatchObject({ status: 200, body: { id: request?.id, status: 'paid' } })
  expect(await site.ask(paid)).toMatchObject({ status: 200, body: { id: request?.id, status: 'paid' } })
  for (const wrong of [`sub_${'9'.repeat(20)}/1`, `${request?.subscription ?? ''}/99`, `${request?.subscription ?? ''}/x`, 'x/y'])
    expect(await site.ask(`POST /v1/payment-requests/${wrong}/paid`)).toMatchObject(missing)
})

test('the clock is shown, moved forward by those who may, and by nobody back or too far', async () => {
  const other = await newSite(shared)
  const now = Date.now()
  const at = (days: number): { readonly now: string } => ({ now: new Date(now + days * 86_400_000).toISOString() })
  expect(await other.ask('GET /v1/clock', { as: 'gate' })).toMatchObject(denied)
  expect(await other.ask('PUT /v1/clock', { as: 'vera', body: at(1) })).toMatchObject(denied)
  const moved = await other.ask('PUT /v1/clock', { body: at(45), headers: newKey() })
  expect(moved.status).toBe(200)
  expect(Date.parse(String(moved.body?.['now']))).toBeGreaterThanOrEqual(now + 45 * 86_400_000)
  const shown = await other.ask('GET /v1/clock', { as: 'vera' })
  expect(Date.parse(String(shown.body?.['now']))).toBeGreaterThanOrEqual(Date.parse(String(moved.body?.['now'])))
  expect(await other.ask('PUT /v1/clock', { body: at(3) })).toMatchObject({
    status: 400,
    body: { detail: 'a clock is moved forward only' },
  })
  expect(await other.ask('PUT /v1/clock', { body: at(1_000) })).toMatchObject({
    status: 400,
    body: { detail: 'a clock is moved by at most 366 days at once' },
  })
  await other.close()
  const real = await newSite(shared, { isSandbox: false })
  expect(await real.ask('PUT /v1/clock', { body: at(1) })).toMatchObject({
    status: 403,
    body: { detail: 'only the clock of a sandbox can be moved' },
  })
  await real.close()
})

test('GET /v1/plans shows what is sold to everybody who has a key', async () => {
  const { body } = await site.ask('GET /v1/plans', { as: 'gate' })
  expect(body).toMatchObject({
    plans: [
      { plan: 'business', isolation: 'bridge', prices: [{ interval: 'month', flat: { minor: '49000', currency: 'EUR' } }] },
      { plan: 'enterprise', isolation: 'silo', activation: 'on_payment' },
      { plan: 'starter', isolation: 'pooled', trialDays: 14 },
    ],
  })
  expect((await site.ask('GET /v1/plans', { as: null })).status).toBe(401)
})

test('the document and the health of the server are shown to everybody', async () => {
  expect(await site.ask('GET /v1/openapi.json', { as: null })).toMatchObject({ status: 200, body: { openapi: '3.1.1' } })
  expect(await site.ask('GET /healthz', { as: null })).toMatchObject({ status: 200, body: { status: 'ok' } })
})

test.each([
  ['GET', ''],
  ['GET', '/explain'],
  ['GET', '/preview?until=2027-01-01T00:00:00Z'],
  ['GET', '/route'],
  ['GET', '/runs'],
  ['GET', '/certificate'],
  ['GET', '/payment-requests'],
  ['POST', '/suspensions'],
  ['DELETE', '/suspensions/operator'],
  ['DELETE', ''],
])(
  '%s /v1/tenants/{id}%s answers a foreign id and a malformed one byte for byte like one that is not there',
  async (method, rest) => {
    const requestId = '00000000-0000-4000-8000-000000000000'
    const here = await newSite(shared, { newRequestId: () => requestId })
    const there = await newSite(shared)
    const foreign = (await there.plane.signUp('olga', there.order())).id
    const asked = method === 'POST' ? { body: { reason: 'operator' } } : {}
    const answerTo = async (id: string, as: string): Promise<string> => {
      const { status, headers, text } = await here.ask(`${method} /v1/tenants/${id}${rest}`, { ...asked, as })
      return JSON.stringify({ status, headers: { ...headers, date: '' }, text })
    }
    for (const [as, status] of [
      ['olga', 404],
      ['gate', rest === '/route' ? 404 : 403],
    ] as const) {
      const absent = await answerTo(nowhere, as)
      expect(absent).toContain(`"status":${status}`)
      for (const id of [foreign, 'ten_1', 'x', foreign.toUpperCase(), `${foreign}%00`, '%F0%9F%92%A5', 'a'.repeat(1_500)])
        expect(await answerTo(id, as)).toBe(absent)
    }
    expect(await answerTo('%zz', 'olga')).toBe(await answerTo(nowhere, 'olga'))
    await here.close()
    await there.close()
  },
)
