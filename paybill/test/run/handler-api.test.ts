import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHandler } from '../../src/run/index.ts'
import { money } from '../../src/lib/money.ts'
import { encodeCanonical } from '../../src/lib/canonical.ts'
import {
  approvalAnswer,
  historyAnswer,
  type Asked,
  type Company,
  openCompany,
  ordinary,
  readApproval,
  readHistory,
  send,
} from './handler-company.ts'
import { asAdmin } from '../database/prepared.ts'

let company: Company
beforeAll(async () => {
  company = await openCompany()
})
afterAll(() => company.close())

const api = (who: string | null, path: string, options?: Parameters<typeof send>[3]): Promise<Asked> =>
  send(company, who, `/api/${path}`, options)
const post = (who: string, path: string): Promise<Asked> => api(who, path, { method: 'POST' })

/** A problem as RFC 9457 has it: the code, and nothing of what the log is told. */
function expectProblem(asked: Asked, status: number, code: string): void {
  expect(asked.headers.get('content-type')).toBe('application/problem+json')
  expect(JSON.parse(asked.text)).toEqual({ type: 'about:blank', title: code, status, code, detail: expect.any(String) })
  expect(asked.status).toBe(status)
}

describe('deciding', () => {
  test('whoever has the right approves exactly what is shown, once, and it is carried out', async () => {
    const id = await company.ask()
    const before = await readApproval(company, 'bo@acme', id)
    expect(before.approval).toMatchObject({ state: 'waiting', amount: '62500.00 NOK', decision: 'open', requestedBy: 'ann' })
    const answer = await post('bo@acme', `approvals/${id}/approve`)
    expect(answer.status).toBe(200)
    expect(approvalAnswer(answer).approval).toMatchObject({ state: 'approved', decidedBy: 'bo', decision: 'closed' })
    await company.app.work({ until: 'idle' })
    const after = await readApproval(company, 'bo@acme', id)
    expect(after.approval).toMatchObject({ state: 'used', checked: before.approval.checked })
    const history = await readHistory(company, 'ann@acme', after.approval.runId)
    expect(history.run.state).toBe('finished')
    expect(history.entries.map((entry) => entry.kind)).toContain('action.done')
    expectProblem(await post('bo@acme', `approvals/${id}/approve`), 409, 'APPROVAL_NOT_OPEN')
  })

  test('what is refused is not carried out', async () => {
    const id = await company.ask()
    expect(approvalAnswer(await post('bo@acme', `approvals/${id}/refuse`)).approval).toMatchObject({ state: 'refused' })
    await company.app.work({ until: 'idle' })
    const { approval } = await readApproval(company, 'bo@acme', id)
    const history = await readHistory(company, 'ann@acme', approval.runId)
    expect(history.refusals).toMatchObject([{ kind: 'action.refused', refusal: { code: 'APPROVAL_REFUSED' } }])
    expect(history.entries.map((entry) => entry.kind)).not.toContain('action.intent')
  })

  test('of two who decide at once one wins, and the other is told', async () => {
    const id = await company.ask()
    const answers = await Promise.all([
      post('bo@acme', `approvals/${id}/approve`),
      post('di@acme', `approvals/${id}/refuse`),
      post('bo@acme', `approvals/${id}/approve`),
    ])
    const winners = answers.filter((answer) => answer.status === 200)
    expect(winners).toHaveLength(1)
    for (const loser of answers.filter((answer) => answer.status !== 200)) expectProblem(loser, 409, 'APPROVAL_NOT_OPEN')
  })

  test('without the right nobody decides, and who asked never does', async () => {
    const id = await company.ask()
    expectProblem(await post('vi@acme', `approvals/${id}/approve`), 403, 'DENIED')
    expectProblem(await post('ann@acme', `approvals/${id}/approve`), 403, 'DENIED')
    const own = await company.ask({}, { id: 'di', tenant: 'acme' })
    expectProblem(await post('di@acme', `approvals/${own}/approve`), 403, 'APPROVAL_OWN')
    expectProblem(await post('di@acme', `approvals/${own}/refuse`), 403, 'APPROVAL_OWN')
    for (const waiting of [id, own]) expect((await readApproval(company, 'bo@acme', waiting)).approval.state).toBe('waiting')
  })

  test('what has expired is no longer decided', async () => {
    const id = await company.ask()
    await asAdmin(company.adminUrl, `update paybill.approval set expires_at = now() - interval '1 second' where id = '${id}'`)
    expectProblem(await post('bo@acme', `approvals/${id}/approve`), 409, 'APPROVAL_NOT_OPEN')
    expect((await readApproval(company, 'bo@acme', id)).approval.state).toBe('expired')
  })

  test('a history tells an approval that nobody gave from one that was given and came too late', async () => {
    const expire = (id: string) =>
      asAdmin(company.adminUrl, `update paybill.approval set expires_at = now() - interval '1 second' where id = '${id}'`)
    const [ignored, late] = [await company.ask(), await company.ask()]
    await post('bo@acme', `approvals/${late}/approve`)
    for (const id of [ignored, late]) await expire(id)
    await company.app.work({ until: 'idle' })
    const sentences = async (id: string) => {
      const { approval } = await readApproval(company, 'bo@acme', id)
      return (await readHistory(company, 'ann@acme', approval.runId)).entries.map((entry) => entry.sentence)
    }
    expect(await sentences(ignored)).toContain('nobody decided in time')
    expect(await sentences(late)).toContain('`bo` approved it, and it ran out before it was used')
  })

  test('a request of another site changes nothing', async () => {
    const id = await company.ask()
    const path = `approvals/${id}/approve`
    const cross = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' } }
    expectProblem(await api('bo@acme', path, cross), 403, 'CROSS_SITE')
    expectProblem(await api('bo@acme', path, { method: 'GET' }), 405, 'METHOD_NOT_ALLOWED')
    expect((await readApproval(company, 'bo@acme', id)).approval.state).toBe('waiting')
  })
})

