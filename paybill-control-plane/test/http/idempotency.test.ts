// A change takes effect once, however often it is sent under one Idempotency-Key, and whoever dies in between.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PaybillError } from 'paybill/lib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPlaneDatabase, type OpenPlane, type PlaneDatabase } from '../control-plane/plane.ts'
import { newKey, newSite, openSite, type Site } from './site.ts'

let shared: PlaneDatabase

beforeAll(async () => {
  shared = await openPlaneDatabase()
})

afterAll(() => shared.close())

const signUp = 'POST /v1/sign-ups'
const hours = (count: number): number => count * 3_600_000
const later = (ms: number) => () => new Date(Date.now() + ms)

async function tenantsOf({ plane }: Pick<Site, 'plane'>): Promise<number> {
  return (await plane.tenantList('olga', { limit: 100 })).length
}

test('a sign-up without a key, or with one that is none, is refused, and nothing is made', async () => {
  const site = await newSite(shared)
  for (const headers of [{}, { 'idempotency-key': '' }, { 'idempotency-key': 'a b' }, { 'idempotency-key': 'x'.repeat(201) }])
    expect(await site.ask(signUp, { body: site.order(), headers })).toMatchObject({
      status: 400,
      body: { code: 'IDEMPOTENCY_KEY_INVALID' },
    })
  expect(await tenantsOf(site)).toBe(0)
  await site.close()
})

test('the same key and body are answered with the same status and body, and made once', async () => {
  const site = await newSite(shared)
  const [body, headers] = [site.order(), newKey()]
  const first = await site.ask(signUp, { body, headers })
  await site.plane.settle()
  // Written another way it is the same body.
  const turned = Object.fromEntries(Object.entries(body).toReversed())
  for (const again of [body, turned]) {
    const repeated = await site.ask(signUp, { body: again, headers })
    expect(repeated).toMatchObject({ status: 201, text: first.text })
    expect(repeated.headers).toMatchObject({ location: first.headers['location'], 'idempotency-replayed': 'true' })
  }
  expect(first.headers['idempotency-replayed']).toBeUndefined()
  expect(await tenantsOf(site)).toBe(1)
  await site.close()
})

test('another body, or another request, under a key that was used is refused', async () => {
  const site = await newSite(shared)
  const [body, headers] = [site.order(), newKey()]
  const { body: made } = await site.ask(signUp, { body, headers })
  const reused = { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } }
  expect(await site.ask(signUp, { body: { ...body, seats: 2 }, headers })).toMatchObject(reused)
  expect(await site.ask(`DELETE /v1/tenants/${String(made?.['id'])}`, { headers })).toMatchObject(reused)
  expect(await tenantsOf(site)).toBe(1)
  await site.close()
})

test('20 at once under one key: one is made, the others are told to wait or told the same', async () => {
  const site = await newSite(shared)
  const [body, headers] = [site.order(), newKey()]
  const answers = await Promise.all(Array.from({ length: 20 }, () => site.ask(signUp, { body, headers })))
  const made = answers.filter(({ status }) => status === 201)
  const waiting = answers.filter(({ status }) => status === 409)
  expect(made.length).toBeGreaterThanOrEqual(1)
  expect(new Set(made.map(({ text }) => text)).size).toBe(1)
  expect(made.length + waiting.length).toBe(20)
  for (const answer of waiting)
    expect(answer).toMatchObject({ headers: { 'retry-after': '1' }, body: { code: 'IDEMPOTENCY_IN_FLIGHT' } })
  expect(await tenantsOf(site)).toBe(1)
  await site.close()
})

test('the same key of another person is another key', async () => {
  const site = await newSite(shared)
  const headers = newKey()
  const [hers, his] = [site.order(), site.order()]
  expect((await site.ask(signUp, { as: 'olga', body: hers, headers })).status).toBe(201)
  expect((await site.ask(signUp, { as: 'otto', body: his, headers })).status).toBe(201)
  expect(await tenantsOf(site)).toBe(2)
  await site.close()
})

test('a person notes what was changed at his own requests only, and keeps no answers himself', async () => {
  const open = await shared.open()
  const site = await openSite(open)
  const headers = newKey()
  await site.ask(signUp, { as: 'olga', body: site.order(), headers })
  const rowsOf = (id: string) =>
    open.database.session({
      principal: { id, tenant: open.organization, roles: ['operator'], claims: { self: id } },
      purpose: 'test',
    }).idempotentRequest
  const where = { person: 'olga', key: headers['idempotency-key'] }
  expect(await rowsOf('otto').update({ where, set: { effect: 'ten_of_otto' } })).toEqual({ count: 0 })
  expect(await rowsOf('otto').count({ where })).toBe(0)
  expect(await rowsOf('olga').count({ where })).toBe(1)
  await expect(rowsOf('olga').update({ where, set: { status: 200 } })).rejects.toMatchObject({ code: 'DENIED' })
  await expect(rowsOf('olga').delete({ where })).rejects.toMatchObject({ code: 'DENIED' })
  await site.close()
})

