// A company that pays bills, for the tests of the handler: a register, bills that strangers wrote, one action over whose
// limit a person is asked, and people with and without rights. Everything is real but the bank.

import { z } from 'zod'
import { acl, type Principal } from '../../src/acl/index.ts'
import { action, any, bounded, choice } from '../../src/action/index.ts'
import { openDatabase } from '../../src/database/index.ts'
import { journalTables } from '../../src/journal/tables.ts'
import { money } from '../../src/lib/money.ts'
import { PaybillError } from '../../src/lib/errors.ts'
import { createApp, createHandler, type Handler, localSignIn, type SignedIn } from '../../src/run/index.ts'
import { type Insert, schema, t, table } from '../../src/schema/index.ts'
import { workflow } from '../../src/workflow/index.ts'
import type { ApprovalView } from '../../src/run/handler/approval-view.ts'
import type { RegisterView } from '../../src/run/handler/register.ts'
import type { HistoryView } from '../../src/run/handler/run-view.ts'
import { asAdmin, preparedDatabase } from '../database/prepared.ts'
import { endedRuns, waitingApprovals } from './outside.ts'

const company = schema({
  vendor: table(
    {
      tenant: t.tenant(),
      number: t.text({ maxLength: 40 }).trusted(),
      name: t.text({ maxLength: 200 }).trusted(),
      account: t.text({ maxLength: 40 }).trusted(),
      contact: t.text({ maxLength: 200 }).trusted().sensitive('person'),
    },
    { primaryKey: ['tenant', 'number'] },
  ),
  bill: table(
    {
      tenant: t.tenant(),
      id: t.uuid().defaultRandom(),
      vendor: t.text({ maxLength: 40 }),
      account: t.text({ maxLength: 200 }),
      amount: t.money().untrusted(),
      note: t.text({ maxLength: 5000 }),
      patient: t.text({ maxLength: 200 }).sensitive('health').nullable(),
    },
    { primaryKey: ['tenant', 'id'] },
  ),
})

type Bill = Insert<(typeof company)['tables']['bill']>

const rules = acl(company, {
  roles: ['clerk', 'manager', 'visitor', 'bank'],
  rules: ({ allow }) => [
    allow('clerk').act('start:pay-bill'),
    allow('clerk').act('start:sign-bill'),
    allow('clerk').act('bank.pay'),
    allow('clerk').read('vendor'),
    allow('clerk').create('vendor'),
    allow('clerk').read('bill'),
    allow('clerk').create('bill'),
    allow('manager').act('approve:bank.pay'),
    allow('manager').act('approve:sign'),
    allow('manager').read('vendor'),
    allow('visitor')
      .read('bill')
      .fields('note')
      .where(({ row }) => row.note.eq('public')),
    allow('bank').read('bill').fields('id', 'vendor', 'account', 'amount', 'note'),
  ],
})

const roles: Readonly<Record<string, readonly string[]>> = {
  ann: ['clerk'],
  bo: ['manager'],
  // Asks, and has the right to approve what others ask.
  di: ['clerk', 'manager'],
  vi: ['visitor'],
}

async function personOf(id: string, tenant: string): Promise<Principal | null> {
  const held = Object.hasOwn(roles, id) ? roles[id] : undefined
  return held === undefined ? null : { id, tenant, roles: held, claims: {} }
}

const pay = action('bank.pay', {
  version: 1,
  arguments: {
    vendor: z.string(),
    account: z.string(),
    amount: z.object({ minor: z.bigint(), currency: z.string() }),
    note: z.string(),
  },
  accepts: {
    // First, as an argument named by a stranger's text might be: the headline must not come from here.
    note: any(),
    vendor: choice({ table: 'vendor', column: 'number' }),
    account: choice({ table: 'vendor', column: 'account', where: { number: 'vendor' } }),
    amount: bounded({
      max: [money(1_000_00n, 'NOK')],
      per: [{ name: 'vendor and day', key: ['vendor'], window: 'day', max: [money(10_000_000_00n, 'NOK')] }],
      over: 'ask',
    }),
  },
  recipient: 'bank',
  recovery: { kind: 'retry' },
  run: async ({ idempotencyKey }) => ({ receipt: `receipt-${idempotencyKey.slice(0, 8)}` }),
})

const payBill = workflow('pay-bill', { version: 1, schema: company, input: z.object({ bill: z.string() }) }, (flow) =>
  flow
    .step('load', {
      grant: { bill: { read: ['id', 'vendor', 'account', 'amount', 'note', 'patient'] } },
      run: async ({ session }, { input }) => {
        const bill = await session.bill.findFirst({
          where: { id: input.bill },
          select: ['vendor', 'account', 'amount', 'note', 'patient'],
        })
        if (bill === null) throw new PaybillError('NOT_FOUND', 'there is no such bill')
        return bill
      },
    })
    .action('pay', pay, ({ load: { vendor, account, amount, note } }) => ({ vendor, account, amount, note })),
)

const signBill = workflow('sign-bill', { version: 1, schema: company, input: z.object({ bill: z.string() }) }, (flow) =>
  flow
    .step('load', {
      grant: { bill: { read: ['id', 'note'] } },
      run: async ({ session }, { input }) => {
        const bill = await session.bill.findFirst({ where: { id: input.bill }, select: ['note'] })
        if (bill === null) throw new PaybillError('NOT_FOUND', 'there is no such bill')
        return bill
      },
    })
    .approval('sign', { right: 'approve:sign', expiresMs: 60_000, show: ({ load }) => ({ note: load.note, by: 'the office' }) }),
)

