// Each command as a process of its own, against an API on a real socket: what it shows, and how it ends.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPlaneDatabase, type PlaneDatabase } from '../control-plane/plane.ts'
import { newSite, type Site } from '../http/site.ts'
import { type Ended, runAs, runProgram } from './program.ts'

let shared: PlaneDatabase
let site: Site

beforeAll(async () => {
  shared = await openPlaneDatabase()
  site = await newSite(shared)
})

afterAll(async () => {
  await site.close()
  await shared.close()
})

const run = (...words: readonly string[]): Promise<Ended> => runAs(site, 'olga', words)
const json = ({ out }: Ended): unknown => JSON.parse(out)

function signUpWords(name: string, plan: string): readonly string[] {
  const customer = ['--customer', 'Fjord Drift AS', '--email', 'post@fjord.example']
  return ['sign-up', '--name', name, ...customer, '--region', 'eu', '--product', 'bill-pay', '--plan', plan]
}

/** A site where the work on a tenant begins when somebody has looked at it, so that there is something to wait for. */
function lazySite(): Promise<Site> {
  return newSite(shared, {
    between: (plane) => ({
      ...plane,
      tenantShow: async (by, id) => {
        const shown = await plane.tenantShow(by, id)
        await plane.settle()
        return shown
      },
    }),
  })
}

test('sign-up --wait says what it waits for and ends with the active tenant', async () => {
  const lazy = await lazySite()
  const { code, out, err } = await runAs(lazy, 'olga', [...signUpWords('fjord', 'business'), '--wait'])
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^fjord is pending: waits for provision: .*\n$/) })
  expect(out).toMatch(/^phase +active$/m)
  expect(out).toMatch(/^access +full$/m)
  expect(out).toMatch(/^place +eu-1, db_ten_\w+, epoch 1$/m)
  await lazy.close()
})

test('sign-up --wait --json writes the tenant as one line of JSON and nothing else', async () => {
  const lazy = await lazySite()
  const ended = await runAs(lazy, 'olga', [...signUpWords('fjord', 'starter'), '--seats', '3', '--wait', '--json'])
  expect(ended).toMatchObject({ code: 0, err: '' })
  expect(ended.out.trimEnd()).not.toContain('\n')
  expect(json(ended)).toMatchObject({ name: 'fjord', phase: 'active' })
  await lazy.close()
})

test('sign-up --wait ends where the tenant waits for somebody, with code 1 and what it waits for', async () => {
  const { code, out, err } = await run(...signUpWords('slow', 'enterprise'), '--wait')
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^TENANT_WAITS: slow is pending: waits for payment, since .* UTC; do what it waits for, .*\n$/)
})

test('sign-up --wait ends where an operation failed for good, and says that a person has to look', async () => {
  const parked = await newSite(shared, {
    between: (plane) => ({
      ...plane,
      tenantShow: async (by, id) => ({
        ...(await plane.tenantShow(by, id)),
        next: { kind: 'park', what: 'provision failed 5 times: no disk', since: null },
      }),
    }),
  })
  const { code, err } = await runAs(parked, 'olga', [...signUpWords('stuck', 'starter'), '--wait'])
  expect(code).toBe(1)
  expect(err).toMatch(/^TENANT_PARKED: stuck is pending: a person has to look: provision failed 5 times: no disk; .*\n$/)
  await parked.close()
})

test('a refused sign-up is one line with its code, what was wrong and what to do', async () => {
  const unknown = await run(...signUpWords('x', 'platinum'))
  expect(unknown).toMatchObject({ code: 1, out: '' })
  expect(unknown.err).toMatch(
    /^NOT_FOUND: there is no plan `platinum` of `bill-pay`; there is business, enterprise, starter; .*\n$/,
  )
  const badName = await run(...signUpWords('Bad Name', 'starter'))
  expect(badName.err).toMatch(/^ARGUMENT_INVALID: `#\/name` is wrong: expected lower-case/)
  const viewer = await runAs(site, 'vera', signUpWords('y', 'starter'))
  expect(viewer).toMatchObject({ code: 1, err: expect.stringMatching(/^DENIED: ask for a rule that allows this, .*\n$/) })
})

