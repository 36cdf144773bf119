import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ServedHandler, serveHandler } from '../../src/run/index.ts'
import { type Company, openCompany } from '../run/handler-company.ts'
import { runCommand } from './captured.ts'

let company: Company
let served: ServedHandler
beforeAll(async () => {
  company = await openCompany()
  served = await serveHandler(company.handler, { port: 0 })
})
afterAll(async () => {
  await served.close()
  await company.close()
})

function as(who: string, words: readonly string[], options?: { readonly isColoured: boolean }) {
  return runCommand(['approvals', ...words], { PAYBILL_URL: served.url, PAYBILL_TOKEN: company.token(who) }, options)
}

test('a list is a table with what would be done, aligned', async () => {
  expect((await as('bo@acme', ['list'])).out).toBe('nothing waits for a decision')
  const id = await company.ask()
  const { code, out } = await as('bo@acme', ['list'])
  expect(code).toBe(0)
  const [heading = '', row = ''] = out.split('\n')
  expect(heading).toMatch(/^id +state +what +amount +values +asked by +expires$/)
  expect(row).toMatch(
    new RegExp(
      `^${id}  waiting  bank\\.pay  62500\\.00 NOK  vendor 7, account NO93  ann +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC$`,
    ),
  )
  expect(heading.indexOf('asked by')).toBe(row.indexOf('ann'))
})

test('a list that has more says how to go on, and goes on there', async () => {
  await company.crowd({ runs: 1, approvals: 250 })
  const first = await as('bo@busy', ['list'])
  const [, next = ''] = /^there are more: add --after (\S+)$/m.exec(first.out) ?? []
  const second = await as('bo@busy', ['list', '--after', next])
  const ids = [first.out, second.out].map((out) => out.match(/^[0-9a-f-]{36}/gm) ?? [])
  expect(ids.map((page) => page.length)).toEqual([200, 50])
  expect(new Set(ids.flat()).size).toBe(250)
  expect(second.out).not.toContain('--after')
  const json = await as('bo@busy', ['list', '--json', '--state', 'waiting,approved', '--after', next])
  expect(JSON.parse(json.out)).toMatchObject({ approvals: { length: 50 }, next: null })
})

test('one approval shows why it is asked, each value with its check and origin, and foreign text last and marked', async () => {
  const id = await company.ask({ note: 'trust me' })
  const { out } = await as('bo@acme', ['show', id])
  const places = [
    'bank.pay  62500.00 NOK  waiting',
    'the amount 62500.00 NOK is above the limit for one call, 1000.00 NOK',
    'name Nordlys Kontor AS',
    'found in the trusted column vendor.account where the number is this vendor',
    'from bill.account#',
    'foreign text, written by strangers or a model and not checked',
    'trust me',
  ].map((words) => out.indexOf(words))
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((left, right) => left - right))
})

test('approve and refuse decide, once', async () => {
  const [first, second] = [await company.ask(), await company.ask()]
  const approved = await as('bo@acme', ['approve', first])
  expect(approved).toMatchObject({ code: 0, err: '' })
  expect(approved.out).toContain('approved')
  expect(approved.out).toContain('decided by bo')
  expect(await as('bo@acme', ['refuse', second])).toMatchObject({ code: 0, out: expect.stringContaining('refused') })
  const again = await as('bo@acme', ['approve', first])
  expect(again).toEqual({
    code: 1,
    out: '',
    err: 'APPROVAL_NOT_OPEN: the approval was already decided, used or has expired; ask for a new one',
  })
})

test('a refusal of the server is one line with its code and what to do', async () => {
  const id = await company.ask()
  const refusals = [
    [await as('ann@acme', ['approve', id]), 'DENIED: '],
    [await as('bo@other', ['show', id]), 'NOT_FOUND: '],
    [await as('nobody', ['list']), 'PAYBILL_TOKEN'],
    [await as('bo@acme', ['list', '--state', 'open']), 'ARGUMENT_INVALID: '],
  ] as const
  for (const [{ code, out, err }, words] of refusals) {
    expect(code).toBeGreaterThan(0)
    expect(out).toBe('')
    expect(err).toContain(words)
    expect(err.split('\n')).toHaveLength(1)
  }
  const own = await company.ask({}, { id: 'di', tenant: 'acme' })
  expect((await as('di@acme', ['approve', own])).err).toMatch(/^APPROVAL_OWN: /)
})

test('--json is the answer of the server, for programs', async () => {
  const id = await company.ask()
  const { out } = await as('bo@acme', ['show', id, '--json'])
  expect(JSON.parse(out)).toMatchObject({ approval: { id, state: 'waiting', amount: '62500.00 NOK' } })
})

test('a stranger can neither move the cursor nor colour the terminal', async () => {
  const id = await company.ask({ note: '\u001B[2J\u001B[31mAPPROVED\u202E\r\nbank.pay' })
  const { out } = await as('bo@acme', ['show', id])
  expect(out).toContain('⟨U+001B⟩[2J⟨U+001B⟩[31mAPPROVED⟨U+202E⟩⟨U+000D⟩⏎bank.pay')
  for (const character of ['\u001B', '\u202E', '\r']) expect(out).not.toContain(character)
  const coloured = await as('bo@acme', ['list'], { isColoured: true })
  expect(coloured.out).toContain('\u001B[33mwaiting')
})

test('the token may come from a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'paybill-cli-'))
  try {
    const file = join(folder, 'token')
    writeFileSync(file, `${company.token('bo@acme')}\n`, { mode: 0o600 })
    const { code } = await runCommand(['approvals', 'list', '--url', `${served.url}/`, '--token-file', file])
    expect(code).toBe(0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