test('a key is good for a new request after 24 hours, and not a moment before', async () => {
  const open = await shared.open()
  const site = await openSite(open)
  const headers = newKey()
  expect((await site.ask(signUp, { body: site.order(), headers })).status).toBe(201)
  // Keys of the API are good for a day too, so those of the later processes are made later.
  const before = await openSite(open, { now: later(hours(24) - 60_000) })
  const after = await openSite(open, { now: later(hours(24)) })
  expect((await before.ask(signUp, { body: site.order(), headers })).status).toBe(422)
  expect((await after.ask(signUp, { body: site.order(), headers })).status).toBe(201)
  expect(await tenantsOf(site)).toBe(2)
  await Promise.all([site, before, after].map((each) => each.close()))
})

test('sweeping forgets what is older than 24 hours and nothing else', async () => {
  const open = await shared.open()
  const site = await openSite(open)
  const old = newKey()
  await site.ask(signUp, { body: site.order(), headers: old })
  const after = await openSite(open, { now: later(hours(24)) })
  const young = newKey()
  await after.ask(signUp, { body: site.order(), headers: young })
  await after.idempotency.sweep()
  const session = open.database.session({
    principal: { id: 'gateway', tenant: open.organization, roles: ['gateway'], claims: {} },
    purpose: 'test',
  })
  const rows = await session.idempotentRequest.findMany({ select: ['key'] })
  expect(rows).toEqual([{ key: young['idempotency-key'] }])
  await Promise.all([site, after].map((each) => each.close()))
})

test('a refusal that would come again is kept; one for lack of rights or of a connection is not', async () => {
  const open = await shared.open()
  const site = await openSite(open)
  const taken = site.order()
  await open.plane.signUp('olga', taken)
  const headers = newKey()
  const first = await site.ask(signUp, { body: taken, headers })
  expect(first).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
  const repeated = await site.ask(signUp, { body: taken, headers })
  expect(repeated).toMatchObject({ status: 409, text: first.text })

  // Rights are asked for at each call: the key of one who had none is free, also for another request.
  const hers = newKey()
  for (const body of [site.order(), site.order()])
    expect(await site.ask(signUp, { as: 'vera', body, headers: hers })).toMatchObject({ status: 403 })

  let isAway = true
  const cut = await openSite(open, {
    between: (plane) => ({
      ...plane,
      signUp: (...order) => {
        if (isAway) throw new PaybillError('DATABASE_LOST', 'the connection broke')
        return plane.signUp(...order)
      },
    }),
  })
  const [body, again] = [site.order(), newKey()]
  expect(await cut.ask(signUp, { body, headers: again })).toMatchObject({ status: 503 })
  isAway = false
  expect(await cut.ask(signUp, { body, headers: again })).toMatchObject({ status: 201 })
  await Promise.all([site, cut].map((each) => each.close()))
})

test.each([
  ['suspending', 'POST', 'suspensions', { reason: 'security' }],
  ['deleting', 'DELETE', '', undefined],
])('%s takes effect once under its key, and its first answer is repeated', async (_what, method, rest, body) => {
  const site = await newSite(shared)
  const id = await site.settled()
  const line = `${method} /v1/tenants/${id}${rest === '' ? '' : `/${rest}`}`
  const headers = newKey()
  const asked = { headers, ...(body === undefined ? {} : { body }) }
  const first = await site.ask(line, asked)
  await site.plane.settle()
  expect(await site.ask(line, asked)).toMatchObject({ status: first.status, text: first.text })
  await site.close()
})

test('resuming under a key is answered alike the second time, without one it is told that there is nothing to take away', async () => {
  const site = await newSite(shared)
  const id = await site.settled()
  await site.plane.tenantSuspend('olga', id, 'operator')
  const line = `DELETE /v1/tenants/${id}/suspensions/operator`
  const headers = newKey()
  expect((await site.ask(line, { headers })).status).toBe(200)
  expect((await site.ask(line, { headers })).status).toBe(200)
  expect((await site.ask(line)).status).toBe(404)
  await site.close()
})

test('moving the clock under a key moves it once', async () => {
  const site = await newSite(shared)
  const body = { now: new Date(Date.now() + hours(24 * 20)).toISOString() }
  const headers = newKey()
  const first = await site.ask('PUT /v1/clock', { body, headers })
  expect(first.status).toBe(200)
  expect(await site.ask('PUT /v1/clock', { body, headers })).toMatchObject({ status: 200, text: first.text })
  expect((await site.ask('PUT /v1/clock', { body })).status).toBe(400)
  await site.close()
})