describe('tenants', () => {
  test('what belongs to another tenant is, byte for byte, like what is not there', async () => {
    const id = await company.ask()
    const { approval } = await readApproval(company, 'bo@acme', id)
    const requests = (approvalId: string, runId: string) =>
      [
        () => api('bo@other', `approvals/${approvalId}`),
        () => post('bo@other', `approvals/${approvalId}/approve`),
        () => post('bo@other', `approvals/${approvalId}/refuse`),
        () => api('bo@other', `runs/${runId}`),
        () => send(company, 'bo@other', `/approvals/${approvalId}`),
        () => send(company, 'bo@other', `/runs/${runId}`),
      ] as const
    const missing = requests(randomUUID(), randomUUID())
    for (const [index, foreign] of requests(id, approval.runId).entries()) {
      const [left, right] = [await foreign(), await missing[index]?.()]
      expect(left.status).toBe(404)
      expect({ ...left, headers: [...left.headers] }).toEqual({ ...right, headers: [...(right?.headers ?? [])] })
    }
    expect((await readApproval(company, 'bo@acme', id)).approval.state).toBe('waiting')
  })

  test('lists hold the own tenant only', async () => {
    await company.ask()
    expect((await api('bo@other', 'approvals?state=all')).text).toBe('{"approvals":[],"next":null}')
    expect((await api('bo@other', 'runs')).text).toBe('{"runs":[],"waitingApprovals":0,"next":null}')
  })
})

