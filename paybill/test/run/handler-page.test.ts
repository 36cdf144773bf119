import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHandler } from '../../src/run/index.ts'
import { type Asked, type Company, openCompany, ordinary, readApproval, send } from './handler-company.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany()
})
afterAll(() => company.close())

const get = (who: string | null, path: string): Promise<Asked> => send(company, who, path)

/** Sends the form of a page as a browser does. */
function submitForm(
  who: string,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Asked> {
  return send(company, who, path, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      origin: 'http://page.test',
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  })
}

function formToken(page: Asked): string {
  return /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
}

describe('an approval page', () => {
  test('shows what would be done and why before any foreign text, and the buttons in between', async () => {
    const id = await company.ask({ note: 'the note of a stranger' })
    const { text, status } = await get('bo@acme', `/approvals/${id}`)
    expect(status).toBe(200)
    const places = [
      '62\u202F500.00 NOK',
      'Why a person is asked',
      'above the limit for one call',
      'Nordlys Kontor AS',
      'found in the trusted column',
      'could be written by strangers',
      'class="approve"',
      'class="refuse"',
      'Foreign text: written by strangers or a model, and not checked',
      'the note of a stranger',
    ].map((words) => text.indexOf(words))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((left, right) => left - right))
  })

  test('its form approves, once, and leads back to it', async () => {
    const id = await company.ask()
    const token = formToken(await get('bo@acme', `/approvals/${id}`))
    const done = await submitForm('bo@acme', `/approvals/${id}/approve`, { token })
    expect(done.status).toBe(303)
    expect(done.headers.get('location')).toBe(`/approvals/${id}`)
    const after = await get('bo@acme', `/approvals/${id}`)
    expect(after.text).toContain('decided by <b>bo</b>')
    expect(after.text).not.toContain('<form')
    const again = await submitForm('bo@acme', `/approvals/${id}/approve`, { token })
    expect(again.status).toBe(409)
    expect(again.text).toContain('APPROVAL_NOT_OPEN')
  })

  test('a form without the token of this person and approval decides nothing', async () => {
    const [id, other] = [await company.ask(), await company.ask()]
    const own = formToken(await get('bo@acme', `/approvals/${id}`))
    const wrong = [
      {},
      { token: '' },
      { token: formToken(await get('bo@acme', `/approvals/${other}`)) },
      { token: formToken(await get('di@acme', `/approvals/${id}`)) },
    ]
    for (const fields of wrong) {
      const answer = await submitForm('bo@acme', `/approvals/${id}/approve`, fields)
      expect(answer.status).toBe(403)
      expect(answer.text).toContain('CROSS_SITE')
    }
    const crossSite = await submitForm('bo@acme', `/approvals/${id}/approve`, { token: own }, { 'sec-fetch-site': 'cross-site' })
    expect(crossSite.status).toBe(403)
    expect((await get('bo@acme', `/approvals/${id}`)).text).toContain('class="approve"')
  })

  test('who may not decide has no buttons, and is told why', async () => {
    const id = await company.ask()
    const own = await get('ann@acme', `/approvals/${id}`)
    expect(own.text).toContain('You asked for this, so another person must decide.')
    const visitor = await get('vi@acme', `/approvals/${id}`)
    expect(visitor.text).toContain('You may not decide this')
    for (const page of [own, visitor]) expect(page.text).not.toContain('<form')
  })

  test('handlers that share a key accept the forms of each other; others do not', async () => {
    const id = await company.ask()
    const make = (first: number): Company => ({
      ...company,
      handler: createHandler(company.app, {
        signIn: company.signIn,
        formKey: new Uint8Array(32).fill(first),
      }),
    })
    const token = formToken(await send(make(1), 'bo@acme', `/approvals/${id}`))
    const form = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `token=${token}`,
    }
    expect((await send(make(2), 'bo@acme', `/approvals/${id}/approve`, form)).status).toBe(403)
    expect((await send(make(1), 'bo@acme', `/approvals/${id}/approve`, form)).status).toBe(303)
  })
})