export type Company = Awaited<ReturnType<typeof openCompany>>

export const ordinary: Bill = { vendor: '7', account: 'NO93', amount: money(50_00n, 'NOK'), note: 'thank you' }
const large: Bill = { ...ordinary, amount: money(62_500_00n, 'NOK') }

/** The tenants `acme` and `other` with the same people and one vendor each, and `busy`, which only `crowd` fills. */
export async function openCompany() {
  const prepared = await preparedDatabase(rules, { statementLists: [{ name: 'journal', statements: journalTables }] })
  const database = await openDatabase({ url: prepared.url, schema: company, rules })
  const app = createApp({
    database,
    workflows: [payBill, signBill],
    principal: personOf,
    recipients: { bank: { roles: ['bank'] } },
    payloadKey: () => new Uint8Array(32).fill(5),
    worker: { pollMs: 5 },
  })
  const people = ['acme', 'other', 'busy'].flatMap((tenant) => [...Object.keys(roles), 'gone'].map((id) => ({ id, tenant })))
  const local = localSignIn({ people })
  const errors: unknown[] = []
  const handler = createHandler(app, { signIn: local.signIn, onError: (error) => void errors.push(error) })
  const tokens = new Map(local.links(base).map((link) => [`${link.id}@${link.tenant}`, link.token]))

  const session = async (as: SignedIn) => {
    const principal = await personOf(as.id, as.tenant)
    if (principal === null) throw new Error('a person of the test is known')
    return database.session({ principal, purpose: 'test' })
  }
  const vendor = { number: '7', name: 'Nordlys Kontor AS', account: 'NO93', contact: 'Kari Nordmann, born 1970' }
  for (const tenant of ['acme', 'other', 'busy']) await (await session({ id: 'ann', tenant })).vendor.insert(vendor)

  /** Takes a bill in and works until nothing is left to do. */
  const submit = async (bill: Bill, as: SignedIn = { id: 'ann', tenant: 'acme' }): Promise<string> => {
    const { id } = await (await session(as)).bill.insert(bill, { returning: ['id'] })
    const { runId } = await app.start(payBill, { bill: id }, { as, key: id })
    await app.work({ until: 'idle' })
    return runId
  }
  const approvalOf = async (runId: string): Promise<string> => {
    const [found] = await asAdmin(prepared.adminUrl, `select id from paybill.approval where run_id = '${runId}'`)
    if (found === undefined) throw new Error('the run waits for an approval')
    return String(found['id'])
  }
  return {
    app,
    signIn: local.signIn,
    handler,
    errors,
    database,
    adminUrl: prepared.adminUrl,
    submit,
    token: (who: string): string => tokens.get(who) ?? '',
    /** A large bill, submitted: the id of the approval that it waits for. */
    ask: async (bill: Partial<Bill> = {}, as: SignedIn = { id: 'ann', tenant: 'acme' }): Promise<string> => {
      const runId = await submit({ ...large, ...bill }, as)
      return approvalOf(runId)
    },
    /** A bill that a person is asked to sign by a step of the workflow: the id of the approval. */
    askToSign: async (note: string): Promise<string> => {
      const as = { id: 'ann', tenant: 'acme' }
      const { id } = await (await session(as)).bill.insert({ ...ordinary, note }, { returning: ['id'] })
      const { runId } = await app.start(signBill, { bill: id }, { as, key: `sign ${id}` })
      await app.work({ until: 'idle' })
      return approvalOf(runId)
    },
    /** Makes the tenant `busy` busier: runs that have ended, and approvals that wait in one more, whose id is the answer. */
    crowd: async (of: { readonly runs: number; readonly approvals: number }): Promise<string> => {
      await asAdmin(prepared.adminUrl, endedRuns('busy', of.runs))
      const [run] = await asAdmin(prepared.adminUrl, `${endedRuns('busy', 1)} returning id`)
      await asAdmin(prepared.adminUrl, waitingApprovals('busy', String(run?.['id']), of.approvals))
      return String(run?.['id'])
    },
    close: async () => {
      await database.close()
      await prepared.drop()
    },
  }
}

const base = 'http://page.test'

export type Asked = { readonly status: number; readonly text: string; readonly headers: Headers }

/** Sends a request as somebody such as `bo@acme`, as a program does it. */
export async function send(
  of: { readonly handler: Handler; readonly token: (who: string) => string },
  who: string | null,
  path: string,
  options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<Asked> {
  const headers = new Headers(who === null ? {} : { authorization: `Bearer ${of.token(who)}` })
  if (options.method === 'POST') headers.set('paybill-request', 'test')
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value)
  const body = options.body === undefined ? {} : { body: options.body }
  const response = await of.handler(new Request(`${base}${path}`, { method: options.method ?? 'GET', headers, ...body }))
  return { status: response.status, text: await response.text(), headers: response.headers }
}

export type ApprovalAnswer = { readonly approval: ApprovalView; readonly registers: readonly RegisterView[] }

// The form of the answers is what the tests look at, so nothing else checks it before they do.
export function approvalAnswer(asked: Asked): ApprovalAnswer {
  return JSON.parse(asked.text) as ApprovalAnswer
}

export function historyAnswer(asked: Asked): HistoryView {
  return JSON.parse(asked.text) as HistoryView
}

export async function readApproval(of: Company, who: string, id: string): Promise<ApprovalAnswer> {
  return approvalAnswer(await send(of, who, `/api/approvals/${id}`))
}

export async function readHistory(of: Company, who: string, runId: string, query = ''): Promise<HistoryView> {
  return historyAnswer(await send(of, who, `/api/runs/${runId}${query}`))
}