describe('what is shown', () => {
  test('every value has what was checked, its cells and its writers; unchecked ones stand apart', async () => {
    const id = await company.ask({ note: 'please hurry' })
    const { approval, registers } = await readApproval(company, 'bo@acme', id)
    expect(approval.reasons).toEqual(['the `amount` 62500.00 NOK is above the limit for one call, 1000.00 NOK'])
    expect(approval.checked).toMatchObject([
      { name: 'vendor', value: '7', check: 'found in the trusted column `vendor.number`', asked: false },
      {
        name: 'account',
        value: 'NO93',
        check: 'found in the trusted column `vendor.account` where the `number` is this `vendor`',
        origins: [expect.stringMatching(/^bill\.account#/)],
        writers: ['ext:bill.account'],
      },
      { name: 'amount', value: '62500.00 NOK', asked: true },
    ])
    expect(approval.unchecked).toMatchObject([{ name: 'note', value: 'please hurry', foreign: true }])
    // Of the register's own row everything but what is sensitive.
    expect(registers).toEqual([
      {
        table: 'vendor',
        cells: [
          { name: 'number', value: '7' },
          { name: 'name', value: 'Nordlys Kontor AS' },
          { name: 'account', value: 'NO93' },
        ],
      },
    ])
  })

  test('every limit that is passed is a reason', async () => {
    const id = await company.ask({ amount: money(20_000_000_00n, 'NOK') })
    expect((await readApproval(company, 'bo@acme', id)).approval.reasons).toEqual([
      'the `amount` 20000000.00 NOK is above the limit for one call, 1000.00 NOK',
      'with the `amount` 20000000.00 NOK the total per vendor and day goes above its limit, 10000000.00 NOK',
    ])
    const other = await company.ask({ amount: money(1_00n, 'EUR') })
    expect((await readApproval(company, 'bo@acme', other)).approval.reasons).toContain(
      'the `amount` 1.00 EUR is in a currency that has no limit',
    )
  })

  test('a step that only bears the name of an action has none of its checks', async () => {
    const id = await company.askToSign('a stranger wrote this')
    const { approval, registers } = await readApproval(company, 'bo@acme', id)
    expect(approval).toMatchObject({
      subject: 'sign',
      amount: null,
      reasons: [],
      checked: [{ name: 'by', value: 'the office', check: 'written by the system or a signed-in person' }],
      unchecked: [{ name: 'note', value: 'a stranger wrote this' }],
    })
    expect(registers).toEqual([])
  })

  test('a stranger cannot put an amount into the headline', async () => {
    const posing = encodeCanonical(money(1_00n, 'NOK'))
    const id = await company.ask({ note: posing })
    const { approval } = await readApproval(company, 'bo@acme', id)
    expect(approval.amount).toBe('62500.00 NOK')
    expect(approval.unchecked.map((value) => value.name)).toEqual(['note'])
  })

  test('who may not decide sees what the rules let him read, and no more', async () => {
    const id = await company.ask({ note: 'between us' })
    const clerk = await api('ann@acme', `approvals/${id}`)
    expect(approvalAnswer(clerk).approval).toMatchObject({ decision: 'own', amount: '62500.00 NOK' })
    // The rule of a visitor depends on the row, so it says nothing about cells of a history.
    const visitor = await api('vi@acme', `approvals/${id}`)
    const shown = approvalAnswer(visitor)
    expect(shown).toMatchObject({ registers: [], approval: { decision: 'no-right', amount: null } })
    expect(shown.approval.reasons).toEqual(['the `amount` is above the limit for one call'])
    for (const value of [...shown.approval.checked, ...shown.approval.unchecked])
      expect(value).toMatchObject({ value: null, hidden: 'not-readable' })
    for (const secret of ['between us', '62500', 'Nordlys', 'NO93']) expect(visitor.text).not.toContain(secret)
    for (const page of [`/approvals/${id}`, '/approvals', `/runs/${shown.approval.runId}`]) {
      const { text, status } = await send(company, 'vi@acme', page)
      expect(status).toBe(200)
      for (const secret of ['between us', '62500', '62\u202F500', 'Nordlys', 'NO93']) expect(text).not.toContain(secret)
    }
  })

  test('sensitive cells are in no history, whoever looks', async () => {
    const runId = await company.submit({ ...ordinary, patient: 'Ola Nordmann' })
    const history = await api('ann@acme', `runs/${runId}`)
    const page = await send(company, 'ann@acme', `/runs/${runId}`)
    expect(history.text).not.toContain('Ola Nordmann')
    expect(page.text).not.toContain('Ola Nordmann')
    const load = historyAnswer(history).entries.find((entry) => entry.path.endsWith('/load'))
    expect(load?.values).toContainEqual(expect.objectContaining({ name: 'patient', value: null, hidden: 'sensitive' }))
    expect(load?.values).toContainEqual(expect.objectContaining({ name: 'note', value: 'thank you', hidden: null }))
  })

  test('a refusal says why, and where the refused value came from', async () => {
    const runId = await company.submit({ ...ordinary, account: 'NO66 of a thief' })
    const history = await readHistory(company, 'ann@acme', runId)
    expect(history.refusals).toMatchObject([
      {
        tone: 'refused',
        refusal: {
          code: 'ARGUMENT_NOT_ACCEPTED',
          argument: 'account',
          reason: '`account` is not a `vendor.account` that this call may choose',
          origins: [expect.stringMatching(/^bill\.account#/)],
          writers: ['ext:bill.account'],
        },
      },
    ])
  })

  test('a history is given in parts', async () => {
    const runId = await company.submit(ordinary)
    const whole = await readHistory(company, 'ann@acme', runId)
    const rest = await readHistory(company, 'ann@acme', runId, '?after=2')
    expect(rest.entries).toEqual(whole.entries.slice(2))
    expect(rest).toMatchObject({ entryCount: whole.entries.length, next: null })
  })
})

describe('requests', () => {
  test('who is not signed in is shown nothing, on any path', async () => {
    for (const path of ['approvals', 'runs', `approvals/${randomUUID()}`, 'nothing']) {
      const asked = await api(null, path)
      expectProblem(asked, 401, 'SIGN_IN_REQUIRED')
      expect(asked.headers.get('www-authenticate')).toBe('Bearer')
    }
    expectProblem(await api(null, `approvals/${randomUUID()}/approve`, { method: 'POST' }), 401, 'SIGN_IN_REQUIRED')
  })

  test('a person whom the application does not know any more sees nothing', async () => {
    expectProblem(await api('gone@acme', 'approvals'), 403, 'DENIED')
  })

  test('what is asked wrongly is said, and never reaches the log as a failure of ours', async () => {
    expectProblem(await api('bo@acme', 'nothing'), 404, 'NOT_FOUND')
    expectProblem(await api('bo@acme', 'approvals/not-an-id'), 404, 'NOT_FOUND')
    expectProblem(await api('bo@acme', "approvals/' or true --"), 404, 'NOT_FOUND')
    expectProblem(await api('bo@acme', 'approvals?state=open'), 400, 'ARGUMENT_INVALID')
    expectProblem(await api('bo@acme', `runs/${randomUUID()}?after=-1`), 400, 'ARGUMENT_INVALID')
    for (const after of ['1', "' or true --", '%00', randomUUID()]) {
      expectProblem(await api('bo@acme', `runs?after=${after}`), 400, 'ARGUMENT_INVALID')
      expectProblem(await api('bo@acme', `approvals?after=${after}`), 400, 'ARGUMENT_INVALID')
    }
    const wrongMethod = await api('bo@acme', 'approvals', { method: 'DELETE' })
    expectProblem(wrongMethod, 405, 'METHOD_NOT_ALLOWED')
    expect(wrongMethod.headers.get('allow')).toBe('GET, HEAD')
    const large = { method: 'POST', body: 'x'.repeat(20_000) }
    expectProblem(await api('bo@acme', `approvals/${randomUUID()}/approve`, large), 413, 'BODY_TOO_LARGE')
    expect(company.errors).toEqual([])
  })

  test('a failure of ours shows nothing of itself, and is told to the log', async () => {
    const errors: unknown[] = []
    const cause = new Error('password authentication failed for user "secret"')
    const handler = createHandler(company.app, {
      signIn: async () => Promise.reject(cause),
      onError: (error) => void errors.push(error),
    })
    const asked = await send({ ...company, handler }, 'bo@acme', '/api/runs')
    expectProblem(asked, 500, 'INTERNAL')
    expect(asked.text).not.toContain('password')
    expect(errors).toEqual([cause])
  })

  test('it is found below its base path and nowhere else', async () => {
    const handler = createHandler(company.app, { signIn: company.signIn, basePath: '/desk/' })
    const mounted = { ...company, handler }
    expect((await send(mounted, 'bo@acme', '/desk/api/runs')).status).toBe(200)
    expect((await send(mounted, 'bo@acme', '/desk')).text).toContain('href="/desk/approvals"')
    for (const path of ['/api/runs', '/desktop/api/runs', '/']) expect((await send(mounted, 'bo@acme', path)).status).toBe(404)
    const odd = { signIn: company.signIn, basePath: '/a"b' }
    expect(() => createHandler(company.app, odd)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }))
  })
})