test('moving the clock that was broken off on its way goes on under its key from where it came to', async () => {
  let isBroken = true
  const site = await newSite(shared, {
    between: (plane) => ({
      ...plane,
      clockAdvance: async (by, to, alongside) => {
        if (!isBroken) return plane.clockAdvance(by, to, alongside)
        isBroken = false
        await plane.clockAdvance(by, new Date(to.getTime() - hours(24)))
        throw new PaybillError('DATABASE_LOST', 'the connection broke')
      },
    }),
  })
  const body = { now: new Date(Date.now() + hours(24 * 20)).toISOString() }
  const headers = newKey()
  expect((await site.ask('PUT /v1/clock', { body, headers })).status).toBe(503)
  const moved = await site.ask('PUT /v1/clock', { body, headers })
  expect(moved.status).toBe(200)
  expect(Date.parse(String(moved.body?.['now']))).toBeGreaterThanOrEqual(Date.parse(body.now))
  expect(await site.ask('PUT /v1/clock', { body, headers })).toMatchObject({ status: 200, text: moved.text })
  await site.close()
})

test('who is paused before his change and wakes after another process has made it, makes nothing', async () => {
  const open = await shared.open()
  const pause = { begun: Promise.withResolvers<void>(), over: Promise.withResolvers<void>() }
  const slow = await openSite(open, {
    between: (plane) => ({
      ...plane,
      signUp: async (...order) => {
        pause.begun.resolve()
        await pause.over.promise
        return plane.signUp(...order)
      },
    }),
  })
  const [body, headers] = [slow.order(), newKey()]
  const paused = slow.ask(signUp, { body, headers })
  await pause.begun.promise
  const soon = await openSite(open, { now: later(20_000) })
  expect(await soon.ask(signUp, { body, headers })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_IN_FLIGHT' } })
  const late = await openSite(open, { now: later(40_000) })
  const made = await late.ask(signUp, { body, headers })
  expect(made.status).toBe(201)
  pause.over.resolve()
  // The name is taken by what the other made, and whichever of the two stops him, he has made nothing.
  expect((await paused).status).toBe(409)
  expect(await tenantsOf(slow)).toBe(1)
  expect(await slow.ask(signUp, { body, headers })).toMatchObject({ status: 201, text: made.text })
  await Promise.all([slow, soon, late].map((each) => each.close()))
})

test('the fence alone stops who wakes too late, even where nothing else would', async () => {
  const open = await shared.open()
  const pause = { begun: Promise.withResolvers<void>(), over: Promise.withResolvers<void>() }
  const slow = await openSite(open, {
    between: (plane) => ({
      ...plane,
      signUp: async (by, order, alongside) => {
        pause.begun.resolve()
        await pause.over.promise
        return plane.signUp(by, { ...order, name: 'another-name' }, alongside)
      },
    }),
  })
  const [body, headers] = [slow.order(), newKey()]
  const paused = slow.ask(signUp, { body, headers })
  await pause.begun.promise
  const late = await openSite(open, { now: later(40_000) })
  expect((await late.ask(signUp, { body, headers })).status).toBe(201)
  pause.over.resolve()
  expect(await paused).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_IN_FLIGHT' } })
  expect(await tenantsOf(slow)).toBe(1)
  await Promise.all([slow, late].map((each) => each.close()))
})

test.each(['before', 'after'] as const)(
  'a server killed %s the commit of a sign-up: the repeat ends with one tenant and the answer',
  async (when) => {
    const open = await shared.open()
    const site = await openSite(open, { now: later(40_000) })
    const [body, headers] = [site.order(), newKey()]
    await dieIn(open, { when, send: { body, headers, key: await site.keyOf('olga') } })
    expect(await tenantsOf(site)).toBe(when === 'after' ? 1 : 0)
    const answer = await site.ask(signUp, { body, headers })
    expect(answer).toMatchObject({ status: 201, body: { name: body.name } })
    expect(answer.headers['idempotency-replayed']).toBe(when === 'after' ? 'true' : undefined)
    expect(await site.ask(signUp, { body, headers })).toMatchObject({ status: 201, text: answer.text })
    expect(await tenantsOf(site)).toBe(1)
    await site.plane.settle()
    expect(await site.plane.tenantShow('olga', String(answer.body?.['id']))).toMatchObject({ phase: 'active' })
    await site.close()
  },
)

/** Sends a sign-up to a server that dies in it, and waits until it is dead. */
async function dieIn(
  open: OpenPlane,
  of: {
    readonly when: 'before' | 'after'
    readonly send: { readonly body: object; readonly headers: Readonly<Record<string, string>>; readonly key: string }
  },
): Promise<void> {
  const program = join(import.meta.dirname, 'dying-server.ts')
  const server = spawn(process.execPath, [program, open.databaseUrl, open.organization, of.when], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(server, 'close')
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string]
  const { body, headers, key } = of.send
  const answer = fetch(`${line.trim()}/v1/sign-ups`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  await expect(answer).rejects.toThrow('fetch failed')
  expect(await closed).toEqual([null, 'SIGKILL'])
}