test('tenants is a table whose lines have no end without a terminal; in a width they keep to it, and no id is cut', async () => {
  const other = await newSite(shared)
  const ids = [await other.settled({ name: 'a-name-that-is-quite-long-for-a-tenant' }), await other.settled()].toSorted()
  const free = await runAs(other, 'vera', ['tenants'])
  const [heading = '', ...rows] = free.out.trimEnd().split('\n')
  expect(heading).toMatch(/^id +name +plan +isolation +cell +phase +access +next$/)
  expect(rows).toHaveLength(2)
  for (const row of rows) expect(row.indexOf('pooled')).toBe(heading.indexOf('isolation'))
  expect(free.out).toContain('a-name-that-is-quite-long-for-a-tenant')
  expect(free.out).not.toContain('\u001B')

  const narrow = await runAs(other, 'vera', ['tenants'], { COLUMNS: '90' })
  for (const line of narrow.out.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(90)
  for (const id of ids) expect(narrow.out).toContain(id)
  expect(narrow.out).toContain('…')
  await other.close()
})

test('tenants goes on where a page ended', async () => {
  const other = await newSite(shared)
  expect((await runAs(other, 'vera', ['tenants'])).out).toBe('there are none\n')
  const [first = '', second = ''] = [await other.settled(), await other.settled()].toSorted()
  expect((await runAs(other, 'vera', ['tenants', '--limit', '1'])).out).toContain(`there are more: add --after ${first}`)
  const rest = await runAs(other, 'vera', ['tenants', '--after', first, '--json'])
  expect(json(rest)).toMatchObject({ tenants: [{ id: second }], next: null })
  await other.close()
})

test('one tenant is shown, suspended, resumed and deleted, by those who may', async () => {
  const id = await site.settled()
  expect((await run('tenant', 'show', id)).out).toMatch(new RegExp(`^id +${id}\nname +fjord-`))
  expect(await runAs(site, 'vera', ['tenant', 'suspend', id])).toMatchObject({ code: 1, out: '' })
  const suspended = await run('tenant', 'suspend', id, '--reason', 'security')
  expect(suspended.out).toMatch(/^access +blocked$/m)
  expect(suspended.out).toMatch(/^suspended +for security by olga since .* UTC$/m)
  expect(await run('tenant', 'resume', id)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^NOT_FOUND: the tenant is not suspended for operator; /),
  })
  expect((await run('tenant', 'resume', id, '--reason', 'security')).code).toBe(0)
  await site.plane.settle()
  expect(json(await run('tenant', 'delete', id, '--json'))).toMatchObject({ id, next: { kind: 'working' } })
  await site.plane.settle()
  expect(json(await run('tenant', 'show', id, '--json'))).toMatchObject({ phase: 'deleted' })
  const certificate = await site.plane.tenantCertificate('olga', id)
  expect((await run('tenant', 'certificate', id)).out).toBe(`${certificate}\n`)
  expect(json(await run('tenant', 'certificate', id, '--json'))).toEqual({ certificate })
})

test('a tenant is explained, previewed and routed, each to those who may know', async () => {
  const id = await site.settled()
  const explained = await runAs(site, 'vera', ['tenant', 'explain', id])
  expect(explained.out.split('\n')).toEqual(expect.arrayContaining([`tenant ${id} is active`, 'access is full']))
  expect(json(await run('tenant', 'explain', id, '--json'))).toMatchObject({ lines: expect.any(Array) })

  const preview = await run('tenant', 'preview', id)
  expect(preview.out).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}access is blocked: overdue$/m)
  const short = await run('tenant', 'preview', id, '--until', '1d')
  expect(short.out.trimEnd().split('\n')).toHaveLength(2)
  expect((await run('tenant', 'preview', id, '--until', '2100-01-01')).err).toBe(
    'ARGUMENT_INVALID: a timeline has at most 3660 days; change the argument that the message names\n',
  )

  expect((await runAs(site, 'gate', ['tenant', 'route', id])).out).toMatch(/^cell +eu-1$/m)
  expect((await runAs(site, 'gate', ['tenant', 'show', id])).err).toMatch(/^DENIED: /)
})