describe('hostile text', () => {
  const attacks = [
    '<script>fetch("https://evil.test")</script>',
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus='",
    '</title></style></textarea><svg/onload=alert(1)>',
    'javascript:alert(1)',
    '<form action=/approvals/1/approve method=post><button>',
    'NO93\u202E39ON \u200B\u2066hidden\u2069',
    '`code` ${x} {{7*7}} &lt;b&gt;',
    '\u{E0041}\u{E0042}\uFEFF',
  ]

  test.each(attacks)('is inert on every page: %s', async (attack) => {
    const id = await company.ask({ note: attack })
    const refused = await company.submit({ ...ordinary, account: attack })
    const { runId } = (await readApproval(company, 'bo@acme', id)).approval
    for (const path of ['/', '/approvals?state=all', `/approvals/${id}`, `/runs/${runId}`, `/runs/${refused}`]) {
      const { text, status } = await get('di@acme', path)
      expect(status).toBe(200)
      const body = text.replace(/<style>.*<\/style>/s, '')
      // The only tags are those of the templates: none that runs, loads or takes the focus.
      expect(body).not.toMatch(/<(?:script|img|svg|iframe|object|embed|link|base|style)\b/i)
      expect(body).not.toMatch(/<[^>]*\son\w+\s*=/i)
      expect(body).not.toMatch(/<[^>]*\sautofocus/i)
      expect(body).not.toMatch(/(?:href|action)="(?!\/)/)
      expect(body).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B-\u200F\uFEFF]|[\u{E0000}-\u{E007F}]/u)
    }
  })

  test('what hides or reorders text is shown as what it is', async () => {
    const id = await company.ask({ note: 'pay \u202E39ON' })
    expect((await get('bo@acme', `/approvals/${id}`)).text).toContain('pay ⟨U+202E⟩39ON')
  })
})

describe('every answer', () => {
  test('leaves with a policy that lets nothing run, load, frame or be kept', async () => {
    const id = await company.ask()
    for (const [who, path] of [
      ['bo@acme', '/'],
      ['bo@acme', `/approvals/${id}`],
      ['bo@acme', '/api/runs'],
      ['bo@acme', '/nothing'],
      [null, '/'],
      [null, `/sign-in?token=${company.token('bo@acme')}`],
    ] as const) {
      const { headers } = await get(who, path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("base-uri 'none'")
      expect(policy).not.toMatch(/unsafe|https?:|\*|script-src/)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('to nobody is a page that says how to sign in, and a link signs in', async () => {
    const nobody = await get(null, '/')
    expect(nobody.status).toBe(401)
    expect(nobody.text).toContain('SIGN_IN_REQUIRED')
    const link = await get(null, `/sign-in?token=${company.token('bo@acme')}`)
    expect(link.status).toBe(303)
    const cookie = (link.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const signedIn = await send(company, null, '/', { headers: { cookie } })
    expect(signedIn.text).toContain('signed in as <b>bo</b> of acme')
  })
})

describe('a run page', () => {
  test('shows what was refused and why before the history', async () => {
    const runId = await company.submit({ ...ordinary, account: 'NO66 of a thief' })
    const { text } = await get('ann@acme', `/runs/${runId}`)
    expect(text.indexOf('What was refused, and why (1)')).toBeGreaterThan(-1)
    expect(text.indexOf('What was refused, and why (1)')).toBeLessThan(text.indexOf('What happened'))
    expect(text).toContain('ARGUMENT_NOT_ACCEPTED')
    expect(text).toContain('could be written by strangers')
  })

  test('names the decision that it waits for', async () => {
    const id = await company.ask()
    const { runId } = (await readApproval(company, 'bo@acme', id)).approval
    expect((await get('bo@acme', `/runs/${runId}`)).text).toContain(`href="/approvals/${id}"`)
  })
})