test('payments are listed with their amounts and paid by their ids', async () => {
  const { id } = await site.plane.signUp('olga', site.order({ plan: 'enterprise' }))
  const list = await run('payments', 'list', id)
  const [, request = ''] = /^(sub_\w+\/1) +4900\.00 EUR +.* UTC +open$/m.exec(list.out) ?? []
  expect(request).not.toBe('')
  expect((await run('payments', 'paid', request)).out).toMatch(/ paid$/m)
  expect(json(await run('payments', 'list', id, '--json'))).toMatchObject({ requests: [{ id: request, status: 'paid' }] })
  expect((await run('payments', 'paid', `${request}0`)).err).toMatch(/^NOT_FOUND: /)
  expect((await run('payments', 'paid', 'nonsense')).err).toMatch(/^ARGUMENT_INVALID: `nonsense` is no id of a payment request/)
})

test('the clock is shown, and advanced by those who may', async () => {
  const other = await newSite(shared)
  // The answer of the command, whose form other tests are about.
  const before = json(await runAs(other, 'vera', ['clock', 'show', '--json'])) as { readonly now: string }
  const moved = await runAs(other, 'olga', ['clock', 'advance', '45d'])
  expect(moved).toMatchObject({ code: 0, err: 'moving the clock, and everything that is due until then …\n' })
  const shown = Date.parse(moved.out.trim().replace(' UTC', 'Z').replace(' ', 'T'))
  expect(shown - Date.parse(before.now)).toBeGreaterThanOrEqual(45 * 86_400_000 - 1_000)
  expect((await runAs(other, 'olga', ['clock', 'advance', 'tomorrow'])).err).toMatch(/^ARGUMENT_INVALID: `tomorrow` is no span/)
  expect((await runAs(other, 'vera', ['clock', 'advance', '1d'])).err).toMatch(/\nDENIED: /)
  await other.close()
})

test('plans are shown with their prices', async () => {
  expect((await run('plans')).out).toMatch(/^bill-pay +starter +1 +pooled +immediate +14 days +49\.00 EUR a month$/m)
  expect(json(await run('plans', '--json'))).toMatchObject({ plans: [{}, {}, {}] })
})

test.each([
  ['no command', [], 'no command was given'],
  ['an unknown command', ['destroy'], 'there is no command `destroy`'],
  ['an unknown verb', ['tenant', 'burn'], 'the verb of `tenant` `burn` is none: it is one of show, suspend, '],
  ['an unknown option', ['plans', '--force'], 'Unknown option `--force`'],
  ['a missing name', ['tenant', 'show'], '`tenant show` needs the id of a tenant'],
  ['a word too much', ['tenant', 'show', 'a', 'b'], '`tenant show` was given `b` too much'],
  ['a missing option', ['sign-up', '--name', 'a'], '`--customer` is missing'],
  ['a reason that is none', ['tenant', 'suspend', 'a', '--reason', 'mood'], '`--reason` `mood` is none'],
  ['half a price', [...signUpWords('a', 'b'), '--currency', 'EUR'], '`--currency` and `--interval` go together'],
  ['a word that moves the cursor', ['\u001B[2J'], 'there is no command `⟨U+001B⟩[2J`'],
])('%s is refused in one line, with code 1', async (_what, words, says) => {
  const { code, out, err } = await run(...words)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^ARGUMENT_INVALID: [^\n]+; change the argument that the message names\n$/)
  expect(err).toContain(says)
})

test('without an address or a key it says what to set, and a key goes to https or this machine only', async () => {
  const key = await site.keyOf('olga')
  const ended = [
    await runProgram(['plans'], { PAYBILLCTL_KEY: key }),
    await runProgram(['plans'], { PAYBILLCTL_URL: site.url }),
    await runProgram(['plans', '--url', 'http://control.example.com'], { PAYBILLCTL_KEY: key }),
    await runProgram(['plans', '--url', 'nonsense'], { PAYBILLCTL_KEY: key }),
    await runProgram(['plans', '--url', 'https://olga:x@control.example.com'], { PAYBILLCTL_KEY: key }),
  ]
  expect(ended.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1])
  expect(ended.map(({ err }) => err)).toEqual([
    expect.stringContaining('give `--url`, or set PAYBILLCTL_URL'),
    expect.stringContaining('set PAYBILLCTL_KEY'),
    expect.stringContaining('to https addresses only, or to this machine'),
    expect.stringContaining('`nonsense` is no address'),
    expect.stringContaining('the address holds a user name'),
  ])
})

test('a key that is not good, and a server that is not there, are told apart', async () => {
  const badKey = `pbk_${'0'.repeat(12)}_${'A'.repeat(43)}`
  const wrong = await runProgram(['plans'], { PAYBILLCTL_URL: site.url, PAYBILLCTL_KEY: badKey })
  expect(wrong).toMatchObject({ code: 1, err: expect.stringMatching(/^SIGN_IN_REQUIRED: send an API key that is good[^\n]*\n$/) })
  const away = await runProgram(['plans', '--url', 'http://127.0.0.1:9'], { PAYBILLCTL_KEY: await site.keyOf('olga') })
  expect(away).toMatchObject({
    code: 1,
    err: 'SERVER_UNREACHABLE: `http://127.0.0.1:9` does not answer; start the server, or give its address with --url\n',
  })
})

test.each([
  ['another page', 'text/html', '<html></html>'],
  ['JSON of another form', 'application/json', '{"plans": [{"plan": 1}]}'],
])('a server that answers with %s is no control plane', async (_what, type, body) => {
  const strange = createServer((_request, response) => response.setHeader('content-type', type).end(body))
  await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve))
  const { port } = strange.address() as AddressInfo // it listens on a port
  const answer = await runProgram(['plans', '--url', `http://127.0.0.1:${port}`], { PAYBILLCTL_KEY: await site.keyOf('olga') })
  strange.close()
  expect(answer).toMatchObject({
    code: 1,
    err: expect.stringContaining('answered in a way that no Paybill control plane does (200)'),
  })
})

test('a change whose connection breaks is sent again under the same key, and takes effect once', async () => {
  const other = await newSite(shared)
  const keys: string[] = []
  // Stands before the API: passes the first sign-up on, and breaks the connection instead of passing its answer back.
  const passOn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer) // no encoding is set
    const key = String(request.headers['idempotency-key'])
    keys.push(key)
    const { authorization = '' } = request.headers
    const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': key }
    const answer = await fetch(`${other.url}${request.url ?? ''}`, { method: 'POST', headers, body: Buffer.concat(parts) })
    if (keys.length === 1) request.socket.destroy()
    else response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  }
  const breaking = createServer((request, response) => void passOn(request, response))
  await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve))
  const { port } = breaking.address() as AddressInfo // it listens on a port
  const ended = await runAs(other, 'olga', [...signUpWords('once', 'starter'), '--json', '--url', `http://127.0.0.1:${port}`])
  breaking.close()
  expect(ended).toMatchObject({ code: 0, err: '' })
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
  expect(await other.plane.tenantList('olga', { limit: 10 })).toHaveLength(1)
  await other.close()
})

test('the help names every command, and the version is that of the package', async () => {
  const { code, out } = await runProgram(['--help'])
  expect(code).toBe(0)
  for (const command of ['sign-up', 'tenants', 'tenant show', 'payments paid', 'clock advance', 'plans', 'PAYBILLCTL_KEY'])
    expect(out).toContain(command)
  expect((await runProgram(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})
